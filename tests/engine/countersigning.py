"""Countersign nodes of every kind whose signers change while they are open, and what their votes
come to: an oracle written from V1-V3, A1 and A4 alone, that reads nothing but the slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.requests import Slot
from tests.engine.live import chain, flow, process, task

REQUESTER = "card.officer"
NAMED = ("risk.manager", "finance.manager", "service.manager", "card.officer")
GROUPS = ("dept:技术部", "dept:客户服务部")
OTHERS = (
    "tech.lead",
    "tech.developer",
    "service.agent",
    "risk.reviewer",
    "operations.manager",
    "sales.manager",
    "market.manager",
)
PEOPLE = (*NAMED, *OTHERS, "gm")
SETTLED = "a sibling's decision settled it"
ENDED_BY_GROUP = "another of the added signers has decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a node makes its verdict of votes."""

    approval: str
    rejection: str
    share: Fraction = Fraction(1)
    """Of all, how many have to approve."""
    weight: int = 0
    """How much approving weight passes."""
    candidates: bool = False
    """Whether places are offered to departments."""


KINDS = {
    "single": Kind(approval="single", rejection="veto"),
    "all, veto": Kind(approval="all", rejection="veto"),
    "all, collect": Kind(approval="all", rejection="collect"),
    "any": Kind(approval="any", rejection="veto", share=Fraction(0)),
    "sequential": Kind(approval="sequential", rejection="veto"),
    "ratio, tally": Kind(approval="ratio", rejection="tally", share=Fraction(2, 3)),
    "ratio, veto": Kind(approval="ratio", rejection="veto", share=Fraction(1, 2)),
    "ratio, collect": Kind(approval="ratio", rejection="collect", share=Fraction(1, 2)),
    "weight, tally": Kind(approval="weight", rejection="tally", weight=4),
    "weight, veto": Kind(approval="weight", rejection="veto", weight=4),
    "departments": Kind(approval="all", rejection="veto", candidates=True),
    "departments, any": Kind(approval="any", rejection="veto", share=Fraction(0), candidates=True),
}
WEIGHTS = {"risk.manager": 2, "tech.lead": 3, "service.agent": 2}
THEN = ("escalate", "handover:sales.manager,gm,tech.developer", "return", "approve", "reject", "")
AFTER = {"gateway": "", "requester": "initiator"}


def diagram(kind: Kind, then: str, after: str) -> bytes:
    """A node that countersigns, then a last approval; who is refused mends it and asks again."""
    words = {"approval": kind.approval, "approval__rejection": kind.rejection}
    if kind.approval == "ratio":
        words["approval__threshold"] = str(kind.share)
    if kind.approval == "weight":
        words["approval__threshold"] = str(kind.weight)
        words["approval__weights"] = ", ".join(f"{who}={much}" for who, much in WEIGHTS.items())
    if after:
        words["approval__onRejected"] = after
    people = GROUPS if kind.candidates else NAMED
    names = ", ".join(f"'{each}'" for each in people)
    sign = task(
        "sign",
        **(
            {"assignee": NAMED[0]}
            if kind.approval == "single"
            else {"signers": f"${{list({names})}}"}
        ),
        return__to="initiator",
        deadline__after="P9D",
        deadline__then=then or "escalate",
        deadline__calendar="elapsed",
        **words,
    )
    if kind.candidates:
        sign = sign.replace('name="sign"', 'name="sign" camunda:candidateGroups="${signer}"')
    last = task(
        "last", assignee="gm", approval="single", approval__onRejected="end",
        return__to="initiator,sign",
    )  # fmt: skip
    gates = (
        '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>'
        '<bpmn:exclusiveGateway id="g" default="g_mend"/>'
    )
    mend = task("mend", assignee="market.manager")
    return process(
        "p", sign, last, mend, gates,
        chain("s", "sign", "g", "mend", "sign"),
        flow("g", "last", "${sign_verdict == 'approved'}"),
        chain("last", "e"),
        rounds__max="99", withdraw="until-end",
    )  # fmt: skip


@cache
def definition(kind: str, then: str, after: str) -> Definition:
    """The diagram compiled, once a run."""
    return compile_definition({"p.bpmn": diagram(KINDS[kind], then, AFTER[after])}, forms.read)


# ---- the oracle


class Places:
    """The slots of one node, and how those that were put into it hang together."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.slots = slots
        self.by: dict[int | None, Slot] = {each.ordinal: each for each in slots}
        self.children: dict[int, list[Slot]] = {}
        for slot in self.voters():
            above = self.parent(slot) if slot.mode else None
            if above is not None:
                self.children.setdefault(self.first(above).ordinal, []).append(slot)

    def first(self, slot: Slot) -> Slot:
        """The place as it was before it was transferred."""
        while slot.origin == "transferred" and slot.parent in self.by:
            slot = self.by[slot.parent]
        return slot

    def put_by(self, slot: Slot, mode: str) -> list[Slot]:
        """The voters whom the holder of a place added in this way."""
        added = self.children.get(self.first(slot).ordinal, ())
        return [each for each in added if each.mode == mode]

    def parent(self, slot: Slot) -> Slot | None:
        """Whose holder added this voter."""
        return self.by.get(self.first(slot).parent)

    def voters(self) -> list[Slot]:
        """The places of N: neither advice, nor given away, nor taken out, nor spared."""
        return [
            slot
            for slot in self.slots
            if slot.origin != "delegated"
            and slot.status not in ("transferred", "removed")
            and not (slot.status == "cancelled" and slot.comment == ENDED_BY_GROUP)
        ]

    def finished(self, group: list[Slot]) -> bool:
        """Whether those added together have come to an end; each group by itself."""
        for number in {slot.group for slot in group}:
            members = [slot for slot in group if slot.group == number]
            done = [self.effective(slot) for slot in members]
            if not (any(done) if members[0].group_mode == "any" else all(done)):
                return False
        return True

    def effective(self, slot: Slot) -> bool:
        """Whether a vote is given and those who were to be heard after it have been."""
        return slot.status in ("approved", "rejected") and self.finished(self.put_by(slot, "after"))

    def verdict(self, kind: Kind) -> str | None:
        """What the votes that have taken effect come to."""
        voters = self.voters()
        given = [slot for slot in voters if self.effective(slot)]
        yes = [slot for slot in given if slot.status == "approved"]
        no = len(given) - len(yes)
        n = len(voters)
        if kind.approval == "any":
            own = [slot for slot in yes if slot.mode not in ("before", "after")]
            return "rejected" if no else "approved" if own else None
        if kind.rejection == "collect":
            return None if len(given) < n else "rejected" if no else "approved"
        if no and kind.rejection == "veto":
            return "rejected"
        if kind.approval == "weight":
            for_it = sum(slot.weight for slot in yes)
            may_be = for_it + sum(slot.weight for slot in voters if slot not in given)
            if for_it >= kind.weight:
                return "approved"
            return "rejected" if may_be < kind.weight else None
        m = max(1, min(n, ceil(n * kind.share)))
        return "approved" if len(yes) >= m else "rejected" if no > n - m else None
