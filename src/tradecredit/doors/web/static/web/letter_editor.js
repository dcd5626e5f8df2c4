// The editor of letters: every part of the form becomes a piece of the sheet that is typed in, its fields chips with their
// names. The form's own text areas hold what is sent; without this script they are what people type in.

import { alone, buttons, chipOf, fill, labels, mark, nothing, picture, textOf } from "./letter_text.js";

const sheet = document.getElementById("sheet");
const template = document.getElementById("part-template");
let latest = null; // the latest place of the caret in the sheet

const parts = () => [...sheet.querySelectorAll("[data-part]")];
const areaOf = (part) => part.querySelector("textarea");
const textBoxOf = (part) => part.querySelector(".sheet-text");
const partOf = (node) => (node instanceof Element ? node : node?.parentElement)?.closest("[data-part]");

function enhance(part) {
  part.querySelectorAll(".sheet-text, .sheet-alone").forEach((one) => one.remove());
  const kind = part.querySelector("[name=kind]").value;
  const area = areaOf(part);
  part.dataset.kind = kind;
  area.hidden = true;
  if (kind.startsWith("field:")) {
    picture(part, kind.slice(6));
    return;
  }
  const box = document.createElement("div");
  box.className = "sheet-text";
  box.contentEditable = "true";
  box.spellcheck = false;
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  fill(box, area.value);
  area.after(box);
}

function typed(part) {
  const box = part && textBoxOf(part);
  // Pictures of the pages show what was typed before.
  document.getElementById("letter-pages").replaceChildren();
  if (box) areaOf(part).value = textOf(box);
  sheet.dispatchEvent(new Event("letter-typed"));
}

// Numbers, names and the place of the seal follow the order.
function number() {
  const all = parts();
  const closing = sheet.dataset.seal ? all.filter((part) => part.dataset.kind === "paragraph").at(-1) : null;
  all.forEach((part, place) => {
    part.id = `part-${place + 1}`;
    part.querySelectorAll("[name=act]").forEach((button) => {
      button.value = `${button.value.split(":")[0]}:${place + 1}`;
    });
    part.querySelectorAll("button, select, textarea").forEach((one) => {
      one.setAttribute("aria-label", (one.getAttribute("aria-label") ?? "").replace(/\d*$/, place + 1));
    });
    const select = part.querySelector("select[name=kind]");
    const name = select ? select.selectedOptions[0].textContent : areaOf(part).getAttribute("aria-label").replace(/\s*\d*$/, "");
    textBoxOf(part)?.setAttribute("aria-label", `${name} ${place + 1}`);
    part.classList.toggle("is-closing", part === closing);
    if (part === closing) part.dataset.seal = sheet.dataset.seal;
    else delete part.dataset.seal;
  });
}

