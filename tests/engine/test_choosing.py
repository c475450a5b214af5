"""Signers whom the requester or an earlier desk chooses, from a set that the diagram gives; and
several levels of superiors."""

import json
from typing import Any

import pytest

import forms
from engine.choosing import options
from engine.commands.approve import Approve
from engine.commands.complete import Complete
from engine.commands.return_ import Return
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition, Undeployable
from engine.refusals import Invalid
from engine.view import open_case
from engine.world import World
from tests.engine.live import START, Engine, chain, process, task

START_EVENT = '<bpmn:startEvent id="s" camunda:formKey="start"/>'
END = '<bpmn:endEvent id="e"/>'
SIGN = {"approval__onRejected": "end"}


def form(id: str, *keys: str) -> bytes:
    parts = [{"type": "textfield", "key": key, "label": key} for key in keys]
    return json.dumps({"type": "default", "id": id, "components": parts}).encode()


def made(*tasks: str, forms_: tuple[bytes, ...] = (form("start", "topic"),)) -> Definition:
    ids = [each.split('id="')[1].split('"')[0] for each in tasks]
    files = {f"{n}.form": content for n, content in enumerate(forms_)}
    files["p.bpmn"] = process("p", START_EVENT, *tasks, END, chain("s", *ids, "e"))
    return compile_definition(files, forms.read)


def chosen(id: str = "sign", approval: str = "single", **more: str) -> str:
    """A node whose signers are chosen among the managers."""
    words = {
        "approval": approval,
        "approval__chosen": "reviewer",
        "approval__choose__from": "post:manager",
        **SIGN,
        **more,
    }
    return task(id, **words)


def engine(*tasks: str, **more: Any) -> Engine:
    return Engine(definitions={"p": made(*tasks, **more)})


