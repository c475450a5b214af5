"""Forms drawn in the diagram itself (`camunda:formData`) keep the same rules as form files."""

import pytest

import forms
from forms import DataField
from tests.forms.desk import Desk


def test_each_type_becomes_a_field() -> None:
    made = forms.from_form_data(
        "approve",
        [
            DataField(id="title", label="标题", constraints={"required": "", "maxlength": "5"}),
            DataField(id="amount", type="long", constraints={"min": "-1", "max": "9"}, default="3"),
            DataField(id="urgent", type="boolean", constraints={"required": "true"}),
            DataField(id="due", type="date"),
            DataField(id="kind", type="enum", values=(("a", "甲"), ("b", ""))),
            DataField(id="note", constraints={"readonly": ""}),
        ],
    )
    desk = Desk(made)
    assert made.key == "approve"
    assert desk.fills({"title": "x", "due": "2030-01-15", "kind": "b"}) == {
        "title": "x",
        "amount": 3,
        "urgent": False,
        "due": "2030-01-15",
        "kind": "b",
    }
    wrong = {"title": "sechs!", "amount": 10, "due": "15/01/2030", "kind": "c", "note": "x"}
    assert set(desk.errors(wrong)) == set(wrong)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (DataField(id="a", type="com.example.Odd"), "text"),
        (DataField(id="a", type="bytes"), "text"),
        (DataField(id="a", type="enum"), "text"),
        (DataField(id="a", constraints={"strength": "9"}), "text"),
        (DataField(id="a", constraints={"": "9"}), "text"),
        (DataField(id="a", constraints={"min": "viel"}, type="long"), "integer"),
        (DataField(id="a", constraints={"minlength": "3"}, type="long"), "integer"),
        (DataField(id="a", constraints={"max": "3"}), "text"),
        (DataField(id="a", constraints={"min": "9", "max": "3"}, type="double"), "decimal"),
        (DataField(id="a", label="x" * 30_000), "text"),
        (DataField(id="a", constraints={"maxlength": "2"}, default="long"), "text"),
    ],
)
def test_what_is_not_kept_leaves_a_plainer_field_and_a_warning(field: DataField, kind: str) -> None:
    made = forms.from_form_data("approve", [field, DataField(id="b")])
    assert [each.kind for each in made.fields] == [kind, "text"]
    assert [where for where, _ in made.warnings] == ["a"]
    assert Desk(made).fills({"a": "5" if kind != "integer" else 5, "b": "x"})


def test_ids_that_are_no_names_are_spelled_as_some() -> None:
    ids = ["a-b", "a b", "1x", "__class__", "a_verdict", "task", "nrOfX", "", "订单号", "${x}"]
    made = forms.from_form_data("k", [DataField(id=id) for id in ids])
    assert list(made.by_key) == [
        *("a_b", "a_b_2", "field_1x", "class", "field_a_verdict_value", "field_task"),
        *("field_nrOfX", "field_8", "订单号", "x"),
    ]
    assert len(made.warnings) == len(ids) - 1


def test_a_second_field_of_a_name_is_left_out() -> None:
    made = forms.from_form_data("k", [DataField(id="a"), DataField(id="a", type="long")])
    assert [(field.key, field.kind) for field in made.fields] == [("a", "text")]
    assert [where for where, _ in made.warnings] == ["a"]


def test_options_are_those_that_can_be_told_apart() -> None:
    values = (("a", "甲"), ("a", "乙"), ("", "丙"), ("", ""))
    made = forms.from_form_data("k", [DataField(id="x", type="enum", values=values)])
    static = made.fields[0].options.static
    assert [(each.value, each.label) for each in static] == [("a", "甲"), ("丙", "丙")]
    assert len(made.warnings) == 2


@pytest.mark.parametrize(
    "field",
    [
        DataField(id="a", constraints={"validator": "com.example.X"}),
        DataField(id="a", constraints={"expression": "#{order.street}"}),
        DataField(id="a", default="${initiator}"),
        DataField(id="a", type="long", default="viel"),
        DataField(id="a", type="date", default="morgen"),
        DataField(id="a", type="enum", default="c", values=(("a", "甲"),)),
    ],
)
def test_code_and_defaults_that_are_none_are_left_out_with_a_word(field: DataField) -> None:
    made = forms.from_form_data("approve", [field])
    assert [where for where, _ in made.warnings] == ["a"]
    assert made.fields[0].initial is None


def test_types_have_other_names_elsewhere() -> None:
    kinds = ["", "Integer", "double", "float", "bool", "multi-line-text", "dropdown", "user"]
    kinds += ["users", "bigtext", "upload"]
    made = forms.from_form_data(
        "k",
        [DataField(id=f"f{n}", type=kind, values=(("a", ""),)) for n, kind in enumerate(kinds)],
    )
    assert [field.kind for field in made.fields] == [
        *("text", "integer", "decimal", "decimal", "checkbox", "area", "select", "select"),
        *("taglist", "area", "files"),
    ]
    assert made.fields[7].options.source == "person"


def test_defaults_are_values_of_their_type() -> None:
    made = forms.from_form_data(
        "k",
        [
            DataField(id="a", type="date", default="31/12/2030"),
            DataField(id="b", type="date", default="2030-12-31T00:00:00"),
            DataField(id="c", type="double", default="2.50"),
            DataField(id="d", type="boolean", default="TRUE"),
            DataField(id="e", type="double", constraints={"min": "0.5", "max": "2"}),
        ],
    )
    assert [field.initial for field in made.fields] == [
        *("2030-12-31", "2030-12-31", "2.50", True, None)
    ]
    assert set(Desk(made).errors({"e": "0.4"})) == {"e"}


def test_a_label_in_the_diagram_is_never_an_expression() -> None:
    made = forms.from_form_data("k:fields", [DataField(id="a", label="={{secret}}")])
    assert (made.fields[0].label.zh, made.fields[0].label_told) == ("{ {secret}}", "")
    assert made.key == "k:fields"
    other = forms.from_form_data("l:fields", [DataField(id="a", label="={{secret}}")])
    assert made.digest != other.digest
