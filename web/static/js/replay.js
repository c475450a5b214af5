// One cursor over a request's history: the rows of every step came with the page; here they are put in place.
import { each, say } from "./page.js";

const SECOND = 1000;
const PAUSE = 400; // so long after a step the next one is a place of its own in the browser's history

export function replays() {
  each("[data-replay]", (root) => {
    const data = document.getElementById("replay-data");
    if (data) new Replay(root, JSON.parse(data.textContent));
  });
}

class Replay {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.of = Number(root.dataset.of);
    this.step = Number(root.dataset.step);
    this.playing = 0;
    this.went = 0;
    this.shown = new Map();
    this.lists = [...root.querySelectorAll("[data-panel]")].map((place) => [place, data.panels[place.dataset.panel]]);
    this.tables = [...root.querySelectorAll("[data-table]")].map((place) => [place, data.tables[place.dataset.table]]);
    this.figures = [...root.querySelectorAll("[data-figure]")].map((figure) => ({
      figure,
      digest: figure.dataset.figure,
      places: [...figure.querySelectorAll("[data-part]")],
      parts: data.parts[figure.dataset.figure],
      now: [],
    }));
    for (const each of this.figures) each.now = at(each.parts, this.step);
    this.links = [...root.querySelectorAll("[data-to]")];
    this.current = this.links[this.step - 1];
    this.scrub = root.querySelector("[data-scrub]");
    this.bind();
    this.filter(false);
    this.mark();
  }

  bind() {
    addEventListener("keydown", (event) => this.press(event));
    addEventListener("popstate", () => this.back());
    this.scrub.addEventListener("input", () => this.go(Number(this.scrub.value), { replace: true, scrubbing: true }));
    this.scrub.addEventListener("change", () => this.address(false));
    this.root.querySelector("[data-play]").addEventListener("click", () => this.play(!this.playing));
    this.root.querySelector("[data-speed]").addEventListener("change", () => this.playing && this.play(true));
    this.root.querySelectorAll("[data-go]").forEach((link) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.play(false);
      this.move(link.dataset.go);
    }));
    for (const link of this.links) link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.play(false);
      this.go(Number(link.dataset.to));
    });
    for (const fold of this.root.querySelectorAll("details")) fold.addEventListener("toggle", () => this.draw());
    this.root.querySelector("[data-filters]").addEventListener("change", () => this.filter(true));
  }

  /** Arrows, Home, End and space; not where they mean something else. */
  press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    const from = event.target;
    if (document.querySelector("dialog[open]") || from.closest?.("dialog, select, textarea, [contenteditable], .diagram__view, .data, [data-menu]")) return;
    if (from.matches?.("input") && from !== this.scrub) return;
    const inside = this.root.contains(from);
    if (document.documentElement.dataset.keys === "off" && !inside) return;
    if (event.key === " ") {
      if (from.closest?.("button, summary, input:not([data-scrub])")) return;
      event.preventDefault();
      return this.play(!this.playing);
    }
    const where = { ArrowLeft: "before", ArrowRight: "after", Home: "first", End: "last" }[event.key];
    if (!where) return;
    event.preventDefault();
    this.play(false);
    this.move(where);
  }

  /** Where the buttons lead, among the steps that the filters leave. */
  get targets() {
    const before = this.open.filter((number) => number < this.step);
    const after = this.open.filter((number) => number > this.step);
    return { first: before[0], before: before.at(-1), after: after[0], last: after.at(-1) };
  }

  target(where) {
    return this.targets[where];
  }

  move(where) {
    const to = this.target(where);
    if (to) this.go(to);
    return Boolean(to);
  }

  play(on) {
    clearTimeout(this.playing);
    const was = this.playing;
    this.playing = 0;
    const button = this.root.querySelector("[data-play]");
    if (on) {
      if (!was && !this.target("after")) this.move("first");
      const next = () => {
        const to = this.target("after");
        if (!to) return this.play(false);
        this.go(to, { replace: true });
        this.playing = setTimeout(next, this.pace());
      };
      this.playing = setTimeout(next, this.pace());
      if (!was) say(this.root.dataset.playing);
    } else if (was) {
      say(`${this.root.dataset.stopped}: ${this.data.said[this.step - 1]}`);
    }
    button.setAttribute("aria-pressed", String(Boolean(this.playing)));
  }

  pace() {
    return SECOND / Number(this.root.querySelector("[data-speed]").value);
  }

  go(step, { replace = false, keep = false, scrubbing = false } = {}) {
    if (step === this.step && !keep) return;
    this.step = step;
    this.draw();
    this.mark();
    if (!keep) this.address(replace);
    if (!this.playing && !scrubbing && document.activeElement !== this.scrub) say(this.data.said[step - 1]);
  }

  /** Everything that the step shows. */
  draw() {
    for (const [place, changes] of [...this.lists, ...this.tables]) {
      if (place.closest("details:not([open])")) continue; // drawn when it is opened
      const numbers = at(changes, this.step);
      const key = numbers.join();
      if (this.shown.get(place) === key) continue;
      this.shown.set(place, key);
      place.innerHTML = numbers.map((number) => this.data.rows[number]).join("");
    }
    const there = at(this.data.there, this.step);
    for (const each of this.figures) {
      each.figure.hidden = !there.includes(each.digest);
      const now = at(each.parts, this.step);
      let moved = null;
      now.forEach((number, place) => {
        if (each.now[place] === number) return;
        each.places[place].innerHTML = this.data.rows[number];
        moved = each.places[place].querySelector(".shape--open, .shape--halt") ?? moved;
      });
      each.now = now;
      if (moved && !each.figure.hidden) follow(each.figure.querySelector(".diagram__view"), moved);
    }
    const changed = this.root.querySelector(".replay__values .replay__changed");
    if (changed) follow(changed.closest(".replay__data"), changed);
  }

  /** Where the cursor stands: in the list, the scrubber, the buttons, and in words. */
  mark() {
    const said = this.data.said[this.step - 1];
    this.root.dataset.step = this.step;
    this.scrub.value = this.step;
    this.scrub.setAttribute("aria-valuetext", said);
    this.root.querySelector("[data-said]").textContent = said;
    this.current?.removeAttribute("aria-current");
    this.current = this.links[this.step - 1];
    this.current.setAttribute("aria-current", "step");
    follow(this.current.closest(".replay__scroll"), this.current);
    const targets = this.targets;
    for (const link of this.root.querySelectorAll("[data-go]")) {
      const to = targets[link.dataset.go];
      if (to) {
        link.href = this.href(to);
        link.removeAttribute("aria-disabled");
        link.removeAttribute("role");
      } else {
        link.removeAttribute("href");
        link.setAttribute("aria-disabled", "true");
        link.setAttribute("role", "link");
        if (link === document.activeElement) this.root.querySelector("[data-play]").focus();
      }
    }
    for (const field of document.querySelectorAll("[data-one], form.no-print [name=step], [data-filters] [name=step]")) field.value = this.step;
  }

  href(step) {
    const query = new URLSearchParams();
    query.set("step", step);
    for (const kind of this.only()) query.append("only", kind);
    return `${location.pathname}?${query}`;
  }

  /** The address keeps the step; steps in quick succession are one place to come back to. */
  address(replace) {
    const now = Date.now();
    const quick = now - this.went < PAUSE;
    this.went = now;
    const to = this.href(this.step);
    if (`${location.pathname}${location.search}` === to) return;
    history[replace || quick ? "replaceState" : "pushState"]({ step: this.step }, "", to);
    document.querySelector("[data-compare]")?.remove();
  }

  back() {
    const asked = new URLSearchParams(location.search);
    if (asked.has("with")) return location.reload();
    this.play(false);
    this.go(Math.min(this.of, Math.max(1, Number(asked.get("step")) || this.of)), { keep: true });
  }

  only() {
    return [...this.root.querySelectorAll("[data-filters] [name=only]:checked")].map((box) => box.value);
  }

  filter(chosen) {
    const only = this.only();
    for (const link of this.links) {
      const kinds = link.parentElement.dataset.kinds.split(" ");
      link.parentElement.hidden = only.length > 0 && !only.some((kind) => kinds.includes(kind));
      link.href = this.href(Number(link.dataset.to));
    }
    this.open = this.links.filter((link) => !link.parentElement.hidden).map((link) => Number(link.dataset.to));
    this.root.querySelector("[data-none]").hidden = this.open.length > 0;
    if (!chosen) return;
    this.mark();
    this.address(true);
  }
}

/** Scroll what is inside to where it can be seen, without moving the page. */
function follow(around, inside) {
  const box = inside.getBoundingClientRect(), view = around.getBoundingClientRect();
  if (box.top < view.top || box.bottom > view.bottom) around.scrollTop += box.top - view.top - (view.height - box.height) / 2;
  if (box.left < view.left || box.right > view.right) around.scrollLeft += box.left - view.left - (view.width - box.width) / 2;
}

/** A list as it stands at a step, from how it changes with each: [where, how many go, ...those that come]. */
function at(changes, step) {
  const list = [];
  for (let index = 0; index < step; index += 1) {
    const change = changes[index];
    if (change) list.splice(...change);
  }
  return list;
}
