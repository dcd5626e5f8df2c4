// Lists: J and K move between rows and cards, Enter or O opens one at the side; on a card A agrees and X ticks it;
// single keys start the daily work.
const drawer = document.getElementById("drawer");

function rows() {
  return [...document.querySelectorAll("tr[data-row] a[data-open], article[data-card]")];
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = document.activeElement;
  const at = all.indexOf(here?.closest?.("[data-card]") ?? here);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (drawer?.open) next.click();
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "drawer-body" && drawer && !drawer.open) drawer.showModal();
});

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target === drawer || event.target.closest("[data-drawer-close]")) drawer?.close();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  const card = document.activeElement?.closest?.("[data-card]");
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "?") document.getElementById("keys")?.showModal();
  else if (document.querySelector("dialog[open]")) return;
  else if (card?.querySelector(`[data-card-key="${CSS.escape(key)}"]`)) card.querySelector(`[data-card-key="${CSS.escape(key)}"]`).click();
  else document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
});

// A filter acts when it changes; without this script the button beside it does.
document.querySelectorAll("form[data-auto] select, form[data-auto] input[type=date]").forEach((field) => {
  field.addEventListener("change", () => field.form.requestSubmit());
});

// A photograph is sent as soon as it is taken.
document.querySelectorAll("input[type=file][data-submits]").forEach((field) => {
  field.addEventListener("change", () => field.form.requestSubmit());
});
