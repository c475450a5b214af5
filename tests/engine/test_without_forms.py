"""Desks for which the diagram names no form: they take variables of any ordinary name."""

import pytest

from engine.commands.approve import Approve
from engine.refusals import Invalid
from tests.engine.live import Engine, chain, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'


def approved_by_two(**properties: str) -> Engine:
    both = "${list('finance.manager', 'risk.manager')}"
    sign = task("sign", signers=both, approval="all", approval__onRejected="end", **properties)
    last = task("last", assignee="gm")
    return Engine(process("p", START, sign, last, END, chain("s", "sign", "last", "e")))


def test_a_vote_without_a_form_keeps_what_was_said_with_it() -> None:
    """fields.variables: which of a slot's answers also become instance variables."""
    engine = approved_by_two(fields__variables="grade, open")
    request = engine.submit("p", "card.officer", amount="5")
    engine.act(Approve, request, "sign", "finance.manager", answers={"opinion": "好", "open": 0})
    engine.act(Approve, request, "sign", "risk.manager", answers={"grade": "高", "late": False})
    variables = engine.variables(request)
    assert [(row["signer"], row["answers"]) for row in variables["sign_answers"]] == [
        ("finance.manager", {"opinion": "好", "open": 0}),
        ("risk.manager", {"grade": "高", "late": False}),
    ]
    assert (variables["grade"], variables["open"]) == ("高", 0)
    assert (variables["amount"], variables.get("opinion")) == ("5", None)
    assert engine.replayed(request) is None


def test_but_no_verdict_and_nothing_but_what_may_be_edited() -> None:
    engine = approved_by_two()
    request = engine.submit("p", "card.officer", amount="5")
    with pytest.raises(Invalid):
        engine.act(Approve, request, "sign", "risk.manager", answers={"sign_verdict": "approved"})
    engine = approved_by_two(fields__edit="amount")
    request = engine.submit("p", "card.officer", amount="5")
    with pytest.raises(Invalid) as refused:
        engine.act(Approve, request, "sign", "risk.manager", answers={"amount": "6", "other": 1})
    assert set(refused.value.errors) == {"other"}
    engine.act(Approve, request, "sign", "risk.manager", answers={"amount": "6"})
    assert engine.variables(request)["amount"] == "6"
