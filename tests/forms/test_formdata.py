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
        DataField(id="a", constraints={"validator": "com.example.X"}),
        DataField(id="a", constraints={"min": "viel"}, type="long"),
        DataField(id="a", default="${initiator}"),
        DataField(id="a", type="long", default="viel"),
        DataField(id="a_verdict"),
    ],
)
def test_what_is_not_kept_is_refused(field: DataField) -> None:
    with pytest.raises(FormProblem):
        forms.from_form_data("approve", [field])
