"""`export`: requests with their histories as files for other programs, in full, for whoever has the
home. (What the pages and the API export is cut to what its reader may see.)"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.ids import PersonId
from engine.journal.entry import stamp
from storage import Reader, journal, queries
from storage.visibility import Viewer

COLUMNS = (
    "request", "number", "process", "seq", "at", "verb", "outcome", "actor", "actor_name",
    "on_behalf_of", "override", "task", "node", "round", "pass", "comment", "changes", "digest",
)  # fmt: skip
_READER = Viewer(person=PersonId("system:command line"), role="auditor")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exportable(reader: Reader, requests: Sequence[str]) -> list[str]:
    """Those that are no drafts: a draft is its maker's alone until he submits it."""
    return [id for id in requests if queries.request(reader, _READER, id) is not None]


def as_json(reader: Reader, requests: Sequence[str]) -> bytes:
    """One document: each request with variables, tasks, attachments and its whole history."""
    document = {"requests": [_document(reader, id) for id in requests]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(reader: Reader, requests: Sequence[str]) -> bytes:
    """A row for each entry of each history, with a byte order mark for spreadsheets."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for id in requests:
        row = _row(reader, id)
        for entry in _history(reader, id):
            named = {"request": id, "number": row.number, "process": row.process, **entry}
            named["actor"], named["actor_name"] = entry["actor"]["id"], entry["actor"]["name"]
            named["changes"] = json.dumps(entry["changes"], ensure_ascii=False)
            writer.writerow({name: _cell(named.get(name)) for name in COLUMNS})
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _row(reader: Reader, id: str) -> queries.RequestRow:
    row = queries.request(reader, _READER, id)
    assert row is not None, "only what is exportable is exported"
    return row


def _document(reader: Reader, id: str) -> dict[str, Any]:
    row = _row(reader, id)
    return {
        "id": row.id,
        "number": row.number,
        "process": row.process,
        "version": row.definition_version,
        "definition": row.definition,
        "title": row.title,
        "requester": {"id": row.requester, "name": row.requester_name},
        "department": row.department,
        "status": row.status,
        "outcome": row.outcome,
        "round": row.round,
        "created_at": _at(row.created_at),
        "submitted_at": _at(row.submitted_at),
        "ended_at": _at(row.ended_at),
        "ends": list(row.ends),
        "variables": dict(queries.flow(reader, id).variables),
        "tasks": [_task(slot) for slot in queries.slots(reader, id)],
        "attachments": [
            {"id": each.id, "name": each.name, "size": each.size, "sha256": each.sha256}
            for each in queries.attachments(reader, id)
        ],
        "history": list(_history(reader, id)),
    }


def _task(slot: Any) -> dict[str, Any]:
    return {
        "id": slot.id,
        "node": slot.node,
        "round": slot.round,
        "pass": slot.pass_,
        "signer": slot.signer,
        "holders": list(slot.holders),
        "status": slot.status,
        "opened_at": _at(slot.opened_at),
        "decided_at": _at(slot.decided_at),
        "decided_by": slot.decided_by,
        "on_behalf_of": slot.on_behalf_of,
        "comment": slot.comment,
        "answers": dict(slot.answers),
        "why": dict(slot.why),
    }


def _history(reader: Reader, id: str) -> Iterator[dict[str, Any]]:
    for kept in journal.kept_entries(reader, id):
        entry = kept.entry
        body, private = entry.body, entry.particulars
        yield {
            "seq": entry.seq,
            "at": _at(entry.at),
            "verb": body["verb"],
            "outcome": body["outcome"],
            "actor": {"id": body["actor"], "name": private.get("actor.name", "")},
            "on_behalf_of": body.get("for"),
            "override": bool(body.get("override")),
            "task": body.get("task"),
            "node": body.get("node"),
            "round": body.get("round"),
            "pass": body.get("pass"),
            "comment": private.get("input.comment") or private.get("refusal.zh") or "",
            "changes": {
                path.removeprefix("changed."): value
                for path, value in private.items()
                if path.startswith("changed.")
            },
            "did": body.get("did", []),
            "reached": body.get("reached", []),
            "digest": kept.digest.hex(),
        }


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else stamp(moment)
