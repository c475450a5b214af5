"""Random processes in a world that now and then fails: whatever fails halts one token and has
changed nothing, and once everything has been tried again the process stands where it would."""

import json
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

import pytest

from engine.diagrams.words import EventWords
from engine.tokens import Call, Graph, Net, Run, board, nested
from tests.engine_tokens.nets import SEEDS, Answers
from tests.engine_tokens.oracle import Oracle
from tests.engine_tokens.shapes import Maker, drawn, inside
from tests.engine_tokens.test_random import CALM, Kept, any_command

GROUP = 20
STEPS = 30


class Moody(Answers):
    """Fails now and then, while `moody`."""

    def __init__(self, called: Mapping[str, Graph], random: Random) -> None:
        super().__init__(called)
        self.random = random
        self.moody = False
        self.failed = 0

    def _perhaps(self) -> None:
        if self.moody and self.random.random() < 0.3:
            self.failed += 1
            raise LookupError("moody")

    def evaluate(self, expression: str, variables: Mapping[str, object]) -> object:
        self._perhaps()
        return super().evaluate(expression, variables)

    def holds(self, expression: str, variables: Mapping[str, object]) -> bool:
        self._perhaps()
        return super().holds(expression, variables)

    def due(self, event: EventWords, variables: Mapping[str, object]) -> datetime | None:
        self._perhaps()
        return super().due(event, variables)

    def called(self, call: Call, variables: Mapping[str, Any]) -> str:
        self._perhaps()
        return super().called(call, variables)


def try_all_again(kept: Kept, world: Moody) -> None:
    """Retry every token that the world's mood has halted, reloading before each."""
    for attempt in range(100):
        world.moody = attempt < 3
        halted = [each for each in kept.run.halted() if "moody" in each.trouble]
        if not halted:
            return
        token = world.random.choice(halted)
        before = without(kept.run, token.key)
        marking, scopes = json.loads(json.dumps(kept.run.save()))
        kept.run = Run.resume(kept.net, marking, scopes, world)
        world.failed = 0
        if not kept.run.retry(token.key) and world.failed == 1:
            assert not kept.run.passages
            assert without(kept.run, token.key) == before
        kept.note()
    raise AssertionError("some token is halted for ever")


def without(run: Run, key: str) -> str:
    """The state, but for what is said of one token."""
    marking, scopes = run.save()
    rows = [
        row
        for row in marking["tokens"]
        if f"{row.get('in', '')}/{row['at']}#{row.get('no')}" != key or "state" not in row
    ]
    return json.dumps([rows, marking["entries"], scopes])


def moody_life(seed: int) -> int:
    """Walk through one process at random; how many commands it took."""
    random = Random(seed)
    shape = Maker(random).process(3)
    values = {f"v_{each.id}": 0 for each in inside(shape)}
    oracle = Oracle(shape, values)
    graph, called = drawn(shape)
    world = Moody(called, Random(seed))
    kept = Kept(Net(graph), world, True, dict(values))
    for step in range(STEPS):
        try_all_again(kept, world)
        choices = oracle.open()
        assert kept.open() == sorted({each.key for each in choices}), f"seed {seed}, step {step}"
        if not choices:
            assert kept.run.done()
            return step
        kind, key, code = any_command(random, choices)
        for name in values:
            values[name] = random.choice([0, 0, 1, 1, 2, 5]) if step < CALM else 0
        oracle.act(kind, key, code)
        world.moody = kind != "halted"
        kept.act(kind, key, dict(values), code)
    return STEPS


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "STEPS_MAX", 10**6)


@pytest.mark.parametrize("group", range(max(1, SEEDS // GROUP // 2)))
def test_what_was_tried_again_stands_where_it_would(group: int) -> None:
    assert sum(moody_life(seed) for seed in range(group * GROUP, (group + 1) * GROUP)) > GROUP


def test_an_engine_that_changes_something_before_it_fails_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hasty(self: nested.SubProcess, token: Any) -> bool:
        self.enter(token)
        token.workflow.run.open_scope(
            token, self.content(token), self.parent_path(token), self.initial(token)
        )
        return False

    monkeypatch.setattr(nested.CallActivity, "_update_hook", hasty)
    assert _caught()


def _caught() -> bool:
    for seed in range(300):
        try:
            moody_life(seed)
        except Exception:
            return True
    return False
