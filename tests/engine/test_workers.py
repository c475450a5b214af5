"""External tasks: offered with what is mapped, ended by whoever has them, replayed as they were."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.case import Actor
from engine.commands.complete import Complete
from engine.commands.external import CompleteExternal, FailExternal, ThrowExternal
from engine.commands.retry import Retry
from engine.commands.return_ import Return
from engine.commands.withdraw import Withdraw
from engine.handle import Outcome
from engine.ids import PersonId, RequestId
from engine.people.directory import Person
from engine.refusals import (
    Changed,
    Invalid,
    LockLost,
    NotWorker,
    OnlyReads,
    RequestOver,
    Suspended,
    Unknown,
)
from engine.requests import External, Incident
from tests.engine.live import Engine, chain, flow, process, task

ENDS = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'


def charge(
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    *,
    id: str = "charge",
    topic: str = "charge-card",
    priority: str = "",
    inner: str = "",
    **properties: str,
) -> str:
    """An external task."""
    mapped = "".join(
        f'<camunda:{kind}Parameter name="{name}">{text}</camunda:{kind}Parameter>'
        for kind, all_ in (("input", inputs or {}), ("output", outputs or {}))
        for name, text in all_.items()
    )
    rows = "".join(
        f'<camunda:property name="{name}" value="{value}"/>' for name, value in properties.items()
    )
    said = f' camunda:taskPriority="{priority}"' if priority else ""
    return (
        f'<bpmn:serviceTask id="{id}" name="扣款" camunda:type="external"'
        f' camunda:topic="{topic}"{said}><bpmn:extensionElements>'
        f"<camunda:inputOutput>{mapped}</camunda:inputOutput>"
        f"<camunda:properties>{rows}</camunda:properties>"
        f"</bpmn:extensionElements>{inner}</bpmn:serviceTask>"
    )


def line(work: str, *after: str) -> bytes:
    """Start, the work, a piece of a person's, end."""
    return process(
        "p",
        ENDS,
        work,
        task("check", assignee="finance.manager"),
        *after,
        chain("s", "charge", "check", "e"),
        withdraw="until-end",
    )


class Workers(Engine):
    """An engine with a worker of `charge-card`, one of every topic, and one of another."""

    def __init__(self, *diagrams: bytes) -> None:
        super().__init__(*diagrams)
        self.locks: dict[str, tuple[str, int]] = {}
        for id, group in (
            ("billing", "worker:charge-card"),
            ("any", "worker:*"),
            ("shipping", "worker:ship"),
        ):
            person = Person(id=PersonId(id), name=id, groups=(group,))
            self.uow.directory.people[person.id] = person  # type: ignore[attr-defined]
        self.uow.external_lock = self._lock  # type: ignore[method-assign]

    def _lock(self, request: RequestId, task: str) -> tuple[str, int]:
        return self.locks.get(f"{request}-{task}", ("", 0))

    def waiting(self, request: RequestId) -> list[External]:
        """Its external tasks."""
        return self.uow.externals(request)

    def fetch(self, request: RequestId, worker: str = "w1") -> External:
        """The one that waits, fetched."""
        (row,) = self.waiting(request)
        self.locks[row.id] = (worker, self.locks.get(row.id, ("", 0))[1] + 1)
        return row

    def says(
        self, kind: Any, row: External, who: str = "billing", worker: str = "w1", **more: Any
    ) -> Outcome:
        """What a worker says of a task."""
        as_ = Actor(id=PersonId(who), via="api")
        return self.do(kind(actor=as_, request=row.request, task=row.task, worker=worker, **more))

    def incidents(self, request: RequestId) -> list[Incident]:
        """What waits for an administrator."""
        return list(self.uow.incidents(request))

    def retry(self, request: RequestId, **variables: Any) -> None:
        """An administrator retries the one incident."""
        (incident,) = self.incidents(request)
        admin = Actor(id=PersonId("admin"), via="api", override=True)
        self.do(
            Retry(
                actor=admin,
                request=request,
                incident=incident.ordinal,
                variables=variables,
                comment="again",
            )
        )


