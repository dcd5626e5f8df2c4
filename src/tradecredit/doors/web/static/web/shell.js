// The shell: side menu on a phone, menus that close, toasts, copying, and one effect per form.
const body = document.body;
const side = document.getElementById("side");

function setSide(open) {
  side?.classList.toggle("is-open", open);
  document.querySelectorAll("[data-side-toggle]").forEach((button) => button.setAttribute("aria-expanded", String(open)));
  if (open) side?.querySelector("a")?.focus();
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  if (target.closest("[data-side-toggle]")) {
    event.preventDefault();
    setSide(!side?.classList.contains("is-open"));
    return;
  }
  if (side?.classList.contains("is-open") && !target.closest("#side")) setSide(false);
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(target)) menu.removeAttribute("open");
  });
  const closer = target.closest("[data-dismiss]");
  if (closer) closer.closest(".toast")?.remove();
  const copier = target.closest("[data-copy]");
  if (copier) copy(copier);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  setSide(false);
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
});

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.textContent.trim());
  toast(button.dataset.copied || "✓");
}

function toast(text, isError = false) {
  const template = document.getElementById("toast-template");
  const holder = document.getElementById("toasts");
  if (!template || !holder) return;
  const node = template.content.firstElementChild.cloneNode(true);
  node.classList.toggle("is-error", isError);
  node.querySelector("[data-text]").textContent = text;
  holder.append(node);
  setTimeout(() => node.remove(), 7000);
}

// Copying a selected amount gives the exact figure, without marks of thousands or a unit.
document.addEventListener("copy", (event) => {
  const node = document.getSelection()?.anchorNode?.parentElement?.closest("data.amount");
  const chosen = String(document.getSelection() || "").trim();
  if (node && chosen && chosen === node.textContent.trim()) {
    event.clipboardData.setData("text/plain", node.value);
    event.preventDefault();
  }
});

// A second press while the first is under way does nothing; the key in the form guards the server as well.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // A paper opens beside the page, which stays as it is.
  if (form.method !== "post" || event.submitter?.formTarget === "_blank") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const confirming = form.dataset.confirm;
  if (confirming && !form.dataset.confirmed) {
    event.preventDefault();
    ask(form, event.submitter);
    return;
  }
  form.dataset.sent = "yes";
  form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => button.setAttribute("aria-busy", "true"));
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
});

function ask(form, submitter) {
  const dialog = document.getElementById("confirm");
  if (!dialog?.showModal) return;
  dialog.querySelector("[data-text]").textContent = form.dataset.confirm;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter ?? undefined);
  }, { once: true });
  dialog.showModal();
}

body.addEventListener("htmx:responseError", () => toast(body.dataset.failed, true));
body.addEventListener("htmx:sendError", () => toast(body.dataset.failed, true));
