"""B5: after a return straight back to the one who returned it, where nothing has changed that an
approver was shown or that the way has read; else everyone again, and the entry says why."""

import json
from typing import Any

import pytest

import forms
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.commands.withdraw import Withdraw
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.refusals import Refused
from tests.engine.live import Engine, actor, chain, flow, process, task

SIGN = {"approval": "single", "approval__onRejected": "end"}
STRAIGHT = {**SIGN, "return__resubmit": "straight"}
FIELDS = ("amount", "note", "route")


def made(*parts: str) -> Definition:
    """A process whose start form has three fields."""
    start = '<bpmn:startEvent id="s" camunda:formKey="start"/>'
    components = [{"type": "textfield", "key": key, "label": key} for key in FIELDS]
    form = json.dumps({"type": "default", "id": "start", "components": components}).encode()
    diagram = process("p", start, *parts, '<bpmn:endEvent id="e"/>')
    return compile_definition({"p.bpmn": diagram, "start.form": form}, forms.read)


def line(**last: str) -> Engine:
    """Two approvals that see different fields, then the manager who may return."""
    return Engine(
        definitions={
            "p": made(
                task("first", assignee="tech.lead", fields__hide="note", **SIGN),
                task("second", assignee="finance.manager", fields__hide="note,amount", **SIGN),
                task("last", assignee="gm", **{**STRAIGHT, **last}),
                chain("s", "first", "second", "last", "e"),
            )
        }
    )


def begun(engine: Engine, **answers: str) -> RequestId:
    request = engine.submit("p", "card.officer", **{"amount": "1", "note": "x", **answers})
    engine.act(Approve, request, "first", "tech.lead")
    engine.act(Approve, request, "second", "finance.manager")
    return request


def back(engine: Engine, request: RequestId, to: str, node: str = "last", who: str = "gm") -> None:
    engine.act(Return, request, node, who, to=to, comment="please")


def amend(engine: Engine, request: RequestId, **answers: str) -> None:
    given = {"amount": "1", "note": "x", **answers}
    engine.act(Complete, request, "initiator", "card.officer", answers=given)


def facts(engine: Engine, name: str) -> list[list[Any]]:
    """What the last entry says of this."""
    return [fact[1:] for fact in engine.uow.last.body["did"] if fact[0] == name]


def states(engine: Engine, request: RequestId) -> dict[str, str]:
    """The last status of each node."""
    return {node.node: node.status for node in engine.uow.nodes(request)}


def test_what_nobody_was_shown_goes_straight_back() -> None:
    """B5."""
    engine = line()
    request = begun(engine)
    back(engine, request, "initiator")
    assert engine.open(request) == {"initiator": ["card.officer"]}
    amend(engine, request, note="y")
    assert engine.open(request) == {"last": ["gm"]}
    assert facts(engine, "straight")
    assert states(engine, request)["first"] == "settled"
    assert engine.variables(request)["note"] == "y"
    assert engine.variables(request)["first_verdict"] == "approved"
    assert engine.row(request).round == 2
    engine.act(Approve, request, "last", "gm")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_what_an_approver_was_shown_is_put_before_everyone_again() -> None:
    """B5."""
    engine = line()
    request = begun(engine)
    back(engine, request, "initiator")
    amend(engine, request, amount="2")
    assert engine.open(request) == {"first": ["tech.lead"]}
    assert facts(engine, "roundabout") == [["shown", ["amount"]]]
    assert states(engine, request)["second"] == "superseded"
    assert engine.replayed(request) is None


def test_by_default_everyone_is_asked_again() -> None:
    """B5."""
    engine = line(return__resubmit="all")
    request = begun(engine)
    back(engine, request, "initiator")
    amend(engine, request, note="y")
    assert engine.open(request) == {"first": ["tech.lead"]}


