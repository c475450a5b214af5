// How long a decision can still be undone: counted down beside the button, which then goes.
import { each } from "./page.js";

export function undoing() {
  each("[data-undo]", (form) => {
    const until = performance.now() + 1000 * Number(form.dataset.undo);
    const place = form.querySelector("[data-undo-left]");
    const timer = setInterval(() => {
      const left = Math.ceil((until - performance.now()) / 1000);
      if (left > 0 && form.isConnected) place.textContent = String(left);
      else {
        clearInterval(timer);
        if (!form.matches("[aria-busy]")) form.remove();
      }
    }, 250);
    form.addEventListener("submit", (event) => {
      if (form.matches("[aria-busy]")) return event.preventDefault();
      form.setAttribute("aria-busy", "true");
    });
  });
}
