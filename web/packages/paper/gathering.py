"""What the paper of one request says, as plain data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.case import Case
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId
from engine.ids import split_task_id
from engine.journal import Entry
from engine.requests import AMEND_NODE, ROUNDS_NODE, Slot
from engine.view import open_case
from storage import queries
from storage.database import Database
from storage.queries import Versions
from storage.queries.names import DESKS, Names
from storage.reader import Reader
from storage.unit_of_work import DatabaseUnitOfWork
from web.packages.collecting import Collected
from web.packages.paper import words
from web.packages.paper.folding import Decision, Told, erased, fold
from web.packages.paper.items import Filler
from web.packages.paper.words import Pair, paired
from web.packages.refusing import Unprovable
from web.packages.sight import Exporter
from web.undoing import veil

Document = dict[str, Any]


def gathered(
    reader: Reader, database: Database, found: Collected, exporter: Exporter
) -> Document:
    """One request's paper. Raises `Unprovable` where other rows contradict the entries."""
    slots = {slot.ordinal: slot for slot in queries.slots(reader, found.row.id)}
    entries = [
        veil(kept.entry) if kept.seq in found.sight.undecided else kept.entry
        for kept in found.history
    ]
    told = fold(entries, {ordinal: slot.node_key for ordinal, slot in slots.items()})
    _agree(found, told)
    case = _case(reader, database, found, exporter)
    return _Paper(reader, found, told, slots, case).document(entries)


def _agree(found: Collected, told: Told) -> None:
    """Whether the rows that name and list the request say what its entries say."""
    row = found.row
    if row.number == told.number and (row.ended_at is None) == (told.ended_at is None):
        return
    raise Unprovable(
        f"未生成凭证包：申请 {row.id} 的现状与其日志不符，可用 countersign rebuild 重建。",
        f"No package is made: the row of request {row.id} does not say what its entries say;"
        " `countersign rebuild` makes it anew.",
    )


def _case(reader: Reader, database: Database, found: Collected, exporter: Exporter) -> Case:
    uow = DatabaseUnitOfWork(
        reader, database.definitions, database.organisation, database.calendar
    )
    case = open_case(uow, found.row.id, exporter.viewer.person, found.last.at)
    assert case is not None, "a request that was collected is there"
    return case


