"""What may be meant, but should be known to whoever deploys it."""

from random import Random

import pytest

from engine.diagrams.checks import graphs
from engine.diagrams.stalls import stalls
from tests.diagrams.bpmn import (
    chain,
    compiled,
    diagram,
    element,
    flow,
    form,
    properties,
    rules,
    task,
)
from tests.engine_tokens.nets import graph, message, sub, timer
from tests.engine_tokens.shapes import Maker, drawn

S, E = element("startEvent", "s"), element("endEvent", "e")


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("s > ?g >(x) a > +j > z > e", "g >* b > j"), {"j"}),
        (("s > +g > a > +j > z > e", "g > b > ?h >(x) j", "h >* e1"), {"j"}),
        (("s > a > +j > z > ?g >(again) j", "g >* e"), {"j"}),
        (("s > +g > a > +j > z > e", "g > b > j"), set()),
        (("s > +g > a > ?m > z > e", "g > b > m"), set()),
        (("s > #g >(x) a > #j > z > e", "g >* b > j"), set()),
        (("s > f > +g > a > +j > ?x >(again) f", "g > b > j", "x >* e"), set()),
        (("s > +g > a > !e", "g > b > +j > e1", "g > c > j"), set()),
    ],
)
def test_a_join_that_could_wait_for_ever_is_named(lines: tuple[str, ...], found: set[str]) -> None:
    assert stalls(graph(*lines)) == found


def test_an_event_on_an_edge_can_leave_a_join_waiting() -> None:
    lines = ("s > +g > a > +j > e", "g > b > j", "t > h > e1")
    assert stalls(graph(*lines, steps=(timer("t", "a"),))) == {"j"}
    assert stalls(graph(*lines, steps=(timer("t", "a", interrupting=False),))) == set()
    inner = graph("s > ^g > m > a > e", "g > t > b > e1", steps=(message("m"), timer("t")))
    assert stalls(graph("s > sub > e", steps=(sub("sub", inner),))) == set()


def test_a_well_built_process_is_never_suspected() -> None:
    for seed in range(150):
        whole, called = drawn(Maker(Random(seed)).process(3))
        for each in (*graphs(whole), *called.values()):
            assert not stalls(each), seed


def test_a_large_diagram_is_searched_for_a_while_only() -> None:
    ways = [f"+f{i} > +j{i}" for i in range(30)]
    branches = [f"f{i} > ?x{i}a{b} >(x) t{i}a{b} > j{i}" for i in range(30) for b in range(8)]
    ends = [f"x{i}a{b} >* e{i}00{b}" for i in range(30) for b in range(8)]
    assert isinstance(stalls(graph(f"s > {' > '.join(ways)} > e", *branches, *ends)), frozenset)


STYLE = {"label-required", "no-implicit-end", "end-event-required", "superfluous-gateway"}
"""What short diagrams of tests break without meaning it."""


def warned(content: bytes, **files: bytes) -> list[tuple[str, str]]:
    found = compiled(content, **files).warnings
    return [(each.element, each.rule) for each in found if each.rule not in STYLE | {"people"}]


def test_a_task_that_nobody_is_named_for_is_told_of() -> None:
    found = compiled(
        diagram(S + task("a") + task("b", camunda__assignee="gm") + chain("s", "a", "b"))
    )
    assert [each.element for each in found.warnings if each.rule == "people"] == ["a"]


def stalling(*more: str) -> bytes:
    """An exclusive gateway whose two ways meet in a parallel join."""
    return diagram(
        S
        + element("exclusiveGateway", "g", default="no")
        + task("a")
        + task("b")
        + element("parallelGateway", "j")
        + E
        + chain("s", "g")
        + flow("g", "a", "${initiator == 'gm'}")
        + flow("g", "b", id="no")
        + chain("a", "j", "e")
        + chain("b", "j")
        + "".join(more)
    )


def test_a_process_that_always_stalls_is_refused_at_deployment() -> None:
    assert rules(stalling()) == [("j", "deadlock")]


def test_one_that_may_stall_is_a_warning_at_deployment() -> None:
    other_way = flow("g", "e", "${initiator == 'boss'}")
    assert warned(stalling(other_way)) == [("j", "stall")]


def test_who_is_never_asked_is_told_of() -> None:
    content = diagram(S + task("a") + E + chain("s", "a", "e") + task("b"))
    assert sorted(warned(content)) == [("b", "no-disconnected"), ("b", "unreachable")]


def gated(condition: str) -> bytes:
    """A start form, then a gateway with this condition."""
    return diagram(
        element("startEvent", "s", camunda__formRef="start")
        + element("exclusiveGateway", "g", default="no")
        + task("a", camunda__formRef="work")
        + E
        + chain("s", "g")
        + flow("g", "a", condition, id="yes")
        + flow("g", "e", id="no")
        + chain("a", "e")
    )


def test_a_variable_that_nothing_sets_is_a_slip_of_the_pen() -> None:
    both = {"start_form": form("start", "amount"), "work_form": form("work", "x")}
    assert warned(gated("${amount == '1' && initiator != 'gm'}"), **both) == []
    assert warned(gated("${ammount == '1'}"), **both) == [("yes", "variable")]


def test_the_requesters_own_answers_should_not_choose_who_signs() -> None:
    content = diagram(
        element("startEvent", "s", camunda__formRef="start")
        + task(
            "a",
            properties(approval="single", approval__onRejected="end"),
            camunda__assignee="${boss}",
        )
        + E
        + chain("s", "a", "e")
    )
    assert ("a", "signers") in warned(content, start_form=form("start", "boss"))
    assert warned(content, start_form=form("start", "other")) == [("a", "variable")]


def test_a_condition_where_every_way_is_taken_is_not_read() -> None:
    content = diagram(
        S
        + element("parallelGateway", "g")
        + task("a")
        + task("b")
        + chain("s", "g", "a")
        + flow("g", "b", "${false}", id="f")
    )
    assert warned(content) == [("f", "condition")]


def test_what_only_camunda_reads_is_named() -> None:
    inner = (
        "<bpmn:extensionElements><camunda:taskListener event='create' class='x.Y'/>"
        "<camunda:formData/></bpmn:extensionElements>"
    )
    found = warned(diagram(S + task("a", inner) + chain("s", "a")))
    assert ("a", "listener") in found
