// Search from anywhere: Ctrl or ⌘ with K, or "/"; arrows choose, Enter opens.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = document.getElementById("palette-list");

function open(event) {
  if (!dialog?.showModal || dialog.open) return;
  event?.preventDefault();
  dialog.showModal();
  input.select();
}

function choices() {
  return [...list.querySelectorAll("a")];
}

function choose(index) {
  const all = choices();
  all.forEach((link, at) => link.setAttribute("aria-selected", String(at === index)));
  all[index]?.scrollIntoView({ block: "nearest" });
  if (all[index]?.id) input.setAttribute("aria-activedescendant", all[index].id);
}

function chosen() {
  return choices().findIndex((link) => link.getAttribute("aria-selected") === "true");
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-search-open]")) open(event);
  if (event.target === dialog) dialog.close();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") open(event);
  else if (event.key === "/" && !typing) open(event);
});

input?.addEventListener("keydown", (event) => {
  const count = choices().length;
  if (event.key === "ArrowDown" && count) choose((chosen() + 1) % count);
  else if (event.key === "ArrowUp" && count) choose((chosen() - 1 + count) % count);
  else if (event.key === "Enter") {
    const link = choices()[Math.max(chosen(), 0)];
    if (!link) return;
    event.preventDefault();
    link.click();
    return;
  } else return;
  event.preventDefault();
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === list) choose(0);
});
