"""Tables: rows with columns, each with its own rules, which see their own row first."""

from typing import Any

from tests.forms.desk import Desk, component, form

MODES = [{"value": v, "label": v} for v in ("查阅", "复印", "拷贝")]
KINDS = [{"value": v, "label": v} for v in ("合同", "技术")]
SUBKINDS = '=if kind = "合同" then ["项目合同", "补充协议"] else ["接口文档"]'


def documents(**words: Any) -> Desk:
    """The documents asked for in B3."""
    columns = [
        component("select", "kind", values=KINDS, validate={"required": True}),
        component("select", "subkind", valuesExpression=SUBKINDS),
        component("radio", "mode", values=MODES, validate={"required": True}),
        component(
            "number",
            "copies",
            decimalDigits=0,
            conditional={"hide": '=mode = "查阅"'},
            properties={"required.if": '=mode != "查阅"'},
        ),
    ]
    return Desk(
        form(component("dynamiclist", "documents", components=columns, **words)),
        {
            '=mode = "查阅"': lambda n: n["mode"] == "查阅",
            '=mode != "查阅"': lambda n: n["mode"] != "查阅",
            SUBKINDS: lambda n: ["项目合同", "补充协议"] if n["kind"] == "合同" else ["接口文档"],
            "=count(value) <= 2": lambda n: len(n["value"]) <= 2,
            '="合同"': lambda n: "合同",
        },
    )


def test_each_row_is_checked_with_its_own_values() -> None:
    desk = documents()
    reading = {"kind": "合同", "subkind": "补充协议", "mode": "查阅"}
    copying = {"kind": "技术", "subkind": "接口文档", "mode": "复印", "copies": 1}
    assert desk.fills({"documents": [reading, copying]}) == {
        "documents": [{**reading, "copies": None}, copying]
    }
    wrong = {"kind": "技术", "subkind": "补充协议", "mode": "拷贝"}
    assert desk.errors({"documents": [reading, wrong]}) == {
        "documents[1].subkind": "Choose one of the options listed",
        "documents[1].copies": "This field is required",
    }


def test_what_a_row_hides_is_dropped_in_that_row() -> None:
    row = {"kind": "合同", "subkind": None, "mode": "查阅", "copies": 5}
    assert documents().fills({"documents": [row]})["documents"] == [{**row, "copies": None}]


def test_a_required_table_needs_a_row_that_says_something() -> None:
    desk = documents(validate={"required": True})
    nothing: tuple[object, ...] = (None, [], [{}], [{"kind": None, "mode": ""}])
    for rows in nothing:
        assert desk.errors({"documents": rows}) == {"documents": "Fill in at least one row"}
    assert desk.fills({"documents": [{}]}, require=False) == {"documents": []}


def test_empty_rows_are_dropped_and_the_others_keep_their_paths() -> None:
    row = {"kind": "合同", "subkind": None, "mode": "查阅", "copies": None}
    assert documents().fills({"documents": [{}, row, {}]}) == {"documents": [row]}
    assert set(documents().errors({"documents": [{}, {**row, "mode": None, "copies": 1}]})) == {
        "documents[1].mode"
    }


def test_a_rule_of_the_table_sees_its_rows() -> None:
    desk = documents(properties={"rule": "=count(value) <= 2"})
    row = {"kind": "合同", "mode": "查阅"}
    assert desk.fills({"documents": [row, {}, row]})
    assert set(desk.errors({"documents": [row] * 3})) == {"documents"}


def test_a_table_has_limits() -> None:
    row = {"kind": "合同", "mode": "查阅"}
    assert documents().errors({"documents": [row] * 201}) == {
        "documents": "A table has at most 200 rows"
    }
    assert documents().errors({"documents": {"0": row}}) == {"documents": "Expected a list"}


def test_closed_columns_keep_what_they_hold_and_rows_stay() -> None:
    desk = documents(properties={"columns.readonly": "kind, subkind, mode"})
    kept = {
        "documents": [
            {"kind": "合同", "subkind": None, "mode": "复印", "copies": None},
            {"kind": "技术", "subkind": None, "mode": "查阅", "copies": None},
        ]
    }
    filled = desk.fills({"documents": [{"copies": 2}]}, kept=kept)["documents"]
    assert isinstance(filled, list)
    assert [row["copies"] for row in filled] == [2, None]
    assert [row["mode"] for row in filled] == ["复印", "查阅"]
    assert set(desk.errors({"documents": [{"mode": "拷贝", "copies": 2}]}, kept=kept)) == {
        "documents[0].mode"
    }
    assert set(desk.errors({"documents": [{"copies": 1}] * 3}, kept=kept)) == {"documents"}
    assert set(desk.errors({"documents": [{"copies": 1}]})) == {"documents"}


def test_rows_can_be_given_by_a_default() -> None:
    """Returned items: a row for every handed item (B3 D)."""
    handed = "=for h in handed return {item: h.item}"
    desk = Desk(
        form(
            component(
                "dynamiclist",
                "returned",
                components=[
                    component("textfield", "item"),
                    component("textfield", "state", validate={"required": True}),
                ],
                properties={"default": handed, "columns.readonly": "item"},
            )
        ),
        {handed: lambda n: [{"item": each} for each in n["handed"]]},
        handed=["甲", "乙"],
    )
    sound = {"returned": [{"state": "完好"}, {"state": "缺损"}]}
    assert desk.fills(sound) == {
        "returned": [{"item": "甲", "state": "完好"}, {"item": "乙", "state": "缺损"}]
    }
    assert set(desk.errors({"returned": [{"state": "完好"}]})) == {"returned[1].state"}
    drawn = desk.draw().fields[0]
    assert [[cell.text for cell in row.cells] for row in drawn.rows] == [["甲", ""], ["乙", ""]]  # type: ignore[union-attr]
    assert drawn.blank is None  # type: ignore[union-attr]


def test_columns_start_with_their_default_in_rows_that_say_something() -> None:
    desk = documents()
    column = component("select", "kind2", values=KINDS, properties={"default": '="合同"'})
    desk.form = form(
        component("dynamiclist", "t", components=[column, component("textfield", "x")])
    )
    assert desk.fills({"t": [{"x": "1"}, {}, {"x": "2", "kind2": "技术"}]}) == {
        "t": [{"kind2": "合同", "x": "1"}, {"kind2": "技术", "x": "2"}]
    }
