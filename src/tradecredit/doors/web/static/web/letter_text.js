// A letter's text as nodes that are typed in, and back: fields are chips, everything else stays as it was typed.

export const buttons = [...document.querySelectorAll("[data-field]")];
export const labels = new Map(buttons.map((button) => [button.dataset.field, button.dataset.label]));
export const alone = new Map(buttons.filter((one) => one.dataset.alone).map((one) => [one.dataset.field, one.dataset.alone]));
export const mark = /\{\{\s*([^{}]*?)\s*\}\}/;
export const nothing = "\u200b"; // lets the caret stand beside a chip at the end of a line

export function chipOf(name) {
  const chip = document.createElement("span");
  chip.className = "field-chip";
  chip.contentEditable = "false";
  chip.dataset.chip = name;
  chip.textContent = labels.get(name);
  return chip;
}

// Text with {{ fields }} as nodes: known fields as chips, whatever else stays as it was typed.
function nodesOf(text) {
  const found = [];
  text.split(new RegExp(mark, "g")).forEach((piece, place) => {
    if (place % 2 === 0) {
      if (piece) found.push(document.createTextNode(piece));
    } else if (labels.has(piece)) found.push(chipOf(piece));
    else found.push(document.createTextNode(`{{ ${piece} }}`));
  });
  if (!found.length) found.push(document.createElement("br"));
  if (found.at(-1).dataset?.chip) found.push(document.createTextNode(nothing));
  if (found[0].dataset?.chip) found.unshift(document.createTextNode(nothing));
  return found;
}

export function textOf(root) {
  const lines = [""];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) lines[lines.length - 1] += node.data;
    else if (node.dataset?.chip) lines[lines.length - 1] += `{{ ${node.dataset.chip} }}`;
    else if (node.nodeName === "BR") {
      if (node.nextSibling) lines.push("");
    } else node.childNodes.forEach(walk);
  };
  [...root.childNodes].forEach((child, place) => {
    if (child.nodeName === "DIV" && place > 0) lines.push("");
    walk(child);
  });
  return lines.map((line) => line.replaceAll(nothing, "").replaceAll("\u00a0", " ")).join("\n");
}

export function fill(box, text) {
  box.replaceChildren(...text.split("\n").map((line) => {
    const row = document.createElement("div");
    row.append(...nodesOf(line));
    return row;
  }));
}

// A field of its own is looked at, not typed in: its name, and the table that will stand there.
export function picture(part, name) {
  const box = document.createElement("div");
  box.className = "sheet-alone";
  box.append(chipOf(name));
  const rows = (alone.get(name) ?? "").split("\n").filter((line) => !/^[|\s:-]*$/.test(line));
  const table = document.createElement("table");
  for (const row of rows.filter((line) => line.startsWith("|"))) {
    const line = table.insertRow();
    for (const cell of row.slice(1, -1).split("|")) line.insertCell().textContent = cell.trim();
  }
  if (table.rows.length) box.append(table);
  else rows.forEach((line) => box.append(Object.assign(document.createElement("div"), { textContent: line.replace(/^- /, "· ") })));
  part.querySelector("textarea").after(box);
}
