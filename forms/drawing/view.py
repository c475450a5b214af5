"""One person's view of a form: what is hidden from him, what he may fill in, its first values."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms.entitlement import Entitlement
from forms.model import Evaluate, Form, Rights
from forms.options import Choices
from forms.parsing.checking import Checks, Names
from forms.scope import Scope, seen_one, without


def shown(
    form: Form,
    values: Mapping[str, object],
    rights: Rights,
    context: Mapping[str, object],
    evaluate: Evaluate,
) -> dict[str, object]:
    """Exactly the values that this person is shown: nothing hidden, empty ones as they are kept."""
    view = View(form, Entitlement(form, rights), Scope(context, evaluate))
    look = view.look(values)
    result: dict[str, object] = {}
    for field in form.fields:
        if field.key in look.hidden:
            continue
        value = values.get(field.key)
        if field.kind == "table" and isinstance(value, list):
            secret = view.entitlement.hidden_columns(field)
            value = [without(row, secret) for row in value if isinstance(row, Mapping)]
        result[field.key] = field.empty if value is None else value
    return result


@dataclass(frozen=True, slots=True)
class Look:
    """What follows from the values as they are."""

    hidden: frozenset[str]
    """Fields hidden from this person or by a condition."""
    editable: frozenset[str]
    names: Names
    """For conditions: all values."""
    told: Names
    """For whatever a person gets to read: without what is hidden from him."""


@dataclass(frozen=True, slots=True)
class View:
    """One person's view of one form."""

    form: Form
    entitlement: Entitlement
    scope: Scope

    def look(self, values: Mapping[str, object]) -> Look:
        """Conditions, over these values."""
        fields = self.form.fields
        names = self.scope.names(fields, values)
        gone = self.scope.hidden(fields, values, names)
        for key in gone:
            names[key] = self.form.by_key[key].empty
        return Look(
            hidden=gone | self.entitlement.hidden,
            editable=self._editable(names),
            names=names,
            told=self._told(names),
        )

    def _editable(self, names: Names) -> frozenset[str]:
        return self.entitlement.editable - {
            f.key
            for f in self.form.fields
            if isinstance(f.readonly, str) and self.scope.is_true(f.readonly, names)
        }

    def _told(self, names: Names) -> Names:
        hidden = self.entitlement.hidden
        return {key: None if key in hidden else value for key, value in names.items()}

    def started(self, values: Mapping[str, object], choices: Choices) -> dict[str, object]:
        """The values with defaults where there are none, and computed fields computed."""
        current = dict(values)
        if not self.form.with_default:
            return current
        checks = Checks(
            scope=self.scope, choices=choices, files=lambda _: True, today="", require=True
        )
        everything = self.scope.names(self.form.fields, values)
        mine, names = self._editable(everything), self._told(everything)
        for each in self.form.with_default:
            computed = self.entitlement.computes(each, mine)
            if computed or (each.key in mine and each.key not in values):
                checker = self.form.schema.load_fields[each.key]
                made = checks.start(each, checker, names, each.key)
                current[each.key] = made
                names[each.key] = seen_one(each, made)
        return current
