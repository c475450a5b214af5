// Files go up as soon as they are chosen or dropped, with their progress; the form then carries ids only.
import { each, say } from "./page.js";

export function uploads() {
  each("[data-drop]", (place) => {
    const input = place.querySelector('input[type="file"]');
    input?.addEventListener("change", () => [...input.files].length && take(place, input));
    place.addEventListener("dragover", (event) => {
      event.preventDefault();
      place.toggleAttribute("data-over", true);
    });
    place.addEventListener("dragleave", () => place.removeAttribute("data-over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.removeAttribute("data-over");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-drop-file]");
      if (!button) return;
      event.preventDefault();
      button.closest("li").remove();
      input.focus();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
}

async function take(place, input) {
  const list = place.querySelector("[data-files]");
  const files = [...input.files];
  input.value = "";
  if (!input.multiple) list.replaceChildren();
  await Promise.all(files.slice(0, input.multiple ? 100 : 1).map((file) => send(place, list, file)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function send(place, list, file) {
  const item = document.createElement("li");
  item.className = "file file--wide";
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", file.name);
  item.append(name, bar);
  list.append(item);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    body.append("csrf_token", place.closest("form").elements.csrf_token.value);
    request.upload.onprogress = (event) => (bar.value = event.loaded / event.total);
    request.onloadend = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // told below
      }
      bar.remove();
      if (request.status === 201) kept(place, item, name, answer);
      else refused(item, name, answer);
      done();
    };
    request.open("POST", "/attachments");
    request.send(body);
  });
}

function kept(place, item, name, answer) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = place.dataset.drop;
  field.value = answer.id;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "button button--quiet button--small";
  remove.dataset.dropFile = "";
  remove.textContent = "✕";
  remove.setAttribute("aria-label", `${document.documentElement.lang === "en" ? "Remove" : "移除"} ${name.textContent}`);
  item.append(field, remove);
  say(name.textContent);
}

function refused(item, name, answer) {
  const why = document.createElement("span");
  why.className = "field__wrong";
  why.textContent = answer.error ?? (document.documentElement.lang === "en" ? "could not be uploaded" : "未能上传");
  item.append(why);
  say(`${name.textContent}: ${why.textContent}`);
}
