"""What a page says in words of its own, told from the data that it shows."""

import re

from playwright.sync_api import Page

from storage import Database

CHINESE = re.compile(r"[一-鿿]")

DATA = (
    "dd", "td", "blockquote", "del", "ins", "textarea", "code", "[lang^=zh]", "[data-title]",
    ".face", ".form__text", ".field__hint", ".sheet__notes", ".row__title", ".file", ".said",
    ".vote__said", ".field__given", "[data-banner]", ".data--cards th[scope=row]",
)  # fmt: skip
"""Where data stand: what people have written, and what the company calls its own things. Texts
and hints of forms are their author's, with data put into them; notes give numbers as examples."""

SHOWN = """data => {
  const found = [], inData = node => node.closest(data);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const holder = node.parentElement;
    if (!holder.closest("script, template, style") && !inData(holder)) found.push(node.data);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const holder of document.body.querySelectorAll(`[${name}]`))
      if (!inData(holder)) found.push(holder.getAttribute(name));
  found.push(document.title);
  return found.map(text => text.trim()).filter(Boolean);
}"""


def data_of(home: Database) -> tuple[str, ...]:
    """Names and titles that stand in words: people, departments, groups, requests, documents."""
    with home.read() as reader:
        found = {
            str(name)
            for table in ("people", "departments", "groups")
            for (name,) in reader.all(f"SELECT name FROM {table}", ())
        }
        found |= {str(title) for (title,) in reader.all("SELECT title FROM requests", ()) if title}
        found |= {str(n) for (n,) in reader.all("SELECT number FROM requests", ()) if n}
    return tuple(sorted(found, key=len, reverse=True))


def chinese_words(page: Page, data: tuple[str, ...]) -> list[str]:
    """Texts outside data that are Chinese even without the names in them."""
    left = []
    for text in page.evaluate(SHOWN, ", ".join(DATA)):
        rest = text
        for name in data:
            rest = rest.replace(name, "")
        if CHINESE.search(rest):
            left.append(text)
    return list(dict.fromkeys(left))
