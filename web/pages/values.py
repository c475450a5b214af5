"""Values of fields as a line of text, where no form is drawn: registers, and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagrams.definition import Definition
from forms import Field
from web.pages import here
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.wording import gettext


def fields_of(*definitions: Definition) -> dict[str, Field]:
    """Fields and columns of every form of a process and of those it calls, by key; the start
    form's come first."""
    found: dict[str, Field] = {}
    starts = [each.forms.get(each.process.start_form) for each in definitions[:1]]
    every = [form for each in definitions for form in each.forms.values()]
    for form in [*(each for each in starts if each is not None), *every]:
        for field in form.fields:
            found.setdefault(field.key, field)
    for form in every:
        for field in form.fields:
            for column in field.columns:
                found.setdefault(column.key, column)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Says values by what is known of their fields."""

    names: Names
    fields: Mapping[str, Field]

    def label(self, key: str) -> str:
        """A field's label; its key where no form has it."""
        field = self.fields.get(key)
        return field.label.said(here.locale()) if field is not None else key

    def said(self, key: str, value: Any) -> str:
        """A value as a person reads it; empty where nothing is filled in."""
        return self._said(self.fields.get(key), value)

    def _said(self, field: Field | None, value: Any) -> str:
        if value is None or value == []:
            return ""
        if isinstance(value, list):
            return self._list(field, value)
        if isinstance(value, bool):
            return str(gettext("Yes") if value else gettext("No"))
        if field is None:
            known = self.names.organisation.person(str(value)) is not None
            return self.names.of(value) if known else _plain(value)
        if field.options.source.startswith("person"):
            return self.names.of(value)
        for option in field.options.static:
            if option.value == value:
                return here.said(option.label, option.label_en)
        return _plain(value)

    def _list(self, field: Field | None, value: list[Any]) -> str:
        if any(isinstance(each, Mapping) for each in value):
            return str(gettext("%(n)s rows", n=len(value)))
        if field is not None and field.kind == "files":
            return str(gettext("%(n)s files", n=len(value)))
        return listed(self._said(field, each) for each in value)


def _plain(value: Any) -> str:
    """Text; a date-time without its seconds and offset."""
    text = str(value)
    return text[:16].replace("T", " ") if len(text) >= 16 and text[10:11] == "T" else text
