"""Every kind of node, live and reloaded before each step; events, sub-processes, messages."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from engine.tokens import Each, Net, NotOpen, Run, UnknownMarking
from tests.engine_tokens.nets import NOON, WORLD, Answers, Hand, graph, message, sub, timer, walk

BEFORE_EACH_STEP = pytest.mark.parametrize("reload", [False, True], ids=["live", "reloaded"])


def watched(event: object) -> Net:
    """A task with an event on its edge."""
    return Net(graph("s > c > z > e", "b > esc > e2", steps=(event,)))  # type: ignore[arg-type]


SUB = graph("s > c > y > e", "b > esc > y", steps=(timer("b", "c"),))
EACH = graph("s > c > y > e", "b > esc > e2", steps=(timer("b", "c", interrupting=False),))


@BEFORE_EACH_STEP
@pytest.mark.parametrize(
    ("net", "steps"),
    [
        (watched(timer("b", "c")), "c z"),
        (watched(timer("b", "c")), "!b esc"),
        (watched(timer("b", "c", interrupting=False)), "!b c esc z"),
        (watched(timer("b", "c", interrupting=False)), "!b esc c z"),
        (watched(message("b", "c")), "@ping esc"),
        (watched(message("b", "c", interrupting=False)), "@ping c esc z"),
        (watched(message("b", "c", interrupting=False)), "@ping @ping c /esc#1 /esc#2 z"),
        (Net(graph("s > sub > z > e", steps=(sub("sub", SUB),))), "!b esc y z"),
        (
            Net(
                graph(
                    "s > sub > z > e", "ob > oesc > e9", steps=(sub("sub", SUB), timer("ob", "sub"))
                )
            ),
            "c y z",
        ),
        (
            Net(
                graph(
                    "s > sub > z > e", "ob > oesc > e9", steps=(sub("sub", SUB), timer("ob", "sub"))
                )
            ),
            "!ob oesc",
        ),
        (
            Net(graph("s > sub > z > e", steps=(sub("sub", EACH, Each(collection="${depts}")),))),
            "!/sub#1/b#1 /sub#2/c#1 /sub#1/esc#1 /sub#1/c#1 /sub#2/y#1 /sub#1/y#1 z",
        ),
        (
            Net(
                graph(
                    "s > sub > z > e",
                    steps=(sub("sub", EACH, Each(collection="${depts}", sequential=True)),),
                )
            ),
            "c y /sub#2/c#1 y z",
        ),
        (
            Net(graph("s > f > c > ?g >* e", "b > f", "g >(again) f", steps=(timer("b", "c"),))),
            "f !b f !b f c",
        ),
        (Net(graph("s > t > z > e", steps=(timer("t"),))), "!t z"),
        (Net(graph("s > m > z > e", steps=(message("m"),))), "@ping z"),
        (
            Net(graph("s > ^g > m > a > e", "g > t > b > e1", steps=(message("m"), timer("t")))),
            "@ping a",
        ),
        (
            Net(graph("s > ^g > t1 > a > e", "g > t > b > e1", steps=(timer("t1"), timer("t")))),
            "!t b",
        ),
    ],
)
def test_a_walk_ends_where_it_should(net: Net, steps: str, reload: bool) -> None:
    hand = Hand(net, reload=reload, depts=["risk", "tech"], again=False)
    walk(hand, steps)
    assert hand.run.done()
    assert hand.run.save()[0]["tokens"] == []
    assert hand.ended


@BEFORE_EACH_STEP
def test_an_interrupting_event_ends_the_task_and_its_other_events(reload: bool) -> None:
    net = Net(
        graph(
            "s > c > z > e",
            "b > esc > e2",
            "n > note > e3",
            steps=(timer("b", "c"), message("n", "c", interrupting=False)),
        )
    )
    hand = Hand(net, reload=reload)
    assert hand.open("timer", "message") == "b n"
    walk(hand, "@ping !b")
    assert (hand.open(), hand.open("timer", "message")) == ("esc note", "")
    assert hand.deliver("ping") == ()


@BEFORE_EACH_STEP
def test_completing_a_task_disarms_its_events(reload: bool) -> None:
    hand = Hand(watched(timer("b", "c", interrupting=False)), reload=reload)
    key = hand.token("b").key
    assert hand.token("b").attached_to == "/c#1"
    assert hand.token("b").due == NOON
    hand.do("c")
    with pytest.raises(NotOpen):
        hand.run.fire(key)


@BEFORE_EACH_STEP
def test_a_cycle_stays_armed_under_its_key(reload: bool) -> None:
    hand = Hand(watched(timer("b", "c", interrupting=False)), reload=reload)
    later = datetime(2030, 1, 16, 12, 0, tzinfo=UTC)
    hand.fire("b", again=later)
    assert hand.token("b").due == later
    assert hand.token("b").key == "/b#1"
    hand.fire("b")
    assert hand.open("timer") == ""
    assert hand.open() == "c esc esc"


@BEFORE_EACH_STEP
def test_a_race_has_one_winner(reload: bool) -> None:
    net = Net(
        graph(
            "s > +f > ^g > m > a > e",
            "g > t > b > e1",
            "f > ^h > t2 > c > e2",
            "h > t3 > d > e3",
            steps=(message("m"), timer("t"), timer("t2"), timer("t3")),
        )
    )
    hand = Hand(net, reload=reload)
    hand.fire("t")
    assert (hand.open(), hand.open("timer", "message")) == ("b", "t2 t3")
    assert hand.deliver("ping") == ()


def test_a_message_reaches_every_token_that_waits_for_it_and_no_other() -> None:
    net = Net(
        graph(
            "s > +f > m > a > e",
            "f > n > b > e1",
            "f > o > c > e2",
            steps=(message("m"), message("n"), message("o", name="pong")),
        )
    )
    hand = Hand(net)
    assert hand.deliver("ping") == ("/m#1", "/n#1")
    assert hand.open() == "a b"
    assert hand.deliver("pong") == ("/o#1",)
    assert hand.deliver("nobody") == ()


@BEFORE_EACH_STEP
def test_a_terminate_end_ends_its_scope_only(reload: bool) -> None:
    inner = graph("s > +f > a > !e", "f > b > e1")
    hand = Hand(Net(graph("s > sub > z > e", steps=(sub("sub", inner),))), reload=reload)
    assert hand.open() == "a b"
    hand.do("a")
    assert hand.open() == "z"
    assert hand.ended == ["e"]


@BEFORE_EACH_STEP
def test_an_empty_multi_instance_goes_on_and_a_completion_condition_ends_the_rest(
    reload: bool,
) -> None:
    each = Each(
        collection="${depts}",
        variable="dept",
        done_when="${nrOfCompletedInstances / nrOfInstances >= 0.5}",
    )
    inner = graph("s > ?g >(dept == 'risk') grade > e", "g >* sign > e")
    net = Net(graph("s > a > sub > z > e", steps=(sub("sub", inner, each),)))
    hand = Hand(net, reload=reload, depts=[])
    hand.do("a")
    assert hand.open() == "z"
    hand = Hand(net, reload=reload, depts=[])
    hand.do("a", depts=["risk", "tech", "card"])
    assert hand.open() == "grade sign sign"
    hand.do("grade")
    assert hand.open() == "sign sign"
    hand.do("/sub#2/sign#1")
    assert hand.open() == "z"
    assert list(hand.run.save()[1]) == [""]


def test_verdicts_of_two_instances_stay_apart() -> None:
    """V8: in a multi-instance sub-process one instance's approval is not another's."""
    inner = graph("s > c > note > ?g >(c_verdict == 'approved') good > e", "g >* bad > e")
    net = Net(graph("s > sub > e", steps=(sub("sub", inner, Each(collection="${depts}")),)))
    hand = Hand(net, depts=["risk", "tech"])
    for key, verdict in (("/sub#1/c#1", "rejected"), ("/sub#2/c#1", "approved")):
        hand.run.complete(key, {}, {"c_verdict": verdict})
    hand.do("/sub#1/note#1")
    hand.do("/sub#2/note#1")
    assert [o.key for o in hand.run.open()] == ["/sub#1/bad#1", "/sub#2/good#1"]


def test_a_write_goes_where_the_variable_is_defined_else_to_the_root() -> None:
    each = Each(collection="${depts}", variable="dept")
    net = Net(graph("s > sub > e", steps=(sub("sub", graph("s > x > e"), each),)))
    hand = Hand(net, depts=["P", "F"], n=0)
    hand.run.write({"n": 1, "dept": "P2", "new": True}, "/sub#1")
    assert hand.run.variables("/sub#1")["dept"] == "P2"
    assert hand.run.variables("/sub#2")["dept"] == "F"
    assert hand.run.variables() == {"depts": ["P", "F"], "n": 1, "new": True}
    hand.run.write_local({"seen": 1}, "/sub#2")
    assert "seen" not in hand.run.variables()


def test_a_timer_is_armed_anew_when_a_variable_that_it_reads_changes() -> None:
    net = Net(
        graph(
            "s > c > e",
            "b > x > e1",
            "d > y > e2",
            steps=(timer("b", "c", text="${dev_end}"), timer("d", "c")),
        )
    )
    hand = Hand(net)
    assert hand.run.rearm({"other"}) == ()
    assert hand.run.rearm({"dev_end"}) == ()

    class Later(Answers):
        def due(self, event: object, variables: object) -> datetime:
            return datetime(2031, 1, 1, tzinfo=UTC)

    run = Run.resume(net, *hand.saved(), Later())
    assert [each.node for each in run.rearm({"dev_end"})] == ["b"]
    assert {o.node: o.due.year for o in run.open() if o.due} == {"b": 2031, "d": 2030}


def test_a_marking_of_another_format_or_diagram_is_refused() -> None:
    hand = Hand(watched(timer("b", "c")))
    marking, scopes = hand.saved()
    with pytest.raises(UnknownMarking):
        Run.resume(hand.net, {**marking, "format": 99}, scopes, WORLD)
    with pytest.raises(UnknownMarking):
        Run.resume(Net(graph("s > other > e")), marking, scopes, WORLD)


def test_a_marking_as_it_was_first_written_is_understood() -> None:
    """Written before anything could be halted, called by version, or wait for a condition."""
    net = Net(
        graph(
            "s > sub > z > e",
            "b > esc > e2",
            steps=(sub("sub", EACH, Each(cardinality="${2}")), timer("b", "sub")),
        )
    )
    noon = "2030-01-15T12:00:00+00:00"
    each = {"of": 1, "values": {"loopCounter": 0}}
    marking = {
        "format": 1,
        "passages": 12,
        "tokens": [
            {"at": "sub", "by": [2], "no": 1, "each": {"items": [0, 1], "next": 2, "done": 1}},
            {"at": "b", "by": [2], "no": 1, "due": noon, "host": 1},
            {"at": "sub:each", "by": [3], "no": 1, "each": each},
            {"at": "c", "by": [6], "in": "/sub#1", "no": 1},
            {"at": "b", "by": [6], "in": "/sub#1", "no": 1, "due": noon, "host": 1},
        ],
        "entries": {"": {"sub:all": 1, "b": 1, "sub": 2}, "/sub#1": {"c": 1, "b": 1}},
    }
    scopes = {
        "": {"parent": None, "values": {}},
        "/sub#1": {"parent": "", "values": {"loopCounter": 0}},
    }
    run = Run.resume(net, marking, scopes, WORLD)
    assert json.loads(json.dumps(run.save())) == [marking, scopes]
    run.complete("/sub#1/c#1")
    run.complete("/sub#1/y#1")
    assert [each.key for each in run.open()] == ["/z#1"]


def test_what_is_not_open_cannot_be_moved() -> None:
    hand = Hand(watched(timer("b", "c")))
    acts: list[Callable[[], object]] = [
        lambda: hand.run.complete("/b#1"),
        lambda: hand.run.fire("/c#1"),
        lambda: hand.run.complete("/c#2"),
        lambda: hand.run.complete("/gone#1/c#1"),
        lambda: hand.run.complete("nothing"),
        lambda: hand.run.retry("/c#1"),
        lambda: hand.run.halt("/c#2", "why"),
        lambda: hand.run.escalate("/b#1", "code"),
    ]
    for act in acts:
        with pytest.raises(NotOpen):
            act()


def test_reading_and_saving_again_changes_nothing() -> None:
    hand = Hand(watched(timer("b", "c")))
    saved = hand.saved()
    assert json.loads(json.dumps(Run.resume(hand.net, *saved, WORLD).save())) == list(saved)


def test_a_run_after_another_counts_on_so_that_keys_and_passages_stay_unique() -> None:
    """B4: a resubmission runs the process anew; what was before stays in the history."""
    net = watched(timer("b", "c"))
    hand = Hand(net)
    walk(hand, "!b")
    marking, _ = hand.saved()
    again = Run.begin(net, {}, WORLD, after=marking)
    assert [o.key for o in again.open()] == ["/c#2", "/b#2"]
    assert again.passages[0].id == marking["passages"] + 1


def test_a_net_may_be_shared_by_threads() -> None:
    inner = graph("s > x > e")
    net = Net(graph("s > a > +f > b > +j > z > e", "f > sub > j", steps=(sub("sub", inner),)))

    def life(_: int) -> str:
        hand = Hand(net, reload=True)
        walk(hand, "a b x")
        return json.dumps([hand.run.save(), [str(each) for each in hand.journal]])

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(life, range(200)))) == 1
