"""A request's history step by step: all steps as what each changed, or one of them in full."""

from collections.abc import Mapping
from typing import Any

from engine.diagrams.words import NodeId
from engine.refusals import NotYours, Unknown
from engine.replay import GONE, Delta, Replayed, State, Step, kinds
from engine.requests import External, Incident, Node, Slot, Timer
from storage import queries
from storage.queries import RequestRow
from storage.reader import Reader
from web.api import documents, who
from web.api.calls import call
from web.api.disclosure import Disclosure, disclosure
from web.api.documents import Document, moment
from web.api.history import told
from web.api.reasons import look_into
from web.api.schemas import StepQuery
from web.api.state import known_request
from web.api.variables import told as is_told
from web.pages import here
from web.reading import read_history
from web.stepping import stepped


def _first(id: str) -> None:
    with here.reading() as reader:
        if not known_request(reader, id)[1]:
            raise NotYours()


@call("GET", "/requests/<id>/replay", query=StepQuery, first=_first, reason=True)
def replay(id: str, asked: dict[str, Any]) -> Document:
    """The history run again, step by step.

    What each entry changed; with `step`, how the request stood after that entry. A step says if it
    is told from its record, since an entry before it differs or was erased.
    """
    look_into(id)
    with here.reading() as reader:
        row, content = known_request(reader, id)
        if not content:
            raise NotYours()
        read_history(row.id, "replay")
        steps = stepped(reader, row.id)
        shown = disclosure(reader, who.viewer(), row)
        teller = _Teller(reader, row, shown)
        entries = told(reader, row, shown)
        if asked["step"] is None:
            return teller.all(steps, entries)
        if not 1 <= asked["step"] <= len(steps):
            raise Unknown()
        return teller.one(steps, entries, asked["step"])


