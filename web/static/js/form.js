// Forms: rows come and go without a round trip, conditions redraw the fields, drafts are kept,
// and a form is sent once. Without scripts the same buttons post the form back.
import { each, load, say } from "./page.js";

const QUIET = 400;
const KEEP = 4000;

export function forms() {
  each("[data-form]", bind);
  each("[data-print]", (button) => button.addEventListener("click", () => print()));
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("[data-form][data-dirty]:not([aria-busy])")) event.preventDefault();
  });
}

function bind(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add-row], [data-remove-row]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-add-row]")) addRow(button.closest("[data-table]"));
    else removeRow(button.closest("tr"), button.closest("[data-table]"));
    dirty(form);
    redrawSoon(form);
  });
  form.addEventListener("input", () => dirty(form));
  form.addEventListener("change", (event) => {
    dirty(form);
    if (event.target.closest("[data-fields]") && event.target.type !== "file") redrawSoon(form);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.closest("[data-inbox]")) return;
    if (form.hasAttribute("aria-busy")) return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    event.submitter?.setAttribute("aria-busy", "true");
  });
  const wrong = form.querySelector("[data-wrong] .input, [data-wrong] input");
  if (wrong && form.querySelector("[data-first]") && !form.matches("[data-decide]")) wrong.focus();
}

function dirty(form) {
  form.toggleAttribute("data-dirty", true);
  clearTimeout(form.keeping);
  if (form.querySelector("[data-draft]") && form.matches("[data-decide]")) {
    form.keeping = setTimeout(() => send(form, "keep"), KEEP);
  }
}

function addRow(table) {
  const blank = table.querySelector("template[data-blank]");
  const rows = table.querySelector("[data-table-rows]");
  const index = Number(table.dataset.next ?? blank.dataset.blank);
  const at = Math.max(index, rows.children.length);
  const row = blank.content.querySelector("tr").cloneNode(true);
  renumber(row, table.dataset.table, Number(blank.dataset.blank), at);
  table.dataset.next = at + 1;
  rows.append(row);
  row.querySelector(".input, input")?.focus();
}

function renumber(row, name, from, to) {
  row.querySelectorAll("[name], [id], [for], [aria-describedby], [data-drop]").forEach((element) => {
    for (const attribute of ["name", "id", "for", "aria-describedby", "data-drop"]) {
      const value = element.getAttribute(attribute);
      if (value) {
        element.setAttribute(attribute, value.replace(`${name}.${from}.`, `${name}.${to}.`).replace(`-${from}-`, `-${to}-`));
      }
    }
  });
}

function removeRow(row, table) {
  const near = row.previousElementSibling ?? row.nextElementSibling;
  row.remove();
  (near?.querySelector(".input, input") ?? table.querySelector("[data-add-row]"))?.focus();
}

function redrawSoon(form) {
  clearTimeout(form.redrawing);
  form.redrawing = setTimeout(() => redraw(form), QUIET);
}

/** Ask the server how the form looks with what is filled in now, and keep the focus. */
async function redraw(form) {
  const fields = form.querySelector("[data-fields]");
  if (!fields || form.hasAttribute("aria-busy")) return;
  const asked = (form.asked = (form.asked ?? 0) + 1);
  const got = await send(form, "redraw:");
  const fresh = got?.page.querySelector("[data-fields]");
  if (!fresh || asked !== form.asked || shape(fields) === shape(fresh)) return;
  const { id, selectionStart, selectionEnd } = document.activeElement ?? {};
  const again = document.adoptNode(fresh);
  fields.replaceWith(again);
  document.dispatchEvent(new CustomEvent("page:put", { detail: again }));
  const focused = id && document.getElementById(id);
  if (focused && again.contains(focused)) {
    focused.focus({ preventScroll: true });
    try {
      focused.setSelectionRange(selectionStart, selectionEnd);
    } catch {
      // not a text field
    }
  }
}

/** Which controls there are and what can be chosen: what a redraw is for. */
function shape(fields) {
  return [...fields.querySelectorAll("[name], option, legend, label, .form__text, .field__given")]
    .map((e) => `${e.tagName}${e.getAttribute("name") ?? ""}${e.tagName === "OPTION" ? e.value : ""}${/^(LABEL|LEGEND|DIV)$/.test(e.tagName) ? e.textContent.trim() : ""}`)
    .filter((line) => !line.startsWith("INPUT_file"))
    .join("\n");
}

async function send(form, press) {
  const body = new FormData(form);
  for (const name of [...body.keys()]) if (name.startsWith("_file.") || name === "_verb") body.delete(name);
  body.set("_press", press);
  try {
    const got = await load(form.action, { method: "POST", body });
    if (got.status === 200 && press === "keep") form.removeAttribute("data-dirty");
    return got;
  } catch {
    if (press === "keep") say(document.documentElement.lang === "en" ? "The draft could not be saved." : "草稿未能保存。");
    return null;
  }
}
