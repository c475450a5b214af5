"""Halted tokens: what fails stops one token where it stands, loses nothing, and is tried again."""

import json
from collections.abc import Mapping
from datetime import datetime

import pytest

from engine.diagrams.words import EventWords
from engine.expressions import ExpressionError
from engine.tokens import Call, Each, Mapped, Net, NotOpen, Run, Step, UnknownStart, board
from tests.engine_tokens.nets import (
    NOON,
    Answers,
    Hand,
    call,
    condition,
    graph,
    message,
    sub,
    timer,
    walk,
)

BEFORE_EACH_STEP = pytest.mark.parametrize("reload", [False, True], ids=["live", "reloaded"])


class Texts(Answers):
    """Timers whose text is an expression that gives a moment."""

    failures = (ExpressionError, LookupError, ValueError)

    def due(self, event: EventWords, variables: Mapping[str, object]) -> datetime | None:
        if event.expression.startswith("${"):
            return datetime.fromisoformat(str(self.evaluate(event.expression, variables)))
        return NOON


@BEFORE_EACH_STEP
def test_only_the_token_that_fails_is_halted(reload: bool) -> None:
    net = Net(graph("s > a > +f > ?g >(sum > 5) b > e", "g >* c > e1", "f > d > e2"))
    hand = Hand(net, reload=reload)
    hand.do("a", note="kept")
    assert hand.trouble() == {"/g#1": "expression"}
    assert "sum" in hand.token("g").trouble
    assert (hand.open(), hand.open("halted")) == ("d", "g")
    assert [each.node for each in hand.passages] == ["s", "a", "f"]
    hand.do("d")
    assert not hand.retry("g")
    assert hand.retry("g", sum=7)
    assert (hand.open(), hand.trouble()) == ("b", {})
    assert hand.run.variables() == {"note": "kept", "sum": 7}


@BEFORE_EACH_STEP
def test_a_gateway_without_a_way_out_waits_for_a_variable(reload: bool) -> None:
    hand = Hand(Net(graph("s > ?g >(ok) a > e")), reload=reload, ok=False)
    assert hand.trouble() == {"/g#1": "expression"}
    assert not hand.run.done()
    assert hand.retry("g", ok=True)
    assert hand.open() == "a"


@BEFORE_EACH_STEP
def test_an_inclusive_gateway_is_halted_after_it_has_joined(reload: bool) -> None:
    net = Net(graph("s > +f > a > #j >(x > 1) c > e", "f > b > j", "j >* d > e1"))
    hand = Hand(net, reload=reload)
    walk(hand, "a b")
    assert hand.trouble() == {"/j#1": "expression"}
    assert hand.run.stuck() == ()
    assert hand.retry("j", x=2)
    assert hand.open() == "c"
    joined = next(each for each in hand.passages if each.node == "j")
    assert {node for _, node in joined.used} == {"a", "b"}


@BEFORE_EACH_STEP
def test_a_timer_whose_text_fails_waits_and_is_read_anew(reload: bool) -> None:
    steps = (timer("t", text="${when}"), timer("b", "u", text="${then}"))
    net = Net(graph("s > +f > t > a > e", "f > u > e1", "b > late > e2", steps=steps))
    hand = Hand(net, reload=reload, world=Texts())
    assert hand.trouble() == {"/t#1": "timer", "/b#1": "timer"}
    assert hand.token("b").attached_to == "/u#1"
    assert hand.retry("t", when="2030-02-03T04:05:00+00:00")
    assert hand.token("t").due is not None
    hand.do("u")
    assert hand.trouble() == {}
    hand.fire("t")
    assert hand.open() == "a"


@BEFORE_EACH_STEP
def test_a_race_goes_on_where_one_of_its_events_fails(reload: bool) -> None:
    steps = (timer("t", text="${when}"), message("m"))
    net = Net(graph("s > ^g > t > a > e", "g > m > b > e1", steps=steps))
    hand = Hand(net, reload=reload, world=Texts())
    assert hand.trouble() == {"/t#1": "timer"}
    hand.deliver("ping")
    assert (hand.open(), hand.trouble()) == ("b", {})


