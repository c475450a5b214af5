// What has a page of its own opens beside the task as a dialog; without scripts it is the page.
import { load, say } from "./page.js";

export function dialogs() {
  // Whoever fills in what belongs to an option has chosen it.
  addEventListener("input", (event) => {
    const option = event.target.closest?.(".option");
    const radio = option?.querySelector("input[type='radio']");
    if (radio && radio !== event.target) radio.checked = true;
  });
  addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest?.("a[data-dialog]");
    if (link) {
      event.preventDefault();
      return void open(link);
    }
    const close = event.target.closest?.("dialog [data-close]");
    if (close) {
      event.preventDefault();
      close.closest("dialog").close();
    }
  });
}

async function open(link) {
  if (link.hasAttribute("aria-busy")) return;
  link.setAttribute("aria-busy", "true");
  document.querySelectorAll("[data-menu][open]").forEach((menu) => (menu.open = false));
  try {
    const got = await load(link.href);
    const part = got.page.getElementById("moving");
    if (!part) return void location.assign(link.href);
    show(part, link);
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function show(part, link) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "moving-title");
  dialog.append(document.adoptNode(part));
  demote(dialog);
  document.body.append(dialog);
  document.dispatchEvent(new CustomEvent("page:put", { detail: dialog }));
  dialog.addEventListener("close", () => {
    dialog.remove();
    (link.closest("[data-menu]")?.querySelector("summary") ?? link).focus();
  });
  dialog.addEventListener("submit", () => {
    // The page is left on purpose; what was filled in at the desk has been kept as a draft.
    document.querySelectorAll("[data-decide][data-dirty]").forEach((form) => form.removeAttribute("data-dirty"));
  });
  const said = document.getElementById("comment")?.value.trim();
  const comment = dialog.querySelector("#moving-comment");
  if (said && comment && !comment.value) comment.value = said;
  dialog.showModal();
  const first = dialog.querySelector("[data-find], .options input:checked, .input, [data-close]");
  first?.focus();
  say(dialog.querySelector("#moving-title")?.textContent.trim() ?? "");
}

/** A page has one h1; inside a dialog it is a heading of the second rank. */
function demote(dialog) {
  const title = dialog.querySelector("h1");
  if (!title) return;
  const other = document.createElement("h2");
  for (const { name, value } of title.attributes) other.setAttribute(name, value);
  other.append(...title.childNodes);
  title.replaceWith(other);
}
