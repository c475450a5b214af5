"""A request's history as data: one entry a command, without what is hidden from its reader."""

from collections.abc import Mapping
from typing import Any

from engine.diagrams.words import NodeId
from engine.ids import ORGANISATION, PROCESS, TIMER
from engine.journal import Entry
from engine.journal.entry import ERASED, stamp
from engine.people.directory import Person
from engine.recorded import changed_where
from engine.requests import AMEND_NODE
from storage import journal, queries
from storage.queries import RequestRow
from storage.reader import Reader
from web.api.disclosure import Disclosure
from web.api.documents import Document
from web.api.variables import told as is_told
from web.pages import here
from web.undoing import veil, veiled

_CHANGED = "changed."
_SYSTEM = {
    TIMER: ("定时器", "Timer"),
    PROCESS: ("流程", "Process"),
    ORGANISATION: ("组织", "Organisation"),
}


def told(
    reader: Reader, row: RequestRow, shown: Disclosure, *, me: Person | None = None
) -> list[Document]:
    """Every entry, the oldest first; `me`: who reads, where nobody is signed in."""
    versions = queries.Versions.of_request(reader, row.definition)
    teller = _Teller(names=queries.Names(reader), shown=shown, versions=versions)
    history = list(queries.kept_history(reader, row.id))
    hidden = veiled([kept.entry for kept in history], me or here.me())
    return [
        teller.entry(kept, veil(kept.entry) if kept.seq in hidden else kept.entry)
        for kept in history
    ]


class _Teller:
    """Tells the entries of one request."""

    def __init__(
        self, *, names: queries.Names, shown: Disclosure, versions: queries.Versions
    ) -> None:
        self.names = names
        self.shown = shown
        self.versions = versions

    def entry(self, kept: journal.Kept, entry: Entry) -> Document:
        """One entry, as its reader may read it."""
        body, private = entry.body, entry.particulars
        found: Document = {
            "seq": entry.seq,
            "at": stamp(entry.at),
            "verb": body.get("verb"),
            "actor": self._person(body.get("actor"), private.get("actor.name")),
            "on_behalf_of": self._person(body.get("for"), None),
            "to": self._to(body, private),
            "mode": _text(private.get("input.mode")),
            "group": _text(private.get("input.group")),
            "override": bool(body.get("override")),
            "via": body.get("via"),
            "task": body.get("task"),
            "node": body.get("node"),
            "round": body.get("round"),
            "pass": body.get("pass"),
            "outcome": body.get("outcome"),
            "undo_until": body.get("undo_until"),
            "decision": body.get("decision"),
            "comment": _text(private.get("input.comment")),
            "answers": self._answers(private.get("input.answers")),
            "changes": self._changes(private),
            "reached": [list(passage[:4]) for passage in body.get("reached", ())],
            "digest": kept.digest.hex(),
        }
        if body.get("outcome") != "done":
            sentence = here.said(
                str(private.get("refusal.zh", "")), str(private.get("refusal.en", ""))
            )
            found["refusal"] = {"reason": body.get("refusal"), "sentence": sentence}
        return found

    def _person(self, id: Any, name: Any) -> Document | None:
        if not id:
            return None
        if id in _SYSTEM:
            return {"id": id, "name": here.said(*_SYSTEM[id])}
        known = name if isinstance(name, str) else self.names.person(str(id)).name
        return {"id": id, "name": known}

    def _to(self, body: Mapping[str, Any], private: Mapping[str, Any]) -> list[Document]:
        """Whom it was given to, or asked of; of a return the node."""
        given = private.get("input.to")
        if isinstance(given, str):
            given = [given]
        if not isinstance(given, list) or body.get("verb") == "return":
            node = body.get("to")
            return [self._node(body, str(node))] if node else []
        known = (self._person(id, None) for id in given)
        return [each for each in known if each is not None]

    def _node(self, body: Mapping[str, Any], node: str) -> Document:
        """A node by its name in the version that runs it; the requester's desk."""
        if node == AMEND_NODE:
            return {"id": node, "name": here.said("申请人", "the requester")}
        version = self.versions.beginning(str(body.get("called", "")))
        name = version.names.get(NodeId(node), node)
        return {"id": node, "name": here.said(name, version.names_en.get(NodeId(node)))}

    def _answers(self, given: Any) -> Document:
        """What was filled in with this decision, whatever has become of it since (B4)."""
        if not isinstance(given, Mapping) or given.get(ERASED):
            return {}
        filled = {name: value for name, value in given.items() if value not in (None, "", [])}
        return self.shown.values(filled)

    def _changes(self, private: Mapping[str, Any]) -> list[Document]:
        """Fields, old and new, as their reader may see them."""
        found = []
        for path in sorted(private):
            name = path.removeprefix(_CHANGED)
            own = changed_where(name)[1]
            if path == name or not is_told(own) or not self.shown.shows(own):
                continue
            change = private[path]
            if isinstance(change, Mapping):
                found.append({"field": name, "erased": True})
                continue
            old, new = (self.shown.value(own, each) for each in change)
            if old != new:
                found.append({"field": name, "old": old, "new": new})
        return found


def _text(value: Any) -> str | None:
    """A comment; None where there was none; what the law had erased says so."""
    if isinstance(value, Mapping) and value.get(ERASED):
        return here.said("(已依法删除)", "(erased by law)")
    return value if isinstance(value, str) else None