def test_a_worker_is_given_what_is_mapped_as_it_was_when_the_token_came() -> None:
    work = charge(
        {"amount": "${amount}", "note": "for ${initiator}", "twice": "${amount * 2}"},
        topic="${kind}-card",
        priority="${amount}",
    )
    engine = Workers(line(work))
    request = engine.submit("p", "card.officer", amount=7, kind="charge", secret="s")
    (row,) = engine.waiting(request)
    assert (row.topic, row.priority, row.node, row.retries) == ("charge-card", 7, "charge", None)
    assert row.inputs == {"amount": 7, "note": "for card.officer", "twice": 14}
    assert row.created_at == engine.now
    assert engine.open(request) == {}
    assert engine.row(request).status == "running"
    entry = engine.uow.entries(request)[-1]
    assert ["waits", row.key, "charge-card"] in entry.body["did"]
    assert engine.replayed(request) is None


def test_nothing_is_handed_out_where_nothing_is_mapped() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer", amount="7")
    assert engine.fetch(request).inputs == {}


def test_what_the_worker_gives_becomes_variables_by_the_outputs() -> None:
    work = charge(
        {"cents": "${amount * 100}"},
        {"receipt": "R-${number_}-${cents}", "known": "${amount}"},
    )
    engine = Workers(line(work))
    request = engine.submit("p", "card.officer", amount=7)
    row = engine.fetch(request)
    outcome = engine.says(CompleteExternal, row, variables={"number_": 12, "other": True})
    found = engine.variables(request)
    assert (found["receipt"], found["known"]) == ("R-12-700", 7)
    assert not {"number_", "other", "cents"} & set(found)
    assert engine.waiting(request) == []
    assert engine.open(request) == {"check": ["finance.manager"]}
    entry = engine.uow.entries(request)[-1]
    assert entry.seq == outcome.seq
    assert entry.body["verb"] == "external-complete"
    assert (entry.body["actor"], entry.body["worker"]) == ("billing", "w1")
    assert (entry.body["external"], entry.body["node"]) == (row.id, "charge")
    assert entry.particulars["changed.receipt"] == [None, "R-12-700"]
    assert engine.replayed(request) is None


def test_without_outputs_what_he_gives_is_written_as_it_is() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer", amount="7")
    given = {"amount": "8.50", "lines": ["a", 1, None], "paid": True}
    engine.says(CompleteExternal, engine.fetch(request), variables=given)
    assert engine.variables(request).items() >= given.items()
    engine.act(Complete, request, "check", "finance.manager")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


@pytest.mark.parametrize(
    "name",
    ["_x", "nrOfInstances", "check_verdict", "done", "initiator", "me", "a b", "task", "名-"],
)
def test_a_worker_writes_no_verdict_and_no_reserved_name(name: str) -> None:
    decided = task(
        "sign",
        assignee="gm",
        approval="single",
        approval__verdict="done",
        approval__onRejected="end",
    )
    engine = Workers(
        process("p", ENDS, charge(), decided, chain("s", "charge", "sign", "e")),
    )
    request = engine.submit("p", "card.officer")
    row = engine.fetch(request)
    for kind in (CompleteExternal, ThrowExternal):
        more = {"code": "x"} if kind is ThrowExternal else {}
        with pytest.raises(Invalid) as refused:
            engine.says(kind, row, variables={name: "approved", "fine": 1}, **more)
        assert list(refused.value.errors) == [f"variables.{name}"]
    assert len(engine.waiting(request)) == 1


def test_values_are_scalars_and_lists_of_them_up_to_64_kb() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer")
    row = engine.fetch(request)
    for value in ({"a": 1}, [[1]], "x" * 70_000, "\x00"):
        with pytest.raises(Invalid):
            engine.says(CompleteExternal, row, variables={"v": value})


def test_only_workers_of_its_topic_and_administrators_say_what_came_of_it() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer")
    row = engine.fetch(request)
    for who in ("shipping", "card.officer", "finance.manager", "gm", "owner"):
        with pytest.raises(NotWorker):
            engine.says(CompleteExternal, row, who)
    with pytest.raises(OnlyReads):
        engine.says(CompleteExternal, row, "auditor")
    for who in ("any", "admin"):
        engine.says(FailExternal, row, who, message="later", retries=5)
        row = engine.fetch(request)
    assert engine.replayed(request) is None


def test_only_who_has_it_says_so() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer")
    (row,) = engine.waiting(request)
    with pytest.raises(LockLost, match="nobody has fetched it"):
        engine.says(CompleteExternal, row)
    engine.fetch(request, "w2")
    with pytest.raises(LockLost, match="w2 has fetched it"):
        engine.says(CompleteExternal, row)
    engine.fetch(request, "w1")
    with pytest.raises(Changed):
        engine.says(CompleteExternal, row, version="1")
    engine.says(CompleteExternal, row, version="2")
    with pytest.raises(Unknown):
        engine.says(CompleteExternal, row)