class _Paper:
    """The paper of one request."""

    def __init__(
        self, reader: Reader, found: Collected, told: Told, slots: Mapping[int, Slot], case: Case
    ) -> None:
        self.found, self.told, self.slots = found, told, slots
        self.row = found.row
        self.names = Names(reader)
        self.versions = Versions.of_request(reader, found.row.definition)
        given = {each.id: each for each in found.files}
        self.files = given
        self.today = found.last.at.astimezone(case.uow.calendar.zone).date()
        self.filler = Filler(
            case=case, hide=found.sight.shown.hidden, files=given, today=self.today
        )

    def document(self, entries: list[Entry]) -> Document:
        """Everything that it says."""
        row, told = self.row, self.told
        return {
            "id": row.id,
            "number": row.number or "",
            "title": row.title,
            "process": [row.process_name, row.process_name_en],
            "version": row.definition_version,
            "versions": [
                {"key": each.key, "digest": digest}
                for digest, each in sorted(self.found.versions.items())
            ],
            "requester": self._name(told.requester or row.requester, ""),
            "requester_id": told.requester or row.requester,
            "department": row.department,
            "submitted": _stamp(told.submitted_at),
            "ended": _stamp(told.ended_at),
            "status": paired(words.STATUS, row.status),
            "result": self._result(),
            "tone": _tone(row.status, row.outcome),
            "round": row.round,
            "content": self._content(),
            "decisions": [self._decision(each) for each in told.decisions],
            "files": [
                {"name": e.name, "size": e.size, "sha256": e.sha256, "by": e.uploaded_by.name}
                for e in self.found.files
            ],
            "left_out": list(self.found.left_out),
            "missing": list(self.found.missing),
            "history": [self._event(entry) for entry in entries],
            "digests": [kept.digest.hex() for kept in self.found.history],
            "hides": bool(self.found.sight.shown.hidden),
        }

    def _result(self) -> Pair:
        row = self.row
        if row.ended_at is None:
            return ("", "")
        if row.outcome in words.OUTCOME:
            return words.OUTCOME[row.outcome]
        ends = [self._node(self.versions.own, end) for end in row.ends[-1:]]
        return ends[0] if ends else paired(words.STATUS, row.status)

    def _content(self) -> list[Document]:
        desk = desk_of(self.versions.own, None)
        known = {k: v for k, v in self.told.variables.items() if k in desk.form.by_key}
        values = {**self.told.answers, **known}
        gone = frozenset(name for name, value in values.items() if erased(value))
        kept = {name: value for name, value in values.items() if name not in gone}
        return [
            *self.filler.items(desk, kept, self._variables()),
            *self.filler.erased(desk, gone),
        ]

    def _variables(self) -> dict[str, Any]:
        return {name: v for name, v in self.told.variables.items() if not erased(v)}

    def _decision(self, each: Decision) -> Document:
        slot = self.slots.get(each.ordinal)
        version = self.versions.of(slot)
        node = slot.node if slot is not None else _node_of(each.node)
        by, name = each.by, each.name
        if each.meaning == "kept" and slot is not None:
            by, name = str(slot.decided_by or slot.signer or ""), ""
        return {
            "seq": each.seq,
            "round": each.round,
            "node": self._node(version, node),
            "meaning": paired(words.MEANING, each.meaning),
            "tone": _tones(each.meaning),
            "name": "" if each.meaning == "skipped" else self._name(by, name),
            "id": by,
            "department": slot.department if slot is not None else "",
            "for": self._name(each.on_behalf_of, "") if each.on_behalf_of else "",
            "override": each.override,
            "automatic": each.automatic,
            "at": _stamp(each.at),
            "comment": self._comment(each.comment),
            "number": (slot.number or "") if slot is not None else "",
            "from_round": each.from_round,
            "undone": each.undone,
            "items": self._answers(version, node, each),
        }

    def _answers(self, version: Definition, node: str, each: Decision) -> list[Document]:
        if not each.answers or node == ROUNDS_NODE or NodeId(node) not in version.nodes:
            return []
        desk = desk_of(version, node)
        gone = frozenset(name for name, value in each.answers.items() if erased(value))
        kept = {name: value for name, value in each.answers.items() if name not in gone}
        own = desk.form if desk.own else None
        filled = self.filler.items(desk, kept, self._variables()) if own is not None else []
        return [*filled, *self.filler.erased(desk, gone)]

    def _event(self, entry: Entry) -> Document:
        body, private = entry.body, entry.particulars
        place = split_task_id(str(body.get("task", "")))
        slot = self.slots.get(place[1]) if place is not None else None
        version = self.versions.beginning(str(body.get("called", "")))
        node = str(body.get("node") or (slot.node if slot is not None else ""))
        failed = body.get("outcome") != "done"
        said = private.get("refusal.zh") if failed else private.get("input.comment")
        name = private.get("actor.name")
        return {
            "seq": entry.seq,
            "at": _stamp(entry.at),
            "round": self.told.rounds.get(entry.seq, 1),
            "name": self._name(str(body.get("actor", "")), name if isinstance(name, str) else ""),
            "for": self._name(str(body["for"]), "") if body.get("for") else "",
            "verb": paired(words.VERB, body.get("verb")),
            "failed": paired(words.FAILED, body.get("outcome")) if failed else None,
            "override": bool(body.get("override")),
            "node": self._node(version, node) if node else None,
            "said": self._comment(said),
        }

    def _comment(self, said: Any) -> str:
        if erased(said):
            return f"{words.ERASED[0]} {words.ERASED[1]}"
        return said if isinstance(said, str) else ""

    def _name(self, id: str, name: str) -> str:
        if id in words.SYSTEM:
            return " ".join(words.SYSTEM[id])
        return name or self.names.person(id).name

    def _node(self, version: Definition, node: str) -> Pair:
        if node in (AMEND_NODE, ROUNDS_NODE):
            return DESKS[node]
        name = version.names.get(NodeId(node)) or node
        return name, version.names_en.get(NodeId(node)) or name


def _node_of(key: str) -> str:
    """The node of a key `<scope>/<node>#<n>`."""
    return key.rpartition("/")[2].rpartition("#")[0]


def _stamp(at: datetime | None) -> str:
    return "" if at is None else at.isoformat()


def _tone(status: str, outcome: Any) -> str:
    if outcome == "rejected" or status in ("cancelled", "void"):
        return "no"
    return "yes" if status == "completed" else "wait"


def _tones(meaning: str) -> str:
    if meaning in ("rejected", "returned", "reject"):
        return "no"
    return "yes" if meaning in ("approved", "completed", "kept") else "wait"
