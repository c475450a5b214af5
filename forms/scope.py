"""What expressions of a form see: names with values, and which fields are hidden by conditions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from forms.kinds import written
from forms.model import Evaluate, Field

_ROUNDS = 10
"""Hiding a field may show or hide another; forms whose conditions go in a circle stop here."""


def seen(fields: Iterable[Field], values: Mapping[str, object]) -> dict[str, object]:
    """These fields' values as expressions see them: all names there, decimals as numbers."""
    return {field.key: seen_one(field, values.get(field.key)) for field in fields}


def seen_one(field: Field, value: object) -> object:
    """One field's value as expressions see it."""
    if value is None:
        return field.empty
    if field.kind == "decimal" and isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return None
    if field.kind == "table" and isinstance(value, list):
        return [seen(field.columns, row) for row in value if isinstance(row, Mapping)]
    return value


@dataclass(slots=True)
class Scope:
    """The names around a form and the function that evaluates over them."""

    outer: Mapping[str, object]
    """The context and `today`; fields of the form win over names that are equal."""
    evaluate: Evaluate

    def names(self, fields: Iterable[Field], values: Mapping[str, object]) -> dict[str, object]:
        """All names, for expressions about these values."""
        return {**self.outer, **seen(fields, values)}

    def row_names(
        self, names: Mapping[str, object], columns: Iterable[Field], row: Mapping[str, object]
    ) -> dict[str, object]:
        """Names inside a row of a table: its own fields come first."""
        return {**names, **seen(columns, row)}

    def is_true(self, condition: str, names: Mapping[str, object]) -> bool:
        """Whether the condition holds; null is not true."""
        return self.evaluate(condition, names) is True

    def hidden(
        self, fields: Sequence[Field], values: Mapping[str, object], names: Mapping[str, object]
    ) -> frozenset[str]:
        """Keys of the fields that conditions hide; what is hidden counts as empty for others."""
        conditional = [field for field in fields if field.hides]
        hidden: frozenset[str] = frozenset()
        ever: frozenset[str] = frozenset()
        for _ in range(_ROUNDS if conditional else 0):
            now = self._hidden_once(conditional, names)
            changed = [f for f in conditional if (f.key in now) != (f.key in hidden)]
            if not any(field.is_filled(values.get(field.key)) for field in changed):
                return now
            hidden, ever = now, ever | now
            names = {**names, **seen(conditional, without(values, hidden))}
        return ever

    def _hidden_once(
        self, conditional: Sequence[Field], names: Mapping[str, object]
    ) -> frozenset[str]:
        results: dict[str, bool] = {}
        keys = set()
        for field in conditional:
            for condition in field.hides:
                if condition not in results:
                    results[condition] = self.is_true(condition, names)
                if results[condition]:
                    keys.add(field.key)
                    break
        return frozenset(keys)


def without(values: Mapping[str, object], keys: frozenset[str]) -> dict[str, object]:
    """The values but those under these keys."""
    return {key: value for key, value in values.items() if key not in keys}


def native(value: object) -> object:
    """An expression's result as JSON has it: decimals, dates and times as text."""
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return written(Decimal(repr(value)))
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else written(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, time):
        return value.isoformat() if value.second else value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): native(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [native(each) for each in value]
    return str(value)
