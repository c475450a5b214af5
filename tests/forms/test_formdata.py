"""Forms drawn in the diagram itself (`camunda:formData`) keep the same rules as form files."""

import pytest

import forms
from forms import DataField, FormProblem
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
    "field",
    [
        DataField(id="a", type="bytes"),
        DataField(id="a", constraints={"strength": "9"}),
        DataField(id="a", constraints={"min": "viel"}, type="long"),
        DataField(id="a", constraints={"minlength": "3"}, type="long"),
        DataField(id="__class__"),
        DataField(id="a_verdict"),
    ],
)
def test_what_is_not_kept_is_refused(field: DataField) -> None:
    with pytest.raises(FormProblem):
        forms.from_form_data("approve", [field])


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
    made = forms.from_form_data(
        "k", [DataField(id=f"f{n}", type=kind) for n, kind in enumerate(kinds)]
    )
    assert [field.kind for field in made.fields] == [
        *("text", "integer", "decimal", "decimal", "checkbox", "area", "select", "select")
    ]
    assert made.fields[-1].options.source == "person"


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
