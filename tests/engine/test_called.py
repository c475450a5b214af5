"""Called processes: their desks, votes, returns and ends are looked up in their own diagram, also
where their ids are those of the caller."""

import json

import pytest

import forms
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.reject import Reject
from engine.commands.return_ import Return
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import RequestId
from engine.recorded import is_own
from engine.refusals import Changed, GuardUnmet, Invalid, TargetNotOnPath
from engine.view import task_view
from tests.engine.live import Engine, chain, compiled, flow, process, task

START = '<bpmn:startEvent id="s"/>'
END = '<bpmn:endEvent id="e"/>'


def call(id: str = "c", of: str = "q", *, each: str = "", **mapped: str) -> str:
    """A call activity: names with `in_` and `out_` before them."""
    rows = "".join(
        f'<camunda:{name.partition("_")[0]} sourceExpression="{text}"'
        f' target="{name.partition("_")[2]}"/>'
        for name, text in mapped.items()
    )
    many = (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="{each}"'
        ' camunda:elementVariable="item"/>'
        if each
        else ""
    )
    return (
        f'<bpmn:callActivity id="{id}" calledElement="{of}"><bpmn:extensionElements>{rows}'
        f"</bpmn:extensionElements>{many}</bpmn:callActivity>"
    )


def outer(step: str, *more: str, **words: str) -> bytes:
    """A process that calls, and has a task `sign` of its own behind that."""
    own = task("sign", assignee="deputy.gm", approval="single", approval__onRejected="end",
               **words)  # fmt: skip
    return process(
        "p", START, step, own, END, *more, chain("s", "c", "sign", "e"), withdraw="until-end"
    )


SIGN = task(
    "sign", signers="${list('gm', 'risk.manager')}", approval="all", approval__onRejected="work",
    return__to="work,initiator", return__resubmit="changed",
)  # fmt: skip
INNER = process(
    "q", START, task("work", assignee="${who}"), SIGN,
    '<bpmn:endEvent id="e" name="里面的终点"><bpmn:extensionElements><camunda:properties>'
    '<camunda:property name="status" value="void"/></camunda:properties>'
    "</bpmn:extensionElements></bpmn:endEvent>", chain("s", "work", "sign", "e"),
)  # fmt: skip


def begun() -> tuple[Engine, RequestId]:
    step = call(in_who="tech.lead", in_sum="${amount}", out_said="${sign_verdict}")
    engine = Engine(outer(step), INNER)
    return engine, engine.submit("p", "card.officer", amount="5")


def test_its_verdicts_stand_in_its_own_scope_and_come_out_where_mapped() -> None:
    engine, request = begun()
    engine.act(Complete, request, "work", "tech.lead", answers={"found": "x"})
    assert engine.open(request) == {"sign": ["gm", "risk.manager"]}
    engine.act(Approve, request, "sign", "gm")
    engine.act(Approve, request, "sign", "risk.manager")
    assert engine.open(request) == {"sign": ["deputy.gm"]}
    variables = engine.variables(request)
    assert variables["said"] == "approved"
    assert variables["sign_verdict"] is None
    assert "found" not in variables
    engine.act(Approve, request, "sign", "deputy.gm")
    row = engine.row(request)
    assert (row.status, row.ends, row.outcome) == ("completed", ["e"], "approved")
    assert engine.replayed(request) is None


def test_a_rejection_goes_back_within_it_and_a_kept_signature_is_its_own() -> None:
    engine, request = begun()
    engine.act(Complete, request, "work", "tech.lead")
    engine.act(Approve, request, "sign", "gm")
    engine.act(Reject, request, "sign", "risk.manager", comment="不行")
    assert engine.open(request) == {"work": ["tech.lead"]}
    assert engine.row(request).round == 2
    engine.act(Complete, request, "work", "tech.lead")
    assert engine.open(request) == {"sign": ["risk.manager"]}
    kept = [slot for slot in engine.uow.slots(request) if slot.kept_from == 1]
    assert [slot.signer for slot in kept] == ["gm"]
    assert engine.replayed(request) is None


