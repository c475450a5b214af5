"""From posted values to `Answers`, or to everything that is wrong with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError

from forms import messages
from forms.answers import Answers, Invalid, minted
from forms.entitlement import Entitlement, entitlement_of
from forms.generated import parse_generated
from forms.kinds import flattened
from forms.model import Evaluate, Field, Form, Lookup, Rights
from forms.options import Choices
from forms.parsing.checking import Checks, Names, in_kept_order, unchanged
from forms.parsing.rows import Rows
from forms.scope import Scope, seen_one

_EVERYTHING = Rights()
_NOTHING: Mapping[str, object] = {}


def parse(
    form: Form,
    posted: Mapping[str, object],
    *,
    rights: Rights = _EVERYTHING,
    context: Mapping[str, object],
    evaluate: Evaluate,
    lookup: Lookup,
    files: Callable[[str], bool],
    today: date,
    kept: Mapping[str, object] = _NOTHING,
    require: bool = True,
) -> Answers:
    """The answers that these posted values are, or `Invalid` with a message per field.

    A field that is not posted stays as it is in `kept`; None empties it. What a person may not
    fill in he may send back unchanged, nothing else. Fields hidden by their condition are dropped
    before anything is checked. With `require=False` (a draft, *reject*, *return*) nothing is
    required; what is filled in is checked all the same. `files` says whether an attachment may be
    referred to; attachments that `kept` holds in the same field stay allowed. Errors in
    expressions are `evaluate`'s own and are not caught.
    """
    if not isinstance(posted, Mapping):
        raise Invalid({"": messages.NOT_A_MAPPING})
    if form.generated:
        return parse_generated(form, posted, context, rights.edit)
    scope = Scope({"today": today.isoformat(), **context}, evaluate)
    checks = Checks(
        scope=scope,
        choices=Choices(scope, lookup),
        files=files,
        today=today.isoformat(),
        require=require,
    )
    work = _Parse(form=form, entitlement=entitlement_of(form, rights), checks=checks, kept=kept)
    values = work.values(posted)
    if wrong := checks.outcome():
        raise Invalid(wrong)
    return minted(values, form.digest)


@dataclass(slots=True, kw_only=True)
class _Parse:
    """One parse of one form."""

    form: Form
    entitlement: Entitlement
    checks: Checks
    kept: Mapping[str, object]

    def values(self, posted: Mapping[str, object]) -> dict[str, object]:
        fields = self.form.fields
        mine = self._mine(posted)
        loaded = self._loaded(posted, mine)
        current = {each.key: self._current(each, loaded, mine) for each in fields}
        names = self.checks.scope.names(fields, current)
        computed = self._start(current, names, mine, posted)
        self._refuse_foreign(posted, loaded, current, mine)
        hidden = self.checks.scope.hidden(fields, current, names)
        for each in fields:
            if each.key in hidden or current[each.key] is None:
                current[each.key] = names[each.key] = each.empty
        open_now = [each for each in fields if each.key in mine and each.key not in hidden]
        for each in open_now:
            if each.kind == "table":
                self._check_rows(each, current, names, mine)
        for each in open_now:
            before = self.kept.get(each.key)
            self.checks.check(each, current[each.key], names, each.key, before)
        return {e.key: current[e.key] for e in fields if e.key in mine or e.key in computed}

    def _current(self, each: Field, loaded: Mapping[str, object], mine: frozenset[str]) -> object:
        before = self.kept.get(each.key)
        return in_kept_order(each, loaded.get(each.key), before) if each.key in mine else before

    def _mine(self, posted: Mapping[str, object]) -> frozenset[str]:
        """Keys of the fields that this person fills in here."""
        mine = self.entitlement.editable
        conditional = [f for f in self.form.fields if isinstance(f.readonly, str) and f.key in mine]
        if not conditional:
            return mine
        scope = self.checks.scope
        names = scope.names(self.form.fields, {**self.kept, **posted})
        return mine - {f.key for f in conditional if scope.is_true(str(f.readonly), names)}

    def _loaded(self, posted: Mapping[str, object], mine: frozenset[str]) -> dict[str, Any]:
        """What marshmallow makes of the posted values, and of kept ones that were not posted."""
        data = {key: self.kept[key] for key in mine if key in self.kept}
        for key, value in posted.items():
            if key not in self.entitlement.hidden:
                data[key] = value
            elif value is not None:
                # Neither its value nor that it exists is told, not even by what is accepted.
                self.checks.complain(key, messages.UNKNOWN)
        try:
            return dict(self.form.schema.load(data))
        except ValidationError as error:
            for path, message in flattened(error.messages).items():
                self.checks.complain(path, message)
            return dict(error.valid_data) if isinstance(error.valid_data, dict) else {}

    def _start(
        self,
        current: dict[str, object],
        names: Names,
        mine: frozenset[str],
        posted: Mapping[str, object],
    ) -> set[str]:
        """Give computed fields their value and others theirs at the start; which were computed."""
        computed: set[str] = set()
        if not self.checks.require:
            return computed
        for each in self.form.with_default:
            if each.key in mine:
                if each.key in posted or each.key in self.kept:
                    continue
            elif self.entitlement.computes(each, mine):
                computed.add(each.key)
            else:
                continue
            checker = self.form.schema.load_fields[each.key]
            current[each.key] = self.checks.start(each, checker, names, each.key)
            names[each.key] = seen_one(each, current[each.key])
        return computed

    def _refuse_foreign(
        self,
        posted: Mapping[str, object],
        loaded: Mapping[str, object],
        current: Mapping[str, object],
        mine: frozenset[str],
    ) -> None:
        for key, value in posted.items():
            if key in mine or value is None or key not in loaded:
                continue
            each = self.form.by_key[key]
            if not unchanged(each, loaded[key], current) and loaded[key] != self.kept.get(key):
                self.checks.complain(key, messages.NOT_YOURS)

    def _check_rows(
        self, table: Field, current: dict[str, object], names: Names, mine: frozenset[str]
    ) -> None:
        if table.key in self.checks.errors:
            return
        checker = self.form.schema.load_fields[table.key]
        rows = Rows(
            checks=self.checks,
            table=table,
            checker=checker,
            locked=self.entitlement.locked_columns(table),
            hidden=self.entitlement.hidden_columns(table),
            names=names,
        )
        base = self.kept.get(table.key)
        if base is None and (table.default or table.initial is not None):
            base = self.checks.start(table, checker, names, table.key)
        value = current[table.key]
        made = rows.checked(value if isinstance(value, list) else [], base, table.key)
        current[table.key] = made
        names[table.key] = seen_one(table, made)