@BEFORE_EACH_STEP
def test_a_multi_instance_without_its_collection_has_begun_nothing(reload: bool) -> None:
    inner = graph("s > x > e")
    steps = (sub("sub", inner, Each(collection="${depts}", variable="d")), timer("b", "sub"))
    hand = Hand(Net(graph("s > a > sub > z > e", "b > h > e1", steps=steps)), reload=reload)
    hand.do("a")
    assert hand.trouble() == {"/sub:all#1": "expression"}
    assert hand.open("timer") == ""
    assert list(hand.saved()[1]) == [""]
    assert [each.node for each in hand.passages] == ["s", "a"]
    assert hand.retry("/sub:all#1", depts=["risk", "tech"])
    assert sorted(each.key for each in hand.run.open()) == ["/b#1", "/sub#1/x#1", "/sub#2/x#1"]
    walk(hand, "/sub#1/x#1 /sub#2/x#1 z")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_a_completion_condition_that_fails_keeps_the_instance(reload: bool) -> None:
    inner = graph("s > x > e")
    each = Each(cardinality="${3}", done_when="${nrOfCompletedInstances >= needed}")
    hand = Hand(Net(graph("s > sub > z > e", steps=(sub("sub", inner, each),))), reload=reload)
    walk(hand, "/sub#1/x#1")
    assert hand.trouble() == {"/sub#1": "expression"}
    assert hand.open() == "x x"
    assert "sub:each" not in [each.node for each in hand.passages]
    assert hand.retry("/sub#1", needed=2)
    walk(hand, "/sub#3/x#1")
    assert hand.open() == "z"


@BEFORE_EACH_STEP
def test_what_a_call_hands_back_is_all_or_nothing(reload: bool) -> None:
    outs = (
        Mapped(target="one", expression="${1}"),
        Mapped(target="two", expression="${missing + 1}"),
    )
    net = Net(graph("s > c > z > e", steps=(call("c", "p", *outs),)))
    hand = Hand(net, reload=reload, world=Answers({"p": graph("s > x > e")}))
    hand.do("x")
    assert hand.trouble() == {"/c#1": "expression"}
    assert "one" not in hand.run.variables()
    hand.fresh()
    hand.run.write({"missing": 4}, "/c#1")
    assert hand.run.retry("/c#1")
    assert hand.run.variables() == {"one": 1, "two": 5}
    assert hand.open() == "z"


@BEFORE_EACH_STEP
def test_a_call_that_hands_over_what_is_missing_has_not_begun(reload: bool) -> None:
    ins = (Mapped(target="sum", expression="${amount * 2}"),)
    step = Step(id="c", kind="call", call=Call(process="p", ins=ins))
    hand = Hand(
        Net(graph("s > c > z > e", steps=(step,))),
        reload=reload,
        world=Answers({"p": graph("s > x > e")}),
    )
    assert hand.trouble() == {"/c#1": "expression"}
    assert hand.retry("c", amount=4)
    assert hand.run.variables("/c#1") == {"sum": 8}


@BEFORE_EACH_STEP
def test_a_condition_that_fails_is_read_again_only_when_tried_again(reload: bool) -> None:
    steps = (condition("c", "ready > 1"),)
    hand = Hand(Net(graph("s > c > a > e", steps=steps)), reload=reload, ready="soon")
    assert hand.trouble() == {"/c#1": "expression"}
    hand.set(ready=2)
    assert hand.open() == ""
    assert hand.retry("c")
    assert hand.open() == "a"


def test_a_message_whose_name_fails_halts_who_waits_for_it() -> None:
    steps = (message("m", name="${name}"), message("n"))
    hand = Hand(Net(graph("s > +f > m > a > e", "f > n > b > e1", steps=steps)))
    assert hand.deliver("ping") == ("/n#1",)
    assert hand.trouble() == {"/m#1": "expression"}
    assert hand.retry("m", name="ping")
    assert hand.deliver("ping") == ("/m#1",)
    assert hand.open() == "a b"


