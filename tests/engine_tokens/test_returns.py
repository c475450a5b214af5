"""Returns: what the target's passage caused is undone, nothing else (B1, B2, B7)."""

import json

import pytest

from engine.tokens import (
    Each,
    IntoBranch,
    IntoEnded,
    Net,
    NotOnPath,
    ReturnRefused,
    Rewound,
    rewind,
    targets,
)
from tests.engine_tokens.nets import WORLD, Hand, graph, sub, timer, walk

LINE = Net(graph("s > a > b > c > e"))
FORK = Net(graph("s > pre > +split > a > a2 > +join > z > e", "split > b > b2 > join"))
LOOP = Net(
    graph(
        "s > f > +split > a > a2 > +join > m > ?g >* z > e",
        "split > b > join",
        "g >(again) f",
    )
)
EVENTS = Net(
    graph(
        "s > p > u > z > e",
        "bt > esc > e2",
        "zt > zesc > e3",
        steps=(timer("bt", "u", interrupting=False), timer("zt", "z")),
    )
)
INNER = graph("s > x > y > e")
NESTED = Net(
    graph("s > a > sub > z > e", "ob > h > e2", steps=(sub("sub", INNER), timer("ob", "sub")))
)
BRANCH = Net(graph("s > a > +sp > sub > +jn > z > e", "sp > b > jn", steps=(sub("sub", INNER),)))


def go_back(hand: Hand, source: str, target: str) -> Rewound:
    marking, scopes = hand.saved()
    key = hand.token(source).key
    return rewind(hand.net, marking, scopes, hand.passages, key, target, WORLD)


def offered(hand: Hand, source: str) -> str:
    found = targets(hand.passages, hand.saved()[0], hand.token(source).key)
    return " ".join(passage.node for passage in found)


@pytest.mark.parametrize(
    ("net", "before", "source", "target", "opened", "waits", "rest"),
    [
        pytest.param(LINE, "a b", "c", "a", "a", "", "a b c", id="in a line"),
        pytest.param(
            FORK, "pre a", "a2", "a", "a b", "", "a a2 b b2 z", id="same branch, sibling open"
        ),
        pytest.param(
            FORK, "pre b b2 a", "a2", "a", "a", "b2", "a a2 z", id="same branch, sibling done"
        ),
        pytest.param(
            FORK, "pre a", "a2", "pre", "pre", "", "pre a b a2 b2 z", id="before the fork"
        ),
        pytest.param(
            FORK,
            "pre b b2 a",
            "a2",
            "pre",
            "pre",
            "",
            "pre a b a2 b2 z",
            id="fork, sibling at join",
        ),
        pytest.param(
            FORK, "pre a a2 b b2", "z", "pre", "pre", "", "pre a b a2 b2 z", id="after the join"
        ),
        pytest.param(
            LOOP,
            "f a a2 b m f a",
            "a2",
            "a",
            "a b",
            "",
            "a a2 b m z",
            id="second round, same branch",
        ),
        pytest.param(
            LOOP,
            "f a a2 b m f a",
            "a2",
            "f",
            "f",
            "",
            "f a a2 b m z",
            id="second round, before the fork",
        ),
        pytest.param(EVENTS, "p", "u", "p", "p", "", "p u z", id="a timer waits on me"),
        pytest.param(
            EVENTS,
            "p !bt u",
            "z",
            "u",
            "u",
            "",
            "u z",
            id="to a node whose timer started a handler",
        ),
        pytest.param(EVENTS, "p !bt", "esc", "p", "p", "", "p u z", id="from a handler"),
        pytest.param(
            EVENTS, "p u !zt", "zesc", "u", "u", "", "u z", id="from an interrupting handler"
        ),
        pytest.param(NESTED, "a x", "y", "x", "x", "", "x y z", id="inside a sub-process"),
        pytest.param(NESTED, "a x", "y", "a", "a", "", "a x y z", id="out of a sub-process"),
        pytest.param(NESTED, "a x y", "z", "a", "a", "", "a x y z", id="to before a sub-process"),
        pytest.param(
            NESTED, "a x !ob", "h", "a", "a", "", "a x y z", id="from a handler to before it"
        ),
        pytest.param(
            BRANCH,
            "a b x",
            "y",
            "a",
            "a",
            "",
            "a b x y z",
            id="sub-process in a branch, before the fork",
        ),
        pytest.param(BRANCH, "a b x", "y", "x", "x", "b", "x y z", id="within it, sibling done"),
    ],
)
@pytest.mark.parametrize("reload", [False, True], ids=["live", "reloaded"])
def test_a_return_undoes_what_its_target_caused(
    net: Net,
    before: str,
    source: str,
    target: str,
    opened: str,
    waits: str,
    rest: str,
    reload: bool,
) -> None:
    """B1, B2."""
    hand = Hand(net, reload=reload, again=True)
    walk(hand, before)
    assert target in offered(hand, source).split()
    back = go_back(hand, source, target)
    hand.take(back.run, back.undone)
    assert hand.open() == opened
    assert [flow.split("-")[0] for _, flow in hand.joins()] == waits.split()
    hand.run.write({"again": False})
    walk(hand, rest)
    assert hand.run.done()