def test_to_a_node_and_straight_back_from_it() -> None:
    """B5."""
    engine = line()
    request = begun(engine)
    back(engine, request, "first")
    assert engine.open(request) == {"first": ["tech.lead"]}
    assert engine.variables(request)["second_verdict"] is None
    engine.act(Approve, request, "first", "tech.lead")
    assert engine.open(request) == {"last": ["gm"]}
    assert engine.variables(request)["second_verdict"] == "approved"
    assert states(engine, request) == {"first": "settled", "second": "settled", "last": "open"}
    back(engine, request, "first")
    statuses = [(n.node, n.status) for n in engine.uow.nodes(request)]
    assert ("first", "settled") not in statuses, "the second pass counts no more, too"
    engine.act(Approve, request, "first", "tech.lead")
    assert engine.open(request) == {"last": ["gm"]}
    engine.act(Approve, request, "last", "gm")
    assert engine.row(request).outcome == "approved"
    assert engine.replayed(request) is None


def test_who_is_returned_to_and_rejects_ends_it_as_ever() -> None:
    """B5."""
    engine = line()
    request = begun(engine)
    back(engine, request, "first")
    engine.act(Reject, request, "first", "tech.lead", comment="no")
    assert engine.row(request).outcome == "rejected"
    assert engine.replayed(request) is None


@pytest.mark.parametrize(("route", "straight"), [("b", False), ("a", True)])
def test_what_a_condition_has_read_since_matters(route: str, straight: bool) -> None:
    """B5."""
    hidden = {"fields__hide": "note,amount,route"}
    engine = Engine(
        definitions={
            "p": made(
                task("first", assignee="tech.lead", **SIGN, **hidden),
                '<bpmn:exclusiveGateway id="g" default="g_last"/>',
                task("other", assignee="sales.manager", **SIGN, **hidden),
                task("last", assignee="gm", **STRAIGHT),
                chain("s", "first", "g"),
                flow("g", "other", "${route == 'b'}"),
                flow("g", "last"),
                chain("other", "last", "e"),
            )
        }
    )
    request = engine.submit("p", "card.officer", amount="1", route="a")
    engine.act(Approve, request, "first", "tech.lead")
    back(engine, request, "initiator")
    engine.act(
        Complete, request, "initiator", "card.officer", answers={"amount": "9", "route": route}
    )
    assert engine.open(request) == ({"last": ["gm"]} if straight else {"first": ["tech.lead"]})
    assert facts(engine, "roundabout") == ([] if straight else [["read", ["route"]]])
    assert engine.replayed(request) is None


def test_an_assignment_that_has_read_it_matters() -> None:
    """B5."""
    hidden = {"fields__hide": "note,amount,route"}
    engine = Engine(
        definitions={
            "p": made(
                task("first", assignee="${route}", **SIGN, **hidden),
                task("last", assignee="gm", **STRAIGHT),
                chain("s", "first", "last", "e"),
            )
        }
    )
    request = engine.submit("p", "card.officer", route="tech.lead")
    engine.act(Approve, request, "first", "tech.lead")
    back(engine, request, "initiator")
    engine.act(
        Complete, request, "initiator", "card.officer", answers={"route": "sales.manager"}
    )
    assert engine.open(request) == {"first": ["sales.manager"]}
    assert facts(engine, "roundabout") == [["read", ["route"]]]


def countersigned(approval: str = "all") -> Engine:
    signers = "=[&quot;tech.lead&quot;, &quot;finance.manager&quot;, &quot;gm&quot;]"
    more = {"approval": approval, "approval__onRejected": "initiator"}
    return Engine(
        definitions={
            "p": made(
                task("work", assignee="tech.developer"),
                task("sign", signers=signers, fields__hide="note", **{**STRAIGHT, **more}),
                chain("s", "work", "sign", "e"),
            )
        }
    )


@pytest.mark.parametrize("approval", ["all", "sequential"])
def test_votes_of_siblings_are_kept_and_the_returner_decides_again(approval: str) -> None:
    """B5."""
    engine = countersigned(approval)
    request = engine.submit("p", "card.officer", amount="1", note="x")
    engine.act(Complete, request, "work", "tech.developer")
    engine.act(Approve, request, "sign", "tech.lead", comment="fine")
    back(engine, request, "initiator", "sign", "finance.manager")
    amend(engine, request, note="y")
    expected = ["finance.manager", "gm"] if approval == "all" else ["finance.manager"]
    assert engine.open(request) == {"sign": expected}
    slots = engine.uow.slots(request, status="approved")
    kept = [s for s in slots if s.kept_from == 1]
    assert [(s.signer, s.round, s.comment) for s in kept] == [("tech.lead", 2, "fine")]
    engine.act(Approve, request, "sign", "finance.manager")
    engine.act(Approve, request, "sign", "gm")
    assert engine.row(request).outcome == "approved"
    assert engine.replayed(request) is None