function focusOn(part, atEnd = false) {
  const box = part && textBoxOf(part);
  if (!box) return;
  box.focus();
  const range = document.createRange();
  range.selectNodeContents(atEnd ? box.lastElementChild ?? box : box.firstElementChild ?? box);
  range.collapse(!atEnd);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

function add(after, kind = "paragraph", text = "") {
  const part = template.content.firstElementChild.cloneNode(true);
  part.querySelector("[name=kind]").value = kind;
  areaOf(part).value = text;
  after.after(part);
  enhance(part);
  number();
  return part;
}

function drop(part) {
  const before = part.previousElementSibling;
  part.remove();
  number();
  focusOn(before, true);
  typed(null);
}

function move(part, step) {
  const all = parts();
  const place = all.indexOf(part);
  const other = all[place + step];
  // The heading stays first.
  if (place === 0 || !other || all.indexOf(other) === 0) return;
  if (step < 0) other.before(part);
  else other.after(part);
  number();
  typed(null);
}

function caret() {
  const selection = getSelection();
  return selection.rangeCount ? selection.getRangeAt(0) : null;
}

function halves(box, range) {
  const left = document.createRange();
  left.setStart(box, 0);
  left.setEnd(range.startContainer, range.startOffset);
  const right = document.createRange();
  right.setStart(range.endContainer, range.endOffset);
  right.setEnd(box, box.childNodes.length);
  return [textOf(left.cloneContents()), textOf(right.cloneContents())];
}

function enter(part, box) {
  const [before, after] = halves(box, caret());
  if (part.dataset.kind === "heading") focusOn(add(part));
  else {
    fill(box, before);
    typed(part);
    focusOn(add(part, "paragraph", after));
  }
  typed(null);
}

function leavesList(part, box) {
  const { startContainer: node } = caret();
  const line = [...box.children].find((one) => one.contains(node));
  if (!line || textOf(line).trim()) return false;
  line.remove();
  if (!box.children.length) fill(box, "");
  typed(part);
  focusOn(add(part));
  return true;
}

// A chip goes at one press, whatever invisible sign stands between it and the caret.
function dropsChip(part, range) {
  const { startContainer: node, startOffset: offset } = range;
  const chip = node.nodeType === Node.TEXT_NODE && node.previousSibling;
  if (!range.collapsed || !chip?.dataset?.chip || node.data.slice(0, offset).replaceAll(nothing, "")) return false;
  chip.remove();
  typed(part);
  return true;
}

function backspace(part, box) {
  const range = caret();
  if (dropsChip(part, range)) return true;
  const [before] = halves(box, range);
  const other = part.previousElementSibling;
  if (!range.collapsed || before || !other || part.dataset.kind === "heading") return false;
  const text = textOf(box);
  if (!text.trim()) drop(part);
  else if (part.dataset.kind === "paragraph" && other.dataset.kind === "paragraph") {
    const kept = textOf(textBoxOf(other));
    fill(textBoxOf(other), `${kept}\n${text}`);
    typed(other);
    drop(part);
  } else return false;
  return true;
}

// A field whose name is typed out becomes its chip as soon as it is complete.
function chipTyped() {
  const range = caret();
  const node = range?.startContainer;
  const match = node?.nodeType === Node.TEXT_NODE && node.data.match(mark);
  if (!match || !labels.has(match[1])) return;
  const rest = node.splitText(match.index);
  rest.data = rest.data.slice(match[0].length) || nothing;
  rest.before(chipOf(match[1]));
  getSelection().collapse(rest, rest.data === nothing ? 1 : 0);
}

function insert(name) {
  const all = parts();
  const part = latest?.startContainer.isConnected ? partOf(latest.startContainer) : all.filter(textBoxOf).at(-1);
  document.querySelector(".field-menu").open = false;
  if (alone.has(name)) {
    add(part, `field:${name}`, `{{ ${name} }}`).scrollIntoView({ block: "nearest" });
    typed(null);
    return;
  }
  if (!latest?.startContainer.isConnected) focusOn(part, true);
  const range = latest?.startContainer.isConnected ? latest : caret();
  textBoxOf(part).focus();
  range.deleteContents();
  const after = document.createTextNode(nothing);
  range.insertNode(after);
  range.insertNode(chipOf(name));
  getSelection().collapse(after, 1);
  typed(part);
}

document.addEventListener("selectionchange", () => {
  const range = caret();
  const holder = range && (range.startContainer instanceof Element ? range.startContainer : range.startContainer.parentElement);
  if (holder?.closest("#sheet .sheet-text")) latest = range.cloneRange();
});
sheet.addEventListener("input", (event) => {
  const part = partOf(event.target);
  if (!event.isComposing) chipTyped();
  typed(part);
});
sheet.addEventListener("change", (event) => {
  if (event.target.name !== "kind") return;
  const part = partOf(event.target);
  const kind = event.target.value;
  if (kind.startsWith("field:")) areaOf(part).value = `{{ ${kind.slice(6)} }}`;
  else if (part.dataset.kind.startsWith("field:")) areaOf(part).value = "";
  enhance(part);
  number();
  typed(null);
});
sheet.addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".sheet-text");
  const part = partOf(event.target);
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && part) {
    event.preventDefault();
    move(part, event.key === "ArrowUp" ? -1 : 1);
    event.target.focus();
  } else if (box && event.key === "Enter" && !event.isComposing) {
    const { kind } = part.dataset;
    if (event.shiftKey && kind !== "heading") {
      event.preventDefault();
      document.execCommand("insertParagraph");
    } else if (["heading", "subheading", "paragraph"].includes(kind)) {
      event.preventDefault();
      enter(part, box);
    } else if (["list", "numbers"].includes(kind) && leavesList(part, box)) event.preventDefault();
  } else if (box && event.key === "Backspace" && backspace(part, box)) event.preventDefault();
});
for (const kind of ["copy", "cut"]) {
  sheet.addEventListener(kind, (event) => {
    const range = caret();
    if (!event.target.closest?.(".sheet-text") || !range || range.collapsed) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", textOf(range.cloneContents()));
    if (kind === "cut") document.execCommand("delete");
  });
}
sheet.addEventListener("paste", (event) => {
  const box = event.target.closest?.(".sheet-text");
  if (!box) return;
  event.preventDefault();
  const part = partOf(box);
  const [before, after] = halves(box, caret());
  const text = event.clipboardData.getData("text/plain").replaceAll("\r", "").replace(/\n{2,}/g, "\n").trim();
  fill(box, `${before}${part.dataset.kind === "heading" ? text.replaceAll("\n", " ") : text}${after}`);
  focusOn(part, true);
  typed(part);
});
sheet.addEventListener("click", (event) => {
  const button = event.target.closest("[name=act]");
  if (!button) return;
  event.preventDefault();
  const part = partOf(button);
  const [what] = button.value.split(":");
  if (what === "add") focusOn(add(part));
  else if (what === "drop") drop(part);
  else {
    move(part, what === "up" ? -1 : 1);
    button.focus();
  }
});
for (const button of buttons) {
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => insert(button.dataset.field));
}
// What is wrong stands at its part as well.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "letter-live") return;
  sheet.querySelectorAll(".part-problem").forEach((one) => one.remove());
  sheet.querySelectorAll("[data-part].is-wrong").forEach((one) => one.classList.remove("is-wrong"));
  sheet.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  for (const line of document.querySelectorAll("#letter-live [data-place]")) {
    const part = parts()[Number(line.dataset.place) - 1];
    if (!part) continue;
    part.classList.add("is-wrong");
    textBoxOf(part)?.setAttribute("aria-invalid", "true");
    const said = line.querySelector("[data-words]").textContent;
    part.append(Object.assign(document.createElement("p"), { className: "part-problem", textContent: said }));
  }
});
parts().forEach(enhance);
number();
document.querySelectorAll(".with-script").forEach((one) => { one.hidden = false; });
sheet.dataset.ready = "yes";
