// New tasks are announced and counted, and never move what is under the pointer.
import { load, say } from "./page.js";

const EVERY = 60_000;

export function notices() {
  if (!document.querySelector(".rail__places")) return;
  setInterval(look, EVERY);
}

async function look() {
  if (document.hidden) return;
  try {
    const got = await load("/account");
    const fresh = got.page.querySelector(".rail__places");
    if (got.status !== 200 || !fresh) return;
    const before = number(document);
    const now = number(got.page);
    document.querySelectorAll(".rail__place").forEach((place) => {
      const other = fresh.querySelector(`.rail__place[href="${place.getAttribute("href")}"]`);
      place.querySelector(".count")?.remove();
      const count = other?.querySelector(".count");
      if (count) place.append(document.adoptNode(count));
    });
    if (now > before) say(document.documentElement.lang === "en" ? `${now} tasks wait for you.` : `有 ${now} 项任务等您处理。`);
  } catch {
    // the next look tells
  }
}

function number(page) {
  return Number.parseInt(page.querySelector('.rail__place[href="/inbox"] .count')?.textContent ?? "0", 10);
}