def test_returns_stay_within_the_border_or_go_to_the_requester() -> None:
    engine, request = begun()
    engine.act(Complete, request, "work", "tech.lead")
    view = task_view(engine.uow, request, 2, "gm", engine.now)  # type: ignore[arg-type]
    assert view is not None
    assert [each["id"] for each in view.can["return"]] == ["initiator", "work"]
    engine.act(Return, request, "sign", "gm", to="work", comment="再看")
    assert engine.open(request) == {"work": ["tech.lead"]}
    engine.act(Complete, request, "work", "tech.lead")
    engine.act(Return, request, "sign", "risk.manager", to="initiator", comment="重来")
    assert engine.open(request) == {"initiator": ["card.officer"]}
    engine.act(Complete, request, "initiator", "card.officer", answers={"amount": "6"})
    assert engine.open(request) == {"work": ["tech.lead"]}
    assert engine.replayed(request) is None


def test_nothing_is_returned_into_a_called_process_or_out_of_it() -> None:
    step = call(in_who="tech.lead")
    engine = Engine(outer(step, return__to="any"), INNER)
    request = engine.submit("p", "card.officer")
    engine.act(Complete, request, "work", "tech.lead")
    for who in ("gm", "risk.manager"):
        engine.act(Approve, request, "sign", who)
    view = task_view(engine.uow, request, 4, "deputy.gm", engine.now)  # type: ignore[arg-type]
    assert view is not None
    assert [each["id"] for each in view.can["return"]] == ["initiator"]
    with pytest.raises(TargetNotOnPath):
        engine.act(Return, request, "sign", "deputy.gm", to="work", comment="不行")
    assert engine.open(request) == {"sign": ["deputy.gm"]}


def _form(key: str, label: str) -> bytes:
    field = {"type": "textfield", "id": f"f_{key}", "key": key, "label": label,
             "validate": {"required": True}}  # fmt: skip
    document = {"type": "default", "id": "desk", "components": [field], "schemaVersion": 16}
    return json.dumps(document).encode()


def _with_form(data: bytes, form: bytes) -> Definition:
    named = data.replace(b'id="work" name="work"', b'id="work" name="work" camunda:formRef="desk"')
    return compile_definition({"x.bpmn": named, "desk.form": form}, forms.read)


def test_a_desk_shows_the_form_of_its_own_process() -> None:
    step = call()
    caller = process("p", START, step, task("work", assignee="gm"), END,
                     chain("s", "c", "work", "e"))  # fmt: skip
    called = process("q", START, task("work", assignee="tech.lead"), END, chain("s", "work", "e"))
    engine = Engine(
        definitions={
            "p": _with_form(caller, _form("outside", "外")),
            "q": _with_form(called, _form("inside", "内")),
        }
    )
    request = engine.submit("p", "card.officer")
    view = task_view(engine.uow, request, 1, "tech.lead", engine.now)  # type: ignore[arg-type]
    assert view is not None
    assert view.desk is not None
    assert [field.key for field in view.desk.form.fields] == ["inside"]
    with pytest.raises(Invalid) as refused:
        engine.act(Complete, request, "work", "tech.lead", answers={"outside": "x"})
    assert set(refused.value.errors) == {"inside", "outside"}
    engine.act(Complete, request, "work", "tech.lead", answers={"inside": "x"})
    engine.act(Complete, request, "work", "gm", answers={"outside": "y"})
    variables = engine.variables(request)
    assert (variables.get("inside"), variables["outside"]) == (None, "y")
    assert engine.replayed(request) is None


def test_who_asks_and_who_did_a_desk_is_known_in_it() -> None:
    called = process(
        "q", START, task("work", assignee="tech.lead"), task("again", assignee="${actor('work')}"),
        task("own", assignee="${initiator}"), END, chain("s", "work", "again", "own", "e"),
    )  # fmt: skip
    caller = process(
        "p", START, task("work", assignee="gm"), call(), END, chain("s", "work", "c", "e")
    )
    engine = Engine(caller, called)
    request = engine.submit("p", "card.officer")
    engine.act(Complete, request, "work", "gm")
    engine.act(Complete, request, "work", "tech.lead")
    assert engine.open(request) == {"again": ["tech.lead"]}
    engine.act(Complete, request, "again", "tech.lead")
    assert engine.open(request) == {"own": ["card.officer"]}
    assert engine.replayed(request) is None


