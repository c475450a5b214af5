"""The walk through a file's components; problems are collected, not raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms.model import Component, Field, Group, Kind, Listing
from forms.names import is_ordinary_key
from forms.reading.meta import component_words
from forms.reading.words import Problems, Words

DEEPEST = 8
MOST_COMPONENTS = 500

_IGNORED = frozenset({"separator", "spacer", "image", "button"})
_TOLD: Mapping[str, str] = {
    "image": "pictures are not shown in forms",
    "button": "buttons of the form are not shown: people decide beside it",
}
_KINDS: Mapping[str, Kind] = {
    "textfield": "text",
    "textarea": "area",
    "number": "decimal",
    "datetime": "date",
    "checkbox": "checkbox",
    "radio": "radio",
    "select": "select",
    "checklist": "checklist",
    "taglist": "taglist",
    "filepicker": "files",
    "dynamiclist": "table",
}


@dataclass(slots=True)
class Reader:
    """Reads the components of one file; what is wrong goes into `problems`."""

    problems: Problems
    warnings: Problems = field(default_factory=list)
    _keys: set[str] = field(default_factory=set)
    _ids: set[str] = field(default_factory=set)
    _count: int = 0

    def components(
        self, raws: Sequence[object], *, depth: int, hides: tuple[str, ...]
    ) -> tuple[Component, ...]:
        """These components, those that only separate left out."""
        if depth > DEEPEST:
            self.problems.append(("form", f"components are nested deeper than {DEEPEST}"))
            return ()
        made = [self._component(raw, depth=depth, hides=hides) for raw in raws]
        return tuple(each for each in made if each is not None)

    def _component(self, raw: object, *, depth: int, hides: tuple[str, ...]) -> Component | None:
        self._count += 1
        if self._count > MOST_COMPONENTS:
            if self._count == MOST_COMPONENTS + 1:
                self.problems.append(("form", f"more than {MOST_COMPONENTS} components"))
            return None
        words, wrong = component_words(raw)
        where = str(words.get("key") or words.get("id") or words.get("path") or f"#{self._count}")
        self.problems.extend((where, sentence) for sentence in wrong)
        kind = words.get("type", "")
        if kind in _TOLD:
            self.warnings.append((where, _TOLD[kind]))
        if kind in _IGNORED or not isinstance(raw, Mapping):
            return None
        if wrong:
            # What is in it is read all the same, for its own problems.
            self.components(words.get("components") or [], depth=depth + 1, hides=())
            return None
        ident = str(words.get("id") or f"component_{self._count}")
        if ident in self._ids:
            self.problems.append((where, "another component has the same id"))
        self._ids.add(ident)
        one = Words(where=where, id=ident, words=words, raw=raw, problems=self.problems)
        one.check_properties()
        hides = (*hides, *one.hide())
        if kind == "group":
            return self._group(one, depth=depth, hides=hides)
        if kind in ("text", "html"):
            return one.text(hides) if kind == "text" else one.html(hides)
        if kind == "table":
            return one.listing(hides)
        if kind == "expression":
            return one.computed(self._key(one, "key"), hides)
        if kind not in _KINDS:
            one.wrong(f"components of type {kind[:60]!r} are not supported")
            return None
        return self._field(one, _KINDS[kind], depth=depth, hides=hides)

    def _group(self, one: "Words", *, depth: int, hides: tuple[str, ...]) -> Group:
        if one.words.get("path"):
            one.wrong("a group has no path here: answers are flat by key")
        inner = self.components(one.words.get("components", []), depth=depth + 1, hides=hides)
        label, told = one.title("")
        return Group(
            id=one.id, label=label, label_told=told, components=inner, hides=hides, raw=one.raw
        )

    def _key(self, one: "Words", name: str) -> str:
        key = str(one.words.get(name, ""))
        if not is_ordinary_key(key):
            one.wrong(f"{key[:100]!r} is not a name that a field can have")
        if key in self._keys:
            one.wrong("another field has the same key")
        self._keys.add(key)
        return key

    def _field(self, one: "Words", kind: Kind, *, depth: int, hides: tuple[str, ...]) -> Field:
        key = self._key(one, "path" if kind == "table" else "key")
        columns = self._columns(one, depth=depth) if kind == "table" else ()
        return one.field(key, kind, columns, hides)

    def _columns(self, one: "Words", *, depth: int) -> tuple[Field, ...]:
        # A column's key only has to be unlike the other columns' of its table.
        inside = Reader(
            problems=self.problems, warnings=self.warnings, _ids=self._ids, _count=self._count
        )
        parts = inside.components(one.words.get("components", []), depth=depth + 1, hides=())
        self._count = inside._count
        found: list[Field] = []
        waiting = list(parts)
        while waiting:
            part = waiting.pop(0)
            if isinstance(part, Listing):
                one.wrong("a table within a table is not supported")
            elif isinstance(part, Group):
                waiting[:0] = part.components
            elif isinstance(part, Field):
                found.append(part)
        if any(column.kind == "table" for column in found):
            one.wrong("a table within a table is not supported")
        if not found:
            one.wrong("a table needs columns")
        return tuple(found)
