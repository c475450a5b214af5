"""Replay names the entry at which record and engine part: whatever of it was flipped, and whichever
rule of the engine has changed since. (That nobody can flip an entry unseen is the chain's work;
this shows that an entry says what followed, and that all of it is compared.)"""

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.commands import approve
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.flow import returning, signing
from engine.handle import refuse
from engine.ids import RequestId
from engine.journal import Entry
from engine.refusals import Refused
from engine.replay import Difference, replay
from engine.voting import count, verdict
from tests.engine.live import CALENDAR, Engine, actor, chain, flow, process, task

SIGNERS = "${list('risk.manager', 'finance.manager', superior(initiator))}"
BOUNDARY = (
    '<bpmn:boundaryEvent id="late" attachedToRef="work" cancelActivity="false">'
    '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT9H'
    '</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent><bpmn:endEvent id="x"/>'
)
DIAGRAM = process(
    "p",
    '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>',
    task(
        "sign",
        signers=SIGNERS,
        approval="all",
        approval__rejection="collect",
        approval__onRejected="initiator",
        return__resubmit="changed",
    ),
    task("work", assignee="tech.lead"),
    BOUNDARY,
    chain("s", "sign", "work", "e"),
    flow("late", "x"),
    number__pattern="({yy}){dept}字{seq:3}",
)


def told() -> tuple[Engine, RequestId]:
    """A request with a rejection, a return, kept signatures, a refused attempt and a timer."""
    engine = Engine(DIAGRAM)
    request = engine.submit("p", "card.officer", amount=5)
    engine.act(Approve, request, "sign", "risk.manager")
    engine.act(Reject, request, "sign", "finance.manager", comment="不行")
    engine.act(Approve, request, "sign", "card.manager")
    engine.act(Complete, request, "initiator", "card.officer", answers={"amount": 5})
    late = Approve(actor=actor("risk.manager"), request=request, ordinal=1)
    with pytest.raises(Refused) as refused:
        engine.do(late)
    refuse(late, refused.value, engine.uow, engine.now)
    engine.act(Approve, request, "sign", "finance.manager")
    engine.turn(engine.now + timedelta(hours=10))
    engine.act(Complete, request, "work", "tech.lead")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None
    return engine, request


def again(engine: Engine, entries: list[Entry]) -> Difference | None:
    return replay(entries, engine.uow._by_digest, CALENDAR)


def test_a_flipped_outcome_is_named() -> None:
    """`outcome` of the entry itself, and each verdict and vote among what followed."""
    engine, request = told()
    entries = engine.uow.entries(request)
    flip = {"approved": "rejected", "rejected": "approved"}
    flips = 0
    for at, entry in enumerate(entries):
        other = "refused" if entry.body["outcome"] == "done" else "done"
        assert named(engine, entries, at, {**entry.body, "outcome": other}) == entry.seq
        for where, fact in enumerate(entry.body.get("did", ())):
            for place, value in enumerate(fact):
                if isinstance(value, str) and value in flip:
                    did = copy.deepcopy(entry.body["did"])
                    did[where][place] = flip[value]
                    assert named(engine, entries, at, {**entry.body, "did": did}) == entry.seq
                    flips += 1
    assert flips == 7  # five votes, two verdicts


def test_a_flipped_holder_is_named() -> None:
    """In what followed (`assigned`, `kept`), and in the fact that it was resolved from."""
    engine, request = told()
    entries = engine.uow.entries(request)
    flips = 0
    for at, entry in enumerate(entries):
        for where, fact in enumerate(entry.body.get("did", ())):
            if fact[0] == "assigned":
                did = copy.deepcopy(entry.body["did"])
                did[where][2] = ["sales.manager"]
                assert named(engine, entries, at, {**entry.body, "did": did}) == entry.seq
                flips += 1
    assert flips >= 5
    first = entries[0]
    facts = copy.deepcopy(first.particulars["facts"])
    row = next(answer for question, answer in facts if question == ["person", "card.officer"])
    row["superiors"] = ["sales.manager"]
    assert found(engine, entries, 0, replace_particular(first, "facts", facts)) == first.seq


