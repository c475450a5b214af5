"""Expressions where form-js has them: labels, limits, tables to read, computed values, HTML."""

import forms
from tests.forms.desk import component, file, form
from tests.forms.test_with_feel import FeelDesk


def test_a_label_says_what_its_expression_gives() -> None:
    desk = FeelDesk(
        form(
            component("textfield", "a", label="{{ n }} 件的说明", description='="共 " + string(n)'),
            component("textfield", "b", label="=who", properties={"label.en": "Name"}),
            {"type": "group", "id": "g", "label": "=who", "components": [component("number", "n")]},
        ),
        who="张三",
    )
    first, second, group = desk.draw({"n": "3"}).items
    assert isinstance(first, forms.DrawnField)
    assert isinstance(second, forms.DrawnField)
    assert isinstance(group, forms.DrawnGroup)
    assert (first.label, first.description) == ("3 件的说明", "共 3")
    assert (second.label, group.label) == ("张三", "张三")
    assert desk.draw(locale="en").fields[1].label == "Name"
    assert forms.as_json(desk.form, desk.draw({"n": "3"}))["components"][0]["label"] == "3 件的说明"
    assert desk.form.by_key["b"].label.zh == "b"


def test_limits_may_be_expressions() -> None:
    desk = FeelDesk(
        form(
            component("number", "least"),
            component("number", "n", validate={"min": "=least", "max": "=least * 2"}),
            component("textfield", "t", validate={"maxLength": "=2 // two", "required": "=n > 5"}),
            component(
                "textfield",
                "p",
                validate={"pattern": '="^" + t', "patternErrorMessage": "以此开头"},
                properties={"pattern.message.en": "Begin like that"},
            ),
        )
    )
    good = {"least": "3", "n": "5", "t": "ab", "p": "abc"}
    assert desk.fills(good) == good
    assert set(desk.errors({"least": "3", "n": "2"})) == {"n"}
    assert set(desk.errors({"least": "3", "n": "7", "t": "abc", "p": "x"})) == {"n", "t", "p"}
    assert set(desk.errors({"least": "3", "n": "6"})) == {"t"}
    assert desk.fills({"n": "-7"})["n"] == "-7", "a limit that is null limits nothing"


def test_a_table_to_read_shows_rows_and_takes_none() -> None:
    rows = [{"name": "甲", "n": 1, "ok": True}, {"name": "乙", "more": [1, 2]}, "no row"]
    columns = [{"key": "name", "label": "名称"}, {"key": "n"}, {"key": "ok"}, {"key": "more"}]
    desk = FeelDesk(
        form(
            component("textfield", "a"),
            {
                "type": "table",
                "id": "t",
                "label": "清单",
                "dataSource": "=rows",
                "columns": columns,
            },
        ),
        rows=rows,
    )
    table = desk.draw().items[1]
    assert isinstance(table, forms.DrawnTable)
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["甲", "1", "✓", ""],
        ["乙", "", "", "1、2"],
    ]
    assert (table.readonly, table.blank, table.label) == (True, None, "清单")
    assert [each.key for each in desk.draw().fields] == ["a"]
    assert set(desk.errors({"t": []})) == {"t"}
    assert forms.as_json(desk.form, desk.draw())["components"][1]["rows"][0]["name"] == "甲"


def test_its_columns_may_follow_from_an_expression() -> None:
    listing = {"type": "table", "id": "t", "dataSource": "rows", "columnsExpression": "=heads"}
    heads = [{"key": "a", "label": "甲"}, {"key": "b"}]
    table = FeelDesk(form(listing), rows=[{"a": "1"}], heads=heads).draw().items[0]
    assert isinstance(table, forms.DrawnTable)
    assert [column.label for column in table.columns] == ["甲", "b"]
    empty = FeelDesk(form(listing), rows="nothing", heads=None).draw().items[0]
    assert isinstance(empty, forms.DrawnTable)
    assert (empty.rows, empty.columns) == ((), ())


def test_an_expression_is_computed_and_never_shown() -> None:
    desk = FeelDesk(
        form(
            component("number", "price"),
            component("number", "count", decimalDigits=0),
            {"type": "expression", "id": "x", "key": "total", "expression": "=price * count"},
        )
    )
    assert desk.fills({"price": "2.5", "count": 3})["total"] == "7.5"
    assert [item.key for item in desk.draw().items] == ["price", "count"]
    assert set(desk.errors({"price": "2.5", "count": 3, "total": "1000"})) == {"total"}


def test_html_is_read_as_text() -> None:
    content = (
        '<h2>标题</h2><p onclick="steal()">甲 <b>乙</b><script>alert(1)</script></p>'
        '<ul><li>一</li><li>{{ n }}</li></ul><a href="https://example.com">去</a>'
        '<a href="javascript:x()">不去</a><iframe src="https://example.com">框</iframe>'
    )
    desk = FeelDesk(form({"type": "html", "id": "h", "content": content}), n=2)
    text = desk.draw().items[0]
    assert isinstance(text, forms.DrawnText)
    said = [[[span.text for span in row] for row in block.items] for block in text.blocks]
    assert said == [[["标题"]], [["甲 ", "乙"]], [["一"], ["2"]], [["去", "[不去]"]]]
    links = [span.link for block in text.blocks for row in block.items for span in row if span.link]
    assert links == ["https://example.com"]
    shown = forms.as_json(desk.form, desk.draw())["components"][0]
    assert shown["type"] == "text"
    assert "<" not in shown["text"]


def test_what_nobody_will_see_is_told_of() -> None:
    read = forms.read(
        file({"type": "image", "id": "i", "source": "x.png"}, {"type": "button", "id": "b"})
    )
    assert [where for where, _ in read.warnings] == ["i", "b"]
    assert read.fields == ()


def test_every_expression_can_be_found_for_a_check() -> None:
    read = form(
        component("textfield", "a", label="=one", description="{{two}}"),
        {"type": "table", "id": "t", "dataSource": "=three", "columnsExpression": "=four"},
        {"type": "expression", "id": "x", "key": "x", "expression": "=five"},
        component("number", "n", validate={"min": "=six", "required": "=seven"}),
    )
    found = " ".join(text for _, text in forms.expressions(read))
    assert all(word in found for word in ("one", "two", "three", "four", "five", "six", "seven"))
