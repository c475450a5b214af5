"""Stepping through a chain: the last step is what is stored, every step is what its record says,
and where record and engine part, or something was erased, the steps say so and read the record."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.ids import RequestId
from engine.journal import Entry
from engine.replay import GONE, Replayed, State, kinds, replayed
from engine.replay.reading import read
from engine.replay.state import changes
from tests.engine.live import CALENDAR, Engine, chain, flow, process, task
from tests.engine.test_replay_catches import told
from tests.workflows.in_memory import MemoryStage, Shelf
from tests.workflows.organised import keys
from tests.workflows.walking import Walk, stories
from web.stories import Player


def chains(shelf: Shelf) -> dict[RequestId, list[Entry]]:
    """The entries of every request."""
    found: dict[RequestId, list[Entry]] = {}
    for entry in shelf.journal:
        found.setdefault(RequestId(entry.chain), []).append(entry)
    return found


def stepped(stage: MemoryStage) -> dict[RequestId, Replayed]:
    """Every request step by step; each must come out as it is recorded."""
    found = {
        id: replayed(entries, stage.by_digest, CALENDAR)
        for id, entries in chains(stage.shelf).items()
    }
    assert [each.difference for each in found.values() if each.difference] == []
    return found


def as_stored(id: RequestId, steps: Replayed, shelf: Shelf) -> None:
    """The last step is how the request stands."""

    def mine(rows: dict[Any, Any]) -> dict[Any, Any]:
        return {key[1]: row for key, row in rows.items() if key[0] == id}

    last = steps.at(len(steps))
    assert last.request is not None
    assert replace(last.request, head=b"") == replace(shelf.requests[id], head=b"")
    assert last.nodes == mine(shelf.nodes)
    assert last.slots == mine(shelf.slots)
    assert last.timers == mine(shelf.timers)
    assert last.externals == mine(shelf.externals)
    assert last.incidents == mine(shelf.incidents)
    kept = shelf.flows[id]
    values = {path: scope["values"] for path, scope in kept.scopes.items() if scope["values"]}
    assert {path: found for path, found in last.scopes.items() if found} == values
    assert last.answers == kept.answers
    tokens = kept.marking["tokens"] if kept.marking else []
    assert [token.element for token in last.tokens] == [t["at"].split(":")[0] for t in tokens]


def says_the_record(steps: Replayed) -> None:
    """What each step has changed is what its entry says: statuses, holders, verdicts, values."""
    before = State()
    for step, now in steps.states():
        said = before.copy()
        said.take(read(step.entry, before))
        assert said.request is not None
        assert now.request is not None
        assert (said.request.status, said.request.outcome) == (
            now.request.status,
            now.request.outcome,
        )
        for name in ("status", "verdict"):
            assert column(said.nodes, name) == column(now.nodes, name), step.entry
        for name in ("status", "holders"):
            assert column(said.slots, name) == column(now.slots, name), step.entry
        written = dict(kept_values(step.entry))
        assert written == {key: now.variables.get(key) for key in written}, step.entry
        before = now.copy()


def kept_values(entry: Entry) -> Iterator[tuple[tuple[str, str], Any]]:
    """The values of fields that an entry says it changed; what a desk gathers it may empty again
    when it opens once more."""
    for path, change in entry.particulars.items():
        scope, _, name = path.removeprefix("changed.").rpartition(":")
        mine = path.startswith("changed.") and not name.endswith(("_answers", "_verdict"))
        if mine and change[1] not in (None, []):
            yield (scope, name), change[1]


def column(rows: dict[Any, Any], name: str) -> dict[Any, Any]:
    """One attribute of every row."""
    return {key: getattr(row, name) for key, row in rows.items()}


@pytest.mark.parametrize("key", keys())
def test_every_story_ends_where_its_last_step_stands(key: str) -> None:
    for story in stories(key):
        walk = Walk(Random(0), story)
        walk.player = Player(walk.stage, story.start, seed=story.name)  # type: ignore[arg-type]
        for step in story.steps:
            if step.at is not None:
                walk.player.turn_to(step.at)
            walk.player.step(step)
        for id, steps in stepped(walk.stage).items():
            as_stored(id, steps, walk.stage.shelf)
            says_the_record(steps)


@pytest.mark.parametrize("key", keys())
@given(seed=st.integers(0, 2**32 - 1))
def test_a_random_life_ends_where_its_last_step_stands(key: str, seed: int) -> None:
    random = Random(seed)
    walk = Walk(random, random.choice(stories(key)))
    walk.begin()
    for _ in range(15):
        walk.step()
    for id, steps in stepped(walk.stage).items():
        as_stored(id, steps, walk.stage.shelf)
        says_the_record(steps)


def test_each_step_says_what_changed_and_is_what_the_steps_before_have_made_of_it() -> None:
    engine, request = told()
    steps = replayed(engine.uow.entries(request), engine.uow._by_digest, CALENDAR)
    before = State()
    for step, now in steps.states():
        for name in ("nodes", "slots", "timers", "variables"):
            found = {key: new for key, _, new in changes(getattr(before, name), getattr(now, name))}
            assert found == getattr(step.delta, name)
        assert steps.at(step.number).variables == now.variables
        before = now.copy()
    assert steps.at(0).request is None


def test_votes_people_and_reasons_stand_as_they_stood_then() -> None:
    engine, request = told()
    steps = replayed(engine.uow.entries(request), engine.uow._by_digest, CALENDAR)
    first = steps.at(1)
    (node,) = first.open_nodes()
    assert (node.node, node.round, node.total, node.pending) == ("sign", 1, 3, 3)
    assert [slot.holders for slot in first.slots_of(node.key)] == [
        ["risk.manager"], ["finance.manager"], ["card.manager"],
    ]  # fmt: skip
    assert all(slot.why["zh"] for slot in first.slots_of(node.key))
    assert [slot.status for slot in steps.at(2).slots_of(node.key)] == ["approved", "open", "open"]
    assert [slot.status for slot in steps.at(1).slots_of(node.key)] == ["open", "open", "open"]
    assert steps.at(len(steps)).nodes[node.key].status == "superseded"


def test_what_an_auditor_looks_for_is_found() -> None:
    engine, request = told()
    found = [kinds(step.entry) for step in stepped_in(engine, request).steps]
    assert frozenset({"refused"}) in found
    assert frozenset({"timer"}) in found
    assert any("superseded" in each for each in found)
    assert found[0] == frozenset()


def stepped_in(engine: Engine, request: RequestId) -> Replayed:
    """A live request step by step."""
    return replayed(engine.uow.entries(request), engine.uow._by_digest, CALENDAR)


def altered(engine: Engine, request: RequestId, seq: int, change: Callable[[Any], Any]) -> Replayed:
    """The steps after somebody has changed an entry."""
    entries = engine.uow.entries(request)
    entries[seq - 1] = change(entries[seq - 1])
    return replayed(entries, engine.uow._by_digest, CALENDAR)


def test_where_the_record_differs_it_is_said_and_the_record_is_read_from_there_on() -> None:
    engine, request = told()
    true = stepped_in(engine, request)

    def flip(entry: Entry) -> Entry:
        did = [
            ["voted", *fact[1:2], "rejected", 0, 1, 3] if fact[0] == "voted" else fact
            for fact in entry.body["did"]
        ]
        return replace(entry, body={**entry.body, "did": did})

    steps = altered(engine, request, 2, flip)
    assert steps.difference is not None
    assert (steps.difference.seq, steps.difference.what) == (2, "did")
    assert [step.by for step in steps.steps[:3]] == ["engine", "record", "record"]
    assert [step.number for step in steps.steps if step.difference] == [2]
    assert steps.at(2).slots[1].status == "rejected"
    assert true.at(2).slots[1].status == "approved"
    last, sound = steps.at(len(steps)), true.at(len(steps))
    assert last.request is not None
    assert sound.request is not None
    assert last.request.status == sound.request.status
    assert column(last.nodes, "status") == column(sound.nodes, "status")
    assert [step.by for step in steps.steps[1:]] == ["record"] * (len(steps) - 1)


def test_an_erased_comment_takes_nothing_from_the_replay() -> None:
    engine, request = told()
    erased = {"input.comment": {"erased": True}}
    steps = altered(
        engine,
        request,
        3,
        lambda entry: replace(entry, particulars={**entry.particulars, **erased}),
    )
    assert steps.steps[2].erased == ("input.comment",)
    assert steps.difference is None
    assert steps.steps[-1].by == "engine"


@pytest.mark.parametrize("path", ["input.answers", "facts"])
def test_where_what_decided_was_erased_the_record_is_read_and_nothing_is_accused(path: str) -> None:
    engine, request = told()
    steps = altered(
        engine,
        request,
        1,
        lambda entry: replace(entry, particulars={**entry.particulars, path: {"erased": True}}),
    )
    assert (steps.difference, steps.erased) == (None, 1)
    assert {step.by for step in steps.steps} == {"record"}
    assert steps.at(1).open_nodes()[0].node == "sign"
    assert steps.at(1).slots[1].holders == ["risk.manager"]
    last = steps.at(len(steps)).request
    assert last is not None
    assert last.status == engine.row(request).status


def test_a_missing_entry_is_a_difference() -> None:
    engine, request = told()
    entries = engine.uow.entries(request)
    del entries[3]
    steps = replayed(entries, engine.uow._by_digest, CALENDAR)
    assert steps.difference is not None
    assert (steps.difference.seq, steps.difference.what) == (5, "its number")


LOOP = process(
    "p",
    '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>',
    '<bpmn:exclusiveGateway id="g" default="g_j"/><bpmn:exclusiveGateway id="j"/>',
    task("work", assignee="tech.lead"),
    task(
        "sign",
        signers="${list('risk.manager', 'finance.manager')}",
        approval="all",
        approval__rejection="collect",
    ),
    chain("s", "j", "work", "sign", "g"),
    flow("g", "e", "${sign_verdict == 'approved'}"),
    flow("g", "j"),
)


def test_passes_of_a_loop_are_counted() -> None:
    engine = Engine(LOOP)
    request = engine.submit("p", "card.officer", amount=1)
    for turn in range(3):
        engine.act(Complete, request, "work", "tech.lead", answers={"amount": turn})
        engine.act(Approve, request, "sign", "risk.manager")
        engine.act(Reject, request, "sign", "finance.manager", comment="再改")
    steps = stepped_in(engine, request)
    last = steps.at(len(steps))
    assert last.passed["", "work"] == 3
    assert last.passed["", "j"] == 4
    assert [(node.node, node.pass_) for node in last.open_nodes()] == [("work", 4)]
    assert last.variables["", "amount"] == 2
    assert GONE not in last.variables.values()
    assert engine.now - timedelta(days=1) < steps.steps[-1].entry.at
