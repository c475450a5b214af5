// The list and the detail as one: a task opens beside the list, a decision opens the next one,
// and the list keeps its place. Addresses are those of the pages themselves, so back works.
import { load, put, say } from "./page.js";

const WIDE = matchMedia("(width >= 64rem)");
let latest = 0;

export function inbox() {
  const place = document.querySelector("[data-inbox]");
  if (!place) return;
  place.addEventListener("click", open);
  place.addEventListener("submit", decide);
  addEventListener("popstate", () => show(location.href, { push: false }));
  if (WIDE.matches && !place.hasAttribute("data-selected")) {
    const first = document.querySelector("[data-row]");
    if (first && new URL(first.href).pathname === location.pathname) {
      show(first.href, { replace: true, focus: false });
    }
  }
}

function open(event) {
  const row = event.target.closest("[data-row], .split__back");
  if (!row || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (new URL(row.href).pathname !== location.pathname || !WIDE.matches) return;
  event.preventDefault();
  show(row.href);
}

/** Show the task of an address beside the list. */
export async function show(address, { push = true, replace = false, focus = true } = {}) {
  const mine = ++latest;
  const task = new URL(address, location.href).searchParams.get("task");
  mark(task);
  const detail = document.getElementById("detail");
  detail?.setAttribute("aria-busy", "true");
  try {
    const got = await load(address);
    if (mine !== latest) return;
    if (!put(got.page, "detail")) return void location.assign(address);
    settle(got, focus);
    if (replace) history.replaceState(null, "", address);
    else if (push && address !== location.href) history.pushState(null, "", address);
  } catch {
    detail?.removeAttribute("aria-busy");
    location.assign(address);
  }
}

/** Send a decision once; what comes back is the next task, or this one with what is wrong. */
async function decide(event) {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-decide]") || !button?.matches("[data-verb], [data-draft]") || event.defaultPrevented) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  button.setAttribute("aria-busy", "true");
  const row = document.querySelector("[data-row][aria-current]");
  if (button.matches("[data-verb]")) row?.setAttribute("aria-busy", "true");
  const top = document.getElementById("list")?.scrollTop ?? 0;
  try {
    const got = await load(form.action, { method: "POST", body: new FormData(form, button) });
    if (new URL(got.address).pathname === "/sign-in") return void ended(form, button, row);
    if (got.status < 400 && button.matches("[data-verb]")) {
      if (!put(got.page, "list", "detail")) return void location.assign(got.address);
      history.pushState(null, "", got.address);
      document.getElementById("list").scrollTop = top;
      counts(got.page);
    } else if (!put(got.page, "detail")) return void location.assign(location.href);
    settle(got, true);
    const told = document.querySelector("#detail .told");
    if (told) say(told.textContent.trim());
  } catch {
    idle(form, button, row);
    tell(form, "Could not be sent. What you typed is still here; try again.", "未能发送，填写的内容仍在，请重试。");
  }
}

/** The session is over: what was typed stays, to be sent after signing in elsewhere. */
function ended(form, button, row) {
  idle(form, button, row);
  tell(form, "Your session has ended. Sign in again in another tab, then press once more: nothing typed is lost.", "登录已失效。请在另一标签页重新登录后再按一次，填写的内容不会丢失。");
}

function idle(form, ...others) {
  [form, ...others].forEach((element) => element?.removeAttribute("aria-busy"));
}

/** Say it where the decision is made, and to screen readers. */
function tell(form, en, zh) {
  const text = document.documentElement.lang === "en" ? en : zh;
  let note = form.querySelector("[data-trouble]");
  if (!note) {
    note = document.createElement("p");
    note.className = "field__wrong";
    note.dataset.trouble = "";
    form.querySelector("[data-bar]").prepend(note);
  }
  note.textContent = text;
  say(text);
}

function settle(got, focus) {
  document.title = got.page.title;
  const place = document.querySelector("[data-inbox]");
  const selected = got.page.querySelector("[data-inbox]")?.hasAttribute("data-selected");
  place.toggleAttribute("data-selected", Boolean(selected));
  document.body.toggleAttribute("data-deciding", Boolean(selected));
  const wrong = document.querySelector("#detail [data-first], #detail [data-wrong] .input");
  const title = document.querySelector("#detail [data-title]");
  document.getElementById("detail").scrollTop = 0;
  if (wrong?.matches(".input")) wrong.focus();
  else if (focus && title) title.focus({ preventScroll: true });
  if (title && focus) say(title.textContent);
}

function mark(task) {
  document.querySelectorAll("[data-row][aria-current]").forEach((row) => row.removeAttribute("aria-current"));
  if (!task) return;
  const row = document.getElementById(`row-${task}`);
  row?.setAttribute("aria-current", "true");
  row?.scrollIntoView({ block: "nearest" });
}

function counts(page) {
  const from = page.querySelector(".rail__places");
  if (from) document.querySelector(".rail__places").replaceWith(document.adoptNode(from));
}
