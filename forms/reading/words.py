"""The parts of a field that a component's words make."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from forms import messages
from forms.kinds import checker, flattened
from forms.messages import Message
from forms.model import CHOICES, Field, Kind, Option, Options, Rule
from forms.patterns import Pattern, PatternProblem
from forms.reading.limits import either, limit_rules
from forms.reading.speaking import Problems, Said

__all__ = ["Problems", "Words"]

_LENGTHS: frozenset[Kind] = frozenset({"text", "area"})
_NUMBERS: frozenset[Kind] = frozenset({"integer", "decimal"})


@dataclass(slots=True, kw_only=True)
class Words(Said):
    """One component's words, and the parts of a field made of them."""

    def field(
        self, key: str, kind: Kind, columns: tuple[Field, ...], hides: tuple[str, ...]
    ) -> Field:
        """It as a field."""
        words = self.words
        kind = self._exact(kind)
        limits = self._limits(kind)
        readonly = self._readonly()
        label, label_told = self.title(key)
        about = words.get("description", "")
        about_told = self.told(about)
        made = Field(
            id=self.id,
            key=key,
            kind=kind,
            label=label if label.zh else Message(key, label.en),
            label_told=label_told,
            description=Message("" if about_told else about, self.property("description.en")),
            description_told=about_told,
            hides=hides,
            readonly=readonly,
            default=self.property("default"),
            initial=words.get("defaultValue"),
            required_if=self._required_if(),
            rules=(*self._rules(), *self._limit_rules(kind)),
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

    def _limit_rules(self, kind: Kind) -> tuple[Rule, ...]:
        limits = self.words.get("limits") or {}
        return limit_rules(limits, kind, self.property("pattern.message.en"))

    def _required_if(self) -> str:
        """Our `required.if` and an expression as `validate.required`: either is enough."""
        ours = self.property("required.if")
        theirs = (self.words.get("limits") or {}).get("required")
        if not isinstance(theirs, str):
            return ours
        return either(ours, theirs) if ours else theirs

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
        made: dict[str, Any] = {"required": limits.get("required") is True}
        for name, ours in (("minLength", "min_length"), ("maxLength", "max_length")):
            if name in limits and kind not in _LENGTHS:
                self.wrong(f"{name} is for texts")
            made[ours] = _fixed(limits.get(name))
        for name, ours in (("min", "minimum"), ("max", "maximum")):
            if name in limits and kind not in _NUMBERS:
                self.wrong(f"{name} is for numbers; write a rule")
            made[ours] = _fixed(limits.get(name))
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
        if not text or text.startswith("="):
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


def _fixed(limit: Any) -> Any:
    """A limit that is no expression."""
    return None if isinstance(limit, str) else limit