def test_whatever_else_an_entry_says_is_compared() -> None:
    """Every word of every body, and every particular but names, told apart by flipping it."""
    engine, request = told()
    entries = engine.uow.entries(request)
    for at, entry in enumerate(entries):
        if entry.body["outcome"] != "done":
            continue
        for name, value in entry.body.items():
            # From where it came a replay does not know better; the timer's actor is nobody.
            if name != "via" and (name, entry.body["verb"]) != ("actor", "timer"):
                flipped = {**entry.body, name: other_than(value)}
                assert named(engine, entries, at, flipped) == entry.seq, name
        for name in entry.particulars:
            if name.startswith(("changed.", "state")):
                flipped_one = replace_particular(entry, name, "flipped")
                assert found(engine, entries, at, flipped_one) == entry.seq, name


def other_than(value: Any) -> Any:
    return {"flipped": True} if not isinstance(value, str) else f"{value}~"


@pytest.mark.parametrize("what", ["missing", "twice", "swapped"])
def test_entries_that_are_missing_doubled_or_swapped_are_named(what: str) -> None:
    engine, request = told()
    entries = engine.uow.entries(request)
    for at in range(1, len(entries) - 1):
        changed = list(entries)
        if what == "missing":
            del changed[at]
        elif what == "twice":
            changed.insert(at, changed[at])
        else:
            changed[at], changed[at + 1] = changed[at + 1], changed[at]
        assert again(engine, changed) is not None, at


def twice(*vote: Any) -> None:
    count(*vote)
    count(*vote)


RULES: dict[str, tuple[Any, str, Any, int]] = {
    "a veto where everyone is to be heard (V3)": (
        signing,
        "verdict",
        lambda words, node, **more: "rejected" if node.rejected else verdict(words, node, **more),
        3,
    ),
    "an approval that one is enough for (V1)": (
        signing,
        "verdict",
        lambda words, node, **more: "approved" if node.approved else verdict(words, node, **more),
        2,
    ),
    "a vote that counts twice (V6)": (approve, "count", twice, 2),
    "nobody's signature is kept (B5)": (
        returning,
        "supersede",
        lambda case, keys: None,
        4,
    ),
}
"""What is changed, where, how, and the number of the first entry that it bears on."""


@pytest.mark.parametrize("rule", RULES)
def test_a_changed_rule_of_the_engine_is_named(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first entry that the rule bears on."""
    where, name, changed, seq = RULES[rule]
    engine, request = told()
    monkeypatch.setattr(where, name, changed)
    difference = engine.replayed(request)
    assert difference is not None
    assert difference.seq == seq


def test_a_request_s_clock_never_runs_back() -> None:
    """H1: two machines' clocks differ; the later command acts at the time that its entry says."""
    engine = Engine(
        process(
            "p",
            '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>',
            task("sign", assignee="risk.manager", approval="single", approval__onRejected="end"),
            task("work", assignee="tech.lead"),
            BOUNDARY,
            chain("s", "sign", "work", "e"),
            flow("late", "x"),
        )
    )
    request = engine.submit("p", "card.officer")
    engine.now -= timedelta(hours=1)
    engine.act(Approve, request, "sign", "risk.manager")
    entries = engine.uow.entries(request)
    assert entries[1].at == entries[0].at
    (timer,) = engine.uow.timers(request)
    assert timer.due == entries[0].at + timedelta(hours=9)
    assert engine.replayed(request) is None


def named(engine: Engine, entries: list[Entry], at: int, body: dict[str, Any]) -> int | None:
    return found(engine, entries, at, replace(entries[at], body=body))


def found(engine: Engine, entries: list[Entry], at: int, instead: Entry) -> int | None:
    """The number of the entry that replay names with one entry replaced."""
    difference = again(engine, [*entries[:at], instead, *entries[at + 1 :]])
    return None if difference is None else difference.seq


def replace_particular(entry: Entry, name: str, value: Any) -> Entry:
    return replace(entry, particulars={**entry.particulars, name: value})
