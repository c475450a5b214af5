// Menus are <details>: Escape and a click elsewhere close them.
import { each } from "./page.js";

export function menus() {
  addEventListener("click", (event) => {
    document.querySelectorAll("[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  each("[data-help]", (button) => button.addEventListener("click", help));
}

/** Show the list of keys. */
export function help() {
  document.querySelectorAll("[data-menu][open]").forEach((menu) => (menu.open = false));
  document.getElementById("keys")?.showModal();
}
