"""Random processes, never reloaded, reloaded at every step and replayed, against the oracle.

`TOKENS_SEEDS` says how many; `make soak` takes thousands.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

import pytest

from engine.tokens import Graph, Net, Passage, Run, board, marking, throwing
from engine.tokens.catching import Catch
from engine.tokens.instances import Instances
from engine.tokens.joins import Inclusive, Parallel
from engine.tokens.nested import Trigger
from engine.tokens.nodes import Node
from tests.engine_tokens.game import Game
from tests.engine_tokens.nets import NOON, SEEDS, Answers
from tests.engine_tokens.oracle import Opened, Oracle
from tests.engine_tokens.shapes import CODES, Maker, drawn, inside
from tests.engine_tokens.tangles import Tangler

GROUP = 20
STEPS, CALM = 50, 30
CROWD = 60
"""So many open tokens are enough: a loop through a fork makes ever more."""


@dataclass
class Kept:
    """One way of keeping the state between commands."""

    net: Net
    world: Answers
    reload: bool
    values: dict[str, int]
    journal: list[Passage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.run = Run.begin(self.net, self.values, self.world)
        self.note()

    def note(self) -> None:
        """Put the run's passages into the journal."""
        self.journal += self.run.passages
        self.run.passages.clear()

    def act(self, kind: str, key: str, values: dict[str, int], code: str = "") -> None:
        """One command."""
        if self.reload:
            marking, scopes = json.loads(json.dumps(self.run.save()))
            self.run = Run.resume(self.net, marking, scopes, self.world)
        for path, scope in self.run.save()[1].items():
            if scope["parent"] is None:
                self.run.write_local(values, path)
        run = self.run
        acts: dict[str, Callable[[], object]] = {
            "task": lambda: run.complete(key),
            "timer": lambda: run.fire(key),
            "again": lambda: run.fire(key, again=NOON),
            "one": lambda: run.deliver("ping", {}, keys={key}),
            "message": lambda: run.deliver("ping", {}),
            "signal": lambda: run.deliver("alarm", {}, kind="signal"),
            "error": lambda: run.throw_error(key, code),
            "escalation": lambda: run.escalate(key, code),
            "halted": lambda: run.retry(key),
        }
        acts[kind]()
        self.note()

    def seen(self) -> str:
        """Everything that may be compared between two of these."""
        return json.dumps([self.run.save(), [str(each) for each in self.journal[-20:]]])

    def open(self) -> list[str]:
        """The open keys."""
        return sorted(each.key for each in self.run.open())


Command = tuple[str, str, dict[str, int], str]


def any_command(random: Random, choices: list[Opened]) -> tuple[str, str, str]:
    """A command that could be given now: kind, key, code."""
    chosen = random.choice(choices)
    kind, code = chosen.kind, ""
    if kind == "task" and random.random() < 0.15:
        kind, code = random.choice(["error", "escalation"]), random.choice(CODES)
    if kind == "message" and random.random() < 0.5:
        kind = "one"
    return kind, chosen.key, code


class Walked(Protocol):
    """What says how a process should go on."""

    def open(self) -> list[Opened]:
        """Everything that a command could do now."""

    def act(self, kind: str, key: str, code: str = "") -> None:
        """Do it."""


def one_life(seed: int, depth: int = 3) -> int:
    """Walk through a block-structured process; the number of commands."""
    random = Random(seed)
    shape = Maker(random).process(depth)
    values = {f"v_{each.id}": 0 for each in inside(shape)}
    oracle = Oracle(shape, values)
    return walk(seed, random, drawn(shape), values, oracle)


def one_tangle(seed: int, depth: int = 2) -> int:
    """Walk through an unstructured process; the number of commands."""
    random = Random(seed)
    tangler = Tangler(random)
    graph = tangler.net(depth)
    values = dict.fromkeys(tangler.variables, 0)
    game = Game(graph, tangler.called, values)
    return walk(seed, random, (graph, tangler.called), values, game)


