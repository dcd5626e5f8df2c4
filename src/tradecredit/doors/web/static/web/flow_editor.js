// The editor of flows: bpmn-js with our own properties, our own panel, and Chinese words for its tools.

const ours = {
  name: "TradeCredit",
  uri: "urn:tradecredit:flow:1",
  prefix: "tc",
  xml: { tagAlias: "lowerCase" },
  types: [
    {
      name: "Said",
      extends: ["bpmn:FlowNode"],
      properties: [
        "nameEn", "who", "roles", "level", "people", "assign", "mode", "needed", "quorum", "completion", "slaDays",
        "form", "escalateTo", "rejection", "service", "to", "text", "provider", "call", "field", "fallback", "table",
        "decision", "result", "outcome",
      ].map((name) => ({ name, isAttr: true, type: "String" })),
    },
  ],
};

const chinese = {
  "Activate hand tool": "手型工具", "Activate lasso tool": "框选工具", "Activate create/remove space tool": "增减空间",
  "Activate global connect tool": "连线工具", "Create start event": "开始事件", "Create end event": "结束事件",
  "Create intermediate/boundary event": "中间事件", "Create gateway": "网关", "Create task": "任务",
  "Create expanded sub-process": "子流程", "Create data object reference": "数据对象",
  "Create data store reference": "数据存储", "Create pool/participant": "泳池", "Create group": "分组",
  "Append end event": "接结束事件", "Append gateway": "接网关", "Append task": "接任务",
  "Append intermediate/boundary event": "接中间事件", "Append text annotation": "接注释", "Add text annotation": "加注释",
  "Change element": "更改类型", "Change type": "更改类型", Delete: "删除", Remove: "删除", "Connect to other element": "连到其他图形",
  "Connect using association": "用关联连线", "Connect using sequence/message flow or association": "连线",
  "User task": "人工任务", "Service task": "服务任务", "Business rule task": "决策表任务", "Manual task": "手工任务",
  "Script task": "脚本任务(不允许)", "Send task": "发送任务", "Receive task": "接收任务", Task: "任务",
  "Exclusive gateway": "排他网关", "Parallel gateway": "并行网关", "Inclusive gateway": "包容网关",
  "Complex gateway": "复杂网关", "Event-based gateway": "事件网关", "Start event": "开始事件", "End event": "结束事件",
  "Sequence flow": "顺序流", "Default flow": "默认去路", "Conditional flow": "条件去路", "Search in diagram": "在图中查找",
  "Call activity": "调用活动", "Sub-process (collapsed)": "子流程(折叠)", "Sub-process (expanded)": "子流程(展开)",
  "Open {element}": "打开 {element}", "Align elements": "对齐", "Distribute elements horizontally": "水平均布",
  "Distribute elements vertically": "垂直均布", "Set color": "设颜色",
};
const isChinese = document.documentElement.lang.startsWith("zh");

function translate(template, replacements = {}) {
  const text = (isChinese && chinese[template]) || template;
  return text.replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
}

const root = document.querySelector(".flow-editor");
const mayDraw = root.dataset.mayDraw === "yes";
const field = document.getElementById("flow-diagram");
const problem = document.getElementById("flow-problem");
const modeler = new window.BpmnJS({
  container: "#flow-canvas",
  moddleExtensions: { tc: ours },
  additionalModules: [{ translate: ["value", translate] }],
});
const modeling = modeler.get("modeling");
const panel = document.getElementById("flow-panel");
const inputs = [...panel.querySelectorAll("[data-property]")];
let chosen = null;

const kinds = {
  task: (type) => ["bpmn:UserTask", "bpmn:ManualTask"].includes(type),
  service: (type) => type === "bpmn:ServiceTask",
  end: (type) => type === "bpmn:EndEvent",
  arrow: (type) => type === "bpmn:SequenceFlow",
};

function valueOf(bo, property) {
  if (property === "condition") return bo.conditionExpression?.body ?? "";
  if (property === "default") return bo.sourceRef?.default === bo;
  return bo.get(property) ?? "";
}

function fill(input, value) {
  if (input.type === "checkbox") input.checked = value === true;
  else if (input.multiple) {
    const wanted = String(value).split(" ");
    for (const option of input.options) option.selected = wanted.includes(option.value);
  } else input.value = value;
}

function show(element) {
  chosen = element && element.businessObject ? element : null;
  const bo = chosen?.businessObject;
  document.getElementById("flow-panel-name").textContent = bo ? bo.name || bo.id : "–";
  for (const part of panel.querySelectorAll("[data-for]")) part.hidden = !bo || !kinds[part.dataset.for](bo.$type);
  for (const input of inputs) {
    input.disabled = !bo || !mayDraw;
    const isOurs = input.dataset.property.startsWith("tc:");
    if (bo && (!isOurs || bo.$instanceOf("bpmn:FlowNode"))) fill(input, valueOf(bo, input.dataset.property));
  }
  const who = panel.querySelector("#p-who").value;
  const mode = panel.querySelector("#p-mode").value;
  for (const part of panel.querySelectorAll("[data-who]")) part.hidden = part.dataset.who !== who;
  for (const part of panel.querySelectorAll("[data-mode]")) part.hidden = part.dataset.mode !== mode;
}

function write(input) {
  if (!chosen || !mayDraw) return;
  const bo = chosen.businessObject;
  const { property } = input.dataset;
  if (property === "condition") {
    const body = input.value.trim();
    const expression = body ? modeler.get("moddle").create("bpmn:FormalExpression", { body }) : undefined;
    modeling.updateProperties(chosen, { conditionExpression: expression });
  } else if (property === "default") {
    const source = chosen.source;
    modeling.updateProperties(source, { default: input.checked ? bo : undefined });
  } else {
    const value = input.multiple
      ? [...input.selectedOptions].map((option) => option.value).join(" ")
      : input.value.trim();
    modeling.updateProperties(chosen, { [property]: value || undefined });
  }
  show(chosen);
}

function count() {
  const found = {};
  for (const element of modeler.get("elementRegistry").getAll()) {
    const type = element.businessObject?.$type;
    if (type && element.type !== "label") found[type.slice(5)] = (found[type.slice(5)] ?? 0) + 1;
  }
  const text = Object.entries(found).map(([type, number]) => `${type} ${number}`).join(" · ");
  document.getElementById("flow-counts").textContent = text;
}

async function open(xml) {
  problem.hidden = true;
  try {
    await modeler.importXML(xml);
    const canvas = modeler.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(canvas.zoom() * 0.86, "auto");
    count();
    root.dataset.ready = "yes";
  } catch (error) {
    problem.hidden = false;
    const said = isChinese
      ? "流程图无法显示(可能没有版面信息, 请用绘图工具重新导出): "
      : "The diagram cannot be shown (it may lack its layout; export it again from a drawing tool): ";
    problem.querySelector("p").textContent = said + error.message;
  }
}

async function save() {
  const { xml } = await modeler.saveXML({ format: true });
  field.value = xml;
  return xml;
}

modeler.on("selection.changed", ({ newSelection }) => show(newSelection.length === 1 ? newSelection[0] : null));
// What is drawn stands in the form at once: it can be sent like any other.
modeler.on("commandStack.changed", () => {
  count();
  save();
});
for (const input of inputs) input.addEventListener("change", () => write(input));
document.getElementById("flow-file").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (file) {
    await open(await file.text());
    await save();
  }
});
document.getElementById("flow-export").addEventListener("click", async () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await save()], { type: "application/xml" }));
  link.download = "flow.bpmn";
  link.click();
  URL.revokeObjectURL(link.href);
});
show(null);
await open(field.value);
