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