def wrong(invalid: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(invalid.value.errors)


def test_the_requester_chooses_from_exactly_that_set() -> None:
    live = engine(chosen())
    field = live.uow.deployed["p"].forms["start"].by_key["reviewer"]
    assert (field.kind, field.required) == ("select", True)
    request = live.submit("p", "tech.developer", reviewer="finance.manager")
    assert live.open(request) == {"sign": ["finance.manager"]}
    live.act(Approve, request, "sign", "finance.manager")
    assert live.row(request).outcome == "approved"
    assert live.replayed(request) is None


@pytest.mark.parametrize("reviewer", ["tech.lead", "nobody", None, ["finance.manager"]])
def test_others_than_the_set_gives_are_refused(reviewer: Any) -> None:
    live = engine(chosen())
    with pytest.raises(Invalid) as invalid:
        live.submit("p", "tech.developer", reviewer=reviewer)
    assert wrong(invalid) == {"reviewer"}


def test_nobody_chooses_himself() -> None:
    """T6."""
    live = engine(chosen())
    with pytest.raises(Invalid) as invalid:
        live.submit("p", "finance.manager", reviewer="finance.manager")
    assert wrong(invalid) == {"reviewer"}
    live.submit("p", "finance.manager", reviewer="sales.manager")


def test_as_many_as_the_diagram_says() -> None:
    live = engine(chosen(approval="all", approval__choose__min="2", approval__choose__max="3"))
    managers = ["finance.manager", "sales.manager", "market.manager", "office.manager"]
    for few in (managers[:1], managers):
        with pytest.raises(Invalid) as invalid:
            live.submit("p", "tech.developer", reviewer=few)
        assert wrong(invalid) == {"reviewer"}
    request = live.submit("p", "tech.developer", reviewer=managers[:2])
    assert live.open(request) == {"sign": sorted(managers[:2])}


def test_an_earlier_desk_chooses_by_an_expression() -> None:
    source = "${superior(initiator)},gm"
    live = engine(
        task("triage", assignee="product.manager"),
        chosen(approval__choose__by="triage", approval__choose__from=source),
    )
    request = live.submit("p", "tech.developer", topic="x")
    for person in ("sales.manager", "product.manager", None):
        with pytest.raises(Invalid) as invalid:
            live.act(
                Complete, request, "triage", "product.manager", answers={"reviewer": person}
            )
        assert wrong(invalid) == {"reviewer"}
    live.act(Complete, request, "triage", "product.manager", answers={"reviewer": "gm"})
    assert live.open(request) == {"sign": ["gm"]}
    assert live.replayed(request) is None


def test_an_approver_chooses_with_his_decision() -> None:
    live = engine(
        task("first", assignee="gm", approval="single", **SIGN),
        chosen(approval__choose__by="first"),
    )
    request = live.submit("p", "tech.developer", topic="x")
    with pytest.raises(Invalid) as invalid:
        live.act(Approve, request, "first", "gm")
    assert wrong(invalid) == {"reviewer"}
    live.act(Approve, request, "first", "gm", answers={"reviewer": "sales.manager"})
    assert live.open(request) == {"sign": ["sales.manager"]}
    live.act(Return, request, "sign", "sales.manager", to="first", comment="someone else")
    live.act(Approve, request, "first", "gm", answers={"reviewer": "market.manager"})
    assert live.open(request) == {"sign": ["market.manager"]}
    assert live.replayed(request) is None


def test_a_start_without_a_form_gets_one_for_it() -> None:
    live = engine(chosen(), forms_=())
    request = live.submit("p", "tech.developer", reviewer="sales.manager", other="x")
    assert live.open(request) == {"sign": ["sales.manager"]}
    with pytest.raises(Invalid):
        live.submit("p", "tech.developer", other="x")


def test_what_another_desk_chooses_is_not_the_requesters_to_say() -> None:
    live = engine(
        task("triage", assignee="product.manager"),
        chosen(approval__choose__by="triage"),
        forms_=(),
    )
    with pytest.raises(Invalid) as invalid:
        live.submit("p", "tech.developer", reviewer="tech.lead")
    assert wrong(invalid) == {"reviewer"}


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"approval__choose__from": ""}, "choose.from"),
        ({"approval__choose__by": "nothing"}, "no user task"),
        ({"approval__choose__by": "sign"}, "its own signers"),
        ({"approval__choose__by": "many"}, "several people"),
        ({"approval__choose__by": "edits"}, "form of its own"),
        ({"approval__choose__min": "3", "approval__choose__max": "2"}, "choose.max"),
        ({"approval__choose__from": "${nonsense("}, "choose.from"),
        ({"approval__chosen": "no name"}, "name of a variable"),
        ({"approval__chooose": "x"}, "no property of this name"),
    ],
)
def test_what_could_not_be_chosen_is_not_deployed(properties: dict[str, str], said: str) -> None:
    with pytest.raises(Undeployable) as undeployable:
        made(
            task("many", assignee="gm", approval="all", **SIGN),
            task("edits", assignee="gm", fields__edit="topic"),
            chosen(**properties),
        )
    assert said in str(undeployable.value)


def test_whom_one_is_offered() -> None:
    live = engine(chosen())
    request = live.submit("p", "sales.manager", reviewer="finance.manager")
    case = open_case(live.uow, request, "sales.manager", START)  # type: ignore[arg-type]
    assert case is not None
    found = [each.value for each in options(case, live.uow.deployed["p"], "sign")]
    assert "finance.manager" in found
    assert "sales.manager" not in found
    assert all(name.endswith(".manager") for name in found)


def test_levels_of_superiors() -> None:
    live = engine(task("a", assignee="gm"))
    request = live.submit("p", "tech.developer", topic="x")
    case = open_case(live.uow, request, "gm", START)  # type: ignore[arg-type]
    assert case is not None
    world = World(case)
    one = world.superiors("tech.developer", 1)
    assert one == [world.superior("tech.developer")]
    line = world.superiors("tech.developer", 4)
    assert line[: len(one)] == one
    assert "gm" in line
    assert world.superiors("tech.developer", 9) == [], "a line that ends counts as empty"
    assert world.superiors_to("tech.developer", "manager") == line[:2]
    assert world.superiors_to("tech.developer", "no such post") == []
    assert world.superiors("nobody", 1) == []


def test_superiors_as_signers_one_after_the_other() -> None:
    signers = "${superiors(initiator, 2)}"
    live = engine(task("line", signers=signers, approval="sequential", **SIGN))
    request = live.submit("p", "tech.developer", topic="x")
    (first,) = live.open(request)["line"]
    live.act(Approve, request, "line", first)
    (second,) = live.open(request)["line"]
    assert second != first
    live.act(Approve, request, "line", second)
    assert live.row(request).outcome == "approved"
    assert live.replayed(request) is None
