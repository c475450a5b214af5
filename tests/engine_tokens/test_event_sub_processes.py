"""Event sub-processes: armed while their scope lives, instead of it or beside it."""

from datetime import UTC, datetime

import pytest

from engine.diagrams.words import EventWords
from engine.tokens import Each, IntoEnded, Net, NotOnPath, Step, rewind, targets
from tests.engine_tokens.nets import (
    NOON,
    Answers,
    Hand,
    call,
    condition,
    error,
    escalation,
    graph,
    handler,
    message,
    signal,
    sub,
    throws,
    timer,
    walk,
)

BEFORE_EACH_STEP = pytest.mark.parametrize("reload", [False, True], ids=["live", "reloaded"])

MEND = graph("s > mend > e9")


def watched(event: Step, *lines: str) -> Net:
    """A process with one event sub-process."""
    return Net(graph(*(lines or ("s > a > b > e",)), steps=(handler("esp", event, MEND),)))


@BEFORE_EACH_STEP
@pytest.mark.parametrize(
    ("event", "step"),
    [(timer("t"), "!t"), (message("m"), "@ping"), (signal("g"), "~alarm")],
)
def test_an_interrupting_one_is_all_that_is_left(event: Step, step: str, reload: bool) -> None:
    hand = Hand(watched(event, "s > +f > a > +j > b > e", "f > c > j"), reload=reload)
    walk(hand, f"a {step}")
    assert hand.open() == "mend"
    assert [each.key for each in hand.run.open()] == ["/esp#1/mend#1"]
    assert hand.joins() == []
    hand.do("mend")
    assert hand.run.done()
    assert hand.ended == ["e9"]
    assert hand.saved()[0]["tokens"] == []


@BEFORE_EACH_STEP
@pytest.mark.parametrize(
    ("event", "step", "times"),
    [
        (timer("t", interrupting=False), "!t", 1),
        (message("m", interrupting=False), "@ping", 3),
        (signal("g", interrupting=False), "~alarm", 3),
    ],
)
def test_another_runs_beside_its_scope(event: Step, step: str, times: int, reload: bool) -> None:
    hand = Hand(watched(event), reload=reload)
    for _ in range(times):
        walk(hand, step)
    assert hand.open() == " ".join(["a", *["mend"] * times])
    walk(hand, "a b")
    assert not hand.run.done()
    for number in range(times):
        walk(hand, f"/esp#{number + 1}/mend#1")
    assert hand.run.done()
    assert hand.saved()[0]["tokens"] == []


@BEFORE_EACH_STEP
def test_what_only_waits_keeps_no_scope_alive(reload: bool) -> None:
    hand = Hand(watched(message("m", interrupting=False)), reload=reload)
    assert [(each.kind, each.node, each.attached_to) for each in hand.run.open()] == [
        ("message", "m", None),
        ("task", "a", None),
    ]
    walk(hand, "a b")
    assert hand.run.done()
    assert hand.deliver("ping") == ()


@BEFORE_EACH_STEP
def test_a_cycle_reminds_again_and_again(reload: bool) -> None:
    hand = Hand(watched(timer("t", interrupting=False)), reload=reload)
    later = datetime(2030, 1, 16, 12, 0, tzinfo=UTC)
    hand.fire("t", again=later)
    assert (hand.token("t").key, hand.token("t").due) == ("/t#1", later)
    hand.fire("t", again=later)
    hand.fire("t")
    assert hand.open("timer") == ""
    assert hand.open() == "a mend mend mend"


@BEFORE_EACH_STEP
def test_one_in_a_sub_process_ends_with_it_and_is_armed_anew(reload: bool) -> None:
    inner = graph("s > x > e", steps=(handler("esp", timer("t"), MEND),))
    net = Net(graph("s > ?l > sub > ?g >(again) l", "g >* z > e", steps=(sub("sub", inner),)))
    hand = Hand(net, reload=reload, again=True)
    walk(hand, "x")
    assert hand.open("timer") == "t"
    assert hand.token("t").scope == "/sub#2"
    hand.run.write({"again": False})
    walk(hand, "!t mend")
    assert (hand.open(), hand.open("timer")) == ("z", "")


@BEFORE_EACH_STEP
def test_each_instance_and_each_called_process_has_its_own(reload: bool) -> None:
    inner = graph("s > x > e", steps=(handler("esp", timer("t"), MEND),))
    each = Each(cardinality="${2}")
    steps = (sub("sub", inner, each), call("c", "p"))
    net = Net(graph("s > sub > c > z > e", steps=steps))
    hand = Hand(net, reload=reload, world=Answers({"p": inner}))
    walk(hand, "!/sub#2/t#1")
    assert sorted(each.key for each in hand.run.open()) == [
        "/sub#1/t#1",
        "/sub#1/x#1",
        "/sub#2/esp#1/mend#1",
    ]
    walk(hand, "x mend")
    assert {each.key: each.definition for each in hand.run.open()} == {
        "/c#1/t#1": "p*",
        "/c#1/x#1": "p*",
    }
    walk(hand, "!t mend z")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_an_interrupting_one_ends_the_others(reload: bool) -> None:
    steps = (
        handler("esp", message("m", interrupting=False), MEND),
        handler("stop", signal("g"), graph("s > clear > e8")),
    )
    hand = Hand(Net(graph("s > a > e", steps=steps)), reload=reload)
    walk(hand, "@ping @ping ~alarm")
    assert hand.open() == "clear"
    assert hand.deliver("ping") == ()
    assert hand.deliver("alarm", "signal") == ()


