// Several tasks: boxes beside the rows, how many are chosen, and all of the list at once.
import { say } from "./page.js";

export function selecting() {
  const place = document.querySelector("[data-inbox]");
  place?.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) {
      boxes().forEach((box) => (box.checked = event.target.checked));
      told();
    } else if (event.target.matches("[name='tasks']")) told();
  });
}

/** x: the row in focus, else the one that is open. */
export function select() {
  const row = document.activeElement?.closest?.(".row, .pickable__box") ?? document.querySelector(".row[aria-current]");
  const box = row?.closest(".pickable")?.querySelector("[name='tasks']");
  if (!box) return false;
  box.checked = !box.checked;
  told();
  return true;
}

function boxes() {
  return [...document.querySelectorAll("[data-rows] [name='tasks']")];
}

function told() {
  const chosen = boxes().filter((box) => box.checked).length;
  const words = document.documentElement.lang === "en" ? `${chosen} selected` : `已选 ${chosen} 项`;
  const count = document.querySelector("[data-count]");
  if (count) count.textContent = words;
  const all = document.querySelector("[data-all]");
  if (all) {
    all.checked = chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
  say(words);
}
