"""Errors and escalations: thrown, caught by the nearest event around, or by nobody."""

import pytest

from engine.tokens import Each, Net, NotOpen
from tests.engine_tokens.nets import (
    Answers,
    Hand,
    call,
    error,
    escalation,
    graph,
    handler,
    message,
    sub,
    throws,
    timer,
    walk,
)

BEFORE_EACH_STEP = pytest.mark.parametrize("reload", [False, True], ids=["live", "reloaded"])

BAD = throws("bad", "error", "X", ends=True, message="sum ${sum} is wrong")
CHECK = graph("s > x > ?g >(fail) bad", "g >* e", steps=(BAD,))


def around(inner: object, *events: object, each: Each | None = None) -> Net:
    """A sub-process with events on its edge; each leads to a task `h_<id>`."""
    ways = [f"{event.id} > h_{event.id} > e{n}" for n, event in enumerate(events)]  # type: ignore[attr-defined]
    steps = (sub("sub", inner, each), *events)  # type: ignore[arg-type]
    return Net(graph("s > sub > z > e", *ways, steps=steps))  # type: ignore[arg-type]


@BEFORE_EACH_STEP
def test_an_error_end_is_caught_on_the_edge(reload: bool) -> None:
    net = around(CHECK, error("any", "sub"), error("x", "sub", "X"), error("y", "sub", "Y"))
    hand = Hand(net, reload=reload, fail=True, sum=3)
    hand.do("x")
    assert hand.open() == "h_x"
    assert hand.ended == ["bad"]
    assert list(hand.saved()[1]) == [""]
    hand = Hand(net, reload=reload, fail=False)
    walk(hand, "x z")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_what_was_thrown_is_written_where_it_is_caught(reload: bool) -> None:
    caught = error(
        "x",
        "sub",
        "X",
        code_variable="why",
        message_variable="text",
        outputs={"twice": "${sum * 2}"},
    )
    hand = Hand(around(CHECK, caught), reload=reload, fail=True, sum=3)
    hand.do("x")
    said = {"why": "X", "text": "sum 3 is wrong", "twice": 6}
    assert hand.run.variables() == {"fail": True, "sum": 3, **said}


@BEFORE_EACH_STEP
def test_an_error_that_nobody_catches_halts_its_thrower(reload: bool) -> None:
    hand = Hand(around(CHECK, error("y", "sub", "Y")), reload=reload, fail=True, sum=1)
    hand.do("x")
    assert hand.trouble() == {"/sub#1/bad#1": "error"}
    assert hand.token("bad").trouble == "error X is caught nowhere: sum 1 is wrong"
    assert hand.ended == []


@BEFORE_EACH_STEP
def test_a_catch_all_nearby_is_nearer_than_a_code_further_out(reload: bool) -> None:
    inner = graph(
        "s > deep > e", "any > near > e1", steps=(sub("deep", CHECK), error("any", "deep"))
    )
    hand = Hand(around(inner, error("x", "sub", "X")), reload=reload, fail=True, sum=1)
    hand.do("x")
    assert hand.open() == "near"


@BEFORE_EACH_STEP
def test_an_error_goes_through_calls_and_ends_them(reload: bool) -> None:
    """Its variables are those of the scope that catches it, not of the called process."""
    outer = graph("s > c > e", steps=(call("c", "check"),))
    steps = (call("d", "outer"), error("x", "d", "X", code_variable="why"))
    net = Net(graph("s > d > z > e", "x > h > e1", steps=steps))
    world = Answers({"outer": outer, "check": CHECK})
    hand = Hand(net, reload=reload, world=world, fail=True, sum=1)
    hand.fresh()
    hand.run.write({"why": "inner"}, "/d#1/c#1")
    hand.do("x")
    assert hand.open() == "h"
    assert hand.run.variables() == {"fail": True, "sum": 1, "why": "X"}


@BEFORE_EACH_STEP
@pytest.mark.parametrize("sequential", [False, True])
def test_an_error_in_one_instance_ends_the_whole_multi_instance(
    reload: bool, sequential: bool
) -> None:
    each = Each(cardinality="${3}", sequential=sequential)
    hand = Hand(around(CHECK, error("x", "sub"), each=each), reload=reload, fail=True, sum=1)
    walk(hand, "/sub#1/x#1")
    assert hand.open() == "h_x"
    assert list(hand.saved()[1]) == [""]


@BEFORE_EACH_STEP
def test_a_task_ends_with_an_error(reload: bool) -> None:
    net = Net(
        graph(
            "s > sub > z > e",
            "wide > h > e1",
            steps=(
                sub(
                    "sub",
                    graph(
                        "s > x > e",
                        "late > l > e2",
                        "near > n > e3",
                        steps=(error("near", "x", "X"), timer("late", "x")),
                    ),
                ),
                error("wide", "sub"),
            ),
        )
    )
    hand = Hand(net, reload=reload)
    assert hand.run.catchable("/sub#1/x#1") == ("X", "")
    assert hand.throw("x", "X")
    assert (hand.open(), hand.open("timer")) == ("n", "")
    assert hand.throw("n", "Y", found=1)
    assert hand.open() == "h"
    assert not hand.throw("h", "Y", "nobody is there", left=2)
    assert hand.trouble() == {"/h#1": "error"}
    assert hand.run.variables() == {"found": 1}
    assert hand.token("h").kind == "task"
    hand.do("h")
    assert hand.run.done()