@BEFORE_EACH_STEP
def test_a_condition_is_struck_each_time_that_it_turns_true(reload: bool) -> None:
    hand = Hand(watched(condition("c", "sum > 10", interrupting=False)), reload=reload, sum=1)
    for value in (5, 20, 30, 2, 11):
        hand.set(sum=value)
    assert hand.open() == "a mend mend"
    walk(hand, "/esp#1/mend#1 /esp#2/mend#1 a")
    assert hand.open() == "b"


@BEFORE_EACH_STEP
def test_a_condition_that_holds_already_strikes_at_once(reload: bool) -> None:
    hand = Hand(watched(condition("c", "sum > 10")), reload=reload, sum=11)
    assert hand.open() == "mend"


@BEFORE_EACH_STEP
def test_one_within_another(reload: bool) -> None:
    deep = graph("s > mend > e", steps=(handler("deep", timer("late"), graph("s > hurry > e9")),))
    made = graph("s > a > e", steps=(handler("esp", message("m"), deep),))
    hand = Hand(Net(made), reload=reload)
    walk(hand, "@ping !late hurry")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_a_timer_whose_text_fails_harms_nothing_else(reload: bool) -> None:
    class Never(Answers):
        def due(self, event: EventWords, variables: object) -> datetime | None:
            if len(variables) < 1:  # type: ignore[arg-type]
                raise LookupError("no day")
            return NOON

    hand = Hand(watched(timer("t")), reload=reload, world=Never())
    assert hand.trouble() == {"/t#1": "timer"}
    hand.do("a")
    assert hand.retry("t", day=1)
    assert hand.token("t").due == NOON
    walk(hand, "!t mend")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_what_only_waits_and_is_halted_keeps_no_scope_alive(reload: bool) -> None:
    hand = Hand(watched(condition("c", "text > 1")), reload=reload, text="x")
    assert hand.trouble() == {"/c#1": "expression"}
    walk(hand, "a b")
    assert hand.run.done()


@BEFORE_EACH_STEP
def test_a_handler_that_cannot_begin_keeps_what_it_caught(reload: bool) -> None:
    event = error("es", "", outputs={"n": "${missing + 1}"}, code_variable="why")
    steps = (handler("esp", event, MEND), throws("bad", "error", "X", ends=True))
    hand = Hand(Net(graph("s > a > bad", steps=steps)), reload=reload)
    hand.do("a")
    assert hand.trouble() == {"/esp#1": "expression"}
    assert hand.open() == ""
    assert hand.retry("esp", missing=1)
    assert hand.run.variables() == {"missing": 1, "n": 2, "why": "X"}
    assert hand.open() == "mend"


# returns

INNER = graph(
    "s > x > ?g >(fail) bad",
    "g >* esc > y > e",
    steps=(
        throws("bad", "error", "X", ends=True),
        throws("esc", "escalation", "E"),
        handler("on_error", error("ee", ""), graph("s > mend > more > e")),
        handler("on_escalation", escalation("el", "", interrupting=False), graph("s > tell > e")),
        handler("on_message", message("em", interrupting=False), graph("s > note > e")),
    ),
)
NESTED = Net(graph("s > a > sub > z > e", steps=(sub("sub", INNER),)))


def go_back(hand: Hand, source: str, target: str) -> str:
    marking, scopes = hand.saved()
    key = hand.token(source).key
    back = rewind(hand.net, marking, scopes, hand.passages, key, target, hand.world)
    hand.take(back.run, back.undone)
    return hand.open()


def offered(hand: Hand, source: str) -> str:
    found = targets(hand.passages, hand.saved()[0], hand.token(source).key)
    return " ".join(passage.node for passage in found)


def test_a_return_undoes_the_handlers_that_its_target_caused() -> None:
    """B2: what was told because of the undone pass is taken back, what came by itself stays."""
    hand = Hand(NESTED, reload=True, fail=False)
    walk(hand, "a @ping x")
    assert hand.open() == "note tell y"
    assert offered(hand, "y") == "a x"
    assert go_back(hand, "y", "x") == "note x"
    walk(hand, "x")
    assert hand.open() == "note tell y"
    assert go_back(hand, "y", "a") == "a"
    walk(hand, "a x")
    assert hand.open() == "tell y"


def test_a_return_from_a_handler_goes_to_before_what_it_ended_and_not_into_it() -> None:
    hand = Hand(NESTED, reload=True, fail=True)
    walk(hand, "a x mend")
    assert offered(hand, "more") == "a mend"
    with pytest.raises(IntoEnded):
        go_back(hand, "more", "x")
    assert go_back(hand, "more", "mend") == "mend"
    assert go_back(hand, "mend", "a") == "a"
    hand.run.write({"fail": False})
    walk(hand, "a x")
    assert hand.open() == "tell y"
    assert hand.open("message") == "em"


def test_a_handler_of_the_whole_process_was_caused_by_no_task() -> None:
    hand = Hand(watched(message("m")), reload=True)
    walk(hand, "a @ping")
    assert offered(hand, "mend") == ""
    with pytest.raises(NotOnPath):
        go_back(hand, "mend", "a")
