"""What a template gets: visible items in one language, with values for reading and for controls."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import forms
from forms import DrawnField, DrawnGroup, DrawnTable, DrawnText, Message, Rights
from tests.forms.desk import Desk, component, form

NONE = Rights(edit=frozenset())


def field(desk: Desk, values: dict[str, object] | None = None, **words: Any) -> DrawnField:
    drawn = desk.draw(values, **words).fields[0]
    assert isinstance(drawn, DrawnField)
    return drawn


def table(desk: Desk, values: dict[str, object] | None = None, **words: Any) -> DrawnTable:
    drawn = desk.draw(values, **words).fields[0]
    assert isinstance(drawn, DrawnTable)
    return drawn


def test_labels_are_in_the_language_asked_for_chinese_where_there_is_no_other() -> None:
    words = {"label.en": "Title", "description.en": "short"}
    desk = Desk(
        form(component("textfield", "t", label="名称", description="简短", properties=words))
    )
    assert (field(desk).label, field(desk).description) == ("名称", "简短")
    assert field(desk, locale="en").label == "Title"
    assert field(Desk(form(component("textfield", "t", label="名称"))), locale="en").label == "名称"


def test_values_read_well_and_fit_their_controls() -> None:
    def shown(kind: str, value: object, **words: Any) -> tuple[str, str]:
        drawn = field(
            Desk(form(component(kind, "f", **words))), {"f": value}, zone=ZoneInfo("Asia/Shanghai")
        )
        return drawn.text, drawn.input

    assert shown("number", "1234567.5") == ("1,234,567.5", "1234567.5")
    assert shown("number", "-1234.5") == ("-1,234.5", "-1234.5")
    assert shown("number", 86, decimalDigits=0) == ("86", "86")
    assert shown("checkbox", True) == ("是", "true")
    assert shown("datetime", "2026-10-29T15:00:00+00:00", subtype="datetime") == (
        "2026-10-29 23:00 (UTC+08:00)",
        "2026-10-29T23:00",
    )
    assert shown("textarea", None) == ("", "")


def test_choices_are_there_to_choose_and_their_labels_to_read() -> None:
    desk = Desk(form(component("taglist", "staff", properties={"options": "person"})))
    drawn = field(desk, {"staff": ["tech.lead", "left.us"]}, locale="en")
    assert [(o.value, o.label, o.chosen) for o in drawn.options] == [
        ("tech.lead", "Liu Yang", True),
        ("tech.developer", "周琳", False),
        ("card.officer", "李娜", False),
    ]
    assert drawn.text == "Liu Yang, left.us"
    read = field(desk, {"staff": ["tech.lead", "left.us"]}, rights=NONE)
    assert [o.label for o in read.options] == ["刘洋", "left.us"]


def test_limits_are_told_to_the_browser() -> None:
    desk = Desk(form(component("number", "n", decimalDigits=2, validate={"min": 0, "max": 10.5})))
    assert (field(desk).min, field(desk).max, field(desk).step) == ("0", "10.5", "0.01")
    words = {"pattern": "^V[0-9]$", "minLength": 2, "maxLength": 5}
    drawn = field(Desk(form(component("textfield", "t", validate=words))))
    assert (drawn.pattern, drawn.minlength, drawn.maxlength) == ("V[0-9]", 2, 5)
    loose = field(Desk(form(component("textfield", "t", validate={"pattern": "a|b"}))))
    assert loose.pattern == ".*(?:a|b).*"
    date = Desk(form(component("datetime", "d", disallowPassedDates=True)))
    assert field(date).min == "2026-09-07"


def test_only_what_is_visible_is_drawn() -> None:
    hide = {"conditional": {"hide": "=a"}}
    desk = Desk(
        form(
            component("checkbox", "a"),
            component("textfield", "b", **hide),
            {"type": "group", "id": "g", "components": [component("textfield", "c")], **hide},
            {"type": "text", "id": "t", "text": "文", **hide},
        ),
        {"=a": lambda n: n["a"]},
    )
    assert [item.key for item in desk.draw({"a": True}).items] == ["a"]
    assert [item.key for item in desk.draw({"a": False}).items] == ["a", "b", "g", "t"]


def test_required_and_readonly_are_as_they_are_now() -> None:
    desk = Desk(
        form(component("textfield", "a", properties={"required.if": "=b"})),
        {"=b": lambda n: n["b"]},
        b=True,
    )
    assert (field(desk).required, field(desk).readonly) == (True, False)
    assert (field(desk, rights=NONE).required, field(desk, rights=NONE).readonly) == (False, True)
    assert desk.draw().editable
    assert not desk.draw(rights=NONE).editable


def test_errors_stand_beside_what_is_wrong() -> None:
    desk = Desk(form(component("dynamiclist", "t", components=[component("textfield", "x")])))
    errors = {
        "t": Message("太多", "too many"),
        "t[0].x": Message("必填", "required"),
        "": Message("过大", "too much"),
    }
    drawn = desk.draw({"t": [{"x": None}]}, errors=errors, locale="en")
    assert drawn.error == "too much"
    only = table(desk, {"t": [{"x": None}]}, errors=errors)
    assert only.error == "太多"
    assert only.rows[0].cells[0].error == "必填"


def test_a_table_has_headings_rows_and_a_next_row() -> None:
    desk = Desk(
        form(
            component(
                "dynamiclist",
                "t",
                components=[
                    component("textfield", "x", label="文档"),
                    component("number", "n", conditional={"hide": "=x = null"}),
                ],
            )
        ),
        {"=x = null": lambda n: n["x"] is None},
    )
    drawn = table(desk, {"t": [{"x": "甲", "n": "2"}, {"x": None, "n": None}]})
    assert [column.label for column in drawn.columns] == ["文档", "n"]
    assert [[cell.name for cell in row.cells] for row in drawn.rows] == [
        ["t.0.x", "t.0.n"],
        ["t.1.x", "t.1.n"],
    ]
    assert [cell.visible for cell in drawn.rows[1].cells] == [True, False]
    assert drawn.blank is not None
    assert [cell.name for cell in drawn.blank.cells] == ["t.2.x", "t.2.n"]
    assert drawn.text == "2 行"
    assert table(desk, {"t": []}, rights=NONE).blank is None


def test_closed_columns_are_drawn_to_read() -> None:
    columns = [component("textfield", "doc"), component("textfield", "consent")]
    desk = Desk(form(component("dynamiclist", "docs", components=columns)))
    rights = Rights(edit=frozenset({"docs.consent"}), hide=frozenset({"docs.price"}))
    drawn = table(desk, {"docs": [{"doc": "甲"}]}, rights=rights)
    assert [cell.readonly for cell in drawn.rows[0].cells] == [True, False]
    assert (drawn.fixed, drawn.blank) == (True, None)
    hidden = table(desk, {"docs": [{"doc": "甲"}]}, rights=Rights(hide=frozenset({"docs.doc"})))
    assert [cell.key for cell in hidden.rows[0].cells] == ["consent"]
    assert hidden.value == [{}]


def test_texts_are_blocks_and_values_in_them_are_never_markdown() -> None:
    text = (
        "# 提示\n晚 **{{days}}** 个工作日\n\n- 一\n- [二](https://example.com)\n\n"
        "1. [三](javascript:x)"
    )
    desk = Desk(
        form({"type": "text", "id": "t", "text": text, "properties": {"text.en": "=days"}}),
        {"=days": lambda n: n["days"]},
        days="[5](https://evil.example)",
    )
    item = desk.draw().items[0]
    assert isinstance(item, DrawnText)
    assert [block.kind for block in item.blocks] == ["heading", "paragraph", "bullets", "numbered"]
    assert [(s.text, s.bold, s.link) for s in item.blocks[1].items[0]] == [
        ("晚 ", False, ""),
        ("[5](https://evil.example)", True, ""),
        (" 个工作日", False, ""),
    ]
    assert item.blocks[2].items[1][0].link == "https://example.com"
    assert item.blocks[3].items[0][0] == forms.Span("三")
    english = desk.draw(locale="en").items[0]
    assert isinstance(english, DrawnText)
    assert english.blocks[0].items[0][0].link == ""


def test_texts_and_defaults_never_tell_what_is_hidden() -> None:
    desk = Desk(
        form(
            component("textfield", "secret"),
            component("textfield", "open", properties={"default": "=secret"}),
            {"type": "text", "id": "t", "text": "{{secret}}"},
        ),
        {"=secret": lambda n: n["secret"]},
    )
    drawn = desk.draw({"secret": "高"}, rights=Rights(hide=frozenset({"secret"})))
    assert "高" not in repr(drawn)
    assert "高" in repr(desk.draw({"secret": "高"}))


def test_shown_is_what_this_person_sees_and_nothing_else() -> None:
    desk = Desk(
        form(
            component("textfield", "a"),
            component("textfield", "b", conditional={"hide": "=a = null"}),
            component("textfield", "c"),
            component(
                "dynamiclist",
                "t",
                components=[component("textfield", "x"), component("textfield", "y")],
            ),
        ),
        {"=a = null": lambda n: n["a"] is None},
    )
    values = {"a": None, "b": "2", "c": "3", "t": [{"x": "1", "y": "2"}], "other": 1}
    rights = Rights(hide=frozenset({"c", "t.y"}))
    assert forms.shown(desk.form, values, rights, {}, desk.evaluate) == {
        "a": None,
        "t": [{"x": "1"}],
    }
    assert forms.shown(desk.form, {}, Rights(), {}, desk.evaluate) == {
        "a": None,
        "c": None,
        "t": [],
    }


def test_the_api_gets_the_file_as_this_person_has_it() -> None:
    desk = Desk(
        form(
            component("textfield", "a", label="甲", properties={"label.en": "A", "theirs": "x"}),
            component("select", "who", properties={"options": "person:dept:技术部"}),
            component("textfield", "hidden"),
            {"type": "group", "id": "g", "label": "组", "components": [component("number", "n")]},
            component(
                "dynamiclist",
                "t",
                components=[component("textfield", "x"), component("textfield", "y")],
            ),
            {"type": "text", "id": "note", "text": "是{{hidden}}"},
        ),
        {"=hidden": lambda n: n["hidden"]},
    )
    rights = Rights(edit=frozenset({"a", "t.y"}), hide=frozenset({"hidden"}))
    drawing = desk.draw({"who": "tech.lead", "hidden": "x"}, rights=rights, locale="en")
    made = forms.as_json(desk.form, drawing)
    assert made["id"] == "desk"
    a, who, group, table, note = made["components"]
    assert (a["label"], a["readonly"], a["properties"]) == (
        "甲",
        False,
        {"label.en": "A", "theirs": "x"},
    )
    assert who["values"] == [{"label": "刘洋", "value": "tech.lead"}]
    assert who["readonly"] is True
    assert group["components"][0]["key"] == "n"
    assert [(c["key"], c["readonly"]) for c in table["components"]] == [("x", True), ("y", False)]
    assert note["text"] == "是"
    assert isinstance(desk.draw().items[3], DrawnGroup)
    assert forms.read(json.dumps(made).encode()).key == "desk"