def walk(
    seed: int,
    random: Random,
    drawing: tuple[Graph, dict[str, Graph]],
    values: dict[str, int],
    oracle: Walked,
) -> int:
    """Give commands at random, asserting at every step; how many there were."""
    graph, called = drawing
    net, world = Net(graph), Answers(called)
    ways = [Kept(net, world, reload, dict(values)) for reload in (False, True)]
    commands: list[Command] = []
    seen = [ways[0].seen()]
    for step in range(STEPS):
        choices = oracle.open()
        for way in ways:
            expected = sorted({each.key for each in choices})
            assert way.open() == expected, f"seed {seed}, step {step}: {commands[-3:]}"
        assert ways[0].seen() == ways[1].seen(), f"seed {seed}, step {step}"
        if not choices:
            assert all(way.run.done() or way.run.stuck() for way in ways), f"seed {seed}"
            break
        if len(choices) > CROWD:
            break
        kind, key, code = any_command(random, choices)
        for name in values:
            values[name] = random.choice([0, 0, 1, 1, 2, 5]) if step < CALM else 0
        oracle.act(kind, key, code)
        commands.append((kind, key, dict(values), code))
        for way in ways:
            way.act(kind, key, dict(values), code)
        seen.append(ways[1].seen())
    replay = Kept(Net(graph), Answers(called), False, dict.fromkeys(values, 0))
    for command, before in zip(commands, seen, strict=False):
        assert replay.seen() == before, f"seed {seed}: replay differs before {command}"
        replay.act(*command)
    return len(commands)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "STEPS_MAX", 10**6)


@pytest.mark.parametrize("group", range(max(1, SEEDS // GROUP)))
def test_random_processes_go_the_oracles_way(group: int) -> None:
    assert sum(one_life(seed) for seed in range(group * GROUP, (group + 1) * GROUP)) > GROUP


TRIGGERS = throwing._triggers


@pytest.mark.parametrize("group", range(max(1, SEEDS // GROUP)))
def test_random_tangles_go_the_games_way(group: int) -> None:
    assert sum(one_tangle(seed) for seed in range(group * GROUP, (group + 1) * GROUP)) > GROUP


def _caught(seeds: range) -> bool:
    for seed in seeds:
        try:
            one_life(seed)
        except Exception:
            return True
    return False


@pytest.mark.parametrize(
    ("where", "name", "instead"),
    [
        pytest.param(
            Parallel,
            "_update_hook",
            lambda self, token: (
                len(self.incoming) < 2 or self.consume({token.flow: token}) or False
            ),
            id="a join that opens for the first",
        ),
        pytest.param(
            Inclusive,
            "try_to_fire",
            lambda self, scope: self.consume(self.waiting(scope)) or True,
            id="an inclusive join that does not wait",
        ),
        pytest.param(Node, "unwatch", lambda self, token: None, id="events that stay armed"),
        pytest.param(Catch, "fire", lambda self, token: token._ready(), id="a race without an end"),
        pytest.param(Catch, "restore", Node.restore, id="a host that is forgotten"),
        pytest.param(
            Trigger,
            "interrupt",
            lambda self, token: self._handle(token),
            id="an interrupting event sub-process that ends nothing",
        ),
        pytest.param(
            Trigger,
            "strike",
            lambda self, token: self.leave(token),
            id="an event sub-process that runs once only",
        ),
        pytest.param(Trigger, "idle", False, id="a watcher that keeps its scope alive"),
        pytest.param(
            throwing,
            "_ordered",
            lambda tokens: sorted(tokens, key=lambda t: t.id),
            id="any catcher",
        ),
        pytest.param(
            throwing,
            "_triggers",
            lambda scope, kind, beyond: TRIGGERS(scope, kind, None),
            id="an event sub-process that catches what it throws",
        ),
        pytest.param(
            Instances, "satisfied_with", lambda self, child: False, id="no completion condition"
        ),
        pytest.param(
            marking, "_recall", lambda token, row: None, id="a halted token that is forgotten"
        ),
    ],
)
def test_an_engine_with_a_fault_is_caught(
    where: object, name: str, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert _caught(range(400))
