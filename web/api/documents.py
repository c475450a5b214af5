"""Rows as documents: people, tasks, requests, notices."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.flow.cancelling import CAUSES
from engine.ids import task_id
from engine.refusals import Refused
from engine.requests import Slot
from storage import queries
from storage.queries import PersonRef, RequestRow, TaskRow
from web.pages import here

Document = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """A moment with the organisation's offset, to the second."""
    return None if at is None else at.astimezone(here.zone()).isoformat(timespec="seconds")


def person(ref: PersonRef | None) -> Document | None:
    """A person, if there is one."""
    return None if ref is None else {"id": ref.id, "name": ref.name}


def people(refs: Iterable[PersonRef]) -> list[Document]:
    """People."""
    return [{"id": ref.id, "name": ref.name} for ref in refs]


def page(found: queries.Page[Any], items: list[Document]) -> Document:
    """A list as every call gives it."""
    return {"items": items, "next": found.next}


def task_row(row: TaskRow, *, content: bool = True) -> Document:
    """A task in a list; without `content`, as an administrator sees it who has given no reason."""
    return {
        "id": row.id,
        "version": row.version,
        "request": {
            "id": row.request_id,
            "number": row.number,
            "title": row.title if content else "",
            "process": row.process,
        },
        "node": {"id": row.node, "name": here.said(row.node_name, row.node_name_en)},
        "round": row.round,
        "pass": row.pass_,
        "holders": people(row.holders),
        "candidates": people(row.candidates),
        "due": moment(row.due),
        "status": row.status,
        "opened_at": moment(row.opened_at),
        "decided_at": moment(row.decided_at),
        "decided_by": person(row.decided_by),
    }


def signer(slot: Slot, names: queries.Names, *, content: bool) -> Document:
    """One signer's place: what he has decided, or what it waits for, and who put him there."""

    def called(id: str | None) -> Document | None:
        return person(names.person(id)) if id else None

    return {
        "task": slot.id,
        "status": slot.status,
        "person": called(slot.decided_by or slot.signer),
        "holders": [called(each) for each in slot.holders],
        "on_behalf_of": called(slot.on_behalf_of),
        "decided_at": moment(slot.decided_at),
        "comment": here.said(CAUSES.get(slot.comment, slot.comment), slot.comment)
        if content
        else "",
        "origin": slot.origin or None,
        "by": called(slot.made_by),
        "of": task_id(slot.request, slot.parent) if slot.parent is not None else None,
        "mode": slot.mode or None,
        "group": slot.group_mode or None,
        "level": slot.level,
        "waits": slot.waits or None,
        "undo_until": undo_until(slot),
        "held": slot.held,
        "advice": slot.advice or None,
        "kept_from": slot.kept_from,
    }


def undo_until(slot: Slot) -> str | None:
    """Until when what is recorded in a slot can be undone; None: nothing is."""
    return moment(datetime.fromisoformat(slot.undo["until"])) if slot.undo else None


def request_row(row: RequestRow, *, hidden: frozenset[str] = frozenset()) -> Document:
    """A request in a list."""
    return {
        "id": row.id,
        "number": row.number,
        "process": row.process,
        "process_name": here.said(row.process_name, row.process_name_en),
        "version": row.definition_version,
        "title": row.title,
        "requester": {"id": row.requester, "name": row.requester_name},
        "department": row.department,
        "status": row.status,
        "outcome": row.outcome,
        "round": row.round,
        "summary": {name: each for name, each in row.summary.items() if name not in hidden},
        "created_at": moment(row.created_at),
        "submitted_at": moment(row.submitted_at),
        "ended_at": moment(row.ended_at),
        "ends": list(row.ends),
    }


def can(abilities: Mapping[str, Any]) -> Document:
    """What one may do: targets in the caller's language."""
    return {
        verb: [
            {"id": each["id"], "name": here.said(each["name"], each.get("name_en"))}
            if isinstance(each, Mapping)
            else each
            for each in value
        ]
        if isinstance(value, list)
        else value
        for verb, value in abilities.items()
    }


def why_not(refusals: Mapping[str, Refused]) -> dict[str, str]:
    """A sentence for each verb that one may not use."""
    return {verb: refused.sentence(here.locale()) for verb, refused in refusals.items()}


def notice(row: queries.NoticeRow) -> Document:
    """Something that the caller was told."""
    return {
        "id": row.id,
        "kind": row.kind,
        "request": {"id": row.request_id, "number": row.number, "title": row.title},
        "task": row.task_id,
        "text": here.said(row.text, row.text_en),
        "at": moment(row.at),
        "read_at": moment(row.read_at),
    }
