"""Random lives with several returns, against a fresh run that is fed only what was not undone."""

import re
from dataclasses import dataclass
from random import Random
from typing import Literal

import pytest

from engine.tokens import Net, Open, ReturnRefused, Run, board, returns, rewind, targets
from engine.tokens.catching import Watch
from engine.tokens.nested import Handler, SubProcess
from tests.engine_tokens.nets import SEEDS, Answers, Hand
from tests.engine_tokens.shapes import Maker, drawn, inside

GROUP = 40
STEPS, CALM = 26, 16


@dataclass(slots=True)
class Command:
    """What was done, what it wrote, and the first passage that it made. `thrown`: the sort and the
    code of what a task threw, where something catches that."""

    kind: str
    key: str
    values: dict[str, int]
    passage: int
    thrown: tuple[str, str] | None = None


def bare(key: str) -> str:
    """A key without the numbers of entries: those differ once something was undone."""
    return re.sub(r"#\d+", "", key)


def act(
    run: Run, token: Open, values: dict[str, int], thrown: tuple[str, str] | None = None
) -> None:
    """Complete, throw or fire, after writing what the gateways read into every scope that has its
    own."""
    write(run, values)
    if thrown is not None:
        throw = run.throw_error if thrown[0] == "error" else run.escalate
        assert throw(token.key, thrown[1])
    elif token.kind == "task":
        run.complete(token.key)
    else:
        run.fire(token.key)


def write(run: Run, values: dict[str, int]) -> None:
    for path, scope in run.save()[1].items():
        if scope["parent"] is None:
            run.write_local(values, path)


def seen(run: Run) -> tuple[list[str], list[tuple[str, str]]]:
    """What is open, and what waits at joins."""
    rows = run.save()[0]["tokens"]
    waiting = sorted(
        (bare(row.get("in", "")) + row["at"], row["flow"]) for row in rows if "flow" in row
    )
    return sorted(bare(each.key) for each in run.open()), waiting


def life(seed: int, depth: int = 3) -> int:
    """One life; how many returns it had. -1: two tokens could not be told apart."""
    random = Random(seed)
    shape = Maker(random).process(depth)
    values = {f"v_{each.id}": 0 for each in inside(shape)}
    graph, called = drawn(shape)
    net = Net(graph)
    hand = Hand(net, reload=True, world=Answers(called), **values)
    done: list[Command] = []
    count = 0
    for step in range(STEPS):
        hand.fresh()
        tasks = [each for each in hand.run.open() if each.kind == "task"]
        if step > 2 and tasks and random.random() < 0.3:
            count += try_return(random, hand, random.choice(tasks))
            continue
        choices = [
            each
            for each in hand.run.open()
            if each.kind in ("task", "timer") and each.node != "last"
        ]
        if not choices:
            break
        token = random.choice(choices)
        if step < CALM:
            values = {name: random.choice([0, 0, 1, 1, 2, 5]) for name in values}
        else:
            values = dict.fromkeys(values, 0)
        before = hand.run.last_passage
        thrown = any_throw(random, hand.run, token)
        act(hand.run, token, values, thrown)
        hand._note()
        done.append(Command(token.kind, token.key, values, before + 1, thrown))
    return count if _same_without_undone(net, shape_values(shape), hand, done, seed) else -1


def any_throw(random: Random, run: Run, token: Open) -> tuple[str, str] | None:
    """Something that a task could throw and that would be caught; mostly nothing."""
    if token.kind != "task" or random.random() > 0.3:
        return None
    kinds: tuple[Literal["error", "escalation"], ...] = ("error", "escalation")
    found = [(kind, code or "A") for kind in kinds for code in run.catchable(token.key, kind)]
    return random.choice(found) if found else None


def shape_values(shape: object) -> dict[str, int]:
    """All variables at their beginning."""
    return {f"v_{each.id}": 0 for each in inside(shape)}  # type: ignore[arg-type]


def try_return(random: Random, hand: Hand, token: Open) -> int:
    """Return from `token` to any task in its past; what is offered goes, the rest is refused."""
    marking, scopes = hand.saved()
    offered = {each.node for each in targets(hand.passages, marking, token.key)}
    nodes = sorted({each.node for each in hand.passages if each.key})
    if not nodes:
        return 0
    node = random.choice(sorted(offered) if offered and random.random() < 0.8 else nodes)
    try:
        back = rewind(hand.net, marking, scopes, hand.passages, token.key, node, hand.world)
    except ReturnRefused:
        assert node not in offered
        return 0
    assert node in offered
    hand.take(back.run, back.undone)
    return 1


def _same_without_undone(
    net: Net, values: dict[str, int], hand: Hand, done: list[Command], seed: int
) -> bool:
    run = Run.begin(net, values, hand.world)
    for command in done:
        if command.passage in hand.undone:
            write(run, command.values)
            continue
        found = [
            each
            for each in run.open()
            if bare(each.key) == bare(command.key) and each.kind == command.kind
        ]
        if len(found) > 1:
            return False
        assert found, f"seed {seed}: {command.key} is not open without what was undone"
        act(run, found[0], command.values, command.thrown)
    assert seen(hand.run) == seen(run), f"seed {seed}"
    return True


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "STEPS_MAX", 10**6)


@pytest.mark.parametrize("group", range(max(1, SEEDS // GROUP)))
def test_a_return_is_as_if_what_it_undid_had_not_been(group: int) -> None:
    """B1, B2, B4."""
    counts = [life(seed) for seed in range(group * GROUP, (group + 1) * GROUP)]
    assert sum(count for count in counts if count > 0) > 1


CATCH = Watch.catch


def _caught() -> bool:
    for seed in range(2000):
        try:
            life(seed)
        except Exception:
            return True
    return False


@pytest.mark.parametrize(
    ("where", "name", "instead"),
    [
        pytest.param(
            returns,
            "caused",
            lambda passages, first: frozenset({first}),
            id="undoes the target only",
        ),
        pytest.param(
            returns,
            "caused",
            lambda passages, first: frozenset(p.id for p in passages if p.id >= first),
            id="undoes all that came later",
        ),
        pytest.param(
            returns, "_obstacle", lambda *_: None, id="goes into branches that were joined"
        ),
        pytest.param(
            Watch,
            "catch",
            lambda self, token, caught, causes: CATCH(self, token, caught, ()),
            id="forgets who threw what a handler caught",
        ),
        pytest.param(
            Handler, "remember", SubProcess.remember, id="goes into what a handler has ended"
        ),
    ],
)
def test_a_return_with_a_fault_is_caught(
    where: object, name: str, instead: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, name, instead)
    assert _caught()
