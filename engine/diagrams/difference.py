"""What differs between two versions of a process's files: element by element, property by property,
so that whoever releases a version reads what it changes and not how its file is laid out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Literal

from lxml import etree

from engine.diagrams import source
from engine.diagrams.definition import Undeployable
from engine.diagrams.files import FORMS, TABLES, is_diagram
from engine.diagrams.source import Element
from engine.diagrams.vendors import CAMUNDA

Kind = Literal["added", "removed", "changed"]
LONGEST = 2_000
"""Characters of one value that are told."""
MOST_LINES = 400
"""Lines of a difference between two texts."""
_DRAWN = ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DI")
_QUIET = frozenset({"incoming", "outgoing"})
"""What only says again where flows begin and end."""
_PREFIX = {source.BPMN: "", CAMUNDA: "camunda:"}

Facts = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One property of an element: its value before and after, "" where there was none."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One element of a file (a task, a flow, a field, a row of a table), or a file as a whole."""

    kind: Kind
    file: str
    element: str
    """Its id or key; "" for the file as a whole."""
    type: str
    """The tag, or a field's type."""
    name: str
    """What it is called, in the newer version that has it."""
    name_en: str = ""
    """The same in English, where it says so."""
    facts: tuple[Fact, ...] = ()


def differences(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[Difference, ...]:
    """Everything that differs, file by file, in the order of the newer version; empty where nothing
    but the drawing's layout or the order of attributes does. Of files that can't be read it is said
    that they differ."""
    found: list[Difference] = []
    for name in [*new, *(each for each in old if each not in new)]:
        if name not in old or name not in new:
            kind: Kind = "added" if name not in old else "removed"
            found.append(Difference(kind=kind, file=name, element="", type="file", name=name))
        if old.get(name) != new.get(name):
            found += _of_file(name, old.get(name), new.get(name))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    type: str
    name: str
    facts: Facts


_Parts = dict[str, _Part]


def _of_file(name: str, old: bytes | None, new: bytes | None) -> Iterator[Difference]:
    try:
        before, after = _parts(name, old), _parts(name, new)
    except (Undeployable, ValueError, RecursionError):
        before = after = None
    if before is None or after is None:
        if old is not None and new is not None:
            yield Difference(
                kind="changed", file=name, element="", type="file", name=name,
                facts=tuple(_lines(old, new)),
            )  # fmt: skip
        return
    for id in [*after, *(each for each in before if each not in after)]:
        was, now = before.get(id), after.get(id)
        facts = tuple(_changes(was.facts if was else {}, now.facts if now else {}))
        if was is not None and now is not None and not facts and was.type == now.type:
            continue
        part = now or was
        assert part is not None
        kind: Kind = "added" if was is None else "removed" if now is None else "changed"
        yield Difference(
            kind=kind,
            file=name,
            element=id,
            type=part.type,
            name=part.name,
            name_en=part.facts.get("name.en", part.facts.get("properties.label.en", "")),
            facts=facts,
        )


def _changes(old: Facts, new: Facts) -> Iterator[Fact]:
    for name in [*new, *(each for each in old if each not in new)]:
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            yield Fact(name=name, old=before[:LONGEST], new=after[:LONGEST])


def _parts(name: str, content: bytes | None) -> _Parts | None:
    """The parts of a file by their ids; None where the file is only text."""
    if is_diagram(name) or name.lower().endswith(TABLES):
        return {} if content is None else dict(_elements(source.parse(name, content)))
    if name.lower().endswith(FORMS):
        return {} if content is None else dict(_components(json.loads(content)))
    return None


# ---- XML: an element with an id, and everything in it down to the next one that has an id


def _elements(root: Element) -> Iterator[tuple[str, _Part]]:
    for each in root.iter(etree.Element):
        if each.get("id") and not _is_drawn(each):
            type = each.get(source.XSI_TYPE) or source.local(each)
            yield (
                source.identity(each),
                _Part(type=type, name=source.title(each), facts=_facts(each)),
            )


def _is_drawn(element: Element) -> bool:
    return source.namespace(element) in _DRAWN or any(
        source.namespace(above) in _DRAWN for above in element.iterancestors()
    )


def _facts(element: Element) -> Facts:
    found: Facts = {}
    _add(found, element, "")
    inside = element.getparent()
    if inside is not None and inside.get("id") and source.in_bpmn(element):
        found["inside"] = inside.get("id", "")
    return found


def _add(found: Facts, element: Element, path: str) -> None:
    for name, value in sorted(element.attrib.items()):
        if path or name != "id":
            _put(found, f"{path}{_called(str(name))}", str(value))
    words = " ".join((element.text or "").split())
    if words:
        _put(found, path.rstrip(".") or "text", words)
    for inner in element.iterchildren(etree.Element):
        if inner.get("id") or _is_drawn(inner) or source.local(inner) in _QUIET:
            continue
        if source.local(inner) in ("extensionElements", "properties"):
            _add(found, inner, path)
        elif source.local(inner) == "property" and inner.get("name"):
            _put(found, f"{path}{inner.get('name')}", inner.get("value", ""))
        else:
            _add(found, inner, f"{path}{_called(str(inner.tag))}.")


def _put(found: Facts, name: str, value: str) -> None:
    at, count = name, 1
    while at in found:
        count += 1
        at = f"{name} ({count})"
    found[at] = value


def _called(name: str) -> str:
    qualified = etree.QName(name)
    return _PREFIX.get(qualified.namespace or "", "") + qualified.localname


# ---- forms: a component by its key, or by its id where it has none


def _components(document: Any) -> Iterator[tuple[str, _Part]]:
    if not isinstance(document, dict):
        raise ValueError("a form is an object")
    rest = {name: each for name, each in document.items() if name != "components"}
    name = str(document.get("id", ""))
    yield "", _Part(type="form", name=name, facts=dict(_flat(rest, "")))
    waiting = [("", each) for each in _listed(document)]
    waiting.reverse()
    place = 0
    while waiting:
        above, each = waiting.pop()
        place += 1
        key = str(each.get("key") or each.get("path") or each.get("id") or f"component {place}")
        full = f"{above}.{key}" if above else key
        facts = dict(_flat({n: v for n, v in each.items() if n not in _OF_LAYOUT}, ""))
        label = str(each.get("label") or each.get("text") or key)
        yield full, _Part(type=str(each.get("type", "")), name=label[:200], facts=facts)
        inside = [(full, inner) for inner in _listed(each)]
        waiting += reversed(inside)


_OF_LAYOUT = frozenset({"components", "layout", "id"})


def _listed(holder: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = holder.get("components")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path} {place}")
    elif isinstance(value, str):
        yield path, value
    else:
        yield path, json.dumps(value)


# ---- lists and whatever else is text


def _lines(old: bytes, new: bytes) -> Iterator[Fact]:
    try:
        before, after = old.decode().splitlines(), new.decode().splitlines()
    except UnicodeDecodeError:
        return
    told = 0
    for line in unified_diff(before[:20_000], after[:20_000], lineterm="", n=0):
        if line.startswith(("---", "+++", "@@")) or told == MOST_LINES:
            continue
        told += 1
        text = line[1:][:LONGEST]
        was, now = (text, "") if line.startswith("-") else ("", text)
        yield Fact(name="line", old=was, new=now)
