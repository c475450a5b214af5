// Single keys: dead in fields, with modifiers, in dialogs, and where they are switched off.
import { show } from "./inbox.js";
import { help } from "./menu.js";
import { select } from "./select.js";

const PLACES = { i: "/inbox", r: "/requests", n: "/notices", s: "/start", a: "/audit" };
let going = 0;

export function keyboard() {
  if (document.documentElement.dataset.keys === "off") return;
  addEventListener("keydown", press);
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return leave(event);
  if (Date.now() - going < 1200 && PLACES[event.key] && (event.key !== "a" || document.querySelector('.rail a[href="/audit"]'))) {
    going = 0;
    event.preventDefault();
    return void location.assign(PLACES[event.key]);
  }
  const act = { g: () => (going = Date.now()), "?": help, j: () => move(1), k: () => move(-1), o: opened, Enter: enter, r: reject, x: select }[event.key];
  const found = act ? act(event) !== false : pressed(event.key);
  if (found) event.preventDefault();
}

/** Escape leaves a field, so that keys work again. */
function leave(event) {
  if (event.key === "Escape" && event.target.matches(".input")) event.target.blur();
}

function rows() {
  return [...document.querySelectorAll("[data-rows] .row")];
}

function move(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const from = at >= 0 ? at : all.findIndex((row) => row.hasAttribute("aria-current"));
  const to = all[Math.max(0, Math.min(all.length - 1, from + by))];
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
  if (document.querySelector("[data-inbox]") && new URL(to.href).pathname === location.pathname && matchMedia("(width >= 64rem)").matches) {
    show(to.href, { replace: true, focus: false });
  }
  return true;
}

function opened() {
  const row = document.activeElement?.closest?.(".row") ?? document.querySelector(".row[aria-current]");
  if (!row) return false;
  if (row.hasAttribute("aria-current")) document.querySelector("[data-title]")?.focus();
  else row.click();
  return true;
}

function enter() {
  return document.activeElement?.matches?.(".row") && document.activeElement.hasAttribute("aria-current") ? opened() : false;
}

function reject() {
  return pressed("r") || pressed("b");
}

/** Press what bears this key; where a reason is needed first, go to the comment. */
function pressed(key) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(within);
  if (!found) return false;
  if (found.matches("input, textarea, select")) found.focus();
  else if (found.matches("[data-needs-comment]") && !comment()?.value.trim()) comment()?.focus();
  else if (found.matches("summary")) {
    found.parentElement.open = true;
    found.parentElement.querySelector("select, button")?.focus();
  } else found.click();
  return true;
}

/** Whether it can be seen, or stands in a menu that can. */
function within(element) {
  return element.offsetParent !== null || Boolean(element.closest("[data-menu]:not([open])")?.offsetParent);
}

function comment() {
  return document.getElementById("comment");
}
