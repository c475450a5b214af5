"""A request as a trace: which activities are complete, in an order that agrees with what caused
what, and whether it has come to an end of its diagram.

What counts is the way that has not been undone: what a return, a withdrawal or a decision taken
back has set aside is no complete activity any more, however complete it was at its time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.diagrams.definition import Definition
from engine.journal import Entry
from engine.recorded import is_own, passage_of
from engine.requests import ENDED, ROUNDS_NODE, Flow, Node, Slot, is_virtual
from engine.tokens import Passage
from web.exports.activities import Activity, activities

VOTED = frozenset({"approved", "rejected", "completed", "returned", "advised"})
"""What a slot is once its signer has decided, by whatever came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One event of a trace, before it is written in XES."""

    transition: str
    """A transition of the standard's lifecycle model: `complete`, `start`, …"""
    name: str
    at: datetime
    seq: int
    """The number of the entry that it follows from."""
    rank: float
    """Its place among those of the same entry: after what caused it."""
    instance: str = ""
    """Which entry of the activity it is about."""
    activity: Activity | None = None
    node: Node | None = None
    slot: Slot | None = None
    """Whose decision it tells of."""
    by: str = ""
    """Who did it, where no slot says so."""
    passage: int = 0
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Life:
    """What is kept of one request, in the version that it runs."""

    id: str
    status: str
    definition: Definition
    entries: Sequence[Entry]
    nodes: Sequence[Node]
    slots: Sequence[Slot]
    flow: Flow = field(default_factory=Flow)

    @cached_property
    def passed(self) -> list[tuple[Entry, Passage]]:
        """Every passage of the request's own diagram, causes first, with its entry."""
        own: dict[str, bool] = {}
        found = []
        for entry in self.entries:
            for row in entry.body.get("reached", ()):
                passage = passage_of(row)
                if passage.scope not in own:
                    own[passage.scope] = is_own(self.definition, passage.scope)
                if own[passage.scope]:
                    found.append((entry, passage))
        return found

    @cached_property
    def activity_passages(self) -> list[tuple[Entry, Passage, Activity]]:
        """Those that say that an activity has been passed."""
        by_passage = {each.passage: each for each in activities(self.definition).values()}
        return [
            (entry, passage, by_passage[passage.node])
            for entry, passage in self.passed
            if passage.node in by_passage
        ]

    def counts(self, passage: Passage) -> bool:
        """Whether no return has undone it, and it belongs to the present run of the process."""
        if self.status == "withdrawn":
            return False
        if self.status == "returned" and "target" not in (self.flow.aside or {}):
            return False
        return passage.id > self.flow.first_passage and passage.id not in self.flow.undone

    @cached_property
    def own_nodes(self) -> dict[str, Node]:
        """The entries of the request's own user tasks, by key."""
        drawn = activities(self.definition)
        return {
            node.key: node
            for node in self.nodes
            if not is_virtual(node) and not node.definition and node.node in drawn
        }

    @cached_property
    def settled(self) -> dict[str, Entry]:
        """By node: the entry in which it was settled."""
        return {
            str(fact[1]): entry
            for entry in self.entries
            for fact in entry.body.get("did", ())
            if fact[0] == "settled"
        }

    @cached_property
    def stopped(self) -> list[Node]:
        """Nodes that were decided and that no token has left: a rejection that ended it all."""
        left = {passage.key for _, passage in self.passed}
        return [
            node
            for key, node in self.own_nodes.items()
            if node.status == "settled" and key in self.settled and key not in left
        ]

    @property
    def whole(self) -> bool:
        """Whether its tokens have come to an end of the diagram, by themselves."""
        if self.status not in ENDED or self.stopped:
            return False
        for entry in reversed(self.entries):
            did = [fact[0] for fact in entry.body.get("did", ())]
            if "ended" in did:
                cut = any(fact[-1] == "the request ended" for fact in entry.body["did"])
                by_hand = entry.body.get("node") == ROUNDS_NODE
                return not (cut or by_hand or entry.body["verb"] == "terminate")
        return False

    @cached_property
    def votes(self) -> Mapping[str, list[Slot]]:
        """By node: its slots that were decided, the last decision last."""
        found: dict[str, list[Slot]] = {}
        for slot in self.slots:
            if slot.status in VOTED and slot.decided_by is not None:
                found.setdefault(slot.node_key, []).append(slot)
        for slots in found.values():
            slots.sort(key=lambda each: (each.decided_at or each.opened_at, each.ordinal))
        return found


def completed(life: Life) -> Iterator[Mark]:
    """One mark `complete` for each pass of an activity that counts, in the order of causes."""
    marks = [
        _complete(life, entry, activity, passage=passage)
        for entry, passage, activity in life.activity_passages
        if life.counts(passage)
    ]
    drawn = activities(life.definition)
    for node in life.stopped:
        marks.append(_complete(life, life.settled[node.key], drawn[node.node], node=node))
    yield from in_order(marks)


def in_order(marks: list[Mark]) -> list[Mark]:
    """By entry, and within one by what caused what; times never go back then."""
    return sorted(marks, key=lambda mark: (mark.seq, mark.rank))


def _complete(
    life: Life,
    entry: Entry,
    activity: Activity,
    *,
    passage: Passage | None = None,
    node: Node | None = None,
) -> Mark:
    if passage is not None and passage.key is not None:
        node = life.own_nodes.get(passage.key)
    slot = last_vote(life, node)
    return Mark(
        transition="complete",
        name=activity.name,
        at=entry.at,
        seq=entry.seq,
        rank=passage.id if passage is not None else float("inf"),
        instance=node.key if node is not None else f"#{passage.id if passage else 0}",
        activity=activity,
        node=node,
        slot=slot,
        by="" if slot is not None else _system(entry, activity),
        passage=passage.id if passage is not None else 0,
    )


def last_vote(life: Life, node: Node | None) -> Slot | None:
    """Whose decision came last at a node."""
    slots = life.votes.get(node.key) if node is not None else None
    return slots[-1] if slots else None


def _system(entry: Entry, activity: Activity) -> str:
    """Who did what no signer did: the worker of an external task, else the system."""
    body: Mapping[str, Any] = entry.body
    if str(body.get("verb", "")).startswith("external-") and body.get("node") == activity.id:
        return str(body.get("actor", ""))
    return "system:process"