def test_the_same_call_takes_effect_once() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer")
    row = engine.fetch(request)
    first = engine.says(CompleteExternal, row, key="k", variables={"a": 1})
    again = engine.says(CompleteExternal, row, key="k", variables={"a": 1})
    assert (again.again, again.seq) == (True, first.seq)
    verbs = [entry.body["verb"] for entry in engine.uow.entries(request)]
    assert verbs.count("external-complete") == 1


def test_it_is_tried_three_times_then_it_is_an_administrators() -> None:
    engine = Workers(line(charge({"amount": "${amount}"})))
    request = engine.submit("p", "card.officer", amount="7")
    for left in (2, 1):
        row = engine.fetch(request)
        engine.says(FailExternal, row, message=f"no answer {left}", details="a trace")
        (row,) = engine.waiting(request)
        assert (row.retries, row.error, row.not_before) == (left, f"no answer {left}", None)
        assert engine.incidents(request) == []
    engine.says(FailExternal, engine.fetch(request), message="card refused")
    (row,) = engine.waiting(request)
    assert (row.retries, row.error) == (0, "card refused")
    (incident,) = engine.incidents(request)
    assert (incident.kind, incident.node, incident.key) == ("worker", "charge", row.key)
    assert "card refused" in incident.message
    assert any(n.person == "admin" and n.kind == "administrator" for n in engine.uow.notices)
    assert engine.row(request).status == "running"
    with pytest.raises(LockLost, match="administrator"):
        engine.says(CompleteExternal, row)
    entry = engine.uow.entries(request)[-1]
    assert entry.particulars["input.comment"] == "card refused"

    engine.retry(request, amount="8")
    assert engine.incidents(request) == []
    row = engine.fetch(request)
    assert (row.retries, row.error, row.inputs) == (None, "", {"amount": "8"})
    engine.says(CompleteExternal, row)
    assert engine.open(request) == {"check": ["finance.manager"]}
    assert engine.replayed(request) is None


def test_the_diagram_says_how_often_and_the_worker_may_say_otherwise() -> None:
    engine = Workers(line(charge(retries="1")))
    request = engine.submit("p", "card.officer")
    engine.says(FailExternal, engine.fetch(request), message="m", retries=4, retry_after=90)
    (row,) = engine.waiting(request)
    assert (row.retries, row.not_before) == (4, engine.now + timedelta(seconds=90))
    engine.says(FailExternal, engine.fetch(request), message="m", retries=0, retry_after=90)
    assert [each.kind for each in engine.incidents(request)] == ["worker"]
    engine.retry(request)
    engine.says(FailExternal, engine.fetch(request), message="m")
    assert [each.kind for each in engine.incidents(request)] == ["worker"]
    assert engine.replayed(request) is None


def test_a_long_message_is_cut() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer")
    engine.says(FailExternal, engine.fetch(request), message="长" * 9_000, details="d" * 9_000)
    assert len(engine.waiting(request)[0].error) == 4_000
    entry = engine.uow.entries(request)[-1]
    assert len(entry.particulars["input.comment"]) == 4_000
    assert len(entry.particulars["input.details"]) == 4_000
    assert engine.replayed(request) is None


CAUGHT = (
    '<bpmn:boundaryEvent id="declined" attachedToRef="charge">'
    "<bpmn:extensionElements><camunda:inputOutput>"
    '<camunda:outputParameter name="why">${reason}</camunda:outputParameter>'
    "</camunda:inputOutput></bpmn:extensionElements>"
    '<bpmn:errorEventDefinition errorRef="err" camunda:errorCodeVariable="code"'
    ' camunda:errorMessageVariable="said"/></bpmn:boundaryEvent>'
)


def declined() -> bytes:
    """A diagram that catches one error of its task."""
    data = line(
        charge(),
        CAUGHT,
        task("ask", assignee="card.manager"),
        chain("declined", "ask", "e"),
    )
    error = b'<bpmn:error id="err" name="Declined" errorCode="declined"/><bpmn:process '
    return data.replace(b"<bpmn:process ", error, 1)


