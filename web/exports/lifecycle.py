"""The whole lifecycle of a request's activities, in the standard's transactional model.

`schedule`, `assign` and `reassign`, `start` with the first decision, `suspend` and `resume` between
those of several signers, then one closing transition: `complete` for what counts; `withdraw` for
what nobody had begun, `ate_abort` for what had been begun or decided, where a return, an event or
another way ended it; `pi_abort` where the whole request was withdrawn or terminated. What no
activity does (a comment, a submission, a timer) is `unknown`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from engine.ids import split_task_id
from engine.journal import Entry
from engine.journal.entry import ERASED
from engine.requests import Node, Slot
from engine.tokens import Passage
from web.exports.activities import Activity, activities
from web.exports.tracing import Life, Mark, completed, in_order

DECISIONS = frozenset(
    {"approve", "reject", "complete", "return", "take-effect", "error", "escalate"}
)
"""Verbs by which a signer does his part."""
WHOLE = frozenset({"withdraw", "terminate"})
"""Verbs that end the whole request."""
BEFORE, MIDDLE, AFTER = -1.0, -0.5, float("inf")
"""Ranks within an entry: before its passages, and after them all."""


def every_mark(life: Life) -> list[Mark]:
    """All marks of a trace."""
    ends = {mark.instance: mark for mark in completed(life)}
    marks: list[Mark] = []
    for node in life.own_nodes.values():
        marks += _Work(life=life, node=node, end=ends.pop(node.key, None)).marks()
    marks += _automatic(life, ends)
    marks += _said(life)
    return in_order(marks)


@dataclass(slots=True, kw_only=True)
class _Work:
    """The pass of one user task."""

    life: Life
    node: Node
    end: Mark | None
    """Its completion, if it counts."""
    begun: bool = False
    paused: bool = False
    given: bool = False
    found: list[Mark] = field(default_factory=list)

    def marks(self) -> list[Mark]:
        """From the time when its desk was opened to its end."""
        slots = {slot.ordinal: slot for slot in self.life.slots if slot.node_key == self.node.key}
        closing = _closing(self.life, self.node, slots)
        for entry in self.life.entries:
            if closing is not None and entry.seq > closing.seq and self.end is None:
                break
            self._take(entry, slots, closing)
            if self.end is not None and entry.seq == self.end.seq:
                break
        return self.found

    def _take(self, entry: Entry, slots: dict[int, Slot], closing: Entry | None) -> None:
        slot, verb = self._deciding(entry, slots), entry.body["verb"]
        decides = slot is not None and verb in DECISIONS and "undo_until" not in entry.body
        begun = self.begun or decides
        for fact in entry.body.get("did", ()):
            if fact[0] == "opened" and fact[1] == self.node.key:
                self._add("schedule", entry, self._opened(entry))
            elif fact[0] in ("assigned", "moved") and fact[1] in slots and not begun:
                self._assign(entry, slots[fact[1]], fact)
        ends = self.end is not None and self.end.seq == entry.seq
        closes = closing is not None and closing.seq == entry.seq and self.end is None
        if slot is not None and verb in ("claim", "assign") and not self.begun:
            self._hand("reassign" if self.given else "assign", entry, slot, "", BEFORE)
        elif slot is not None and decides:
            self._decide(entry, slot, pause=not (ends or closes))
        if ends:
            self._complete(entry)
        elif closes:
            self._close(entry)
        elif self.life.settled.get(self.node.key) is entry and self.begun and not self.paused:
            self._add("suspend", entry, MIDDLE)
            self.paused = True

    def _complete(self, entry: Entry) -> None:
        assert self.end is not None
        if not self.begun or self.paused:
            how = "resume" if self.begun else "start"
            self._add(how, entry, self.end.rank - 0.1, by=self.end.by)
        self.found.append(self.end)

    def _assign(self, entry: Entry, slot: Slot, fact: list[Any]) -> None:
        to = fact[3] if fact[0] == "moved" else next(iter(fact[2]), "")
        if to:
            rank = self._opened(entry) + 0.01
            self._hand("reassign" if self.given else "assign", entry, slot, str(to), rank)

    def _hand(self, how: str, entry: Entry, slot: Slot, to: str, rank: float) -> None:
        by = to or str(entry.body.get("actor", "") if entry.body["verb"] == "claim" else "")
        by = by or str(slot.signer or "")
        self._add(how, entry, rank, by=by)
        self.given = True

    def _deciding(self, entry: Entry, slots: dict[int, Slot]) -> Slot | None:
        task = entry.body.get("task")
        if entry.body.get("outcome") != "done" or not isinstance(task, str):
            return None
        place = split_task_id(task)
        return slots.get(place[1]) if place is not None else None

    def _decide(self, entry: Entry, slot: Slot, *, pause: bool) -> None:
        self._add("resume" if self.begun else "start", entry, BEFORE, slot=slot)
        self.begun, self.paused = True, False
        if pause:
            self._add("suspend", entry, MIDDLE, slot=slot)
            self.paused = True

    def _close(self, entry: Entry) -> None:
        how = "ate_abort" if self.begun else "withdraw"
        self._add("pi_abort" if entry.body["verb"] in WHOLE else how, entry, MIDDLE + 0.1)

    def _opened(self, entry: Entry) -> float:
        """After what caused it, where that is known; else after everything of the entry."""
        if self.end is not None and self.end.seq == entry.seq:
            return self.end.rank - 0.5
        for _, passage in self.life.passed:
            if passage.key == self.node.key and passage.causes:
                return _behind(self.life, entry, passage)
        return 1e15

    def _add(
        self, transition: str, entry: Entry, rank: float, *, slot: Slot | None = None, by: str = ""
    ) -> None:
        drawn = activities(self.life.definition)[self.node.node]
        self.found.append(
            Mark(
                transition=transition,
                name=drawn.name,
                at=entry.at,
                seq=entry.seq,
                rank=rank,
                instance=self.node.key,
                activity=drawn,
                node=self.node,
                slot=slot,
                by=by,
            )
        )


def _behind(life: Life, entry: Entry, passage: Passage) -> float:
    """The place in an entry behind all that caused a passage there."""
    causes = set(passage.causes)
    for _, other in life.passed:
        if other.id in causes and other.node == f"{passage.node}:entered":
            causes |= set(other.causes)
    inside = [p.id for when, p in life.passed if p.id in causes and when.seq == entry.seq]
    return max(inside, default=0) + 0.5


def _closing(life: Life, node: Node, slots: dict[int, Slot]) -> Entry | None:
    """The entry in which a pass ended that is not complete; None: it still stands open."""
    if node.status == "open":
        return None
    last = None
    for entry in life.entries:
        for fact in entry.body.get("did", ()):
            if fact[:2] == ["superseded", node.key] or (
                fact[0] == "cancelled" and fact[1] in slots
            ):
                last = entry
    if last is None and node.settled_at is not None:
        last = next((each for each in life.entries if each.at >= node.settled_at), None)
    return last or life.entries[-1]


def _automatic(life: Life, ends: dict[str, Mark]) -> Iterator[Mark]:
    """What no signer does: begun when its token came, and undone where a return says so."""
    by_passage = {mark.passage: mark for mark in ends.values()}
    for entry, passage, activity in life.activity_passages:
        if passage.key is not None:
            continue
        begun = _begun(life, entry, passage)
        mark = by_passage.get(passage.id) or Mark(
            transition="ate_abort",
            name=activity.name,
            at=entry.at,
            seq=entry.seq,
            rank=passage.id,
            instance=f"#{passage.id}",
            activity=activity,
            by="system:process",
            passage=passage.id,
        )
        rank = passage.id - 0.4 if begun.seq == entry.seq else _behind(life, begun, passage)
        yield replace(mark, transition="start", at=begun.at, seq=begun.seq, rank=rank)
        if mark.transition == "complete":
            yield mark
        else:
            gone = _undone(life, entry, passage)
            how = "pi_abort" if gone.body["verb"] in WHOLE else "ate_abort"
            yield replace(mark, transition="suspend")
            yield replace(mark, transition=how, at=gone.at, seq=gone.seq, rank=MIDDLE + 0.2)


def _begun(life: Life, entry: Entry, passage: Passage) -> Entry:
    """The entry in which the token came."""
    causes = set(passage.causes)
    for _, other in life.passed:
        if other.id in causes and other.node.endswith(":entered"):
            causes |= set(other.causes)
    came = [when for when, other in life.passed if other.id in causes and other.id < passage.id]
    if passage.node.endswith(":loop") or any(
        other.node == f"{passage.node}:entered" for _, other in life.passed
    ):
        entered = [when for when, p in life.passed if p.node == f"{passage.node}:entered"
                   and p.id in passage.causes]  # fmt: skip
        return entered[0] if entered else entry
    return max(came, key=lambda each: each.seq, default=entry)


def _undone(life: Life, entry: Entry, passage: Passage) -> Entry:
    """The entry that has undone a passage."""
    later = [each for each in life.entries if each.seq >= entry.seq]
    for each in later:
        if passage.id in each.body.get("undone", ()):
            return each
    for each in later:
        facts = {fact[0] for fact in each.body.get("did", ())}
        if each.body["verb"] in WHOLE or facts & {"superseded", "returned"}:
            return each
    return later[-1]


def _said(life: Life) -> Iterator[Mark]:
    """What was done that is no activity's: one mark an entry."""
    for entry in life.entries:
        body = entry.body
        of_task = isinstance(body.get("task"), str) and body["verb"] in DECISIONS | {"claim"}
        automatic = str(body["verb"]).startswith("external-")
        if body.get("outcome") != "done" or of_task or automatic or body["verb"] == "decide":
            continue
        comment = entry.particulars.get("input.comment")
        if isinstance(comment, dict) and comment.get(ERASED):
            comment = ""
        yield Mark(
            transition="unknown",
            name=str(body["verb"]),
            at=entry.at,
            seq=entry.seq,
            rank=BEFORE - 1,
            instance=f"entry {entry.seq}",
            by=str(body.get("actor", "")),
            comment=str(comment or ""),
        )


__all__ = ["Activity", "every_mark"]
