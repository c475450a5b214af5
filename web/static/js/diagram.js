// A diagram opens where the request stands; larger, smaller, or all of it at once.
import { each } from "./page.js";

const WORDS = { en: ["Smaller", "Larger", "All of it"], zh: ["缩小", "放大", "全图"] };

export function diagrams() {
  each("[data-diagram]", (figure) => {
    const view = figure.querySelector(".diagram__view");
    const svg = view.querySelector("svg");
    const full = Number(svg.getAttribute("width"));
    const tall = Number(svg.getAttribute("height"));
    const scale = (to) => {
      const factor = Math.max(0.2, Math.min(2, to));
      svg.setAttribute("width", full * factor);
      svg.setAttribute("height", tall * factor);
      figure.factor = factor;
    };
    figure.factor = 1;
    const tools = document.createElement("div");
    tools.className = "diagram__tools";
    const acts = [() => scale(figure.factor / 1.25), () => scale(figure.factor * 1.25), () => scale((view.clientWidth - 4) / full)];
    const words = WORDS[document.documentElement.lang === "en" ? "en" : "zh"];
    acts.forEach((act, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--small";
      button.textContent = words[index];
      button.addEventListener("click", act);
      tools.append(button);
    });
    figure.prepend(tools);
    const open = svg.querySelector(".shape--open");
    if (open) {
      const box = open.getBBox();
      view.scrollTo(box.x + box.width / 2 - view.clientWidth / 2, box.y + box.height / 2 - view.clientHeight / 2);
    }
  });
}