@BEFORE_EACH_STEP
def test_a_circle_stops_where_it_is_and_goes_on_when_tried_again(
    reload: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(Net(graph("s > a > ?g >(true) ?h > g", "g >* e")), reload=reload)
    hand.do("a")
    [stopped] = hand.run.halted()
    assert (stopped.kind, stopped.trouble_kind) == ("halted", "limit")
    steps = len(hand.passages)
    hand.retry(stopped.key)
    assert len(hand.passages) == steps + 2000
    monkeypatch.setattr(board, "STEPS_MAX", 10)
    hand.retry(hand.run.halted()[0].key)
    assert len(hand.passages) == steps + 2010
    assert len(hand.saved()[0]["tokens"]) == 1


@BEFORE_EACH_STEP
def test_a_long_way_goes_on_after_a_pause(reload: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost where the steps of one command run out, wherever that is."""
    inner = graph("s > ?m1 > +f > ?m2 > +j > ?m3 > e", "f > ?m4 > j")
    lines = ("s > a > ?g1 > sub > ?g2 > each > ?g3 > t > ?g4 > z > e", "b > h > e1")
    steps = (
        sub("sub", inner),
        sub("each", inner, Each(cardinality="${2}", sequential=True)),
        timer("t"),
        timer("b", "t", interrupting=False),
    )
    net = Net(graph(*lines, steps=steps))
    whole = Hand(net)
    walk(whole, "a !b !t h z")
    monkeypatch.setattr(board, "STEPS_MAX", 1)
    hand = Hand(net, reload=reload)
    for step in ("", "a", "!b", "!t", "h", "z"):
        walk(hand, step)
        while hand.run.halted():
            hand.retry(hand.run.halted()[0].key)
    assert hand.run.done()
    assert sorted(each.node for each in hand.passages) == sorted(
        each.node for each in whole.passages
    )


def test_a_fork_bomb_is_stopped() -> None:
    lines = ("s > a > ?m > +f > m", *("f > m" for _ in range(9)), "f > e")
    hand = Hand(Net(graph(*lines)))
    hand.do("a")
    assert set(hand.trouble().values()) == {"limit"}
    assert hand.run.alive == len(hand.run.live()) <= board.TOKENS_MAX
    assert len(json.dumps(hand.run.save())) < 1_000_000


def test_a_multi_instance_of_multi_instances_is_stopped() -> None:
    inner = graph("s > x > e")
    for _ in range(3):
        inner = graph("s > sub > e", steps=(sub("sub", inner, Each(cardinality="${1000}")),))
    hand = Hand(Net(inner))
    assert set(hand.trouble().values()) == {"limit"}
    assert hand.run.alive <= board.TOKENS_MAX


@pytest.mark.parametrize("count", ["${1000000000}", "${10000 * 10000}"])
def test_too_many_instances_begin_none(count: str) -> None:
    inner = graph("s > x > e")
    hand = Hand(Net(graph("s > sub > e", steps=(sub("sub", inner, Each(cardinality=count)),))))
    assert hand.trouble() == {"/sub:all#1": "limit"}
    assert len(hand.saved()[0]["tokens"]) == 1


@pytest.mark.parametrize("count", ["${'many'}", "${null}"])
def test_what_is_no_number_of_instances_begins_none(count: str) -> None:
    inner = graph("s > x > e")
    hand = Hand(Net(graph("s > sub > e", steps=(sub("sub", inner, Each(cardinality=count)),))))
    assert hand.trouble() == {"/sub:all#1": "expression"}


@BEFORE_EACH_STEP
def test_a_task_may_be_halted_by_others_and_goes_on(reload: bool) -> None:
    steps = (Step(id="act", kind="action"), message("m", "act"))
    hand = Hand(Net(graph("s > act > z > e", "m > h > e1", steps=steps)), reload=reload)
    hand.run.halt("/act#1", "the other side does not answer", "action")
    hand.fresh()
    assert hand.token("act").kind == "action"
    assert hand.token("act").trouble == "the other side does not answer"
    assert hand.trouble() == {"/act#1": "action"}
    assert hand.retry("act")
    with pytest.raises(NotOpen):
        hand.run.retry("/act#1")
    hand.run.halt("/act#1", "again", "action")
    hand.do("act")
    assert hand.open() == "z"


def test_a_halted_token_hears_no_message_and_is_ended_like_any_other() -> None:
    steps = (sub("sub", graph("s > m > x > e", steps=(message("m"),))), timer("t", "sub"))
    hand = Hand(Net(graph("s > sub > z > e", "t > h > e1", steps=steps)), reload=True)
    hand.fresh()
    hand.run.halt("/sub#1/m#1", "stopped by hand")
    assert hand.deliver("ping") == ()
    hand.fire("t")
    assert (hand.open(), hand.trouble()) == ("h", {})


def test_what_is_not_a_failure_is_raised() -> None:
    """A fault of the program is no incident: the command fails and nothing is saved."""

    class Broken(Answers):
        def holds(self, expression: str, variables: Mapping[str, object]) -> bool:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Hand(Net(graph("s > ?g >(x) a > e", "g >* e")), world=Broken())


def test_a_run_begins_at_any_of_its_starts() -> None:
    steps = (Step(id="by_mail", kind="start"),)
    made = graph("s > a > b > e", "by_mail > b", steps=steps, starts=("s", "by_mail"))
    run = Run.begin(Net(made), {}, Answers(), start="by_mail")
    assert [each.node for each in run.open()] == ["b"]
    assert [each.node for each in run.passages] == ["by_mail"]
    assert [each.node for each in Run.begin(Net(made), {}, Answers()).open()] == ["a"]
    with pytest.raises(UnknownStart):
        Run.begin(Net(made), {}, Answers(), start="b")
