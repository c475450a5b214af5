"""Errors and escalations that people throw at their work, where the diagram catches them."""

import pytest

from engine.commands.complete import Complete
from engine.commands.throw import Escalate, ThrowError
from engine.ids import RequestId
from engine.refusals import Invalid, NotHolder, NotPlain
from engine.view import task_view
from tests.engine.live import Engine, chain, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'
ROOTS = (
    '<bpmn:error id="missing" errorCode="missing"/><bpmn:error id="broken" errorCode="broken"/>'
    '<bpmn:escalation id="late" escalationCode="late"/>'
)


def on(host: str, id: str, kind: str, ref: str, *, stays: bool = False) -> str:
    """A boundary event."""
    more = ' cancelActivity="false"' if stays else ""
    named = f' {kind}Ref="{ref}"' if ref else ""
    return (
        f'<bpmn:boundaryEvent id="{id}" attachedToRef="{host}"{more}>'
        f"<bpmn:{kind}EventDefinition{named}/></bpmn:boundaryEvent>"
    )


def diagram(*events: str, work: str = "") -> bytes:
    parts = (
        START,
        work or task("work", assignee="tech.lead"),
        *events,
        task("mend", assignee="gm"),
        task("know", assignee="finance.manager"),
        END,
        chain("s", "work", "e"),
        chain("mend", "e"),
        chain("know", "e"),
    )
    text = process("p", *parts).decode()
    return text.replace("<bpmn:process", f"{ROOTS}<bpmn:process", 1).encode()


ERROR = on("work", "failed", "error", "missing") + chain("failed", "mend")
LATE = on("work", "told", "escalation", "late", stays=True) + chain("told", "know")


def can(engine: Engine, request: RequestId, who: str) -> tuple[object, object]:
    view = task_view(engine.uow, request, 1, who, engine.now)  # type: ignore[arg-type]
    assert view is not None
    return view.can["error"], view.can["escalate"]


def test_the_one_who_does_it_says_what_it_came_to() -> None:
    engine = Engine(diagram(ERROR, on("know", "x", "error", "broken") + chain("x", "mend")))
    request = engine.submit("p", "card.officer")
    assert can(engine, request, "tech.lead") == (["missing"], [])
    engine.act(
        ThrowError, request, "work", "tech.lead", code="missing", message="没有资料",
        variables={"what": "合同"},
    )  # fmt: skip
    assert engine.open(request) == {"mend": ["gm"]}
    assert engine.variables(request)["what"] == "合同"
    slot = engine.uow.slots(request)[0]
    assert (slot.status, slot.decided_by, slot.comment) == ("completed", "tech.lead", "没有资料")
    entry = engine.uow.entries(request)[-1]
    assert entry.body["verb"] == "error"
    assert ["threw", 1, "missing"] in entry.body["did"]
    assert engine.replayed(request) is None


def test_a_code_that_nothing_catches_is_invalid_and_said_which_are() -> None:
    engine = Engine(diagram(ERROR))
    request = engine.submit("p", "card.officer")
    with pytest.raises(Invalid) as refused:
        engine.act(ThrowError, request, "work", "tech.lead", code="broken")
    assert "missing" in refused.value.errors["code"].en
    with pytest.raises(NotPlain):
        engine.act(Escalate, request, "work", "tech.lead", code="late")
    for who in ("gm", "card.officer"):
        with pytest.raises(NotHolder):
            engine.act(ThrowError, request, "work", who, code="missing")
    with pytest.raises(Invalid):
        engine.act(
            ThrowError, request, "work", "tech.lead", code="missing",
            variables={"work_verdict": "approved"},
        )  # fmt: skip
    assert engine.open(request) == {"work": ["tech.lead"]}


def test_a_catch_of_any_code_takes_any() -> None:
    engine = Engine(diagram(on("work", "failed", "error", "") + chain("failed", "mend")))
    request = engine.submit("p", "card.officer")
    assert can(engine, request, "tech.lead") == (["*"], [])
    engine.act(ThrowError, request, "work", "tech.lead", code="whatever")
    assert engine.open(request) == {"mend": ["gm"]}
    assert engine.replayed(request) is None


def test_an_escalation_is_heard_beside_the_work() -> None:
    engine = Engine(diagram(LATE))
    request = engine.submit("p", "card.officer")
    assert can(engine, request, "tech.lead") == ([], ["late"])
    engine.act(Escalate, request, "work", "tech.lead", code="late", variables={"days": 3})
    assert engine.open(request) == {"know": ["finance.manager"], "work": ["tech.lead"]}
    assert engine.variables(request)["days"] == 3
    engine.act(Complete, request, "work", "tech.lead")
    assert engine.open(request) == {"know": ["finance.manager"]}
    assert engine.replayed(request) is None


def test_one_that_interrupts_ends_the_work() -> None:
    engine = Engine(diagram(on("work", "told", "escalation", "late") + chain("told", "know")))
    request = engine.submit("p", "card.officer")
    engine.act(Escalate, request, "work", "tech.lead", code="late")
    assert engine.open(request) == {"know": ["finance.manager"]}
    assert engine.uow.slots(request)[0].status == "completed"
    assert engine.replayed(request) is None


def test_an_approval_throws_nothing() -> None:
    sign = task("work", assignee="tech.lead", approval="single", approval__onRejected="end")
    engine = Engine(diagram(ERROR, work=sign))
    request = engine.submit("p", "card.officer")
    assert can(engine, request, "tech.lead") == ([], [])
    with pytest.raises(NotPlain):
        engine.act(ThrowError, request, "work", "tech.lead", code="missing")


def test_of_several_who_work_one_s_error_ends_it_for_all() -> None:
    many = task("work", signers="${list('tech.lead', 'tech.developer')}")
    engine = Engine(diagram(ERROR, work=many))
    request = engine.submit("p", "card.officer")
    engine.act(ThrowError, request, "work", "tech.developer", code="missing")
    assert engine.open(request) == {"mend": ["gm"]}
    statuses = [slot.status for slot in engine.uow.slots(request)][:2]
    assert statuses == ["cancelled", "completed"]
    assert engine.replayed(request) is None
