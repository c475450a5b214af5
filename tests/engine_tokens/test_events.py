"""Signals, conditions and who hears what; events on the edge of whatever waits."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from engine.diagrams.words import EventWords
from engine.tokens import Each, Net, NotOpen, Run, Step
from tests.engine_tokens.nets import (
    NOON,
    Answers,
    Hand,
    call,
    condition,
    graph,
    message,
    signal,
    sub,
    timer,
    walk,
)

BEFORE_EACH_STEP = pytest.mark.parametrize("reload", [False, True], ids=["live", "reloaded"])

INNER = graph("s > x > e")
HOSTS: Mapping[str, Step] = {
    "task": Step(id="w", kind="task"),
    "worker": Step(id="w", kind="external"),
    "sub-process": sub("w", INNER),
    "each": sub("w", INNER, Each(cardinality="${2}")),
    "in turn": sub("w", INNER, Each(cardinality="${2}", sequential=True)),
    "call": call("w", "p"),
    "calls": call("w", "p", each=Each(cardinality="${2}")),
    "receive": message("w", name="pong"),
    "timer": timer("w"),
}
EVENTS: Mapping[str, Callable[[bool], Step]] = {
    "!b": lambda interrupting: timer("b", "w", interrupting=interrupting),
    "@ping": lambda interrupting: message("b", "w", interrupting=interrupting),
    "~alarm": lambda interrupting: signal("b", "w", interrupting=interrupting),
    "on": lambda interrupting: condition("b", "on", "w", interrupting=interrupting),
}


@BEFORE_EACH_STEP
@pytest.mark.parametrize("act", EVENTS)
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("interrupting", [True, False])
def test_events_on_the_edge_of_whatever_waits(
    host: str, act: str, interrupting: bool, reload: bool
) -> None:
    event = EVENTS[act](interrupting)
    net = Net(graph("s > w > z > e", "b > h > e1", steps=(HOSTS[host], event)))
    hand = Hand(net, reload=reload, world=Answers({"p": INNER}), on=False)
    waiting = [each.key for each in hand.run.open() if each.node != "b"]
    [watch] = [each for each in hand.run.open() if each.node == "b"]
    assert watch.attached_to == ("/w:all#1" if host in ("each", "in turn", "calls") else "/w#1")
    if act == "on":
        hand.set(on=True)
    else:
        walk(hand, act)
    left = [each.key for each in hand.run.open() if each.node not in ("b", "h")]
    assert left == ([] if interrupting else waiting)
    assert hand.open().split().count("h") == 1
    if interrupting:
        hand.do("h")
        assert hand.run.done()


@BEFORE_EACH_STEP
def test_a_signal_is_no_message(reload: bool) -> None:
    steps = (message("m", name="alarm"), signal("g"))
    hand = Hand(Net(graph("s > +f > m > a > e", "f > g > b > e1", steps=steps)), reload=reload)
    assert hand.deliver("alarm", "signal") == ("/g#1",)
    assert hand.open() == "b"
    assert hand.deliver("alarm") == ("/m#1",)
    assert hand.open() == "a b"


def test_a_message_may_be_meant_for_some_of_those_that_wait() -> None:
    steps = (message("m"), message("n"))
    hand = Hand(Net(graph("s > +f > m > a > e", "f > n > b > e1", steps=steps)))
    assert hand.run.deliver("ping", {}, keys={"/n#1", "/other#1"}) == ("/n#1",)
    assert hand.open() == "b"


@BEFORE_EACH_STEP
def test_a_condition_is_read_after_every_act(reload: bool) -> None:
    steps = (condition("c", "sum > 10"),)
    hand = Hand(
        Net(graph("s > +f > c > a > e", "f > b > d > e1", steps=steps)), reload=reload, sum=1
    )
    assert [(each.kind, each.node) for each in hand.run.open()] == [
        ("condition", "c"),
        ("task", "b"),
    ]
    hand.run.write({"sum": 20})
    assert hand.open() == "b"
    hand.do("b", sum=30)
    assert hand.open() == "a d"


@BEFORE_EACH_STEP
def test_a_condition_waits_for_its_variables(reload: bool) -> None:
    """What has not been set yet is no trouble: it is what is waited for."""
    hand = Hand(Net(graph("s > c > a > e", steps=(condition("c", "sum > 10"),))), reload=reload)
    assert (hand.open(), hand.trouble()) == ("", {})
    hand.set(other=1)
    assert (hand.open(), hand.trouble()) == ("", {})
    hand.set(sum=11)
    assert hand.open() == "a"


def test_a_condition_on_an_edge_is_struck_once_each_time_it_turns_true() -> None:
    event = condition("c", "sum > 10", "a", interrupting=False)
    hand = Hand(Net(graph("s > a > e", "c > h > e1", steps=(event,))), reload=True, sum=1)
    for value in (11, 12, 3, 4, 15):
        hand.set(sum=value)
    assert hand.open() == "a h h"


@BEFORE_EACH_STEP
def test_a_condition_wins_a_race(reload: bool) -> None:
    steps = (condition("c", "sum > 10"), signal("g"), timer("t"))
    net = Net(graph("s > ^r > c > a > e", "r > g > b > e1", "r > t > d > e2", steps=steps))
    hand = Hand(net, reload=reload, sum=1)
    assert hand.open("condition", "signal", "timer") == "c g t"
    hand.set(sum=11)
    assert (hand.open(), hand.open("signal", "timer", "condition")) == ("a", "")


@BEFORE_EACH_STEP
def test_conditions_see_the_variables_of_their_scope(reload: bool) -> None:
    inner = graph("s > x > c > y > e", steps=(condition("c", "item == wanted"),))
    each = Each(collection="${all}", variable="item")
    net = Net(graph("s > sub > z > e", steps=(sub("sub", inner, each),)))
    hand = Hand(net, reload=reload, all=["p", "q"], wanted="")
    walk(hand, "/sub#1/x#1 /sub#2/x#1")
    hand.set(wanted="q")
    assert [each.key for each in hand.run.open() if each.kind == "task"] == ["/sub#2/y#1"]


class Hours(Answers):
    """Timers are due so many hours after noon."""

    failures = (ValueError,)

    def due(self, event: EventWords, variables: Mapping[str, object]) -> datetime | None:
        return NOON + timedelta(hours=int(str(self.evaluate(event.expression, variables))))


@BEFORE_EACH_STEP
def test_timers_that_race_each_have_their_own_time(reload: bool) -> None:
    steps = (timer("t1", text="${1}"), timer("t2", text="${n}"), timer("t3", text="${n + 1}"))
    net = Net(graph("s > ^r > t1 > a > e", "r > t2 > b > e1", "r > t3 > d > e2", steps=steps))
    hand = Hand(net, reload=reload, world=Hours(), n=5)
    hand.fresh()
    due = {each.node: each.due.hour for each in hand.run.open() if each.due}
    assert due == {"t1": 13, "t2": 17, "t3": 18}
    hand.run.write({"n": 8})
    assert {each.node for each in hand.run.rearm({"n"})} == {"t2", "t3"}
    hand.fire("t2")
    assert (hand.open(), hand.open("timer")) == ("b", "")


def test_a_timer_that_can_no_longer_be_told_is_halted_when_it_is_set_anew() -> None:
    steps = (timer("t", text="${n}"), timer("u", text="${1}"))
    hand = Hand(Net(graph("s > +f > t > e", "f > u > e1", steps=steps)), world=Hours(), n=2)
    hand.run.write({"n": "soon"})
    assert [(each.node, each.due) for each in hand.run.rearm({"n"})] == [("t", None)]
    assert hand.trouble() == {"/t#1": "timer"}
    assert hand.retry("t", n=3)
    assert hand.token("t").due == datetime(2030, 1, 15, 15, 0, tzinfo=UTC)


def test_rearm_reads_conditions_too() -> None:
    steps = (condition("c", "n > 1"), timer("t", text="${n}"))
    net = Net(graph("s > +f > c > a > e", "f > t > e1", steps=steps))
    hand = Hand(net, world=Hours(), n=1)
    hand.run.write({"n": 2})
    assert [each.node for each in hand.run.rearm({"n"})] == ["t"]
    assert hand.open() == "a"


def test_only_timers_are_fired_and_only_stops_completed() -> None:
    steps = (condition("c", "n"), signal("g"), Step(id="w", kind="external"))
    net = Net(graph("s > +f > c > e", "f > g > e1", "f > w > e2", steps=steps))
    run = Run.begin(net, {"n": False}, Answers())
    for key in ("/c#1", "/g#1", "/w#1"):
        with pytest.raises(NotOpen):
            run.fire(key)
    for key in ("/c#1", "/g#1"):
        with pytest.raises(NotOpen):
            run.complete(key)
    run.complete("/w#1")
    assert [each.kind for each in run.open()] == ["condition", "signal"]
