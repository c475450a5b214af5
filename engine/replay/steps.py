"""A chain run again step by step: after each entry where it stood then, what had changed, and
whether that is what its record says (H3).

Where an entry can't be run again, or comes out otherwise, the steps from there on are read from
what the record itself says (`did`, `reached`, `changed`), and say so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from engine.calendars import WorkCalendar
from engine.ids import RequestId
from engine.journal import Entry
from engine.replay.memory import MemoryUnitOfWork
from engine.replay.reading import read
from engine.replay.running import Definitions, Difference, erased_of, ran
from engine.replay.state import GONE, Delta, State, fresh, own, tokens_of
from engine.requests import ENDED, Flow, Node, Request, Slot

Kind = Literal["refused", "override", "substitution", "timer", "superseded", "cancelled"]
"""What an auditor looks for: attempts that were refused, what an administrator's right did, who
acted or acts in another's stead, timers, decisions that count no more, work that was called off."""

KINDS: tuple[Kind, ...] = (
    "refused", "override", "substitution", "timer", "superseded", "cancelled",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One entry, and what it made of the request."""

    entry: Entry
    delta: Delta
    by: Literal["engine", "record"]
    """`engine`: the command was run again, and left this. `record`: this is only what the record
    says, since this entry or one before it does not come out as recorded."""
    difference: Difference | None = None
    """In which the entry differs; only at the first one that does."""
    erased: tuple[str, ...] = ()
    """Particulars that the law had erased."""

    @property
    def number(self) -> int:
        """Which step it is: the entry's number."""
        return self.entry.seq


class Replayed:
    """All steps of a chain."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = tuple(steps)

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, number: int) -> State:
        """How the request stood after the n-th step; after none, for 0."""
        state = State()
        for step in self.steps[:number]:
            state.take(step.delta)
        return state

    def states(self) -> Iterator[tuple[Step, State]]:
        """Every step with how it stood then: one state, which goes on with the iteration."""
        state = State()
        for step in self.steps:
            state.take(step.delta)
            yield step, state

    @cached_property
    def difference(self) -> Difference | None:
        """The first difference between record and replay; None: equal throughout."""
        return next((s.difference for s in self.steps if s.difference is not None), None)

    @cached_property
    def erased(self) -> int:
        """The first entry that can't be run again since something of it was erased; 0: none."""
        lost = (s.number for s in self.steps if s.by == "record")
        first = next(lost, 0)
        return first if first and self.difference is None else 0


def replayed(
    entries: Sequence[Entry], definitions: Definitions, calendar: WorkCalendar
) -> Replayed:
    """Every step of a chain."""
    return Replayed(list(steps(entries, definitions, calendar)))


def steps(
    entries: Sequence[Entry], definitions: Definitions, calendar: WorkCalendar
) -> Iterator[Step]:
    """Run a chain again, and tell after each entry what it has changed."""
    watching = _Watching(definitions, calendar)
    state, by, lost = State(), "engine", False
    for number, entry in enumerate(entries, 1):
        erased = erased_of(entry)
        difference, lost = None, lost or bool(erased)
        if by == "engine":
            difference = ran(entry, number, watching, definitions, lost=lost)
            by = "engine" if difference is None else "record"
        if by == "engine":
            delta = watching.taken(RequestId(entry.chain), state)
        else:
            delta = read(entry, state)
        delta.passed.update(_passed(entry))
        state.take(delta)
        yield Step(
            entry=entry,
            delta=delta,
            by="engine" if by == "engine" else "record",
            difference=None if lost else difference,
            erased=erased,
        )


def kinds(entry: Entry) -> frozenset[Kind]:
    """What of it an auditor looks for."""
    body = entry.body
    facts = {fact[0] for fact in body.get("did", ())}
    verb = body.get("verb")
    found: dict[Kind, bool] = {
        "refused": body.get("outcome") != "done",
        "override": bool(body.get("override")),
        "substitution": bool(body.get("for")) or not facts.isdisjoint(_STEADS),
        "timer": verb == "timer",
        "superseded": "undone" in body or not facts.isdisjoint(_UNDOING) or verb == "undo",
        "cancelled": not facts.isdisjoint(_CALLED_OFF) or verb in ("withdraw", "terminate"),
    }
    return frozenset(kind for kind, there in found.items() if there)


_STEADS = {"standing-in", "moved", "turns-back"}
_UNDOING = {"superseded", "taken-back"}
_CALLED_OFF = {"cancelled", "removed", "revoked"}


def _passed(entry: Entry) -> Mapping[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for passage in entry.body.get("reached", ()):
        key = (str(passage[2]), str(passage[1]))
        if ":" not in key[1]:  # only the inner half of a node
            found[key] = found.get(key, 0) + 1
    return found


class _Watching(MemoryUnitOfWork):
    """A unit of work in memory that knows which rows its command has touched."""

    def __init__(self, definitions: Definitions, calendar: WorkCalendar) -> None:
        super().__init__(definitions, calendar)
        self._touched: set[tuple[str, Any]] = set()

    def taken(self, id: RequestId, state: State) -> Delta:
        """What has changed since it was asked last."""
        delta, touched = Delta(), self._touched
        self._touched = set()
        request = self._requests.get(id)
        if ("request", id) in touched and request is not None:
            delta.request = fresh(request)
            if request.status in ENDED:
                self.remove_timers(id, [timer.key for timer in self.timers(id)])
                touched |= self._touched
        rows: dict[str, Mapping[Any, Any]] = {
            "nodes": self._nodes,
            "slots": self._slots,
            "timers": self._timers,
            "externals": self._externals,
            "incidents": self._incidents,
        }
        for group, key in sorted(each for each in touched if each[0] in rows):
            row = rows[group].get((id, key))
            delta.put(group, key, GONE if row is None else fresh(row), state)
        if ("flow", id) in touched:
            flow = self._flows[id]
            delta.variables_of(flow, state)
            tokens = tokens_of(flow)
            delta.tokens = tokens if tokens != state.tokens else None
            delta.answers = flow.answers if flow.answers != state.answers else None
        return delta

    # Rows of the flow are data; copying them as such is many times quicker than `deepcopy`, and a
    # long history copies them a thousand times over.

    def flow(self, id: RequestId) -> Flow:
        kept = self._flows.get(id)
        return Flow() if kept is None else _copied(kept)

    def save_flow(self, id: RequestId, flow: Flow) -> None:
        self._flows[id] = _copied(flow)
        self._touched.add(("flow", id))

    def skip(self, entry: Entry) -> None:
        super().skip(entry)
        self._touched.add(("request", RequestId(entry.chain)))

    def save_request(self, request: Request) -> None:
        super().save_request(request)
        self._touched.add(("request", request.id))

    def add_node(self, node: Node) -> None:
        super().add_node(node)
        self._touched.add(("nodes", node.key))

    def save_node(self, node: Node) -> None:
        super().save_node(node)
        self._touched.add(("nodes", node.key))

    def add_slots(self, slots: Sequence[Slot]) -> None:
        super().add_slots(slots)
        self._touched.update(("slots", slot.ordinal) for slot in slots)

    def put_timer(self, timer: Any) -> None:
        super().put_timer(timer)
        self._touched.add(("timers", timer.key))

    def remove_timers(self, request: RequestId, keys: Sequence[str]) -> None:
        super().remove_timers(request, keys)
        self._touched.update(("timers", key) for key in keys)

    def put_external(self, external: Any) -> None:
        super().put_external(external)
        self._touched.add(("externals", external.key))

    def remove_externals(self, request: RequestId, keys: Sequence[str]) -> None:
        super().remove_externals(request, keys)
        self._touched.update(("externals", key) for key in keys)

    def put_incident(self, incident: Any) -> None:
        super().put_incident(incident)
        self._touched.add(("incidents", incident.ordinal))

    def remove_incidents(self, request: RequestId, ordinals: Sequence[int]) -> None:
        super().remove_incidents(request, ordinals)
        self._touched.update(("incidents", ordinal) for ordinal in ordinals)


def _copied(flow: Flow) -> Flow:
    mine = fresh(flow)
    assert isinstance(mine, Flow)
    return mine


__all__ = ["KINDS", "Kind", "Replayed", "Step", "kinds", "own", "replayed", "steps"]
