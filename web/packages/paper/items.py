"""Forms that were answered, as the paper shows them: labels in both languages, values as read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import forms
from engine.case import Case
from engine.desk import Desk, context_of, evaluator, lookup
from storage import queries
from web.packages.paper.amounts import in_capitals
from web.packages.paper.words import ERASED

_AMOUNT = "amount"
"""The property of a number that is an amount of money; `CNY` has it in capitals as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """Draws the forms of one request."""

    case: Case
    hide: frozenset[str]
    files: Mapping[str, queries.AttachmentRow]
    """By id: the attachments that the package gives."""
    today: date

    def items(
        self, desk: Desk, values: Mapping[str, Any], context: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """What was filled in at a desk."""
        zh, en = (self._drawn(desk, values, context, locale) for locale in ("zh", "en"))
        return list(self._items(desk.form, zh.items, en.items))

    def erased(self, desk: Desk, names: frozenset[str]) -> list[dict[str, Any]]:
        """The fields of a desk that the law had erased."""
        return [
            {
                "is": "field", "zh": each.label.zh, "en": each.label.said("en"),
                "text": f"{ERASED[0]} {ERASED[1]}", "wide": False,
            }
            for each in desk.form.fields
            if each.key in names and each.key not in self.hide
        ]  # fmt: skip

    def _drawn(
        self, desk: Desk, values: Mapping[str, Any], context: Mapping[str, Any], locale: Any
    ) -> forms.Drawing:
        calendar = self.case.uow.calendar
        return forms.draw(
            desk.form,
            values=values,
            rights=forms.Rights(edit=frozenset(), hide=self.hide),
            context=context_of(context, None, None) | {"signer": None, "signer_department": ""},
            evaluate=evaluator(calendar, self.today),
            lookup=lookup(self.case, desk.definition),
            locale=locale,
            zone=calendar.zone,
            today=self.today,
        )

    def _items(self, form: forms.Form, zh: Any, en: Any) -> Any:
        for one, other in zip(zh, en, strict=True):
            if isinstance(one, forms.DrawnGroup):
                inner = list(self._items(form, one.items, other.items))
                if inner:
                    if one.label:
                        yield {"is": "heading", "zh": one.label, "en": other.label}
                    yield from inner
            elif isinstance(one, forms.DrawnTable):
                if one.rows:
                    yield self._table(one, other)
            elif isinstance(one, forms.DrawnField) and one.text and not _unticked(one):
                yield self._field(form, one, other)

    def _field(
        self, form: forms.Form, one: forms.DrawnField, other: forms.DrawnField
    ) -> dict[str, Any]:
        text = self._text(one)
        amount = _property(form, one.key, _AMOUNT)
        capitals = in_capitals(one.value) if amount == "CNY" else ""
        if capitals:
            text = f"{text}（{capitals}）"
        return {
            "is": "field",
            "zh": one.label,
            "en": other.label,
            "text": text,
            "wide": one.kind in ("area", "files", "checklist") or len(text) > 22,
        }

    def _table(self, one: forms.DrawnTable, other: forms.DrawnTable) -> dict[str, Any]:
        columns = zip(one.columns, other.columns, strict=True)
        return {
            "is": "table",
            "zh": one.label,
            "en": other.label,
            "columns": [[column.label, named.label] for column, named in columns],
            "rows": [
                [self._text(cell) if cell.visible else "" for cell in row.cells]
                for row in one.rows
            ],
        }

    def _text(self, one: forms.DrawnField) -> str:
        if one.kind != "files" or not isinstance(one.value, list):
            return one.text
        named = [self.files[id].name if id in self.files else "—" for id in one.value]
        return "、".join(named)


def _unticked(one: forms.DrawnField) -> bool:
    return one.kind == "checkbox" and one.value is not True


def _property(form: forms.Form, key: str, name: str) -> str:
    field = form.by_key.get(key)
    properties = field.raw.get("properties") if field is not None else None
    return str(properties.get(name, "")) if isinstance(properties, Mapping) else ""
