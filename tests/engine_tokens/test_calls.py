"""Called processes: which version runs is settled when the token comes."""

import json
from typing import Any

import pytest

from engine.tokens import Call, Each, Mapped, Net, Step
from tests.engine_tokens.nets import (
    Answers,
    Hand,
    call,
    error,
    escalation,
    graph,
    message,
    sub,
    throws,
    timer,
    walk,
)

BEFORE_EACH_STEP = pytest.mark.parametrize("reload", [False, True], ids=["live", "reloaded"])

CHECK = graph("s > x > y > e", "b > late > e1", steps=(timer("b", "x", interrupting=False),))


def calling(*outs: Mapped, each: Each | None = None) -> Net:
    return Net(graph("s > a > c > z > e", steps=(call("c", "check", *outs, each=each),)))


@BEFORE_EACH_STEP
def test_a_called_process_runs_below_its_caller(reload: bool) -> None:
    hand = Hand(calling(), reload=reload, world=Answers({"check": CHECK}))
    hand.do("a")
    standing = {each.key: (each.definition, each.attached_to) for each in hand.run.open()}
    assert standing == {"/c#1/x#1": ("check*", None), "/c#1/b#1": ("check*", "/c#1/x#1")}
    walk(hand, "!b x late y")
    assert [(each.key, each.definition) for each in hand.run.open()] == [("/z#1", "")]
    assert hand.ended == []
    hand.do("z")
    assert hand.ended == ["e"]


@BEFORE_EACH_STEP
def test_it_sees_what_it_was_handed_and_hands_back_what_is_asked_for(reload: bool) -> None:
    step = Step(
        id="c",
        kind="call",
        call=Call(
            process="check",
            ins=(Mapped(target="sum", expression="${amount * 2}"),),
            outs=(Mapped(target="result", expression="${sum + 1}"),),
        ),
    )
    net = Net(graph("s > c > z > e", steps=(step,)))
    hand = Hand(net, reload=reload, world=Answers({"check": CHECK}), amount=10, secret="no")
    assert hand.run.variables("/c#1") == {"sum": 20}
    walk(hand, "x y")
    assert hand.run.variables() == {"amount": 10, "secret": "no", "result": 21}


def test_a_token_stays_with_the_version_that_it_came_to() -> None:
    """A later version of the called process changes nothing for those that are under way."""
    world = Answers({"check": CHECK})
    hand = Hand(calling(), reload=True, world=world)
    hand.do("a")
    world.newest["check"] = "check2"
    world.nets["check2"] = Net(graph("s > other > e"))
    hand.do("x")
    assert hand.open() == "y"
    later = Hand(calling(), reload=True, world=world)
    later.do("a")
    assert [(each.key, each.definition) for each in later.run.open()] == [
        ("/c#1/other#1", "check2")
    ]


def test_which_process_is_called_may_depend_on_variables() -> None:
    world = Answers({"check": CHECK, "audit": graph("s > w > e")})
    net = Net(graph("s > a > c > z > e", steps=(call("c", "${which}"),)))
    hand = Hand(net, world=world)
    hand.do("a", which="audit")
    assert hand.open() == "w"


@BEFORE_EACH_STEP
@pytest.mark.parametrize("sequential", [False, True])
def test_each_instance_of_a_multi_instance_calls_for_itself(reload: bool, sequential: bool) -> None:
    world = Answers({"check": CHECK, "audit": graph("s > w > e")})
    each = Each(collection="${which}", variable="one", sequential=sequential)
    result = Mapped(target="last", expression="${one}")
    net = Net(graph("s > c > z > e", steps=(call("c", "${one}", result, each=each),)))
    hand = Hand(net, reload=reload, world=world, which=["check", "audit"])
    assert hand.open() == ("x" if sequential else "w x")
    walk(hand, "x y w z")
    assert hand.run.done()
    assert hand.run.variables()["last"] == "audit"


