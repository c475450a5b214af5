"""Random lives with returns after which it goes straight back, against a fresh run that knows
nothing of them: it is as if the return had not been (B5)."""

from random import Random

import pytest

from engine.tokens import Net, Open, PutBack, Rewound, board, put_back, rewind, straight, targets
from tests.engine_tokens.nets import SEEDS, Answers, Hand
from tests.engine_tokens.shapes import Maker, drawn, inside
from tests.engine_tokens.test_random_returns import (
    CALM,
    GROUP,
    STEPS,
    Command,
    _same_without_undone,
    act,
    any_throw,
    shape_values,
)


def life(seed: int, depth: int = 3) -> int:
    """One life; how often it went straight back. -1: two tokens could not be told apart."""
    random = Random(seed)
    shape = Maker(random).process(depth)
    values = {f"v_{each.id}": 0 for each in inside(shape)}
    graph, called = drawn(shape)
    hand = Hand(Net(graph), reload=True, world=Answers(called), **values)
    done: list[Command] = []
    waiting: tuple[Rewound, list[str]] | None = None
    count = 0
    for step in range(STEPS):
        hand.fresh()
        tasks = [each for each in hand.run.open() if each.kind == "task"]
        if waiting is None and step > 2 and tasks and random.random() < 0.4:
            waiting = _returned(random, hand, random.choice(tasks))
            continue
        choices = [
            each
            for each in hand.run.open()
            if each.kind in ("task", "timer") and each.node != "last"
        ]
        if not choices:
            break
        token = random.choice(choices)
        if waiting is not None and token.key == waiting[0].entered:
            before = waiting[1]
            back = _straight(hand, waiting[0])
            assert sorted(back.keys.values()) == before, f"seed {seed}"
            assert all(new != old for new, old in back.keys.items()), f"seed {seed}"
            waiting = None
            count += 1
            continue
        if step < CALM:
            values = {name: random.choice([0, 0, 1, 1, 2, 5]) for name in values}
        else:
            values = dict.fromkeys(values, 0)
        first = hand.run.last_passage + 1
        thrown = any_throw(random, hand.run, token)
        act(hand.run, token, values, thrown)
        hand._note()
        done.append(Command(token.kind, token.key, values, first, thrown))
        if waiting is not None and all(o.key != waiting[0].entered for o in hand.run.open()):
            waiting = None
    return count if _same_without_undone(hand.net, shape_values(shape), hand, done, seed) else -1


def _returned(random: Random, hand: Hand, token: Open) -> tuple[Rewound, list[str]] | None:
    """A return from this task to any of those offered, and the tasks that it has closed."""
    marking, scopes = hand.saved()
    offered = sorted({each.node for each in targets(hand.passages, marking, token.key)})
    if not offered:
        return None
    opened = {each.key for each in hand.run.open() if each.kind == "task"}
    node = random.choice(offered)
    back = rewind(hand.net, marking, scopes, hand.passages, token.key, node, hand.world)
    hand.take(back.run, back.undone)
    left = {each.key for each in hand.run.open()}
    return back, sorted(opened - left)


def _straight(hand: Hand, back: Rewound) -> PutBack:
    marking, scopes = hand.saved()
    found = put_back(
        hand.net, marking, scopes, hand.passages, back.entered, back.dropped, hand.world
    )
    hand.undone -= back.undone
    hand.take(found.run, found.undone)
    return found


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "STEPS_MAX", 10**6)


@pytest.mark.parametrize("group", range(max(1, SEEDS // GROUP)))
def test_going_straight_back_is_as_if_nothing_had_been_returned(group: int) -> None:
    """B5."""
    counts = [life(seed) for seed in range(group * GROUP, (group + 1) * GROUP)]
    assert sum(count for count in counts if count > 0) > 1


def _caught() -> bool:
    for seed in range(2000):
        try:
            life(seed)
        except Exception:
            return True
    return False


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        pytest.param("caused", lambda passages, first: frozenset(), id="leaves what it caused"),
        pytest.param("_enter_again", lambda run, token: None, id="stands under its old number"),
    ],
)
def test_a_fault_is_caught(name: str, instead: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(straight, name, instead)
    assert _caught()
