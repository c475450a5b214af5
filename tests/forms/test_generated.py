"""Where a diagram names no form: variables of any ordinary name, and a page for those needed."""

import pytest

import forms
from forms import Answers, Invalid
from tests.forms.desk import Desk

REFUSED = ["a_verdict", "a_answers", "nrOfInstances", "loopCounter", "execution", "task"]
REFUSED += ["typename", "csrf_token", "_x", "__class__", "a.b", "a b", "1a", "", "gm_opinion"]


def desk(*variables: str) -> Desk:
    made = forms.generated("approve", variables, refused=["gm_opinion"])
    return Desk(made, initiator="card.officer")


def test_scalars_and_lists_of_scalars_are_taken() -> None:
    posted = {"amount": 6000, "rate": 0.5, "urgent": True, "signers": ["a", 1, None], "note": "x"}
    assert desk().fills(posted) == {**posted, "rate": "0.5"}


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_mean_something_are_not(name: str) -> None:
    assert list(desk().errors({name: 1})) == [name]


@pytest.mark.parametrize(
    "value", [{"a": 1}, [[1]], [{"a": 1}], "\x00", "\ud800", float("nan"), 10**15]
)
def test_other_values_are_not(value: object) -> None:
    assert list(desk().errors({"v": value})) == ["v"]


def test_all_together_have_a_limit() -> None:
    assert desk().errors({"a": "x" * 40_000, "b": "x" * 40_000}) == {
        "": "Too much, at most 64 KB in all"
    }


def test_nobody_is_the_initiator_but_the_caller() -> None:
    assert desk().fills({"initiator": "card.officer"}) == {}
    assert set(desk().errors({"initiator": "gm"})) == {"initiator"}
    assert set(desk().errors({"initiator": None})) == {"initiator"}


def test_a_page_shows_the_variables_that_conditions_need() -> None:
    made = desk("amount", "_secret", "gm_opinion", "amount")
    assert [item.key for item in made.draw({"amount": "5"}).items] == ["amount"]
    posted = forms.from_html(made.form, {"amount": ["6000"]})
    assert made.fills(posted) == {"amount": "6000"}
    assert forms.as_json(made.form, made.draw())["components"][0]["key"] == "amount"


def test_only_forms_makes_answers() -> None:
    with pytest.raises(TypeError):
        Answers({}, "digest", object())
    assert forms.recorded({"a": 1}, "digest").values == {"a": 1}
    with pytest.raises(Invalid):
        desk().parse([])  # type: ignore[arg-type]


WANTED = [
    forms.Wanted("amount", "number"),
    forms.Wanted("ok", "boolean"),
    forms.Wanted("kind", "choice", ("a", "b")),
    forms.Wanted("note"),
]


def asking() -> Desk:
    return Desk(forms.generated("approve", WANTED), initiator="card.officer")


def test_a_page_gives_numbers_and_boxes_as_such() -> None:
    desk = asking()
    page = {"amount": ["6000"], "ok": ["true"], "kind": ["b"], "note": [" x "]}
    typed = forms.from_html(desk.form, page)
    assert desk.fills(typed) == {"amount": 6000, "ok": True, "kind": "b", "note": " x "}
    nothing = forms.from_html(desk.form, {})
    assert desk.fills(nothing) == {"amount": None, "ok": False, "kind": None, "note": None}
    assert desk.fills({"amount": "0.50"}) == {"amount": "0.5"}
    assert set(desk.errors({"amount": "viel"})) == {"amount"}


def test_through_the_api_any_scalar_is_taken_for_them() -> None:
    given = {"amount": [1, 2], "ok": "later", "kind": "c", "note": True, "other": 1}
    assert asking().fills(given) == given


def test_its_json_says_what_is_asked() -> None:
    desk = asking()
    components = forms.as_json(desk.form, desk.draw({"amount": 5, "ok": True}))["components"]
    assert [each["type"] for each in components] == ["number", "checkbox", "select", "textfield"]
    assert [each["value"] for each in components[2]["values"]] == ["a", "b"]