def test_an_error_is_caught_at_the_task() -> None:
    engine = Workers(declined())
    request = engine.submit("p", "card.officer")
    engine.says(
        ThrowExternal,
        engine.fetch(request),
        code="declined",
        message="card expired",
        variables={"reason": "expired"},
    )
    assert engine.open(request) == {"ask": ["card.manager"]}
    assert engine.waiting(request) == []
    assert engine.incidents(request) == []
    found = engine.variables(request)
    assert (found["code"], found["said"], found["why"]) == ("declined", "card expired", "expired")
    entry = engine.uow.entries(request)[-1]
    assert (entry.body["verb"], entry.particulars["input.code"]) == ("external-error", "declined")
    assert engine.replayed(request) is None


def test_an_error_that_nothing_catches_is_an_incident() -> None:
    engine = Workers(declined())
    request = engine.submit("p", "card.officer")
    row = engine.fetch(request)
    engine.says(ThrowExternal, row, code="unheard", variables={"reason": "x"})
    assert [each.kind for each in engine.incidents(request)] == ["error"]
    assert "reason" not in engine.variables(request)
    with pytest.raises(LockLost, match="administrator"):
        engine.says(CompleteExternal, row)
    engine.retry(request)
    engine.says(CompleteExternal, engine.fetch(request))
    assert engine.open(request) == {"check": ["finance.manager"]}
    assert engine.replayed(request) is None


def test_work_that_is_done_is_kept_where_its_outputs_fail() -> None:
    engine = Workers(line(charge({}, {"total": "${price * rate}"})))
    request = engine.submit("p", "card.officer")
    engine.says(CompleteExternal, engine.fetch(request), variables={"price": 3})
    assert engine.open(request) == {}
    assert len(engine.incidents(request)) == 1
    (row,) = engine.waiting(request)
    assert (row.retries, row.given) == (0, {"price": 3})
    engine.retry(request)
    assert len(engine.incidents(request)) == 1
    engine.retry(request, rate=2)
    assert engine.variables(request)["total"] == 6
    assert (engine.waiting(request), engine.incidents(request)) == ([], [])
    assert engine.open(request) == {"check": ["finance.manager"]}
    assert engine.replayed(request) is None


@pytest.mark.parametrize(
    "work",
    [
        charge(topic="${kind}"),
        charge(topic="${rank}"),
        charge(priority="${kind}"),
        charge({"amount": "${kind}"}),
    ],
)
def test_what_cannot_be_offered_is_an_incident(work: str) -> None:
    engine = Workers(line(work))
    request = engine.submit("p", "card.officer", rank=2)
    assert engine.row(request).status == "running"
    assert engine.waiting(request) == []
    assert len(engine.incidents(request)) == 1
    engine.retry(request, kind="3", rank="r")
    assert engine.incidents(request) == []
    assert len(engine.waiting(request)) == 1
    assert engine.replayed(request) is None


def test_nothing_waits_on_a_request_that_is_withdrawn_or_returned_or_went_another_way() -> None:
    fork = (
        '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
        '<bpmn:boundaryEvent id="late" attachedToRef="charge"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    engine = Workers(
        process(
            "p",
            ENDS,
            fork,
            charge(),
            task(
                "sign",
                assignee="gm",
                approval="single",
                approval__onRejected="initiator",
                return__to="initiator",
            ),
            chain("s", "fork", "charge", "join", "e"),
            chain("fork", "sign", "join"),
            flow("late", "e"),
            withdraw="until-end",
        )
    )
    request = engine.submit("p", "card.officer")
    first = engine.fetch(request)
    engine.act(Return, request, "sign", "gm", comment="no", to="initiator")
    assert engine.waiting(request) == []
    with pytest.raises(Unknown):
        engine.says(CompleteExternal, first)
    engine.act(Complete, request, "initiator", "card.officer")
    second = engine.fetch(request)
    assert second.id != first.id
    engine.turn(engine.now + timedelta(days=2))
    assert engine.waiting(request) == []
    other = engine.submit("p", "card.officer")
    assert len(engine.waiting(other)) == 1
    engine.do(Withdraw(actor=Actor(id=PersonId("card.officer")), request=other))
    assert engine.waiting(other) == []
    assert engine.replayed(request) is None
    assert engine.replayed(other) is None


