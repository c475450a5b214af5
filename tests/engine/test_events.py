"""Messages and signals: between requests, within one, and from outside."""

from typing import Any

import pytest

from engine.case import Actor
from engine.commands.complete import Complete
from engine.commands.publish import Broadcast, Publish
from engine.commands.retry import Retry
from engine.commands.return_ import Return
from engine.commands.withdraw import Withdraw
from engine.handle import Outcome
from engine.ids import PersonId, RequestId
from engine.refusals import Invalid, NobodyWaits, NotYours, SeveralWait
from tests.engine.live import Engine, actor, chain, flow, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
ADMIN = Actor(id=PersonId("admin"), override=True)


def named(kind: str, name: str) -> str:
    """A message or signal of the diagram, to stand beside its process."""
    return f'<bpmn:{kind} id="{kind}_{name}" name="{name}"/>'


def event(tag: str, id: str, kind: str, name: str, inner: str = "", **attributes: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    extension = f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""
    return (
        f'<bpmn:{tag} id="{id}"{more}>{extension}'
        f'<bpmn:{kind}EventDefinition {kind}Ref="{kind}_{name}"/></bpmn:{tag}>'
    )


def catch(id: str, kind: str, name: str, inner: str = "") -> str:
    return event("intermediateCatchEvent", id, kind, name, inner)


def throw(id: str, kind: str, name: str, inner: str = "") -> str:
    return event("intermediateThrowEvent", id, kind, name, inner)


def properties(**values: str) -> str:
    rows = "".join(
        f'<camunda:property name="{name.replace("__", ".")}" value="{value}"/>'
        for name, value in values.items()
    )
    return f"<camunda:properties>{rows}</camunda:properties>"


def parameters(kind: str, **values: str) -> str:
    rows = "".join(
        f'<camunda:{kind}Parameter name="{name}">{value}</camunda:{kind}Parameter>'
        for name, value in values.items()
    )
    return f"<camunda:inputOutput>{rows}</camunda:inputOutput>"


def diagram(key: str, *parts: str, roots: str = "", **words: str) -> bytes:
    """A process with its messages and signals beside it."""
    text = process(key, *parts, **words).decode()
    return text.replace("<bpmn:process", f"{roots}<bpmn:process", 1).encode()


PAID = named("message", "paid")
WAITS = diagram(
    "waits",
    START,
    catch(
        "hear",
        "message",
        "paid",
        properties(message__correlation="${order}") + parameters("output", got="${sum}"),
    ),
    task("work", assignee="gm"),
    END,
    chain("s", "hear", "work", "e"),
    roots=PAID,
)
PLAIN = diagram(
    "plain", START, catch("hear", "message", "paid"), task("work", assignee="gm"), END,
    chain("s", "hear", "work", "e"), roots=PAID,
)  # fmt: skip


def tells(inner: str = "") -> bytes:
    """Work, then the message, then more work."""
    return diagram(
        "tells",
        START,
        task("work", assignee="tech.lead"),
        throw("tell", "message", "paid", inner),
        task("more", assignee="gm"),
        END,
        chain("s", "work", "tell", "more", "e"),
        roots=PAID,
    )


def publish(engine: Engine, correlation: Any = None, **variables: Any) -> Outcome:
    command = Publish(
        actor=ADMIN,
        message="paid",
        correlation=correlation,
        variables=variables,
        new=RequestId("n1"),
    )
    return engine.do(command)


def test_a_key_finds_the_one_that_waits_with_it() -> None:
    key = properties(message__correlation="${which}") + parameters("input", sum="${amount}")
    engine = Engine(WAITS, tells(key))
    a = engine.submit("waits", "card.officer", order="A-1")
    b = engine.submit("waits", "card.officer", order="A-2")
    request = engine.submit("tells", "card.officer", which="A-2", amount="48.5")
    engine.act(Complete, request, "work", "tech.lead")
    assert engine.open(a) == {}
    assert engine.open(b) == {"work": ["gm"]}
    assert engine.variables(b)["got"] == "48.5"
    assert engine.open(request) == {"more": ["gm"]}
    assert [engine.replayed(each) for each in (a, b, request)] == [None, None, None]


def test_of_several_that_wait_without_a_key_an_administrator_has_to_say_which() -> None:
    engine = Engine(PLAIN, tells(properties(message__correlation="${coalesce(which, null)}")))
    a = engine.submit("plain", "card.officer")
    b = engine.submit("plain", "card.officer")
    request = engine.submit("tells", "card.officer", which=None)
    engine.act(Complete, request, "work", "tech.lead")
    (incident,) = engine.incidents(request)
    assert (incident.kind, incident.node) == ("message", "tell")
    assert "2 requests wait" in incident.message
    engine.do(Retry(actor=ADMIN, request=request, incident=1, variables={"which": str(b)}))
    assert engine.open(a) == {}
    assert engine.open(b) == {"work": ["gm"]}
    assert [engine.replayed(each) for each in (a, b, request)] == [None, None, None]


def test_the_only_one_that_waits_gets_it_and_nobody_is_no_trouble() -> None:
    engine = Engine(PLAIN, tells())
    a = engine.submit("plain", "card.officer")
    one = engine.submit("tells", "card.officer")
    engine.act(Complete, one, "work", "tech.lead")
    assert engine.open(a) == {"work": ["gm"]}
    other = engine.submit("tells", "card.officer")
    engine.act(Complete, other, "work", "tech.lead")
    assert engine.open(other) == {"more": ["gm"]}
    assert engine.incidents(other) == []


def test_a_request_that_is_not_there_halts_who_writes_to_it() -> None:
    engine = Engine(tells(properties(message__to="${whom}")))
    request = engine.submit("tells", "card.officer", whom="r99")
    engine.act(Complete, request, "work", "tech.lead")
    (incident,) = engine.incidents(request)
    assert incident.kind == "message"
    assert "r99" in incident.message
    assert engine.replayed(request) is None


HEARS = diagram(
    "hears",
    START,
    task("work", assignee="tech.lead"),
    event("boundaryEvent", "alarm", "signal", "stop", attachedToRef="work"),
    task("after", assignee="gm"),
    END,
    chain("s", "work", "e"),
    chain("alarm", "after", "e"),
    roots=named("signal", "stop"),
)
STOPS = diagram(
    "stops", START, task("ask", assignee="gm"), throw("call", "signal", "stop"),
    task("done", assignee="gm"), END, chain("s", "ask", "call", "done", "e"),
    roots=named("signal", "stop"),
)  # fmt: skip


def test_a_signal_reaches_everyone_who_waits() -> None:
    engine = Engine(HEARS, STOPS)
    waiting = [engine.submit("hears", "card.officer") for _ in range(3)]
    request = engine.submit("stops", "card.officer")
    engine.act(Complete, request, "ask", "gm")
    assert [engine.open(each) for each in waiting] == [{"after": ["gm"]}] * 3
    assert engine.open(request) == {"done": ["gm"]}
    assert all(engine.replayed(each) is None for each in [*waiting, request])
    assert engine.uow.entries(waiting[0])[-1].body["cause"] == [request, 2]


def test_more_than_one_command_may_reach_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.correlating.MOST_RECEIVERS", 2)
    engine = Engine(HEARS, STOPS)
    waiting = [engine.submit("hears", "card.officer") for _ in range(3)]
    request = engine.submit("stops", "card.officer")
    engine.act(Complete, request, "ask", "gm")
    (incident,) = engine.incidents(request)
    assert "more than 2 requests wait" in incident.message
    with pytest.raises(SeveralWait):
        engine.do(Broadcast(actor=ADMIN, signal="stop", new=RequestId("n")))
    monkeypatch.setattr("engine.correlating.MOST_RECEIVERS", 3)
    engine.do(Retry(actor=ADMIN, request=request, incident=incident.ordinal))
    assert [engine.open(each) for each in waiting] == [{"after": ["gm"]}] * 3
    assert engine.replayed(request) is None


def test_a_signal_is_heard_by_the_one_that_throws_it_too() -> None:
    both = diagram(
        "both", START, '<bpmn:parallelGateway id="fork"/>', task("work", assignee="gm"),
        event("boundaryEvent", "alarm", "signal", "stop", attachedToRef="work"),
        task("ask", assignee="gm"), throw("call", "signal", "stop"), END,
        '<bpmn:endEvent id="x"/><bpmn:endEvent id="y"/>', chain("s", "fork", "work", "e"),
        chain("fork", "ask", "call", "x"), chain("alarm", "y"), roots=named("signal", "stop"),
    )  # fmt: skip
    engine = Engine(both)
    request = engine.submit("both", "card.officer")
    engine.act(Complete, request, "ask", "gm")
    assert engine.open(request) == {}
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_from_outside_to_a_number_an_id_variables_or_the_only_one() -> None:
    engine = Engine(PLAIN)
    a = engine.submit("plain", "card.officer", order="A", count=5)
    b = engine.submit("plain", "card.officer", order="B", count=6)
    with pytest.raises(SeveralWait):
        publish(engine)
    outcome = publish(engine, {"order": "B", "count": "6"}, sum="1.5")
    assert outcome.result["requests"] == [b]
    assert engine.variables(b)["sum"] == "1.5"
    assert engine.open(b) == {"work": ["gm"]}
    with pytest.raises(NobodyWaits):
        publish(engine, str(b))
    with pytest.raises(NobodyWaits):
        publish(engine, {"order": "C"})
    assert publish(engine).request == a
    entry = engine.uow.entries(a)[-1]
    assert (entry.body["verb"], entry.body["actor"]) == ("message", "admin")
    assert engine.replayed(a) is None
    assert engine.replayed(b) is None


def test_from_outside_by_the_receiver_s_own_key() -> None:
    engine = Engine(WAITS)
    request = engine.submit("waits", "card.officer", order="A-1")
    with pytest.raises(NobodyWaits):
        publish(engine, "A-2")
    with pytest.raises(NobodyWaits):
        publish(engine, str(request))
    publish(engine, "A-1", sum=7, other="dropped")
    assert engine.variables(request)["got"] == 7
    assert "other" not in engine.variables(request)
    assert engine.replayed(request) is None


def test_what_comes_from_outside_has_ordinary_names_and_sets_no_verdict() -> None:
    engine = Engine(PLAIN)
    request = engine.submit("plain", "card.officer")
    for name in ("work_verdict", "_x", "initiator", "me", "execution", "a b"):
        with pytest.raises(Invalid) as refused:
            publish(engine, None, **{name: "approved"})
        assert list(refused.value.errors) == [f"variables.{name}"]
    assert engine.open(request) == {}


def test_who_may_send_from_outside() -> None:
    engine = Engine(PLAIN)
    engine.uow.owners["plain"] = {"owner"}
    engine.uow.owners["other"] = {"gm"}
    request = engine.submit("plain", "card.officer")

    def send(who: str) -> Outcome:
        return engine.do(Publish(actor=actor(who), message="paid", new=RequestId("n")))

    for nobody in ("card.officer", "tech.lead"):
        with pytest.raises(NotYours):
            send(nobody)
    with pytest.raises(NobodyWaits):
        send("gm")
    assert send("owner").request == request


def test_what_can_not_be_taken_is_kept_for_the_retry() -> None:
    engine = Engine(WAITS)
    request = engine.submit("waits", "card.officer", order="A-1")
    publish(engine, "A-1", amount="5")
    (incident,) = engine.incidents(request)
    assert (incident.kind, incident.node) == ("expression", "hear")
    with pytest.raises(NobodyWaits):
        publish(engine, "A-1", sum="6")
    engine.do(Retry(actor=ADMIN, request=request, incident=1, variables={"sum": "7"}))
    assert engine.variables(request)["got"] == "7"
    assert engine.open(request) == {"work": ["gm"]}
    assert engine.replayed(request) is None


BEGINS = diagram(
    "begins",
    event("startEvent", "s", "message", "paid"),
    task("work", assignee="${initiator}"),
    END,
    chain("s", "work", "e"),
    roots=PAID,
)


def test_a_message_that_nothing_waits_for_starts_a_process() -> None:
    engine = Engine(BEGINS)
    outcome = publish(engine, sum="5")
    assert outcome.result["started"] == ["n1"]
    assert engine.open(RequestId("n1")) == {"work": ["admin"]}
    assert engine.variables(RequestId("n1"))["sum"] == "5"
    assert engine.replayed(RequestId("n1")) is None
    with pytest.raises(NobodyWaits):
        publish(engine, "A-1")


def test_a_thrown_one_starts_it_for_the_requester() -> None:
    engine = Engine(BEGINS, tells(parameters("input", sum="${1 + 1}")))
    request = engine.submit("tells", "card.officer")
    engine.act(Complete, request, "work", "tech.lead")
    (begun,) = [id for id in engine.uow._requests if id != request]
    assert engine.open(begun) == {"work": ["card.officer"]}
    assert engine.row(begun).requester == "card.officer"
    assert engine.replayed(begun) is None
    assert engine.replayed(request) is None


def test_a_broadcast_starts_and_reaches_all() -> None:
    begins = diagram(
        "on_stop", event("startEvent", "s", "signal", "stop"), task("work", assignee="gm"), END,
        chain("s", "work", "e"), roots=named("signal", "stop"),
    )  # fmt: skip
    engine = Engine(HEARS, begins)
    request = engine.submit("hears", "card.officer")
    outcome = engine.do(Broadcast(actor=ADMIN, signal="stop", new=RequestId("n")))
    assert outcome.result["requests"] == [request]
    (begun,) = outcome.result["started"]
    assert engine.open(begun) == {"work": ["gm"]}
    nothing = engine.do(Broadcast(actor=ADMIN, signal="silence", new=RequestId("m")))
    assert (nothing.result["requests"], nothing.result["started"]) == ([], [])


def test_what_would_interrupt_is_heard_while_the_request_is_returned() -> None:
    returns = diagram(
        "returns", START, '<bpmn:subProcess id="sub"><bpmn:startEvent id="a"/>'
        + task("work", assignee="gm", return__to="initiator")
        + '<bpmn:endEvent id="b"/>' + chain("a", "work", "b") + "</bpmn:subProcess>",
        event("boundaryEvent", "alarm", "signal", "stop", attachedToRef="sub"),
        task("after", assignee="gm"), END, chain("s", "sub", "e"), chain("alarm", "after", "e"),
        roots=named("signal", "stop"), withdraw="until-end",
    )  # fmt: skip
    engine = Engine(returns)
    one, two = (engine.submit("returns", "card.officer") for _ in range(2))
    for request in (one, two):
        engine.act(Return, request, "work", "gm", comment="再看看")
    engine.do(Withdraw(actor=actor("card.officer"), request=two, comment="不要了"))
    outcome = engine.do(Broadcast(actor=ADMIN, signal="stop", new=RequestId("n")))
    assert outcome.result["requests"] == [one]
    assert engine.row(one).status == "running"
    assert engine.open(one) == {"after": ["gm"]}
    assert engine.replayed(one) is None


def test_a_name_may_be_an_expression() -> None:
    hears = diagram(
        "any", START,
        '<bpmn:intermediateCatchEvent id="hear"><bpmn:messageEventDefinition'
        ' messageRef="message_any"/></bpmn:intermediateCatchEvent>',
        task("work", assignee="gm"), END, chain("s", "hear", "work", "e"),
        roots='<bpmn:message id="message_any" name="paid-${order}"/>',
    )  # fmt: skip
    engine = Engine(hears)
    request = engine.submit("any", "card.officer", order="7")
    command = Publish(actor=ADMIN, message="paid-7", new=RequestId("n"))
    assert engine.do(command).request == request
    assert engine.open(request) == {"work": ["gm"]}
    assert engine.replayed(request) is None


def test_flows_without_anything_to_hear_keep_nothing() -> None:
    engine = Engine(process("p", START, task("work", assignee="gm"), END, flow("s", "work"),
                            flow("work", "e")))  # fmt: skip
    request = engine.submit("p", "card.officer")
    assert engine.uow._waiting == {}
    assert engine.uow.flow(request).waits == {}


def test_processes_that_start_one_another_for_ever_are_stopped() -> None:
    begins = diagram(
        "again", event("startEvent", "s", "signal", "stop"), throw("call", "signal", "stop"), END,
        chain("s", "call", "e"), roots=named("signal", "stop"),
    )  # fmt: skip
    engine = Engine(begins)
    engine.do(Broadcast(actor=ADMIN, signal="stop", new=RequestId("n")))
    requests = list(engine.uow._requests)
    assert len(requests) == 21
    halted = [id for id in requests if engine.incidents(id)]
    assert len(halted) == 1
    assert all(engine.replayed(id) is None for id in requests)


def test_messages_that_answer_one_another_for_ever_are_stopped() -> None:
    def ping(key: str, hears: str, says: str) -> bytes:
        return diagram(
            key, START, '<bpmn:exclusiveGateway id="g"/>', catch("hear", "message", hears),
            throw("say", "message", says), chain("s", "g", "hear", "say", "g"),
            roots=named("message", hears) + named("message", says),
        )  # fmt: skip

    engine = Engine(ping("a", "ping", "pong"), ping("b", "pong", "ping"))
    one, two = engine.submit("a", "card.officer"), engine.submit("b", "card.officer")
    engine.do(Publish(actor=ADMIN, message="ping", new=RequestId("n")))
    incidents = [*engine.incidents(one), *engine.incidents(two)]
    assert [incident.kind for incident in incidents] == ["limit"]
    assert len(engine.uow.entries(one)) + len(engine.uow.entries(two)) == 603
    assert engine.replayed(one) is None
    assert engine.replayed(two) is None
