"""What an entry says by itself of what it changed, where it can't be run again: read from `did`,
`changed` and its verb. It knows less than a replay: not where tokens stand, nor all of a row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.ids import PersonId, RequestId, split_task_id
from engine.journal import Entry
from engine.recorded import changed_where
from engine.replay.state import GONE, Delta, State
from engine.requests import (
    AMEND_NODE,
    ENDED,
    ROUNDS_NODE,
    External,
    Incident,
    Node,
    Request,
    Slot,
    Timer,
)

STATUS = {
    "withdraw": "withdrawn",
    "suspend": "suspended",
    "resume": "running",
    "submit": "running",
    "save": "draft",
}
"""What a verb makes of a request, where nothing else is said."""


def read(entry: Entry, state: State) -> Delta:
    """What the entry says that it changed of how the request stood."""
    reading = _Reading(entry, state)
    reading.all()
    return reading.delta


class _Reading:
    """One entry that is read."""

    def __init__(self, entry: Entry, state: State) -> None:
        self.entry = entry
        self.state = state
        self.delta = Delta()
        self.opened = ""
        self.request = self._request()

    def all(self) -> None:
        """Everything that it says."""
        body = self.entry.body
        self.request.seq, self.request.last_at = self.entry.seq, self.entry.at
        self.delta.request = self.request
        if body.get("outcome") != "done":
            return
        self.request.version += 1
        self._verb(str(body.get("verb")))
        self._variables()
        self._tokens()
        for fact in body.get("did", ()):
            teller = _FACTS.get(str(fact[0]))
            if teller is not None:
                try:
                    teller(self, *fact[1:])
                except (TypeError, ValueError, KeyError, AttributeError):
                    continue  # an altered fact says nothing
        self._left_empty()

    def _left_empty(self) -> None:
        """A node is over where nobody is asked there any more, though nothing else is said."""
        ended = {s.node_key for s in self.delta.slots.values() if s.status == "cancelled"}
        for key in ended:
            node = self._row("nodes", key)
            slots = [self._row("slots", o) for o in {*self.state.slots, *self.delta.slots}]
            asked = [s for s in slots if s.node_key == key and s.status in ("open", "waiting")]
            if isinstance(node, Node) and node.status == "open" and not asked:
                self._node(key, status="cancelled", settled_at=self.entry.at)

    def _request(self) -> Request:
        kept, entry = self.state.request, self.entry
        if kept is not None:
            return replace(kept)
        return Request(
            id=RequestId(entry.chain),
            process="",
            definition=str(entry.body.get("process", "")),
            requester=PersonId(str(entry.body.get("actor", ""))),
            department="",
            created_at=entry.at,
        )

    def _verb(self, verb: str) -> None:
        status = STATUS.get(verb)
        if verb == "start":
            submitted = self.entry.particulars.get("input.submitted")
            status = "draft" if submitted is False else "running"
        if status is not None and self.request.status not in ENDED:
            self.request.status = status  # type: ignore[assignment]
        if verb == "submit":
            self.request.submitted_at = self.entry.at
        answers = self.entry.particulars.get("input.answers")
        if verb in ("submit", "save") and isinstance(answers, dict):
            self.delta.answers = answers
        task = split_task_id(str(self.entry.body.get("task", "")))
        taken = isinstance(answers, dict) and "undo_until" not in self.entry.body
        if task is not None and task[1] in self.state.slots and taken:
            self._slot(task[1], answers=answers)
        verdict = {"approve": "approved", "reject": "rejected"}.get(verb)
        if task is not None and self.entry.body.get("node") in (AMEND_NODE, ROUNDS_NODE):
            self._decided(task[1], verdict or "completed")
            self._over(task[1], verdict)

    def _over(self, ordinal: int, verdict: str | None) -> None:
        """The node of a place is done, unless it counts no more."""
        slot = self._row("slots", ordinal)
        if isinstance(slot, Slot):
            self._node(slot.node_key, status="settled", verdict=verdict, settled_at=self.entry.at)

    def _variables(self) -> None:
        for path, change in self.entry.particulars.items():
            if path.startswith("changed.") and isinstance(change, list) and len(change) == 2:
                where = changed_where(path.removeprefix("changed."))
                self.delta.put("variables", where, change[1], self.state)

    def _tokens(self) -> None:
        """Where they stand is not said; where they went away from is no longer shown."""
        if self.entry.body.get("reached") or self.entry.body.get("undone"):
            self.delta.tokens = ()

    # ---- rows

    def _row(self, group: str, key: Any) -> Any:
        return getattr(self.delta, group).get(key) or getattr(self.state, group).get(key)

    def _slot(self, ordinal: int, **changed: Any) -> None:
        kept = self._row("slots", ordinal)
        if isinstance(kept, Slot):
            self.delta.slots[ordinal] = replace(kept, **changed)

    def _node(self, key: str, **changed: Any) -> None:
        kept = self._row("nodes", key)
        if isinstance(kept, Node):
            self.delta.nodes[key] = replace(kept, **changed)

    def _decided(self, ordinal: int, status: str, **more: Any) -> None:
        body, at = self.entry.body, self.entry.at
        comment = self.entry.particulars.get("input.comment", "")
        self._slot(
            ordinal,
            status=status,
            decided_at=at,
            decided_by=body.get("actor"),
            on_behalf_of=body.get("for"),
            comment=comment if isinstance(comment, str) else "",
            **more,
        )

    # ---- facts

    def opened_(self, key: str, node: str, round: int, pass_: int, *_: Any) -> None:
        scope = key.rpartition("/")[0]
        known = (each for each in self.state.nodes.values() if each.scope == scope)
        self.opened = key
        self.request.round = max(self.request.round, round)
        if node in (AMEND_NODE, ROUNDS_NODE):
            self.request.status = "returned"
        elif self.request.status == "returned":
            self.request.status = "running"
        self.delta.nodes[key] = Node(
            request=self.request.id,
            key=key,
            node=node,
            scope=scope,
            round=round,
            pass_=pass_,
            opened_at=self.entry.at,
            definition=next((each.definition for each in known), ""),
        )

    def assigned(self, ordinal: int, holders: Any, candidates: Any = (), *_: Any) -> None:
        if self._row("slots", ordinal) is not None:
            self._slot(
                ordinal,
                status="open",
                waits="",
                holders=list(holders),
                candidates=list(candidates),
            )
            return
        task = split_task_id(str(self.entry.body.get("task", "")))
        beside = self.state.slots.get(task[1]) if task is not None else None
        node = self._row("nodes", self.opened or (beside.node_key if beside else ""))
        if isinstance(node, Node):
            self.delta.slots[ordinal] = Slot(
                request=self.request.id,
                ordinal=ordinal,
                node_key=node.key,
                node=node.node,
                round=node.round,
                pass_=node.pass_,
                signer=holders[0] if len(holders) == 1 else None,
                opened_at=self.entry.at,
                definition=node.definition,
                holders=list(holders),
                candidates=list(candidates),
            )
            self._node(node.key, total=node.total + 1, pending=node.pending + 1)

    def voted(self, ordinal: int, status: str, yes: int, no: int, total: int, *_: Any) -> None:
        self._decided(ordinal, status)
        kept = self._row("slots", ordinal)
        if isinstance(kept, Slot):
            pending = max(0, total - yes - no)
            self._node(kept.node_key, approved=yes, rejected=no, total=total, pending=pending)

    def completed(self, ordinal: int, number: str | None = None, *_: Any) -> None:
        kept = self._row("slots", ordinal)
        holders = (kept.holders if kept else []) or [self.entry.body.get("actor")]
        self._decided(ordinal, "completed", number=number, holders=holders)

    def returned(self, ordinal: int, *_: Any) -> None:
        self._decided(ordinal, "returned")
        self._over(ordinal, "returned")

    def kept(self, ordinal: int, earlier: int, round: int, *_: Any) -> None:
        node, before = self._row("nodes", self.opened), self._row("slots", earlier)
        self.delta.slots[ordinal] = replace(
            before,
            ordinal=ordinal,
            node_key=node.key,
            round=node.round,
            pass_=node.pass_,
            kept_from=round,
        )

    def escalated(self, ordinal: int, above: Any, *_: Any) -> None:
        kept = self._row("slots", ordinal)
        self._slot(ordinal, holders=list(dict.fromkeys([*kept.holders, *above])))

    def ended_slot(self, status: str) -> Callable[..., None]:
        def told(ordinal: int, cause: str = "", *_: Any) -> None:
            self._slot(ordinal, status=status, comment=cause, decided_at=self.entry.at, waits="")

        return told

    def settled(
        self, key: str, verdict: str | None, yes: int, no: int, total: int, *_: Any
    ) -> None:
        self._node(
            key,
            status="settled",
            verdict=verdict,
            approved=yes,
            rejected=no,
            total=total,
            settled_at=self.entry.at,
        )
        for timer in [k for k, t in self.state.timers.items() if t.attached_to == key]:
            self.delta.timers[timer] = GONE

    def superseded(self, key: str, *_: Any) -> None:
        self._node(key, status="superseded")

    def ended(self, status: str, outcome: Any = None, ends: Any = None, *_: Any) -> None:
        self.request.status, self.request.outcome = status, outcome  # type: ignore[assignment]
        self.request.ended_at = self.entry.at
        self.delta.tokens = ()
        self.delta.timers.update(dict.fromkeys(self.state.timers, GONE))
        for node in self.state.nodes.values():
            if self._row("nodes", node.key).status == "open":
                self._node(node.key, status="cancelled", settled_at=self.entry.at)

    def moved(self, ordinal: int, before: str, after: str, *_: Any) -> None:
        kept = self._row("slots", ordinal)
        holders = [after if each == before else each for each in kept.holders]
        self._slot(ordinal, holders=holders)

    def standing(self, ordinal: int, pairs: Any, *_: Any) -> None:
        kept = self._row("slots", ordinal)
        standing = dict(pairs)
        own = [each for each in kept.holders if each not in kept.standing]
        self._slot(ordinal, holders=[*own, *standing], standing=standing)

    def incident(self, ordinal: int, kind: str, key: str, *_: Any) -> None:
        place = key if key.startswith("/") else key.partition(":")[2]
        self.delta.incidents[ordinal] = Incident(
            request=self.request.id,
            ordinal=ordinal,
            key=key,
            node=place.rpartition("/")[2].partition("#")[0],
            kind=kind,  # type: ignore[arg-type]
            message="",
            at=self.entry.at,
        )

    def armed(self, key: str, due: str, *_: Any) -> None:
        self.delta.timers[key] = Timer(
            request=self.request.id, key=key, due=datetime.fromisoformat(due)
        )

    def waits(self, key: str, topic: str, *_: Any) -> None:
        scope, _slash, name = key.rpartition("/")
        self.delta.externals[key] = External(
            request=self.request.id,
            key=key,
            node=name.partition("#")[0],
            scope=scope,
            topic=topic,
            created_at=self.entry.at,
        )

    def numbered(self, number: str, *_: Any) -> None:
        self.request.number = number

    def gone(self, group: str) -> Callable[..., None]:
        def told(key: Any, *_: Any) -> None:
            getattr(self.delta, group)[key] = GONE

        return told


_FACTS: dict[str, Callable[..., None]] = {
    "opened": _Reading.opened_,
    "assigned": _Reading.assigned,
    "voted": _Reading.voted,
    "completed": _Reading.completed,
    "returned": _Reading.returned,
    "effective": lambda r, ordinal, status, *_: r._slot(ordinal, status=status, waits=""),
    "settled": _Reading.settled,
    "skipped": lambda r, key, *_: r._node(
        key, status="settled", verdict="skipped", settled_at=r.entry.at
    ),
    "kept": _Reading.kept,
    "escalated": _Reading.escalated,
    "cancelled": lambda r, *fact: r.ended_slot("cancelled")(*fact),
    "removed": lambda r, *fact: r.ended_slot("removed")(*fact),
    "superseded": _Reading.superseded,
    "reinstated": lambda r, key, *_: r._node(key, status="settled"),
    "taken-back": lambda r, ordinal, *_: r._slot(ordinal, status="superseded"),
    "transferred": lambda r, old, *_: r._decided(old, "transferred"),
    "advised": lambda r, ordinal, opinion, *_: r._decided(ordinal, "advised", advice=opinion),
    "recorded": lambda r, ordinal, *_: r._slot(ordinal, status="waiting", waits="undo"),
    "claimed": lambda r, ordinal, who, *_: r._slot(ordinal, holders=[who], signer=who),
    "released": lambda r, ordinal, *_: r._slot(ordinal, holders=[], signer=None),
    "candidates": lambda r, ordinal, people, *_: r._slot(ordinal, candidates=list(people)),
    "moved": _Reading.moved,
    "standing-in": _Reading.standing,
    "ended": _Reading.ended,
    "revoked": lambda r, status, *_: setattr(r.request, "status", status),
    "numbered": _Reading.numbered,
    "incident": _Reading.incident,
    "resolved": lambda r, *fact: r.gone("incidents")(*fact),
    "armed": _Reading.armed,
    "fired": lambda r, *fact: r.gone("timers")(*fact),
    "waits": _Reading.waits,
    "worked": lambda r, *fact: r.gone("externals")(*fact),
}
"""What each fact changes; those that are not here change nothing that is shown."""
