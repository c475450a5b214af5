"""From a file's components to groups, texts and fields; problems are collected, not raised."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from forms import messages
from forms.kinds import checker, flattened
from forms.markdown import problem_of
from forms.messages import Message
from forms.meta import component_words
from forms.model import CHOICES, Component, Field, Group, Kind, Option, Options, Rule, Text
from forms.patterns import Pattern, PatternProblem

DEEPEST = 8
MOST_COMPONENTS = 500

_KEY = re.compile(r"[^\W\d_]\w{0,99}")
_FORBIDDEN = re.compile(r"_.*|nrOf.*|.*_verdict|.*_answers")
_RESERVED = frozenset({"loopCounter", "execution", "task", "typename", "csrf_token"})
_IGNORED = frozenset({"separator", "spacer", "image", "button"})
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
_LENGTHS: frozenset[Kind] = frozenset({"text", "area"})
_NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal"})
_OURS = re.compile(
    r"label\.en|description\.en|text\.en|option\..+\.(en|if)|options|required\.if|readonly|default"
    r"|rule(\.\d{1,2})?(\.message(\.en)?)?|columns\.readonly|pattern\.message\.en"
)
_STEMS = ("label", "description", "option", "required", "readonly", "default", "rule", "columns")

Problems = list[tuple[str, str]]


def is_forbidden(key: str) -> bool:
    """Whether no field and no variable from outside may have this name."""
    return key in _RESERVED or _FORBIDDEN.fullmatch(key) is not None


@dataclass(slots=True)
class Reader:
    """Reads the components of one file; what is wrong goes into `problems`."""

    problems: Problems
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
        if kind in _IGNORED or not isinstance(raw, Mapping):
            return None
        ident = str(words.get("id") or f"component_{self._count}")
        if ident in self._ids:
            self.problems.append((where, "another component has the same id"))
        self._ids.add(ident)
        one = _Words(where=where, id=ident, words=words, raw=raw, problems=self.problems)
        one.check_properties()
        hides = (*hides, *one.hide())
        if kind == "group":
            return self._group(one, depth=depth, hides=hides)
        if kind == "text":
            return one.text(hides)
        if kind not in _KINDS:
            one.wrong(f"components of type {kind!r} are not supported")
            return None
        return self._field(one, _KINDS[kind], depth=depth, hides=hides)

    def _group(self, one: "_Words", *, depth: int, hides: tuple[str, ...]) -> Group:
        if one.words.get("path"):
            one.wrong("a group has no path here: answers are flat by key")
        inner = self.components(one.words.get("components", []), depth=depth + 1, hides=hides)
        return Group(id=one.id, label=one.label(), components=inner, hides=hides, raw=one.raw)

    def _field(self, one: "_Words", kind: Kind, *, depth: int, hides: tuple[str, ...]) -> Field:
        key = str(one.words.get("path" if kind == "table" else "key", ""))
        if not _KEY.fullmatch(key) or is_forbidden(key):
            one.wrong(f"{key!r} is not a name that a field can have")
        if key in self._keys:
            one.wrong("another field has the same key")
        self._keys.add(key)
        columns = self._columns(one, depth=depth) if kind == "table" else ()
        return one.field(key, kind, columns, hides)

    def _columns(self, one: "_Words", *, depth: int) -> tuple[Field, ...]:
        # A column's key only has to be unlike the other columns' of its table.
        inside = Reader(problems=self.problems, _ids=self._ids, _count=self._count)
        parts = inside.components(one.words.get("components", []), depth=depth + 1, hides=())
        self._count = inside._count
        found: list[Field] = []
        waiting = list(parts)
        while waiting:
            part = waiting.pop(0)
            if isinstance(part, Group):
                waiting[:0] = part.components
            elif isinstance(part, Field):
                found.append(part)
        if any(column.kind == "table" for column in found):
            one.wrong("a table within a table is not supported")
        if not found:
            one.wrong("a table needs columns")
        return tuple(found)


@dataclass(slots=True, kw_only=True)
class _Words:
    """One component's words, and the parts of a field made of them."""

    where: str
    id: str
    words: dict[str, Any]
    raw: Mapping[str, object]
    problems: Problems

    def wrong(self, sentence: str) -> None:
        self.problems.append((self.where, sentence))

    def property(self, name: str) -> str:
        value = (self.words.get("properties") or {}).get(name, "")
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str | int):
            self.wrong(f"property {name} must be a text")
            return ""
        return str(value).strip()

    def check_properties(self) -> None:
        for name in self.words.get("properties") or {}:
            if name.split(".")[0] in _STEMS and not _OURS.fullmatch(name):
                self.wrong(f"property {name} means nothing here; is it misspelt?")

    def hide(self) -> tuple[str, ...]:
        text = (self.words.get("conditional") or {}).get("hide")
        return (text,) if text and text.strip("= \n") else ()

    def label(self) -> Message:
        words = self.words
        chosen = [words.get(name, "") for name in ("label", "dateLabel", "timeLabel")]
        zh = next((each for each in chosen if each), "")
        if zh.startswith("=") or "{{" in zh:
            self.wrong("a label cannot be an expression")
        return Message(zh, self.property("label.en"))

    def text(self, hides: tuple[str, ...]) -> Text:
        said = Message(self.words.get("text", ""), self.property("text.en"))
        for each in (said.zh, said.en):
            if trouble := problem_of(each):
                self.wrong(trouble)
        return Text(id=self.id, text=said, hides=hides, raw=self.raw)

    def field(
        self, key: str, kind: Kind, columns: tuple[Field, ...], hides: tuple[str, ...]
    ) -> Field:
        words = self.words
        kind = self._exact(kind)
        limits = self._limits(kind)
        readonly = self._readonly()
        made = Field(
            id=self.id,
            key=key,
            kind=kind,
            label=self._named(key),
            description=Message(words.get("description", ""), self.property("description.en")),
            hides=hides,
            readonly=readonly,
            default=self.property("default"),
            initial=words.get("defaultValue"),
            required_if=self.property("required.if"),
            rules=self._rules(),
            digits=words.get("decimalDigits"),
            step=self._step(kind),
            from_today=bool(words.get("disallowPassedDates")) and kind in ("date", "datetime"),
            multiple=bool(words.get("multiple")),
            accept=words.get("accept", ""),
            options=self._options() if kind in CHOICES else Options(),
            columns=columns,
            columns_readonly=self._columns_readonly(columns),
            fixed=bool(self.property("columns.readonly")) or words.get("allowAddRemove") is False,
            rows=words.get("defaultRepetitions", 0),
            raw=self.raw,
            **limits,
        )
        self._check_initial(made)
        return made

    def _named(self, key: str) -> Message:
        label = self.label()
        return label if label.zh else Message(key, label.en)

    def _exact(self, kind: Kind) -> Kind:
        if kind == "decimal" and self.words.get("decimalDigits") == 0:
            return "integer"
        if kind == "date":
            subtype: Kind = self.words.get("subtype", "date")
            return subtype
        return kind

    def _step(self, kind: Kind) -> str:
        if kind not in _NUMBERS:
            return ""
        increment = self.words.get("increment")
        digits = self.words.get("decimalDigits")
        if increment is not None:
            return format(increment, "f")
        return "any" if digits is None else format(Decimal(1).scaleb(-digits), "f")

    def _readonly(self) -> bool | str:
        ours, theirs = self.property("readonly"), self.words.get("readonly", False)
        if ours not in ("", "true", "false"):
            self.wrong("property readonly is true or false")
        if ours == "true" or theirs is True or self.words.get("disabled"):
            return True
        if isinstance(theirs, str) and theirs.strip("= "):
            return theirs
        if theirs not in (False, None, ""):
            self.wrong("readonly is true, false or an expression")
        return False

    def _limits(self, kind: Kind) -> dict[str, Any]:
        limits = dict(self.words.get("limits") or {})
        made: dict[str, Any] = {"required": bool(limits.get("required"))}
        for name, ours in (("minLength", "min_length"), ("maxLength", "max_length")):
            if name in limits and kind not in _LENGTHS:
                self.wrong(f"{name} is for texts")
            made[ours] = limits.get(name)
        for name, ours in (("min", "minimum"), ("max", "maximum")):
            if name in limits and kind not in _NUMBERS:
                self.wrong(f"{name} is for numbers; write a rule")
            made[ours] = limits.get(name)
        made.update(self._pattern(limits, kind))
        return made

    def _pattern(self, limits: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
        special = limits.get("validationType", "")
        text = limits.get("pattern", "")
        if (special or text) and kind != "text":
            self.wrong("a pattern is for text fields")
        if special == "email":
            return {"pattern_message": messages.BAD_EMAIL}
        if special == "phone":
            return {"pattern_message": messages.BAD_PHONE}
        if not text:
            return {}
        try:
            pattern = Pattern(text)
        except PatternProblem as trouble:
            self.wrong(f"pattern {text!r}: {trouble}")
            return {}
        said = limits.get("patternErrorMessage", "")
        ours = Message(said, self.property("pattern.message.en")) if said else messages.BAD_PATTERN
        return {"pattern": pattern, "pattern_message": ours}

    def _rules(self) -> tuple[Rule, ...]:
        names = sorted(
            name
            for name in self.words.get("properties") or {}
            if re.fullmatch(r"rule(\.\d{1,2})?", name)
        )
        rules = []
        for name in names:
            zh, en = self.property(f"{name}.message"), self.property(f"{name}.message.en")
            message = Message(zh, en) if zh else messages.RULE_BROKEN
            rules.append(Rule(self.property(name), message))
        for name in self.words.get("properties") or {}:
            rule, message, _ = name.partition(".message")
            if message and name.startswith("rule") and rule not in names:
                self.wrong(f"property {name} belongs to no rule")
        return tuple(rules)

    def _options(self) -> Options:
        words, source = self.words, self.property("options")
        given = [name for name in ("valuesKey", "valuesExpression") if words.get(name)]
        given += ["values"] if words.get("values") else []
        if source.startswith("="):
            return Options(expression=source, labels_en=self._translations())
        if source:
            # A modeler that knows nothing of our property keeps an empty or sample list beside it.
            return Options(source=source)
        if len(given) > 1:
            self.wrong(f"options come from one place, not from {' and '.join(given)}")
        labels = self._translations()
        conditions = self._under("option.", ".if")
        static = tuple(
            Option(each["value"], each.get("label") or each["value"], labels.get(each["value"], ""))
            for each in words.get("values") or []
        )
        self._check_static(static, [*conditions, *labels] if static else [])
        return Options(
            static=static,
            conditions=conditions,
            key=words.get("valuesKey", ""),
            expression=words.get("valuesExpression", ""),
            labels_en=labels,
        )

    def _translations(self) -> dict[str, str]:
        return self._under("option.", ".en")

    def _under(self, start: str, end: str) -> dict[str, str]:
        """Properties `<start>X<end>` by their X."""
        return {
            name[len(start) : -len(end)]: self.property(name)
            for name in self.words.get("properties") or {}
            if name.startswith(start) and name.endswith(end)
        }

    def _check_static(self, static: tuple[Option, ...], named: list[str]) -> None:
        values = [each.value for each in static]
        if len(set(values)) < len(values):
            self.wrong("two options have the same value")
        for name in named:
            if name not in values:
                self.wrong(f"there is no option {name!r}")

    def _columns_readonly(self, columns: tuple[Field, ...]) -> frozenset[str]:
        text = self.property("columns.readonly")
        keys = {column.key for column in columns}
        if text == "*":
            return frozenset(keys)
        named = {name.strip() for name in text.split(",") if name.strip()}
        for name in named - keys:
            self.wrong(f"there is no column {name!r}")
        return frozenset(named)

    def _check_initial(self, made: Field) -> None:
        if made.initial is None or made.kind == "table":
            return
        try:
            checker(made).deserialize(made.initial)
        except ValidationError as error:
            for message in flattened(error.messages).values():
                self.wrong(f"defaultValue: {message.en}")