def test_a_kept_vote_keeps_its_voter_from_a_change_of_what_he_saw() -> None:
    """B5."""
    engine = countersigned()
    request = engine.submit("p", "card.officer", amount="1", note="x")
    engine.act(Complete, request, "work", "tech.developer")
    engine.act(Approve, request, "sign", "tech.lead")
    back(engine, request, "initiator", "sign", "finance.manager")
    amend(engine, request, amount="2")
    assert engine.open(request) == {"work": ["tech.developer"]}
    assert facts(engine, "roundabout") == [["shown", ["amount"]]]


def test_who_has_rejected_decides_again() -> None:
    """B5, R3."""
    engine = countersigned()
    request = engine.submit("p", "card.officer", amount="1", note="x")
    engine.act(Complete, request, "work", "tech.developer")
    engine.act(Approve, request, "sign", "tech.lead")
    engine.act(Reject, request, "sign", "gm", comment="no")
    amend(engine, request, note="y")
    assert engine.open(request) == {"sign": ["finance.manager", "gm"]}
    assert engine.replayed(request) is None


def test_a_sibling_branch_goes_on_meanwhile() -> None:
    """B5, B2."""
    engine = Engine(
        definitions={
            "p": made(
                '<bpmn:parallelGateway id="fork"/>',
                task("a", assignee="tech.lead", **SIGN),
                task("a2", assignee="gm", **STRAIGHT),
                task("b", assignee="finance.manager", **SIGN),
                task("b2", assignee="sales.manager", **SIGN),
                '<bpmn:parallelGateway id="join"/>',
                chain("s", "fork", "a", "a2", "join", "e"),
                chain("fork", "b", "b2", "join"),
            )
        }
    )
    request = engine.submit("p", "card.officer", amount="1", note="x")
    engine.act(Approve, request, "a", "tech.lead")
    back(engine, request, "a", "a2")
    engine.act(Approve, request, "b", "finance.manager")
    engine.act(Approve, request, "a", "tech.lead")
    assert engine.open(request) == {"a2": ["gm"], "b2": ["sales.manager"]}
    back(engine, request, "initiator", "a2")
    amend(engine, request, amount="1")
    assert engine.open(request) == {"a2": ["gm"], "b2": ["sales.manager"]}
    engine.act(Approve, request, "a2", "gm")
    engine.act(Approve, request, "b2", "sales.manager")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_a_return_from_where_it_was_returned_to_comes_back_step_by_step() -> None:
    """B5."""
    engine = Engine(
        definitions={
            "p": made(
                task("first", assignee="tech.lead", **STRAIGHT),
                task("second", assignee="finance.manager", **SIGN),
                task("last", assignee="gm", **STRAIGHT),
                chain("s", "first", "second", "last", "e"),
            )
        }
    )
    request = begun(engine)
    back(engine, request, "first")
    back(engine, request, "initiator", "first", "tech.lead")
    amend(engine, request)
    assert engine.open(request) == {"first": ["tech.lead"]}
    engine.act(Approve, request, "first", "tech.lead")
    assert engine.open(request) == {"last": ["gm"]}
    assert engine.replayed(request) is None


def test_after_a_withdrawal_it_begins_from_the_start() -> None:
    """B5, W1."""
    engine = line()
    request = engine.submit("p", "card.officer", amount="1", note="x")
    engine.act(Approve, request, "first", "tech.lead")
    with pytest.raises(Refused):
        engine.do(Withdraw(actor=actor("card.officer"), request=request, comment="stop"))
    back(engine, request, "initiator", "second", "finance.manager")
    assert engine.uow.flow(request).straight == []
