"""Random processes, never reloaded, reloaded at every step and replayed, against the oracle.

`TOKENS_SEEDS` says how many; `make soak` takes thousands.
"""

import json
from dataclasses import dataclass, field
from random import Random

import pytest

from engine.tokens import Net, Passage, Run, board
from engine.tokens.catching import Catch
from engine.tokens.joins import Inclusive, Parallel
from engine.tokens.nodes import Node
from tests.engine_tokens.nets import NOON, SEEDS, Answers
from tests.engine_tokens.oracle import Oracle
from tests.engine_tokens.shapes import Maker, drawn, inside

GROUP = 20
STEPS, CALM = 50, 30


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

    def act(self, kind: str, key: str, values: dict[str, int]) -> None:
        """One command."""
        if self.reload:
            marking, scopes = json.loads(json.dumps(self.run.save()))
            self.run = Run.resume(self.net, marking, scopes, self.world)
        for path, scope in self.run.save()[1].items():
            if scope["parent"] is None:
                self.run.write_local(values, path)
        match kind:
            case "task":
                self.run.complete(key)
            case "timer":
                self.run.fire(key)
            case "again":
                self.run.fire(key, again=NOON)
            case "message":
                self.run.deliver("ping", {})
        self.note()

    def seen(self) -> str:
        """Everything that may be compared between two of these."""
        return json.dumps([self.run.save(), [str(each) for each in self.journal[-20:]]])

    def open(self) -> list[str]:
        """The open keys."""
        return sorted(each.key for each in self.run.open())


def one_life(seed: int, depth: int = 3) -> int:
    """Walk through one process at random, asserting at every step; the number of commands."""
    random = Random(seed)
    shape = Maker(random).process(depth)
    values = {f"v_{each.id}": 0 for each in inside(shape)}
    oracle = Oracle(shape, values)
    graph, called = drawn(shape)
    net, world = Net(graph), Answers(called)
    ways = [Kept(net, world, reload, dict(values)) for reload in (False, True)]
    commands: list[tuple[str, str, dict[str, int]]] = []
    seen = [ways[0].seen()]
    for step in range(STEPS):
        choices = oracle.open()
        for way in ways:
            expected = sorted({key for _, key, _ in choices})
            assert way.open() == expected, f"seed {seed}, step {step}: {commands[-3:]}"
        assert ways[0].seen() == ways[1].seen(), f"seed {seed}, step {step}"
        if not choices:
            assert all(way.run.done() for way in ways), f"seed {seed}"
            assert oracle.body.done
            break
        kind, key, _ = random.choice(choices)
        for name in values:
            values[name] = random.choice([0, 0, 1, 1, 2, 5]) if step < CALM else 0
        oracle.act(kind, key)
        commands.append((kind, key, dict(values)))
        for way in ways:
            way.act(kind, key, dict(values))
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
    ],
)
def test_an_engine_with_a_fault_is_caught(
    where: type, name: str, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert _caught(range(120))
