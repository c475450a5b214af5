"""Variables that an administrator types in before something is tried again: name, kind, value."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import LazyString, lazy_gettext
from werkzeug.datastructures import MultiDict

from web.api import bodies
from web.api.wrong import Wrong
from web.pages import here

KINDS: dict[str, LazyString] = {
    "text": lazy_gettext("text"),
    "number": lazy_gettext("number"),
    "boolean": lazy_gettext("yes or no"),
    "null": lazy_gettext("empty"),
    "json": lazy_gettext("list (JSON)"),
}
MOST = 300
"""Rows that are read of a post."""
BLANK = 3
"""Rows for variables that are not there yet."""
SHOWN = 400
"""Characters of a value that are shown."""
OURS = ("initiator", "me", "number", "round")
"""Variables that nobody sets."""
_NAMED = re.compile(r"[“\"']([^\W\d]\w{0,80})[”\"']")
"""What a message puts in quotes: a variable that is missing, say."""
_NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?")
_TRUTH = {"true": True, "false": False, "是": True, "否": False, "yes": True, "no": False}

NOT_NUMBER = lazy_gettext("A number is expected, such as 12 or 12.5.")
NOT_TRUTH = lazy_gettext("“true” or “false” is expected.")
NOT_JSON = lazy_gettext("This is not JSON: %(why)s")
NO_NAME = lazy_gettext("Which variable is it?")
TWICE = lazy_gettext("This variable stands above already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One variable: as it is now, and what was typed."""

    name: str = ""
    now: str | None = None
    """None: not known, or not there yet."""
    kind: str = "text"
    value: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed, and the variables that it makes."""

    rows: tuple[Row, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    comment: str = ""

    @property
    def errors(self) -> bool:
        """Whether something of it is not right."""
        return any(row.wrong for row in self.rows)

    def marked(self, errors: Mapping[str, str]) -> "Typed":
        """The same with errors by name (`variables.<name>`) beside their variables."""
        return replace(
            self,
            rows=tuple(
                replace(row, wrong=row.wrong or errors.get(f"variables.{row.name}", ""))
                for row in self.rows
            ),
        )


def read(form: MultiDict[str, str]) -> Typed:
    """What was typed into the table of variables; a row without a value leaves things alone."""
    rows: list[Row] = []
    values: dict[str, Any] = {}
    for index in range(MOST):
        name, value = form.get(f"name-{index}", "").strip(), form.get(f"value-{index}", "").strip()
        kind = form.get(f"kind-{index}", "text")
        if kind not in KINDS or not (value or (kind == "null" and name)):
            continue
        row = Row(name=name, kind=kind, value=value)
        try:
            if not name:
                raise ValueError(str(NO_NAME))
            if name in values:
                raise ValueError(str(TWICE))
            values[name] = _value(kind, value)
        except ValueError as error:
            row = replace(row, wrong=str(error))
        rows.append(row)
    return Typed(rows=tuple(rows), values=values, comment=form.get("comment", "").strip())


def _value(kind: str, text: str) -> Any:
    """The value. Raises ValueError with a sentence."""
    if kind == "null":
        return None
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise ValueError(str(NOT_NUMBER))
        return bodies.read_json(text)
    if kind == "boolean":
        if text.lower() not in _TRUTH:
            raise ValueError(str(NOT_TRUTH))
        return _TRUTH[text.lower()]
    if kind == "json":
        try:
            return bodies.plain(bodies.read_json(text))
        except Wrong as wrong:
            why = wrong.message.said(here.locale())
            raise ValueError(str(NOT_JSON) % {"why": why}) from None
    return text


def rows(variables: Mapping[str, Any], typed: Typed, message: str) -> tuple[Row, ...]:
    """The table: known variables, those that the message names first; what was typed; blanks."""
    by_name = {row.name: row for row in typed.rows if row.name}
    names = sorted(variables, key=lambda name: (name not in message, name))
    known = [
        replace(
            by_name.get(name, Row(name=name, kind=_kind(variables[name]))),
            now=_shown(variables[name]),
        )
        for name in names[: MOST - 20]
        if not (name.startswith("_") or name in OURS or name.endswith(("_answers", "_verdict")))
    ]
    shown = {row.name for row in known} | set(variables)
    others = [row for row in typed.rows if row.name not in shown]
    shown |= {row.name for row in others}
    missing = [Row(name=name) for name in dict.fromkeys(_NAMED.findall(message))]
    named = [row for row in missing if row.name not in shown][:BLANK]
    return (*others, *named, *known, *([Row()] * (BLANK - len(named))))


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "number"
    return "json" if isinstance(value, list | dict) else "text"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
