// Whom one names: the list follows the search while one types; who is chosen stays chosen.
import { each, load, say } from "./page.js";

const QUIET = 180;

export function pickers() {
  each("[data-picker]", bind);
}

function bind(picker) {
  const form = picker.closest("form");
  const search = picker.querySelector("[data-find]");
  let waiting = 0;
  let latest = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, QUIET);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      clearTimeout(waiting);
      find();
    }
    if (event.key === "ArrowDown") {
      event.preventDefault();
      picker.querySelector("[data-people] input:not(:disabled)")?.focus();
    }
  });

  async function find() {
    const mine = ++latest;
    const body = new FormData(form);
    for (const name of [...body.keys()]) if (name.startsWith("_file.")) body.delete(name);
    body.set("_press", "find");
    try {
      const got = await load(form.action, { method: "POST", body });
      const fresh = got.page.querySelector("[data-people]");
      if (mine !== latest || !fresh) return;
      picker.querySelector("[data-people]").replaceWith(document.adoptNode(fresh));
      const found = picker.querySelectorAll("[data-people] .pick").length;
      say(document.documentElement.lang === "en" ? `${found} people` : `${found} 人`);
    } catch {
      // The button without scripts is hidden: what was found before stays, and typing tries again.
    }
  }
}