def test_a_guard_reads_what_it_was_handed_and_a_change_is_noticed() -> None:
    guarded = task("last", assignee="gm", guard="${sum == 7}", guard__message="还不是7")
    called = process(
        "q", START, '<bpmn:parallelGateway id="f"/>', task("mend", assignee="tech.lead"), guarded,
        '<bpmn:parallelGateway id="j"/>', END, chain("s", "f", "mend", "j"),
        chain("f", "last", "j", "e"),
    )  # fmt: skip
    caller = process("p", START, call(in_sum="${amount}"), END, chain("s", "c", "e"))
    named = {}
    for key, data in (("p", caller), ("q", called)):
        named[key] = compiled(data)
    engine = Engine(definitions=named)
    request = engine.submit("p", "card.officer", amount="5")
    with pytest.raises(GuardUnmet, match="还不是7"):
        engine.act(Complete, request, "last", "gm")
    engine.act(Complete, request, "mend", "tech.lead", answers={"sum": "7"})
    entry = engine.uow.entries(request)[-1]
    assert entry.particulars["changed./c#1:sum"] == ["5", "7"]
    assert entry.body["called"] == named["q"].digest[:16]
    engine.act(Complete, request, "last", "gm")
    assert engine.row(request).status == "completed"
    assert engine.variables(request)["amount"] == "5"
    assert engine.replayed(request) is None


def test_several_instances_keep_their_votes_apart() -> None:
    sign = task("sign", assignee="${item}", approval="single", approval__onRejected="")
    called = process(
        "q", START, sign, '<bpmn:exclusiveGateway id="g" default="g_no"/>',
        task("glad", assignee="gm"), END, '<bpmn:endEvent id="no"/>', chain("s", "sign", "g"),
        flow("g", "glad", "${sign_verdict == 'approved'}"), flow("g", "no"), flow("glad", "e"),
    )  # fmt: skip
    step = call(each="${list('tech.lead', 'finance.manager')}", in_item="${item}")
    engine = Engine(process("p", START, step, END, chain("s", "c", "e")), called)
    request = engine.submit("p", "card.officer")
    engine.act(Approve, request, "sign", "tech.lead")
    engine.act(Reject, request, "sign", "finance.manager", comment="不行")
    assert engine.open(request) == {"glad": ["gm"]}
    engine.act(Complete, request, "glad", "gm")
    assert engine.row(request).status == "completed"
    assert engine.replayed(request) is None


def test_a_process_that_calls_itself_for_ever_stands_still() -> None:
    around = process("p", START, call(of="${which}", in_which="p"), END, chain("s", "c", "e"))
    engine = Engine(around)
    request = engine.submit("p", "card.officer", which="p")
    (incident,) = engine.incidents(request)
    assert incident.kind in ("call", "limit")
    assert engine.row(request).status == "running"
    assert engine.replayed(request) is None


def test_whose_element_passed_can_be_told_from_its_scope() -> None:
    inside = (
        '<bpmn:subProcess id="sub"><bpmn:startEvent id="a"/>' + call()
        + '<bpmn:endEvent id="b"/>' + chain("a", "c", "b") + "</bpmn:subProcess>"
    )  # fmt: skip
    definition = compiled(process("p", START, inside, END, chain("s", "sub", "e")))
    assert is_own(definition, "")
    assert is_own(definition, "/sub#1")
    assert not is_own(definition, "/sub#1/c#1")
    assert not is_own(definition, "/sub#1/c#1/sub#2")


def test_what_was_seen_of_it_must_be_what_is_there() -> None:
    engine, request = begun()
    view = task_view(engine.uow, request, 1, "tech.lead", engine.now)  # type: ignore[arg-type]
    assert view is not None
    engine.act(Complete, request, "work", "tech.lead", version=view.version)
    with pytest.raises(Changed):
        engine.act(Approve, request, "sign", "gm", version="1.0000000000000000")


def test_signers_may_be_named_in_feel() -> None:
    engine = Engine(
        process("p", START, task("work", assignee="=boss"), END, chain("s", "work", "e"))
    )
    request = engine.submit("p", "card.officer", boss="tech.lead")
    assert engine.open(request) == {"work": ["tech.lead"]}
    assert engine.uow.slots(request)[0].why["en"] == "the request's boss"
    assert engine.replayed(request) is None