class _Teller:
    """Tells the steps of one request to its reader."""

    def __init__(self, reader: Reader, row: RequestRow, shown: Disclosure) -> None:
        self.row = row
        self.shown = shown
        self.names = queries.Names(reader)
        self.versions = queries.Versions.of_request(reader, row.definition)
        self.numbers = {
            each.digest: each.version for each in queries.definition_versions(reader, row.process)
        }

    def all(self, steps: Replayed, entries: list[Document]) -> Document:
        """Every step, with what it changed."""
        return {
            **self._head(steps),
            "steps": [
                {**self._step(step, entry), "changed": self._delta(step.delta)}
                for step, entry in zip(steps.steps, entries, strict=True)
            ],
        }

    def one(self, steps: Replayed, entries: list[Document], number: int) -> Document:
        """One step, with how the request stood after it."""
        step = steps.steps[number - 1]
        return {
            **self._head(steps),
            **self._step(step, entries[number - 1]),
            "changed": self._delta(step.delta),
            "state": self._state(steps.at(number)),
        }

    def _head(self, steps: Replayed) -> Document:
        found = steps.difference
        return {
            "request": {"id": self.row.id, "number": self.row.number},
            "of": len(steps),
            "difference": None if found is None else {"step": found.seq, "what": found.what},
        }

    def _step(self, step: Step, entry: Document) -> Document:
        found = step.difference
        difference = None
        if found is not None:
            difference = {"what": found.what}
            if who.viewer().role == "auditor":
                difference |= {"recorded": found.recorded, "replayed": found.replayed}
        veiled = entry["verb"] != step.entry.body.get("verb")
        return {
            "step": step.number,
            "entry": entry,
            "kinds": [] if veiled else sorted(kinds(step.entry)),
            "by": step.by,
            "difference": difference,
            "erased": [each for each in step.erased if self._shows(each)],
        }

    def _shows(self, path: str) -> bool:
        return self.shown.shows(path.rpartition(".")[2].rpartition(":")[2])

    # ---- what changed

    def _delta(self, delta: Delta) -> Document:
        found: Document = {}
        if delta.request is not None:
            found["request"] = self._request(delta.request)
        if delta.variables:
            found["variables"] = self._variables(delta.variables)
        if delta.answers is not None:
            found["answers"] = self.shown.values(delta.answers)
        for name, tell in (
            ("nodes", self._node),
            ("slots", self._slot),
            ("timers", self._timer),
            ("externals", self._external),
            ("incidents", self._incident),
        ):
            rows = getattr(delta, name)
            if rows:
                found["tasks" if name == "slots" else name] = {
                    str(key): None if row is GONE else tell(row) for key, row in rows.items()
                }
        if delta.tokens is not None:
            found["tokens"] = [{"element": t.element, "scope": t.scope} for t in delta.tokens]
        return found

    def _variables(self, rows: Mapping[tuple[str, str], Any]) -> list[Document]:
        """Values by scope; what is there no more says so."""
        found = []
        for (scope, name), value in sorted(rows.items()):
            if self.shown.shows(name) and is_told(name):
                row: Document = {"scope": scope, "name": name}
                gone = {"gone": True} if value is GONE else {}
                found.append(row | (gone or {"value": self.shown.value(name, value)}))
        return found

    def _state(self, state: State) -> Document:
        assert state.request is not None
        return {
            "request": self._request(state.request),
            "variables": self._variables(state.variables),
            "answers": self.shown.values(state.answers),
            "nodes": [
                {**self._node(node), "tasks": [self._slot(s) for s in state.slots_of(node.key)]}
                for node in state.nodes.values()
            ],
            "timers": [self._timer(each) for each in state.timers.values()],
            "externals": [self._external(each) for each in state.externals.values()],
            "incidents": [self._incident(each) for each in state.incidents.values()],
            "tokens": [{"element": t.element, "scope": t.scope} for t in state.tokens],
            "passed": [
                {"scope": scope, "element": element, "times": times}
                for (scope, element), times in sorted(state.passed.items())
            ],
        }

    # ---- rows

    def _request(self, request: Any) -> Document:
        return {
            "status": request.status,
            "outcome": request.outcome,
            "number": request.number,
            "round": request.round,
            "ends": list(request.ends),
            "process": request.process,
            "version": {
                "digest": request.definition,
                "number": self.numbers.get(request.definition),
            },
        }

    def _named(self, row: Node | Slot | External | Incident) -> Document:
        definition = self.versions.of(row)
        name = definition.names.get(NodeId(row.node), row.node)
        found = {
            "id": row.node,
            "name": here.said(name, definition.names_en.get(NodeId(row.node))),
        }
        return found | ({"called": definition.key} if row.definition else {})

    def _node(self, node: Node) -> Document:
        names = ("key", "scope", "round", "status", "verdict", "approved", "rejected", "pending",
                 "total", "done")  # fmt: skip
        return {
            "node": self._named(node),
            **{name: getattr(node, name) for name in names},
            "pass": node.pass_,
            "opened_at": moment(node.opened_at),
            "settled_at": moment(node.settled_at),
            "due": moment(node.due),
        }

    def _slot(self, slot: Slot) -> Document:
        return {
            "id": slot.id,
            "key": slot.node_key,
            "node": self._named(slot),
            "round": slot.round,
            "pass": slot.pass_,
            "status": slot.status,
            "waits": slot.waits,
            "signer": documents.person(self.names.optional(slot.signer)),
            "holders": documents.people(self.names.people(slot.holders)),
            "candidates": documents.people(self.names.people(slot.candidates)),
            "standing_in": dict(slot.standing),
            "why": here.said(slot.why.get("zh", ""), slot.why.get("en")),
            "decided_by": documents.person(self.names.optional(slot.decided_by)),
            "on_behalf_of": documents.person(self.names.optional(slot.on_behalf_of)),
            "decided_at": moment(slot.decided_at),
            "comment": slot.comment,
            "answers": self.shown.values(slot.answers),
            "kept_from": slot.kept_from,
            "origin": slot.origin,
            "due": moment(slot.due),
        }

    def _timer(self, timer: Timer) -> Document:
        return {"key": timer.key, "due": moment(timer.due), "at": timer.attached_to}

    def _external(self, external: External) -> Document:
        return {"node": self._named(external), "topic": external.topic}

    def _incident(self, incident: Incident) -> Document:
        found = {"node": self._named(incident), "kind": incident.kind, "at": moment(incident.at)}
        tells = who.viewer().role == "auditor"
        return found | ({"message": incident.message} if tells else {})