@pytest.mark.parametrize(
    ("net", "before", "source", "target", "reason"),
    [
        pytest.param(LINE, "a", "b", "c", NotOnPath, id="not reached yet"),
        pytest.param(LINE, "a", "b", "b", NotOnPath, id="itself"),
        pytest.param(FORK, "pre b a", "a2", "b", NotOnPath, id="another branch"),
        pytest.param(FORK, "pre a a2 b b2", "z", "a2", IntoBranch, id="a branch that was joined"),
        pytest.param(NESTED, "a x y", "z", "x", IntoEnded, id="a sub-process that has ended"),
        pytest.param(NESTED, "a x !ob", "h", "x", NotOnPath, id="one that was interrupted"),
    ],
)
def test_a_return_that_cannot_be_done_changes_nothing(
    net: Net, before: str, source: str, target: str, reason: type[ReturnRefused]
) -> None:
    """B1, B2, B7."""
    hand = Hand(net, again=True)
    walk(hand, before)
    saved = hand.saved()
    text = json.dumps(saved)
    assert target not in offered(hand, source).split()
    with pytest.raises(reason):
        rewind(net, *saved, hand.passages, hand.token(source).key, target, WORLD)
    assert json.dumps(saved) == text


def test_targets_are_the_latest_pass_of_each_node_on_the_path() -> None:
    """B1: in a loop a return goes to this round's pass, not to one of the round before."""
    hand = Hand(LOOP, again=True)
    walk(hand, "f a a2 b m f a")
    found = targets(hand.passages, hand.saved()[0], "/a2#2")
    assert [passage.key for passage in found] == ["/m#1", "/f#2", "/a#2"]


def test_a_return_never_leaves_one_instance_of_a_multi_instance() -> None:
    """B1: never across the border of one instance of a multi-instance sub-process."""
    net = Net(graph("s > a > sub > z > e", steps=(sub("sub", INNER, Each(collection="${depts}")),)))
    hand = Hand(net, depts=["risk", "tech"])
    walk(hand, "a /sub#1/x#1 /sub#2/x#1")
    assert offered(hand, "/sub#1/y#1") == "x"
    with pytest.raises(IntoEnded):
        go_back(hand, "/sub#1/y#1", "a")
    back = go_back(hand, "/sub#1/y#1", "x")
    assert [o.key for o in back.run.open()] == ["/sub#2/y#1", "/sub#1/x#2"]


def test_deadlines_of_the_target_start_anew_and_keys_are_never_used_twice() -> None:
    """B2: the target's deadlines start anew."""
    hand = Hand(EVENTS)
    walk(hand, "p !bt u")
    back = go_back(hand, "z", "u")
    assert [o.key for o in back.run.open()] == ["/u#2", "/bt#2"]


def test_undone_passages_are_those_of_the_target_and_after_it() -> None:
    hand = Hand(FORK)
    walk(hand, "pre a")
    back = go_back(hand, "a2", "a")
    undone = {passage.node for passage in hand.passages if passage.id in back.undone}
    assert undone == {"a"}


def test_variables_are_not_rolled_back() -> None:
    """B4: form values stay as they are."""
    hand = Hand(LINE)
    hand.do("a", amount="100")
    hand.do("b", amount="200")
    assert go_back(hand, "c", "a").run.variables() == {"amount": "200"}
