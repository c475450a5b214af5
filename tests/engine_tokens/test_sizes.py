"""Loops and size: the state does not grow, and a step does not slow."""

import json
from datetime import UTC, datetime
from time import process_time

import pytest

from engine.tokens import Net, Step
from tests.engine_tokens.nets import Hand, graph, handler, message, sub, timer, walk


def size(hand: Hand) -> int:
    """The length of what is kept between commands."""
    return len(json.dumps(hand.run.save(), separators=(",", ":")))


def steady(times: list[float]) -> bool:
    """Whether the last hundred took no more than a few times as long as the first, by medians."""
    first, last = sorted(times[:100])[50], sorted(times[-100:])[50]
    return last < 4 * first


def test_a_loop_of_2000_rounds() -> None:
    """Events and event sub-processes of every round are struck, and gone after it."""
    inner = graph(
        "s > x > e", steps=(handler("esp", message("m", interrupting=False), graph("s > n > e")),)
    )
    net = Net(
        graph(
            "s > f > +k > sub > +j > ?g >* e",
            "k > c > j",
            "b > esc > e1",
            "g >(again) f",
            steps=(sub("sub", inner), timer("b", "c", interrupting=False)),
        )
    )
    hand = Hand(net, reload=True, again=True)
    sizes, times = [], []
    for _ in range(2000):
        begun = process_time()
        walk(hand, "f @ping x n !b esc c")
        times.append(process_time() - begun)
        hand.journal.clear()
        sizes.append(size(hand))
    # Only the numbers in it grow longer.
    assert sizes[-1] <= sizes[0] + 40
    assert sizes[-1] < 700
    assert steady(times)


@pytest.mark.parametrize(
    ("lines", "step"),
    [
        (("s > a > e", "b > esc > e1"), timer("b", "a", interrupting=False)),
        (("s > a > e",), handler("esp", timer("b", interrupting=False), graph("s > esc > e9"))),
    ],
)
def test_a_thousand_reminders(lines: tuple[str, ...], step: Step) -> None:
    hand = Hand(Net(graph(*lines, steps=(step,))), reload=True)
    later = datetime(2030, 1, 16, 12, 0, tzinfo=UTC)
    sizes, times = [], []
    for _ in range(1000):
        begun = process_time()
        hand.fire("b", again=later)
        hand.do("esc")
        times.append(process_time() - begun)
        hand.journal.clear()
        sizes.append(size(hand))
    assert sizes[-1] <= sizes[0] + 10
    assert steady(times)
    assert hand.open() == "a"


def test_a_chain_of_400_desks() -> None:
    desks = " > ".join(f"d{n}" for n in range(400))
    hand = Hand(Net(graph(f"s > {desks} > e")), reload=True)
    sizes, times = [], []
    for n in range(400):
        sizes.append(size(hand))
        begun = process_time()
        hand.do(f"d{n}")
        times.append(process_time() - begun)
        hand.journal.clear()
    assert hand.run.done()
    # The entries of the nodes that were passed are counted: some ten bytes for each.
    assert sizes[-1] < sizes[0] + 400 * 12
    assert steady(times)


def test_thirty_sub_processes_in_one_another() -> None:
    inner = graph("s > ?l > x > ?g >(again) l", "g >* e")
    for level in range(30):
        inner = graph("s > sub > e", steps=(sub("sub", inner),), id=f"p{level}")
    hand = Hand(Net(inner), reload=True, again=True)
    sizes, times = [], []
    for _ in range(300):
        begun = process_time()
        hand.do("x")
        times.append(process_time() - begun)
        hand.journal.clear()
        sizes.append(size(hand))
    assert sizes[-1] <= sizes[0] + 20
    assert sizes[-1] < 20_000
    assert steady(times)
    hand.do("x", again=False)
    assert hand.run.done()


def test_a_halted_token_keeps_little() -> None:
    steps = (Step(id="act", kind="action"),)
    hand = Hand(Net(graph("s > act > e", steps=steps)), reload=True)
    hand.run.halt("/act#1", "no answer")
    first = size(hand)
    for _ in range(100):
        hand.retry("act")
        hand.run.halt("/act#1", "no answer")
    assert size(hand) == first
