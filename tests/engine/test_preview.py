"""Before submitting: the way that a request will take, found by running it on a scratch copy."""

import json
from datetime import timedelta
from typing import Any

import pytest

import forms
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.submit import Submit
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.preview import Preview, Stop, preview
from engine.refusals import Invalid, MayNotStart, Unknown
from tests.engine.live import START, Engine, actor, chain, compiled, flow, process, task

START_EVENT = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'


def form(id: str, *components: dict[str, Any]) -> bytes:
    """A form file."""
    return json.dumps({"type": "default", "id": id, "components": list(components)}).encode()


def number(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "number", "key": key, "label": key, **more}


def gateway(id: str, default: str = "", kind: str = "exclusive") -> str:
    more = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{id}"{more}/>'


def desk(id: str, key: str = "", **properties: str) -> str:
    """A user task with a form of its own."""
    made = task(id, **properties)
    return made.replace("<bpmn:userTask ", f'<bpmn:userTask camunda:formKey="{key}" ', 1)


def bought() -> Definition:
    """A price is asked for; what is dear goes to the general manager, the rest to whoever was
    named; the accountant pays."""
    diagram = process(
        "p",
        '<bpmn:startEvent id="s" camunda:formKey="start"/>',
        desk("ask", "price", assignee="tech.developer", deadline__after="P2D"),
        gateway("dear", "dear_small"),
        task("big", assignee="gm", approval="single", approval__onRejected="end"),
        task("small", assignee="${boss}", approval="single", approval__onRejected="end"),
        gateway("both"),
        task("pay", assignee="finance.accountant", deadline__after="P3D"),
        END,
        chain("s", "ask", "dear"),
        flow("dear", "big", "${price > limit}"),
        flow("dear", "small"),
        chain("small", "both", "pay", "e"),
        chain("big", "both"),
    )
    files = {
        "p.bpmn": diagram,
        "start.form": form("start", number("limit", validate={"required": True})),
        "price.form": form(
            "price",
            number("price", validate={"required": True}),
            {"type": "textfield", "key": "boss", "label": "boss"},
        ),
    }
    return compile_definition(files, forms.read)


def foreseen(engine: Engine, who: str = "card.officer", **answers: Any) -> Preview:
    """The way of a request that is not made; nothing at all changes."""
    command = Submit(actor=actor(who), request=RequestId("new"), process="p", answers=answers)
    before = engine.uow.rows(), list(engine.uow.journal), list(engine.uow.notices)
    found = preview(command, engine.uow, START)
    assert before == (engine.uow.rows(), list(engine.uow.journal), list(engine.uow.notices))
    return found


def by_node(found: Preview) -> dict[str, Stop]:
    return {stop.place.node: stop for stop in found.path}


def line(*parts: str) -> Engine:
    """A process that goes from desk to desk."""
    ids = [part.split('id="')[1].split('"')[0] for part in parts]
    return Engine(process("p", START_EVENT, *parts, END, chain("s", *ids, "e")))


def test_desks_are_told_in_order_with_who_why_and_by_when() -> None:
    engine = line(
        task("first", assignee="${superior(initiator)}", approval="single",
             approval__onRejected="end", deadline__after="P1D", deadline__calendar="elapsed"),
        task("second", signers="${holders('manager')}", approval="all",
             approval__onRejected="end", deadline__after="P2D", deadline__calendar="elapsed"),
    )  # fmt: skip
    found = foreseen(engine)
    first, second = found.path
    assert (first.place.node, first.holders, first.sure) == ("first", ("card.manager",), True)
    assert "上级" in first.why[0]
    assert first.due == START + timedelta(days=1)
    assert len(second.holders) > 3
    assert second.due == START + timedelta(days=3), "the first desk may take its whole day"
    assert found.dated
    assert found.all_ways


def test_the_way_told_is_the_way_that_is_taken() -> None:
    engine = line(
        task("first", assignee="card.manager", approval="single", approval__onRejected="end"),
        task("second", assignee="tech.developer"),
        task("third", assignee="${actor('second')}"),
    )
    told = [(stop.place.node, list(stop.holders)) for stop in foreseen(engine).path]
    request = engine.submit("p", "card.officer")
    taken = [*engine.open(request).items()]
    engine.act(Approve, request, "first", "card.manager")
    taken += engine.open(request).items()
    engine.act(Complete, request, "second", "tech.developer")
    taken += engine.open(request).items()
    assert told == taken