def test_a_suspended_request_takes_no_answer() -> None:
    engine = Workers(line(charge()))
    request = engine.submit("p", "card.officer")
    row = engine.fetch(request)
    kept = engine.row(request)
    engine.uow.save_request(replace(kept, status="suspended"))
    for kind, more in (
        (CompleteExternal, {}),
        (FailExternal, {"message": "m"}),
        (ThrowExternal, {"code": "c"}),
    ):
        with pytest.raises(Suspended):
            engine.says(kind, row, **more)
    engine.uow.save_request(replace(kept, status="void"))
    with pytest.raises(RequestOver):
        engine.says(CompleteExternal, row)


def test_each_instance_is_offered_for_itself() -> None:
    each = (
        '<bpmn:subProcess id="lines"><bpmn:multiInstanceLoopCharacteristics'
        ' camunda:collection="${cards}" camunda:elementVariable="card"/>'
        '<bpmn:startEvent id="s2"/><bpmn:endEvent id="e2"/>'
        + charge({"card": "${card}"}, {"done": "${card}-${receipt}"})
        + chain("s2", "charge", "e2")
        + "</bpmn:subProcess>"
    )
    engine = Workers(process("p", ENDS, each, chain("s", "lines", "e")))
    request = engine.submit("p", "card.officer", cards=["a", "b", "c"])
    rows = engine.waiting(request)
    assert [row.inputs["card"] for row in rows] == ["a", "b", "c"]
    assert len({row.id for row in rows}) == 3
    for row in reversed(rows):
        engine.locks[row.id] = ("w1", 1)
        engine.says(CompleteExternal, row, variables={"receipt": 1})
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_a_class_or_bean_of_another_engine_is_a_topic() -> None:
    beans = (
        '<bpmn:serviceTask id="charge" camunda:class="com.example.Charge"/>'
        '<bpmn:sendTask id="send" camunda:expression="${mailer.send(\n  execution)}"/>'
    )
    engine = Workers(process("p", ENDS, beans, chain("s", "charge", "send", "e")))
    request = engine.submit("p", "card.officer")
    for topic in ("com.example.Charge", "${mailer.send( execution)}"):
        row = engine.fetch(request)
        assert row.topic == topic
        engine.says(CompleteExternal, row, "any")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_in_a_called_process_the_words_are_those_of_its_own_version() -> None:
    """`charge` is a desk in the caller, and the worker's task in the process that it calls."""
    called = process(
        "inner",
        ENDS,
        charge({"amount": "${sum}"}, {"receipt": "${no}"}, priority="${sum}"),
        chain("s", "charge", "e"),
    )
    calling = process(
        "p",
        ENDS,
        task("charge", assignee="gm"),
        '<bpmn:callActivity id="sub" calledElement="inner"><bpmn:extensionElements>'
        '<camunda:in source="amount" target="sum"/><camunda:out source="receipt" target="paid"/>'
        "</bpmn:extensionElements></bpmn:callActivity>",
        chain("s", "charge", "sub", "e"),
    )
    engine = Workers(called, calling)
    request = engine.submit("p", "card.officer", amount=7)
    engine.act(Complete, request, "charge", "gm")
    row = engine.fetch(request)
    assert (row.inputs, row.priority) == ({"amount": 7}, 7)
    assert row.definition == engine.uow.deployed["inner"].digest
    engine.says(FailExternal, row, message="m", retries=0)
    (incident,) = engine.incidents(request)
    assert incident.definition == row.definition
    engine.retry(request)
    row = engine.fetch(request)
    engine.says(CompleteExternal, row, variables={"no": "R"})
    assert engine.variables(request)["paid"] == "R"
    assert "receipt" not in engine.variables(request)
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_an_error_goes_out_to_what_catches_it_further_up() -> None:
    inner = (
        '<bpmn:subProcess id="paying"><bpmn:startEvent id="s2"/><bpmn:endEvent id="e2"/>'
        + charge()
        + chain("s2", "charge", "e2")
        + "</bpmn:subProcess>"
        '<bpmn:boundaryEvent id="any" attachedToRef="paying">'
        "<bpmn:errorEventDefinition/></bpmn:boundaryEvent>"
    )
    engine = Workers(
        process(
            "p",
            ENDS,
            inner,
            task("ask", assignee="card.manager"),
            chain("s", "paying", "e"),
            chain("any", "ask", "e"),
        )
    )
    request = engine.submit("p", "card.officer")
    engine.says(ThrowExternal, engine.fetch(request), code="whatever")
    assert engine.open(request) == {"ask": ["card.manager"]}
    assert engine.waiting(request) == []
    assert engine.replayed(request) is None