def test_only_what_a_person_or_worker_does_can_throw() -> None:
    net = around(graph("s > t > e", steps=(timer("t"),)), error("x", "sub"))
    hand = Hand(net)
    with pytest.raises(NotOpen):
        hand.run.throw_error("/sub#1/t#1", "X")


ESC = graph("s > x > esc > y > e", steps=(throws("esc", "escalation", "late"),))


@BEFORE_EACH_STEP
def test_an_escalation_is_heard_beside_what_goes_on(reload: bool) -> None:
    net = around(ESC, escalation("hear", "sub", "late", interrupting=False))
    hand = Hand(net, reload=reload)
    hand.do("x")
    assert hand.open() == "h_hear y"
    walk(hand, "y z h_hear")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_an_escalation_may_interrupt(reload: bool) -> None:
    hand = Hand(around(ESC, escalation("hear", "sub")), reload=reload)
    hand.do("x")
    assert hand.open() == "h_hear"


@BEFORE_EACH_STEP
def test_an_escalation_that_nobody_hears_goes_on(reload: bool) -> None:
    net = around(ESC, escalation("hear", "sub", "other"), error("x", "sub"))
    hand = Hand(net, reload=reload)
    hand.do("x")
    assert hand.open() == "y"
    assert hand.trouble() == {}


@BEFORE_EACH_STEP
def test_a_task_escalates_again_and_again(reload: bool) -> None:
    steps = (escalation("hear", "a", "late", interrupting=False, outputs={"who": "${by}"}),)
    hand = Hand(Net(graph("s > a > z > e", "hear > h > e1", steps=steps)), reload=reload)
    assert hand.run.catchable("/a#1", "escalation") == ("late",)
    assert hand.escalate("a", "late", by="li")
    assert hand.escalate("a", "late", by="wang")
    assert not hand.escalate("a", "other")
    assert hand.open() == "a h h"
    assert hand.run.variables() == {"by": "wang", "who": "wang"}
    walk(hand, "a /h#1 /h#2 z")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_an_escalation_end_ends_its_way_only(reload: bool) -> None:
    inner = graph(
        "s > +f > x > esc", "f > y > e", steps=(throws("esc", "escalation", "late", ends=True),)
    )
    hand = Hand(around(inner, escalation("hear", "sub", interrupting=False)), reload=reload)
    hand.do("x")
    assert hand.open() == "h_hear y"
    assert hand.ended == ["esc"]


@BEFORE_EACH_STEP
def test_what_fails_while_catching_halts_who_catches(reload: bool) -> None:
    """The thrower is gone, what it threw is not: it is kept until it can be written."""
    caught = error("x", "sub", "X", code_variable="why", outputs={"n": "${missing + sum}"})
    hand = Hand(around(CHECK, caught), reload=reload, fail=True, sum=3)
    hand.do("x")
    assert hand.trouble() == {"/x#1": "expression"}
    assert "why" not in hand.run.variables()
    assert hand.retry("x", missing=1)
    assert hand.open() == "h_x"
    assert hand.run.variables()["n"] == 4
    assert hand.run.variables()["why"] == "X"


@BEFORE_EACH_STEP
def test_what_is_thrown_may_depend_on_variables(reload: bool) -> None:
    steps = (throws("bad", "error", "${code}", ends=True, payload={"n": "${sum + 1}"}),)
    inner = graph("s > x > bad", steps=steps)
    events = (error("p", "sub", "P", outputs={"got": "${n}"}), error("q", "sub", "Q"))
    hand = Hand(around(inner, *events), reload=reload, code="Q", sum=1)
    hand.do("x", code="P")
    assert hand.open() == "h_p"
    assert hand.run.variables()["got"] == 2


@BEFORE_EACH_STEP
def test_an_event_sub_process_is_nearer_than_the_edge(reload: bool) -> None:
    inner = graph(
        "s > +f > x > bad",
        "f > y > e",
        steps=(
            throws("bad", "error", "X", ends=True),
            handler("esp", error("es", "", code_variable="why"), graph("s > mend > e")),
        ),
    )
    hand = Hand(around(inner, error("x", "sub", "X")), reload=reload)
    hand.do("x")
    assert [each.key for each in hand.run.open()] == ["/sub#1/esp#1/mend#1"]
    assert hand.run.variables()["why"] == "X"
    walk(hand, "mend z")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_what_an_event_sub_process_throws_it_does_not_catch_itself(reload: bool) -> None:
    again = graph("s > mend > esc > more > e", steps=(throws("esc", "escalation", "late"),))
    hear = escalation("es", "", interrupting=False)
    inner = graph(
        "s > x > esc0 > y > e",
        steps=(throws("esc0", "escalation", "late"), handler("esp", hear, again)),
    )
    hand = Hand(around(inner, escalation("hear", "sub", interrupting=False)), reload=reload)
    hand.do("x")
    assert hand.open() == "mend y"
    hand.do("mend")
    assert hand.open() == "h_hear more y"


@BEFORE_EACH_STEP
def test_a_terminate_end_ends_only_its_own_scope(reload: bool) -> None:
    inner = graph(
        "s > +f > a > !e", "f > b > e1", steps=(handler("esp", message("m"), graph("s > n > e")),)
    )
    hand = Hand(around(inner, timer("t", "sub")), reload=reload)
    walk(hand, "a")
    assert (hand.open(), hand.open("message", "timer")) == ("z", "")
    called = Net(graph("s > +f > c > z > e", "f > y > e1", steps=(call("c", "p"),)))
    hand = Hand(called, reload=reload, world=Answers({"p": inner}))
    walk(hand, "a")
    assert hand.open() == "y z"