def test_what_a_later_desk_says_is_not_guessed() -> None:
    found = foreseen(Engine(definitions={"p": bought()}), limit=5)
    stops = by_node(found)
    assert list(stops) == ["ask", "small", "big", "pay"] or list(stops) == [
        "ask", "big", "small", "pay",
    ]  # fmt: skip
    assert stops["ask"].sure
    assert stops["pay"].sure, "both ways lead there"
    for name, holds in (("big", True), ("small", False)):
        stop = stops[name]
        assert not stop.sure
        (on,) = stop.depends
        assert (on.kind, on.at.node, on.value) == ("condition", "dear", holds)
        assert on.reads == ("price",)
        assert [place.node for place in on.givers] == ["ask"]
    assert stops["small"].holders == ()
    assert stops["small"].people is not None
    assert stops["small"].people.names == ("boss",)
    assert stops["pay"].due is None, "nobody says when the desks before are done"
    assert stops["pay"].after == "P3D"


def test_what_the_answers_say_is_taken_as_it_is() -> None:
    diagram = process(
        "p",
        '<bpmn:startEvent id="s" camunda:formKey="start"/>',
        gateway("g", "g_b"),
        task("a", assignee="gm"),
        task("b", assignee="deputy.gm"),
        END,
        chain("s", "g"),
        flow("g", "a", "${limit > 5}"),
        flow("g", "b"),
        chain("a", "e"),
        chain("b", "e"),
    )
    start = form("start", number("limit", validate={"required": True}))
    made = compile_definition({"p.bpmn": diagram, "start.form": start}, forms.read)
    engine = Engine(definitions={"p": made})
    assert list(by_node(foreseen(engine, limit=9))) == ["a"]
    assert list(by_node(foreseen(engine, limit=1))) == ["b"]
    with pytest.raises(Invalid) as invalid:
        foreseen(engine)
    assert set(invalid.value.errors) == {"limit"}


def test_who_may_not_start_gets_no_preview() -> None:
    data = process("p", START_EVENT, task("a", assignee="gm"), END, chain("s", "a", "e")).replace(
        b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterUsers="gm"'
    )
    engine = Engine(data)
    with pytest.raises(MayNotStart):
        foreseen(engine)
    with pytest.raises(Unknown):
        preview(
            Submit(actor=actor("gm"), request=RequestId("new"), process="none"),
            engine.uow,
            START,
        )


def test_a_desk_only_for_those_who_are_refused_says_so() -> None:
    engine = Engine(
        process(
            "p",
            START_EVENT,
            task("sign", assignee="gm", approval="single"),
            gateway("g", "g_again"),
            task("done", assignee="tech.developer"),
            task("again", assignee="${initiator}"),
            END,
            chain("s", "sign", "g"),
            flow("g", "done", "${sign_verdict == 'approved'}"),
            flow("g", "again"),
            chain("done", "e"),
            chain("again", "sign"),
        )
    )
    stops = by_node(foreseen(engine))
    assert stops["sign"].sure
    assert stops["done"].sure
    again = stops["again"]
    assert not again.sure
    assert [(on.kind, on.at.node, on.value) for on in again.depends] == [
        ("decision", "sign", False)
    ]


def test_a_loop_that_nobody_can_foresee_comes_to_an_end() -> None:
    diagram = process(
        "p",
        START_EVENT,
        desk("check", "checked", assignee="tech.developer"),
        gateway("g", "g_done"),
        task("mend", assignee="tech.lead"),
        task("done", assignee="gm"),
        END,
        chain("s", "check", "g"),
        flow("g", "mend", "${faults > 0}"),
        flow("g", "done"),
        chain("mend", "check"),
        chain("done", "e"),
    )
    checked = form("checked", number("faults"))
    made = compile_definition({"p.bpmn": diagram, "checked.form": checked}, forms.read)
    found = foreseen(Engine(definitions={"p": made}))
    stops = by_node(found)
    assert found.all_ways
    assert stops["check"].sure
    assert stops["done"].sure
    assert not stops["mend"].sure


def test_branches_are_all_told_and_timers_are_waited_for() -> None:
    timer = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P5D</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:intermediateCatchEvent>"
    )
    elapsed = {"deadline__calendar": "elapsed"}
    engine = Engine(
        process(
            "p",
            START_EVENT,
            gateway("fork", kind="parallel"),
            task("a", assignee="gm", deadline__after="P1D", **elapsed),
            timer,
            task("b", assignee="tech.lead", deadline__after="P1D", **elapsed),
            gateway("join", kind="parallel"),
            task("last", assignee="tech.developer", deadline__after="P1D", **elapsed),
            END,
            chain("s", "fork", "a", "join", "last", "e"),
            chain("fork", "wait", "b", "join"),
        )
    )
    stops = by_node(foreseen(engine))
    assert all(stop.sure for stop in stops.values())
    assert stops["a"].due == START + timedelta(days=1)
    assert stops["b"].due == START + timedelta(days=6)
    assert stops["last"].due == START + timedelta(days=7)