@BEFORE_EACH_STEP
def test_an_event_on_a_call_ends_everything_in_it(reload: bool) -> None:
    steps = (call("c", "check"), timer("t", "c"), message("m", "c", interrupting=False))
    net = Net(graph("s > c > z > e", "t > h > e1", "m > n > e2", steps=steps))
    hand = Hand(net, reload=reload, world=Answers({"check": CHECK}))
    walk(hand, "@ping !t")
    assert hand.open() == "h n"
    assert list(hand.saved()[1]) == [""]


def test_a_process_may_call_itself_twenty_deep_and_no_deeper() -> None:
    again = graph("s > c > e", steps=(call("c", "again"),))
    hand = Hand(Net(again), reload=True, world=Answers({"again": again}))
    assert hand.trouble() == {"/c#1" * 20 + "/c#1": "limit"}
    assert not hand.retry("c")
    assert "20" in hand.run.halted()[0].trouble


def test_nothing_is_nested_without_end() -> None:
    """Calls from deep within: what is ended at once is ended within the limits of the machine."""
    inner = graph("s > c > e", steps=(call("c", "again"),))
    for level in range(30):
        inner = graph("s > sub > e", steps=(sub("sub", inner),), id=f"p{level}")
    made = graph("s > +f > sub > e", "f > a > !e1", steps=(sub("sub", inner),))
    hand = Hand(Net(made), reload=True, world=Answers({"again": inner}))
    assert list(hand.trouble().values()) == ["limit"]
    hand.do("a")
    assert hand.run.done()


def test_sub_processes_do_not_count_as_calls() -> None:
    inner = CHECK
    for level in range(30):
        inner = graph("s > sub > e", steps=(sub("sub", inner),), id=f"p{level}")
    hand = Hand(Net(inner), reload=True)
    walk(hand, "x y")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_a_process_that_is_not_there_yet_is_found_later(reload: bool) -> None:
    world = Answers({})
    hand = Hand(calling(), reload=reload, world=world)
    before = hand.saved()
    hand.do("a", n=1)
    assert hand.trouble() == {"/c#1": "call"}
    assert hand.token("c").kind == "halted"
    assert "check" in hand.token("c").trouble
    assert not hand.retry("c")
    world.deploy("check", CHECK)
    assert hand.retry("c")
    assert [each.key for each in hand.run.open()] == ["/c#1/x#1", "/c#1/b#1"]
    walk(hand, "x y z")
    assert hand.run.done()
    assert before[0]["entries"] == {"": {"a": 1}}


def test_ids_of_caller_and_called_may_be_the_same() -> None:
    hand = Hand(
        Net(graph("s > x > c > y > e", steps=(call("c", "check"),))),
        reload=True,
        world=Answers({"check": CHECK}),
    )
    walk(hand, "x /c#1/x#1 /c#1/y#1 y")
    assert hand.run.done()
    assert json.dumps([each.scope for each in hand.passages if each.node == "y"]) == '["/c#1", ""]'


@BEFORE_EACH_STEP
@pytest.mark.parametrize("catching", [error, escalation])
def test_what_ends_a_call_from_within_gives_back_what_is_there(reload: bool, catching: Any) -> None:
    """As in Camunda: who catches the error or escalation of a called process reads its results."""
    kind = catching.__name__
    asks = graph("s > w > t", steps=(throws("t", kind, "E", ends=True),))
    outs = (
        Mapped(target="result", expression="${found}"),
        Mapped(target="late", expression="${notYet}"),
    )
    between = graph("s > c > e", steps=(call("c", "asks", *outs),))
    back = Mapped(target="result", expression="${result}")
    steps = (call("c", "between", back), catching("b", "c", "E"))
    net = Net(graph("s > c > z > e", "b > h > e1", steps=steps))
    hand = Hand(net, reload=reload, world=Answers({"asks": asks, "between": between}), late="kept")
    hand.do("w", found=7)
    assert hand.open() == "h"
    assert hand.run.variables() == {"result": 7, "late": "kept"}
