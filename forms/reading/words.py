"""One component's words, and the parts of a field that are made of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from forms import messages
from forms.kinds import checker, flattened
from forms.markdown import problem_of
from forms.messages import Message
from forms.model import CHOICES, Field, Kind, Option, Options, Rule, Text
from forms.patterns import Pattern, PatternProblem

Problems = list[tuple[str, str]]

_LENGTHS: frozenset[Kind] = frozenset({"text", "area"})
_NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal"})
_OURS = re.compile(
    r"label\.en|description\.en|text\.en|option\..+\.(en|if)|options|required\.if|readonly|default"
    r"|rule(\.\d{1,2})?(\.message(\.en)?)?|columns\.readonly|pattern\.message\.en"
)
_STEMS = ("label", "description", "option", "required", "readonly", "default", "rule", "columns")


@dataclass(slots=True, kw_only=True)
class Words:
    """One component's words, and the parts of a field made of them."""

    where: str
    id: str
    words: dict[str, Any]
    raw: Mapping[str, object]
    problems: Problems

    def wrong(self, sentence: str) -> None:
        """Add a problem of this component."""
        self.problems.append((self.where, sentence))

    def property(self, name: str) -> str:
        """One of its `properties`, empty where there is none."""
        value = (self.words.get("properties") or {}).get(name, "")
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str | int):
            self.wrong(f"property {name} must be a text")
            return ""
        return str(value).strip()

    def check_properties(self) -> None:
        """Find misspelt words of ours."""
        for name in self.words.get("properties") or {}:
            if name.split(".")[0] in _STEMS and not _OURS.fullmatch(name):
                self.wrong(f"property {name} means nothing here; is it misspelt?")

    def hide(self) -> tuple[str, ...]:
        """Its own condition, if it has one."""
        text = (self.words.get("conditional") or {}).get("hide")
        return (text,) if text and text.strip("= \n") else ()

    def label(self) -> Message:
        """Its label; a date's may stand under another name."""
        words = self.words
        chosen = [words.get(name, "") for name in ("label", "dateLabel", "timeLabel")]
        zh = next((each for each in chosen if each), "")
        if zh.startswith("=") or "{{" in zh:
            self.wrong("a label cannot be an expression")
        return Message(zh, self.property("label.en"))

    def text(self, hides: tuple[str, ...]) -> Text:
        """It as a text."""
        said = Message(self.words.get("text", ""), self.property("text.en"))
        for each in (said.zh, said.en):
            if trouble := problem_of(each):
                self.wrong(trouble)
        return Text(id=self.id, text=said, hides=hides, raw=self.raw)

    def field(
        self, key: str, kind: Kind, columns: tuple[Field, ...], hides: tuple[str, ...]
    ) -> Field:
        """It as a field."""
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