def test_who_does_it_is_unknown_where_several_may_take_it_on() -> None:
    engine = line(
        task("pick").replace('name="pick"', 'name="pick" camunda:candidateGroups="post:manager"'),
        task("then", assignee="${superior(actor('pick'))}"),
    )
    pick, then = foreseen(engine).path
    assert len(pick.candidates) > 3
    assert pick.holders == ()
    assert then.holders == ()
    assert then.people is not None
    assert then.people.names == ("actor(pick)",)


def test_no_number_is_drawn_and_what_reads_it_is_not_known() -> None:
    engine = Engine(
        process(
            "p",
            START_EVENT,
            gateway("g", "g_b"),
            task("a", assignee="gm"),
            task("b", assignee="deputy.gm"),
            END,
            chain("s", "g"),
            flow("g", "a", "${number == 'N1'}"),
            flow("g", "b"),
            chain("a", "e"),
            chain("b", "e"),
            number__pattern="N{seq:1}",
        )
    )
    stops = by_node(foreseen(engine))
    assert {name: stop.sure for name, stop in stops.items()} == {"a": False, "b": False}
    assert engine.uow.counters == {}


def test_what_would_stand_still_is_told() -> None:
    engine = line(
        task("ask", assignee="gm"),
        '<bpmn:callActivity id="call" calledElement="nothing"/>',
    )
    found = foreseen(engine)
    assert list(by_node(found)) == ["ask"]
    ((place, why, unknown),) = found.stands
    assert place.node == "call"
    assert "nothing" in why
    assert unknown is None


def test_desks_of_called_processes_are_told() -> None:
    inner = compiled(
        process("q", START_EVENT, task("in", assignee="tech.lead"), END, chain("s", "in", "e")), "q"
    )
    outer = compiled(
        process(
            "p",
            START_EVENT,
            '<bpmn:callActivity id="call" calledElement="q"/>',
            task("after", assignee="gm"),
            END,
            chain("s", "call", "after", "e"),
        )
    )
    found = foreseen(Engine(definitions={"p": outer, "q": inner}))
    assert [(s.place.node, s.place.definition) for s in found.path] == [
        ("in", inner.digest),
        ("after", ""),
    ]


def test_patience_ends_and_it_is_told_that_there_may_be_more() -> None:
    found = preview(
        Submit(actor=actor("card.officer"), request=RequestId("new"), process="p",
               answers={"limit": 5}),
        Engine(definitions={"p": bought()}).uow,
        START,
        enough=lambda: True,
    )  # fmt: skip
    assert not found.all_ways


def test_other_requests_are_left_alone() -> None:
    start = (
        '<bpmn:serviceTask id="begin" camunda:type="external" camunda:topic="countersign.start">'
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="process">q</camunda:inputParameter>'
        '<camunda:inputParameter name="submit">${true}</camunda:inputParameter>'
        '<camunda:outputParameter name="other">${result.id}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements></bpmn:serviceTask>"
    )
    inner = compiled(
        process("q", START_EVENT, task("in", assignee="tech.lead"), END, chain("s", "in", "e"),
                number__pattern="Q{seq:3}"), "q"
    )  # fmt: skip
    outer = compiled(
        process("p", START_EVENT, start, task("after", assignee="gm"), END,
                chain("s", "begin", "after", "e"))
    )  # fmt: skip
    engine = Engine(definitions={"p": outer, "q": inner})
    found = foreseen(engine)
    assert list(by_node(found)) == ["after"]
    assert not found.stands
    assert engine.uow.counters == {}


def test_what_it_sends_need_not_be_known() -> None:
    inner = (
        '<bpmn:intermediateThrowEvent id="tell"><bpmn:extensionElements>'
        '<camunda:properties><camunda:property name="message.to" value="${me}"/>'
        "</camunda:properties><camunda:inputOutput>"
        '<camunda:inputParameter name="number">${number}</camunda:inputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements>"
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateThrowEvent>'
    )
    data = process(
        "p",
        START_EVENT,
        task("a", assignee="gm"),
        inner,
        task("b", assignee="tech.lead"),
        END,
        chain("s", "a", "tell", "b", "e"),
        number__pattern="N{seq:1}",
    ).replace(b"<bpmn:process ", b'<bpmn:message id="m" name="told"/><bpmn:process ', 1)
    found = foreseen(Engine(data))
    assert list(by_node(found)) == ["a", "b"]
    assert not found.stands
