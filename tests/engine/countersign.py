"""A countersign node of any kind in a small process, and what its votes come to, by formulas of
their own: the oracle of the random machine."""

import json
from fractions import Fraction
from functools import cache
from math import ceil

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeWords
from engine.requests import Slot
from tests.engine.live import chain, flow, process, task

REQUESTERS = ("card.officer", "card.manager")
SIGNERS = (
    "risk.manager",
    "finance.manager",
    "service.manager",
    "operations.manager",
    "card.officer",
    "card.manager",
)
PEOPLE = (
    *SIGNERS,
    "tech.lead",
    "tech.developer",
    "deputy.gm",
    "gm",
    "market.manager",
    "sales.manager",
)
KINDS: dict[str, dict[str, str]] = {
    "all, veto": {"approval": "all"},
    "all, collect": {"approval": "all", "approval__rejection": "collect"},
    "any": {"approval": "any"},
    "sequential": {"approval": "sequential"},
    "two thirds": {"approval": "ratio", "approval__threshold": "2/3"},
    "a tenth": {"approval": "ratio", "approval__threshold": "10%"},
    "weights": {
        "approval": "weight",
        "approval__threshold": "3",
        "approval__weights": "risk.manager=2, finance.manager=2",
    },
}
AFTER = {
    "gateway": "",
    "requester": "initiator",
    "end": "end",
    "node": "prepare",
}
FORM = json.dumps(
    {
        "type": "default",
        "id": "start",
        "components": [
            {"type": "number", "key": "amount", "label": "金额"},
            {
                "type": "checklist",
                "key": "signers",
                "label": "会签人",
                "values": [{"label": each, "value": each} for each in SIGNERS],
            },
        ],
    }
).encode()


def diagram(kind: str, after: str, resubmit: str) -> bytes:
    """Prepare, countersign, then a group's work beside a last approval, joined."""
    more = {"approval__onRejected": AFTER[after]} if AFTER[after] else {}
    sign = task(
        "sign",
        signers="${signers}",
        return__to="initiator,prepare",
        return__resubmit=resubmit,
        deadline__remind="R/P1D",
        deadline__calendar="elapsed",
        copy__to="auditor",
        **KINDS[kind],
        **more,
    )
    work = task("work", fields__edit="note").replace(
        'name="work"', 'name="work" camunda:candidateGroups="dept:技术部"'
    )
    last = task(
        "last",
        assignee="gm",
        approval="single",
        approval__onRejected="initiator",
        return__to="initiator,sign,prepare",
    )
    gates = (
        '<bpmn:exclusiveGateway id="g" default="g_no"/><bpmn:endEvent id="no"/>'
        '<bpmn:parallelGateway id="fork"/><bpmn:parallelGateway id="join"/>'
    )
    return process(
        "p",
        '<bpmn:startEvent id="s" camunda:formRef="start"/><bpmn:endEvent id="e"/>',
        task("prepare", assignee="tech.lead"),
        sign,
        gates,
        work,
        last,
        _late("sign"),
        _late("work"),
        chain("s", "prepare", "sign", "g"),
        flow("g", "fork", "${sign_verdict == 'approved'}"),
        flow("g", "no"),
        chain("fork", "work", "join"),
        chain("fork", "last", "join"),
        chain("join", "e"),
        rounds__max="3",
        withdraw="until-end",
    )


@cache
def definition(kind: str, after: str, resubmit: str) -> Definition:
    """The diagram with its form, compiled once."""
    files = {"p.bpmn": diagram(kind, after, resubmit), "start.form": FORM}
    return compile_definition(files, forms.read)


def _late(node: str) -> str:
    """A timer that interrupts nothing, at a desk."""
    return (
        f'<bpmn:boundaryEvent id="late_{node}" attachedToRef="{node}" cancelActivity="false">'
        '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        f'<bpmn:endEvent id="told_{node}"/>' + flow(f"late_{node}", f"told_{node}")
    )


def verdict_of(words: NodeWords, slots: list[Slot]) -> str | None:
    """The verdict that votes give, or None."""
    n = len(slots)
    yes = sum(slot.status == "approved" for slot in slots)
    no = sum(slot.status == "rejected" for slot in slots)
    if words.approval == "any":
        return first(slots)
    if words.rejection == "collect":
        return None if yes + no < n else "rejected" if no else "approved"
    if words.approval == "weight":
        weigh = {"risk.manager": 2, "finance.manager": 2}
        share = [weigh.get(slot.signer or "", 1) for slot in slots]
        pairs = list(zip(slots, share, strict=True))
        for_it = sum(each for slot, each in pairs if slot.status == "approved")
        against = sum(each for slot, each in pairs if slot.status == "rejected")
        if for_it >= 3:
            return "approved"
        return "rejected" if sum(share) - against < 3 else None
    if words.approval == "ratio":
        share_of = Fraction(2, 3) if words.threshold == Fraction(2, 3) else Fraction(1, 10)
        m = max(1, min(n, ceil(n * share_of)))
        return "approved" if yes >= m else "rejected" if no > n - m else None
    return "rejected" if no else "approved" if yes == n else None


def first(slots: list[Slot]) -> str | None:
    """The verdict where one vote decides."""
    return next((s.status for s in slots if s.status in ("approved", "rejected")), None)
