"""Straight back after a return: what it dropped is put back, nothing runs twice (B5)."""

import pytest

from engine.tokens import Net, NotOpen, Rewound, put_back, put_back_all
from tests.engine_tokens.nets import WORLD, Hand, graph, sub, timer, walk
from tests.engine_tokens.test_returns import BRANCH, EVENTS, FORK, INNER, LINE, NESTED, go_back

WATCHED = Net(
    graph(
        "s > a > b > e",
        "at > help > e2",
        steps=(timer("at", "a", interrupting=False), sub("help", INNER)),
    )
)


def back(hand: Hand, gone: Rewound) -> dict[str, str]:
    """Straight back; the tasks that are open again, by key."""
    found = put_back(
        hand.net, *hand.saved(), hand.passages, gone.entered, gone.dropped, WORLD
    )
    hand.undone -= gone.undone
    hand.take(found.run, found.undone)
    return dict(found.keys)


@pytest.mark.parametrize(
    ("net", "before", "source", "target", "meanwhile", "opened", "waits", "rest"),
    [
        pytest.param(LINE, "a b", "c", "a", "", "c", "", "c", id="in a line"),
        pytest.param(FORK, "pre a", "a2", "pre", "", "a2 b", "", "a2 b b2 z", id="before a fork"),
        pytest.param(
            FORK, "pre b b2 a", "a2", "pre", "", "a2", "b2", "a2 z", id="sibling at the join"
        ),
        pytest.param(
            FORK, "pre a", "a2", "a", "b b2", "a2", "b2", "a2 z", id="a sibling went on meanwhile"
        ),
        pytest.param(EVENTS, "p u", "z", "u", "!bt", "z", "", "z", id="a handler of the target"),
        pytest.param(BRANCH, "a x", "y", "a", "", "b y", "", "y b z", id="into a sub-process"),
        pytest.param(WATCHED, "a", "b", "a", "!at x", "b", "", "b", id="with all that it caused"),
        pytest.param(NESTED, "a x", "y", "x", "", "y", "", "y z", id="inside a sub-process"),
    ],
)
def test_it_goes_on_where_the_return_came_from(
    net: Net,
    before: str,
    source: str,
    target: str,
    meanwhile: str,
    opened: str,
    waits: str,
    rest: str,
) -> None:
    """B5."""
    hand = Hand(net, reload=True)
    walk(hand, before)
    gone = go_back(hand, source, target)
    hand.take(gone.run, gone.undone)
    walk(hand, meanwhile)
    keys = back(hand, gone)
    assert hand.open() == opened
    assert {node for node, _ in hand.joins()} == {"join"} & ({"join"} if waits else set())
    assert all(new != old for new, old in keys.items())
    walk(hand, rest)
    assert hand.run.done()


def test_a_deadline_of_who_decides_again_begins_anew() -> None:
    hand = Hand(EVENTS, reload=True)
    walk(hand, "p u")
    gone = go_back(hand, "z", "u")
    hand.take(gone.run, gone.undone)
    back(hand, gone)
    hand.fire("zt")
    assert hand.open() == "zesc"


def test_only_from_the_target_while_it_is_open() -> None:
    hand = Hand(LINE, reload=True)
    walk(hand, "a b")
    gone = go_back(hand, "c", "a")
    hand.take(gone.run, gone.undone)
    hand.do("a")
    with pytest.raises(NotOpen):
        back(hand, gone)


def test_what_was_set_aside_as_a_whole_is_put_back() -> None:
    hand = Hand(FORK, reload=True)
    walk(hand, "pre b b2")
    found = put_back_all(hand.net, *hand.saved(), WORLD)
    assert len(found.keys) == 1
    hand.take(found.run, found.undone)
    walk(hand, "a a2 z")
    assert hand.run.done()
