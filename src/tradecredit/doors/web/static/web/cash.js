// The cash desk by keyboard: Enter accepts the first suggestion, 1 to 5 accept that one, J and K move, H leaves on
// account, S goes to the form for splitting, U to undoing, I to the bank file; Escape leaves a field.
const free = (target) => !target.closest?.("input, textarea, select, button, a, summary, [contenteditable]");
const press = (selector) => document.querySelector(selector)?.click();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = event.key.toLowerCase();
  if (key === "enter" && free(event.target)) {
    event.preventDefault();
    press("[data-accept='1']");
  } else if (/^[1-5]$/.test(key)) press(`[data-accept='${key}']`);
  else if (key === "j") press("[data-desk-next]");
  else if (key === "k") press("[data-desk-previous]");
  else if (key === "h") press("[data-desk-account]");
  else if (key === "i") document.querySelector("[data-drop] input[type=file]")?.focus();
  else if (key === "s" || key === "u") {
    const form = document.querySelector(key === "s" ? "[data-desk-split]" : "[data-desk-undo]");
    if (!form) return;
    event.preventDefault();
    if (form.tagName === "DETAILS") form.open = true;
    form.querySelector("textarea, input:not([type=hidden])")?.focus();
  }
});

// A file dropped anywhere on the drop zone is sent at once.
const zone = document.querySelector("[data-drop]");
zone?.addEventListener("dragover", (event) => {
  event.preventDefault();
  zone.classList.add("is-over");
});
zone?.addEventListener("dragleave", () => zone.classList.remove("is-over"));
zone?.addEventListener("drop", (event) => {
  event.preventDefault();
  const field = zone.querySelector("input[type=file]");
  field.files = event.dataTransfer.files;
  zone.requestSubmit();
});
