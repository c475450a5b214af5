"""One command's hold on one request: what it loaded, what it changed, what it leaves behind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from engine.actor import Actor, Cause
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeWords
from engine.facts import Facts
from engine.flow.others import Following
from engine.ids import PersonId, TaskId
from engine.journal import Entry
from engine.recorded import passage_of, row_of, state_digest
from engine.requests import External, Flow, Node, Request, Slot, Timer
from engine.tokens import Passage, Run
from engine.unit_of_work import Notice, UnitOfWork

if TYPE_CHECKING:
    from engine.world import World


class Placed(Protocol):
    """A row or token at a node: of the request's own process, or of a called one."""

    @property
    def node(self) -> str:
        """The node's id in its diagram."""

    @property
    def definition(self) -> str:
        """Digest of the called process's version; "" for the request's own."""


@dataclass(slots=True, kw_only=True)
class Case:
    """Loaded rows are kept here by reference until `save`, which is called once."""

    uow: UnitOfWork
    facts: Facts
    now: datetime
    actor: Actor
    request: Request
    definition: Definition
    verb: str
    cause: Cause | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    slots: dict[int, Slot] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    did: list[list[Any]] = field(default_factory=list)
    """What followed, each as [verb in the past tense, …]; stands in the entry's body."""
    inputs: dict[str, Any] = field(default_factory=dict)
    """What was given, by path: becomes particulars."""
    body: dict[str, Any] = field(default_factory=dict)
    """task, node, round, pass and what else the entry's body says."""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    """Variables: field -> [old, new]."""
    involve: list[PersonId] = field(default_factory=list)
    """People who have to do with the request from now on, beside the holders of new slots."""
    after: Following = field(default_factory=Following)
    """Commands for other requests, carried out after this one is saved, in the same commit."""
    private: dict[str, Any] = field(default_factory=dict)
    """What followed that may be personal: becomes particulars."""
    retried: dict[str, Any] = field(default_factory=dict)
    """Incidents that are tried again, by key: None, or the (kind, reason) of why in vain."""
    told: set[tuple[str, str]] = field(default_factory=set)
    """Incidents that administrators were told of, by kind and reason."""
    standing: dict[str, list[Slot]] = field(default_factory=dict)
    """Votes that stand at a node which is entered again, by its key (B5)."""
    taking_effect: bool = False
    """A decision recorded before takes effect: its window is over (U)."""
    fresh: bool = False
    """The request is new, and not kept yet."""
    _flow: Flow | None = None
    _run: Run | None = None
    _reached: list[Passage] = field(default_factory=list)
    _undone: list[int] = field(default_factory=list)
    _new_slots: list[Slot] = field(default_factory=list)
    _touched_slots: dict[int, Slot] = field(default_factory=dict)
    _new_nodes: list[Node] = field(default_factory=list)
    _touched_nodes: dict[str, Node] = field(default_factory=dict)
    _notices: list[Notice] = field(default_factory=list)
    _timers_loaded: bool = False
    _externals: dict[str, External] | None = None
    _nodes_loaded: bool = False

    # ---- what the diagram says

    def definition_of(self, row: Placed) -> Definition:
        """The process version whose words a row's node is to be looked up in: the request's own,
        or that of the called process whose scope holds it."""
        return self.version(row.definition)

    def version(self, digest: str) -> Definition:
        """The version of a called process; of "" the request's own."""
        return self.uow.definition(digest) if digest else self.definition

    def words(self, row: Placed) -> NodeWords:
        """The diagram's words of a user task."""
        return self.definition_of(row).nodes[row.node]  # type: ignore[index]

    def world(self, row: Placed | None = None) -> "World":
        """What expressions at a row may ask; None: those of the process as a whole."""
        from engine.world import World

        called = row is not None and row.definition
        return World(self, self.version(called) if called else None)

    def tokens_world(self) -> "World":
        """What tokens may ask while they move."""
        from engine.world import TokensWorld

        return TokensWorld(self)

    # ---- rows

    @property
    def flow(self) -> Flow:
        """The request's flow, loaded when first asked for."""
        if self._flow is None:
            self._flow = self.uow.flow(self.request.id)
        return self._flow

    @property
    def flow_touched(self) -> bool:
        """Whether the flow was loaded at all."""
        return self._flow is not None

    def node(self, key: str) -> Node:
        """A node of this request by its key."""
        if key not in self.nodes:
            found = self.uow.node(self.request.id, key)
            assert found is not None, f"no node {key}"
            self.nodes[key] = found
        return self.nodes[key]

    def open_nodes(self) -> list[Node]:
        """The nodes that are open, in order of opening."""
        if not self._nodes_loaded:
            for node in self.uow.nodes(self.request.id, status="open"):
                self.nodes.setdefault(node.key, node)
            self._nodes_loaded = True
        return [node for node in self.nodes.values() if node.status == "open"]

    def all_nodes(self) -> list[Node]:
        """Every node of the request in order of opening, those that this command entered too."""
        kept = self.uow.nodes(self.request.id)
        return [self.nodes.setdefault(node.key, node) for node in kept] + self._new_nodes

    def slots_of(self, key: str) -> list[Slot]:
        """All slots of a node, in order."""
        for slot in self.uow.slots(self.request.id, node_key=key):
            self.slots.setdefault(slot.ordinal, slot)
        return sorted(
            (slot for slot in self.slots.values() if slot.node_key == key),
            key=lambda slot: slot.ordinal,
        )

    def open_timers(self) -> dict[str, Timer]:
        """The timers that wait, by key."""
        if not self._timers_loaded:
            for timer in self.uow.timers(self.request.id):
                self.timers.setdefault(timer.key, timer)
            self._timers_loaded = True
        return self.timers

    def add_node(self, node: Node) -> None:
        """A node entered."""
        self.nodes[node.key] = node
        self._new_nodes.append(node)

    def add_slot(self, slot: Slot) -> None:
        """A slot opened."""
        self.slots[slot.ordinal] = slot
        self._new_slots.append(slot)

    def touch(self, *rows: Node | Slot) -> None:
        """Say that rows were changed."""
        for row in rows:
            if isinstance(row, Slot):
                self._touched_slots[row.ordinal] = row
            else:
                self._touched_nodes[row.key] = row

    def put_timer(self, timer: Timer) -> None:
        """Arm a timer, or arm it anew."""
        self.open_timers()[timer.key] = timer
        self.uow.put_timer(timer)

    def remove_timers(self, keys: Sequence[str]) -> None:
        """Timers that have fired or are no longer wanted."""
        gone = [key for key in keys if self.open_timers().pop(key, None) is not None]
        if gone:
            self.uow.remove_timers(self.request.id, gone)

    def open_externals(self) -> dict[str, External]:
        """The external tasks that wait, by key."""
        if self._externals is None:
            self._externals = {row.key: row for row in self.uow.externals(self.request.id)}
        return self._externals

    def put_external(self, external: External) -> None:
        """An external task that waits, or waits again: nobody has it locked."""
        self.open_externals()[external.key] = external
        self.uow.put_external(external)

    def remove_externals(self, keys: Sequence[str]) -> None:
        """External tasks that are done, or whose tokens are gone."""
        gone = [key for key in keys if self.open_externals().pop(key, None) is not None]
        if gone:
            self.uow.remove_externals(self.request.id, gone)

    @property
    def label(self) -> str:
        """The request as notices name it: its number, if it has one, and its title."""
        return " ".join(filter(None, (self.request.number, self.request.title)))

    def add(self) -> None:
        """A new request is one from now on: its command was checked."""
        if self.fresh:
            self.uow.add_request(self.request)
            self.fresh = False

    # ---- the running process

    @property
    def run(self) -> Run:
        """The small workflow of this command, rebuilt from the marking when first asked for."""
        if self._run is None:
            assert self.flow.marking is not None, "the request has no tokens"
            self._run = Run.resume(
                self.definition.net, self.flow.marking, self.flow.scopes, self.tokens_world()
            )
        return self._run

    def set_run(self, run: Run | None) -> None:
        """Another workflow takes over: a start, a rewind, or none (set aside)."""
        self._collect()
        self._run = run

    @property
    def running(self) -> bool:
        """Whether a workflow is loaded in this command."""
        return self._run is not None

    def passages(self) -> list[Passage]:
        """Every passage of the present run of the process that no return has undone."""
        undone = set(self.flow.undone) | set(self._undone)
        first = self.flow.first_passage
        kept = [
            passage_of(row)
            for entry in self.uow.entries(self.request.id)
            for row in entry.body.get("reached", ())
        ]
        self._collect()
        return [p for p in kept + self._reached if p.id > first and p.id not in undone]

    def undo(self, passages: Sequence[int]) -> None:
        """A return has undone these passages."""
        self._undone.extend(passages)
        self.flow.undone = sorted({*self.flow.undone, *passages})

    def _collect(self) -> None:
        if self._run is not None and self._run.passages:
            self._reached.extend(self._run.passages)
            self._run.passages.clear()

    # ---- what it leaves

    def say(self, *fact: Any) -> None:
        """Something followed; it stands in the entry."""
        self.did.append(list(fact))

    def notify(
        self,
        people: Sequence[PersonId],
        kind: Any,
        text: str,
        text_en: str,
        task: TaskId | None = None,
        *,
        himself: bool = False,
    ) -> None:
        """Tell people, each once, the actor never unless `himself` says so."""
        for person in dict.fromkeys(people):
            if himself or person != self.actor.id:
                self._notices.append(
                    Notice(
                        person=person,
                        kind=kind,
                        request=self.request.id,
                        task=task,
                        text=text,
                        text_en=text_en,
                        at=self.now,
                    )
                )

    def take_back(self, person: PersonId, kind: str) -> Notice | None:
        """The last notice of this kind that he would get from this command, which he now won't:
        another says the same and more."""
        for at in range(len(self._notices) - 1, -1, -1):
            notice = self._notices[at]
            if notice.person == person and notice.kind == kind:
                return self._notices.pop(at)
        return None

    def save(self) -> int:
        """Write everything down; the number of the entry."""
        self.add()
        self._save_flow()
        request, uow = self.request, self.uow
        if self._new_nodes:
            for node in self._new_nodes:
                uow.add_node(node)
                self._touched_nodes.pop(node.key, None)
        for node in self._touched_nodes.values():
            uow.save_node(node)
        new = {slot.ordinal for slot in self._new_slots}
        if self._new_slots:
            uow.add_slots(self._new_slots)
        touched = [s for s in self._touched_slots.values() if s.ordinal not in new]
        if touched:
            uow.save_slots(touched)
        people = [p for s in self._new_slots + touched for p in s.holders]
        if self._new_slots or self.involve:
            uow.involve(request.id, list(dict.fromkeys(people + self.involve)))
        for notice in self._notices:
            uow.notify(notice)
        request.version += 1
        seq = self._append("done")
        uow.save_request(request)
        return seq

    def _save_flow(self) -> None:
        if self._flow is None:
            return
        if self._run is not None:
            self._collect()
            marking, self._flow.scopes = self._run.save()
            self._flow.marking = None if self._run.done() else marking
            self.request.passages = max([self.request.passages, *(p.id for p in self._reached)])
        self.uow.save_flow(self.request.id, self._flow)

    def _append(self, outcome: str) -> int:
        request = self.request
        request.seq += 1
        at = self.now if request.last_at is None else max(self.now, request.last_at)
        request.last_at = at
        body: dict[str, Any] = {
            "verb": self.verb,
            "outcome": outcome,
            "actor": self.actor.id,
            "via": self.actor.via,
            "process": request.definition[:16],
            **self.body,
        }
        if self.actor.on_behalf_of:
            body["for"] = self.actor.on_behalf_of
        if self.actor.override:
            body["override"] = True
        if self.cause is not None:
            body["cause"] = [self.cause.request, self.cause.seq]
        if self.did:
            body["did"] = self.did
        if self._reached:
            body["reached"] = [row_of(p) for p in self._reached]
        if self._undone:
            body["undone"] = sorted(self._undone)
        entry = Entry(
            chain=request.id, seq=request.seq, at=at, body=body, particulars=self._particulars()
        )
        request.head = self.uow.append(entry, request.head)
        return request.seq

    def _particulars(self) -> dict[str, Any]:
        values: dict[str, Any] = {f"input.{path}": value for path, value in self.inputs.items()}
        if self.actor.name:
            values["actor.name"] = self.actor.name
        if self.actor.origin:
            values["actor.origin"] = self.actor.origin
        if self.facts.asked:
            values["facts"] = self.facts.asked
        values.update(self.private)
        for name, change in self.changes.items():
            values[f"changed.{name}"] = change
        if self._flow is not None:
            values["state"] = state_digest(self._flow)
        return values


__all__ = ["Actor", "Case", "Cause"]
