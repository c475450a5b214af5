// A page fetched by a script is the page a browser would have shown; parts of it replace parts of this one.

/** Tell screen readers. */
export function say(text) {
  const place = document.getElementById("say");
  if (place) place.textContent = text;
}

/** Fetch a page of ours: { status, address, page }. Throws where the network does. */
export async function load(address, options = {}) {
  const response = await fetch(address, {
    credentials: "same-origin",
    headers: { "X-Requested-With": "fetch" },
    ...options,
  });
  const text = await response.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  return { status: response.status, address: response.url, page };
}

/** Put the elements with these ids in place of those that are here. True if all were there. */
export function put(page, ...ids) {
  return ids.every((id) => {
    const from = page.getElementById(id);
    const to = document.getElementById(id);
    if (!from || !to) return false;
    to.replaceWith(document.adoptNode(from));
    document.dispatchEvent(new CustomEvent("page:put", { detail: document.getElementById(id) }));
    return true;
  });
}

/** Do something with every element of this kind, now and whenever a part is put in. */
export function each(selector, bind) {
  const run = (root) => {
    if (root.matches?.(selector)) bind(root);
    root.querySelectorAll(selector).forEach(bind);
  };
  run(document);
  document.addEventListener("page:put", (event) => run(event.detail));
}
