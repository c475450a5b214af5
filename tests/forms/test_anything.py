"""Whatever is posted: answers or messages, nothing else; what came out goes in again."""

import json
import string
from contextlib import suppress
from datetime import UTC
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import forms
from forms import Answers, DrawnField, DrawnTable, Invalid, Rights
from tests.forms.desk import Desk, component, form

VALUES = [{"value": v, "label": v} for v in ("甲", "乙", "丙")]
COLUMNS = [
    component("textfield", "name", validate={"required": True}),
    component("radio", "mode", values=VALUES),
    component("number", "copies", decimalDigits=0, conditional={"hide": "=mode"}),
    component("number", "price", properties={"required.if": "=copies"}),
    component("checklist", "ways", values=VALUES),
    component("checkbox", "sound"),
]
EVERYTHING = form(
    component("textfield", "title", validate={"required": True, "maxLength": 9}),
    component("textarea", "why", properties={"required.if": "=mode"}),
    component("number", "count", decimalDigits=0, validate={"min": 0}),
    component("number", "cost", decimalDigits=2, properties={"rule": "=cost"}),
    component("datetime", "day", properties={"default": "=day"}),
    component("datetime", "hour", subtype="time"),
    component("datetime", "at", subtype="datetime"),
    component("checkbox", "sure"),
    component("radio", "kind", values=VALUES, conditional={"hide": "=sure"}),
    component("select", "lead", properties={"options": "person"}),
    component("taglist", "tags", values=VALUES, properties={"option.甲.if": "=sure"}),
    component("filepicker", "files", multiple=True),
    component("dynamiclist", "rows", components=COLUMNS),
    component("textfield", "fixed", properties={"readonly": "true", "default": "=fixed"}),
    {"type": "text", "id": "note", "text": "**{{note}}** 和 [链接](https://example.com)"},
)
DESK = Desk(
    EVERYTHING,
    {
        "=mode": lambda n: n.get("mode") == "甲",
        "=copies": lambda n: bool(n.get("copies")),
        "=cost": lambda n: n["cost"] < 10**6,
        "=day": lambda n: "2026-09-07",
        "=sure": lambda n: n["sure"] is True,
        "=fixed": lambda n: str(n["count"]),
        "=note": lambda n: n["title"],
    },
)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=5) | st.sampled_from(["name", "mode"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
keys = st.sampled_from([field.key for field in EVERYTHING.fields])
posts = st.dictionaries(keys | st.text(max_size=5), anything, max_size=8)
rights = st.builds(
    Rights,
    edit=st.none() | st.frozensets(keys | st.just("rows.name"), max_size=6),
    hide=st.frozensets(keys | st.just("rows.price"), max_size=3),
)

dates = st.dates().filter(lambda day: 1900 <= day.year <= 2999).map(lambda day: day.isoformat())
texts = st.text(string.ascii_letters + "字 ", min_size=1, max_size=9)
choices = st.sampled_from(["甲", "乙", "丙"])
money = st.decimals(0, 10**5, places=2).map(str)
good_rows = st.fixed_dictionaries(
    {"name": texts},
    optional={
        "mode": choices,
        "copies": st.integers(0, 99),
        "price": money,
        "ways": st.lists(choices),
        "sound": st.booleans(),
    },
)
good_posts = st.fixed_dictionaries(
    {"title": texts},
    optional={
        "why": texts,
        "count": st.integers(0, 10**9),
        "cost": money,
        "day": dates,
        "hour": st.times().map(lambda time: time.isoformat("minutes")),
        "at": st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
        "sure": st.booleans(),
        "kind": choices,
        "lead": st.sampled_from(["tech.lead", "card.officer"]),
        "tags": st.lists(choices),
        "files": st.lists(st.sampled_from(["a1", "a2"])),
        "rows": st.lists(good_rows, max_size=4),
    },
)


def parsed(posted: Any, **words: Any) -> Answers | Invalid:
    try:
        return DESK.parse(posted, **words)
    except Invalid as invalid:
        return invalid


@given(posts, posts, rights, st.booleans())
def test_anything_posted_gives_answers_or_messages(
    posted: Any, kept: Any, rights: Rights, require: bool
) -> None:
    result = parsed(posted, kept=kept, rights=rights, require=require)
    if isinstance(result, Answers):
        json.dumps(result.values, allow_nan=False).encode()
    else:
        assert result.errors
        assert all(message.zh and message.en for message in result.errors.values())


@given(good_posts, st.booleans())
def test_answers_go_through_the_form_again_unchanged(posted: Any, require: bool) -> None:
    first = parsed(posted, require=require)
    if isinstance(first, Invalid):
        return
    assert parsed(first.values, require=require).values == first.values  # type: ignore[union-attr]
    again = parsed({}, kept=first.values, require=require)
    assert isinstance(again, Answers)
    assert again.values == first.values


@given(posts, rights, st.sampled_from(["zh", "en"]))
def test_anything_can_be_drawn_shown_and_given_as_json(
    values: Any, rights: Rights, locale: str
) -> None:
    drawing = DESK.draw(values, rights=rights, locale=locale)
    json.dumps(forms.as_json(EVERYTHING, drawing))
    shown = forms.shown(EVERYTHING, values, rights, {}, DESK.evaluate)
    hidden = rights.hide
    assert not hidden & {item.key for item in drawing.fields}
    assert not hidden & shown.keys()


@given(good_posts)
def test_what_is_drawn_and_posted_back_is_what_was_there(posted: Any) -> None:
    """The names that a page has, filled with what it shows, come back as the same answers."""
    first = parsed(posted)
    if isinstance(first, Invalid):
        return
    fields: dict[str, list[str]] = {}
    for item in DESK.draw(first.values).fields:
        cells = [item] if isinstance(item, DrawnField) else _cells(item)
        for cell in cells:
            if not cell.readonly and cell.visible:
                fields[cell.name] = _sent(cell)
    back = DESK.parse(forms.from_html(EVERYTHING, fields, zone=UTC), kept=first.values)
    assert back.values == first.values


def _cells(table: DrawnTable) -> list[DrawnField]:
    blank = table.blank.cells if table.blank else ()
    return [*(cell for row in table.rows for cell in row.cells), *blank]


def _sent(cell: DrawnField) -> list[str]:
    if cell.kind in ("checklist", "taglist"):
        return [option.value for option in cell.options if option.chosen]
    if cell.kind == "files":
        assert isinstance(cell.value, list)
        return cell.value
    if cell.kind == "checkbox":
        return ["true"] if cell.value else []
    return [cell.input]


@given(st.binary(max_size=200) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    with suppress(forms.FormProblem):
        forms.read(data)


words = st.sampled_from(
    [
        *("type", "key", "id", "path", "label", "validate", "properties", "components", "text"),
        *("conditional", "values", "readonly", "defaultValue", "decimalDigits", "subtype"),
    ]
)
kinds = st.sampled_from(
    ["textfield", "number", "select", "dynamiclist", "group", "text", "datetime"]
)
components = st.lists(
    st.builds(lambda kind, rest: {**rest, "type": kind}, kinds, st.dictionaries(words, anything)),
    max_size=4,
)


@given(components)
def test_any_components_are_read_or_refused(parts: Any) -> None:
    try:
        made = forms.read(json.dumps({"id": "f", "components": parts}).encode())
    except forms.FormProblem:
        return
    assert made.fields is not None
    forms.expressions(made)


@given(
    st.dictionaries(st.text(max_size=12) | st.just("rows.0.name"), st.lists(st.text(max_size=5)))
)
def test_any_page_gives_values_or_messages(fields: Any) -> None:
    try:
        values = forms.from_html(EVERYTHING, fields)
    except Invalid:
        return
    parsed(values)
