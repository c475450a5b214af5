"""The small part of markdown that a form's texts may use, as blocks and spans, never as HTML."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

_TEMPLATE = re.compile(r"\{\{((?:(?!\{\{).){1,2000}?)\}\}", re.DOTALL)
_INLINE = re.compile(
    r"\*\*(?P<bold>[^*\n]{1,2000})\*\*|\[(?P<label>[^\]\n]{1,500})\]\((?P<to>[^)\s]{1,1000})\)"
)
_BULLET = re.compile(r"[ \t]{0,3}[-*+][ \t]+(.*)")
_NUMBERED = re.compile(r"[ \t]{0,3}\d{1,3}[.)][ \t]+(.*)")
_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; a link where `link` (http or https) is not empty."""

    text: str
    bold: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading (one item), or a list of items; an item is a row of spans."""

    kind: Literal["paragraph", "heading", "bullets", "numbered"]
    items: tuple[tuple[Span, ...], ...]


def templates(text: str) -> list[str]:
    """The FEEL expressions in a text: all of it where it begins with `=`, else those in `{{ }}`."""
    if text.startswith("="):
        return [text]
    return [f"={inner.strip()}" for inner in _TEMPLATE.findall(text)]


def problem_of(text: str) -> str:
    """Why a text cannot be shown (template blocks such as `{{#if}}`), or nothing."""
    if text.startswith("="):
        return ""
    for inner in _TEMPLATE.findall(text):
        if inner.strip()[:1] in ("#", "/"):
            return "template blocks such as {{#if}} are not supported; use conditional.hide"
    if "{{" in _TEMPLATE.sub("", text):
        return "a {{ is not closed"
    return ""


def told(text: str, value: Callable[[str], str]) -> str:
    """The text with its expressions' results in it, nothing read as markdown."""
    return value(text) if text.startswith("=") else _filled(text, value)


def blocks(text: str, value: Callable[[str], str]) -> tuple[Block, ...]:
    """The text as blocks; `value` gives an expression's result, which is never read as markdown."""
    if text.startswith("="):
        return (Block("paragraph", ((Span(value(text)),),)),) if value(text) else ()
    made: list[Block] = []
    lines: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        heading = _HEADING.match(line)
        if heading or not line.strip():
            _paragraph(lines, made, value)
            if heading:
                made.append(Block("heading", (_spans(heading[1], value),)))
        elif (bullet := _BULLET.match(line)) or (numbered := _NUMBERED.match(line)):
            _paragraph(lines, made, value)
            kind: Literal["bullets", "numbered"] = "bullets" if bullet else "numbered"
            item = bullet[1] if bullet else numbered[1] if numbered else ""
            _listed(kind, _spans(item, value), made)
        else:
            lines.append(line.strip())
    return tuple(made)


def _paragraph(lines: list[str], made: list[Block], value: Callable[[str], str]) -> None:
    if lines:
        made.append(Block("paragraph", (_spans("\n".join(lines), value),)))
        lines.clear()


def _listed(
    kind: Literal["bullets", "numbered"], item: tuple[Span, ...], made: list[Block]
) -> None:
    if made and made[-1].kind == kind:
        made[-1] = Block(kind, (*made[-1].items, item))
    else:
        made.append(Block(kind, (item,)))


def _spans(text: str, value: Callable[[str], str]) -> tuple[Span, ...]:
    spans: list[Span] = []
    at = 0
    for found in _INLINE.finditer(text):
        spans.append(Span(_filled(text[at : found.start()], value)))
        if found["bold"] is not None:
            spans.append(Span(_filled(found["bold"], value), bold=True))
        elif found["to"].startswith(("https://", "http://")) and "{{" not in found["to"]:
            spans.append(Span(_filled(found["label"], value), link=found["to"]))
        else:
            spans.append(Span(_filled(found["label"], value)))
        at = found.end()
    spans.append(Span(_filled(text[at:], value)))
    return tuple(span for span in spans if span.text)


def _filled(text: str, value: Callable[[str], str]) -> str:
    return _TEMPLATE.sub(lambda found: value(f"={found[1].strip()}"), text)
