// Light or dark at once; the form behind the button keeps the choice.
import { each } from "./page.js";

export function theme() {
  each("[data-theme-switch]", (button) => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    button.value = dark ? "light" : "dark";
  });
}
