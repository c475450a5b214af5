"""How one task or request stands now, with what this caller may see and do of it."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import g

import forms
from engine import abilities as able
from engine import view
from engine.case import Case
from engine.commands import withdraw
from engine.ids import RequestId, split_task_id
from engine.refusals import Refused, Unknown
from engine.requests import Slot
from storage import queries, snoozing
from storage.queries import RequestRow
from storage.reader import Reader
from web.api import documents, who
from web.api.disclosure import disclosure
from web.api.documents import Document
from web.api.variables import public
from web.pages import here
from web.pages.names import Names
from web.pages.why import then, why

ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
"""What an id of ours looks like; nothing else is looked for."""


def known_request(reader: Reader, id: str) -> tuple[RequestRow, bool]:
    """A request that the caller may know of, and whether he may see what it says.

    Raises:
        Unknown: there is none, or none for him.
    """
    row = queries.request(reader, who.viewer(), id) if ID.fullmatch(id) else None
    if row is None:
        raise Unknown()
    return row, queries.may_see(reader, who.viewer(), id) == "all"


def known_task(reader: Reader, id: str) -> tuple[RequestId, int, bool]:
    """A task that the caller may know of: its request, ordinal, and whether he sees its content.

    Whoever it was offered to may know what became of it, also where another has claimed it.

    Raises:
        Unknown: there is none, or none for him.
    """
    place = split_task_id(id) if ID.fullmatch(id) else None
    row = queries.task(reader, id) if place is not None else None
    if place is None or row is None:
        raise Unknown()
    sight = queries.may_see(reader, who.viewer(), place[0])
    if sight == "no" and all(each.id != who.viewer().person for each in row.candidates):
        raise Unknown()
    return *place, sight == "all"


def case_of(reader: Reader, id: RequestId) -> Case:
    """The request as a command would find it, only to look."""
    case = view.open_case(who.looking(reader), id, here.me().id, here.now())
    if case is None:
        raise Unknown()
    return case


def request_document(reader: Reader, id: str) -> Document:
    """One request. Raises `Unknown`."""
    row, content = known_request(reader, id)
    case = case_of(reader, row.id)
    abilities, refusals = _abilities(case, sees=content)
    shown = disclosure(reader, who.viewer(), row)
    found = documents.request_row(row, hidden=shown.hidden)
    found.update(
        variables=shown.values(public(case)) if content else {},
        open_tasks=[
            documents.task_row(each, content=content) for each in queries.open_tasks(reader, row.id)
        ],
        can=documents.can(abilities),
        why_not=documents.why_not(refusals),
    )
    return found


def _abilities(case: Case, *, sees: bool) -> tuple[dict[str, Any], dict[str, Refused]]:
    """What the caller may do with a request, an administrator's right to withdraw it included."""
    abilities, refusals = able.request_abilities(case, sees=sees, administers=who.administers())
    if who.administers() and case.request.requester != case.actor.id:
        case.actor = who.actor(override=True)
        try:
            withdraw.check(
                withdraw.Withdraw(actor=case.actor, request=case.request.id, comment="-"), case
            )
        except Refused as no:
            refusals = {**refusals, "withdraw": no}
        else:
            refusals = {verb: no for verb, no in refusals.items() if verb != "withdraw"}
        abilities = {**abilities, "withdraw": "withdraw" not in refusals}
    return abilities, refusals


def task_document(reader: Reader, id: str) -> Document:
    """One task: its row, its form as the caller gets it, and what he may do. Raises `Unknown`."""
    request, ordinal, content = known_task(reader, id)
    row = queries.task(reader, id)
    seen = seen_task(reader, request, ordinal)
    assert row is not None
    found = documents.task_row(row, content=content)
    form, values = drawn(seen)
    if form is None and content:
        values = _answered(reader, seen)
    found.update(
        form=form,
        values=values,
        can=documents.can(seen.can),
        why_not=documents.why_not(seen.why_not),
        why=_why(reader, seen) if content else "",
        organisation=_organisation(seen.slot) if content else None,
        banner=here.said(*seen.banner) if content else "",
        verdict=row.verdict,
        votes=dict(zip(("approved", "rejected", "of"), seen.votes, strict=True)),
        comment=row.comment if content else "",
        undo_until=documents.undo_until(seen.slot),
        snoozed_until=documents.moment(
            snoozing.put_off_until(reader, id, here.me().id, here.now())
        ),
        signers=_signers(reader, seen, content=content),
    )
    return found


def _why(reader: Reader, seen: view.TaskView) -> str:
    names = Names.of_reader(reader)
    return why(seen.slot, here.me().id, names.of, names.worded)


def _organisation(slot: Slot) -> str | None:
    """Where the organisation stands as it was when the task was opened, for who may see it."""
    at = then(slot)
    return f"/api/v1/organisation?{urlencode(at)}" if at else None


def _signers(reader: Reader, seen: view.TaskView, *, content: bool) -> list[Document]:
    """Everybody's place in the task's node, round and pass, with how it came to be (V5)."""
    names = queries.Names(reader)
    mine = [s for s in queries.slots(reader, seen.request.id) if s.node_key == seen.slot.node_key]
    return [documents.signer(slot, names, content=content) for slot in mine]


def seen_task(reader: Reader, request: RequestId, ordinal: int) -> view.TaskView:
    """The engine's view of a task for the caller. Raises `Unknown`."""
    seen = view.task_view(
        who.looking(reader),
        request,
        ordinal,
        here.me().id,
        here.now(),
        administers=who.administers(),
    )
    if seen is None:
        raise Unknown()
    return seen


def drawn(seen: view.TaskView) -> tuple[Document | None, Document]:
    """The form that the caller fills in here and its values as they are; None where none is his."""
    if seen.desk is None:
        return None, {}
    return drawing_of(
        seen.desk.form, seen.desk.rights, seen.kept, seen.context, seen.evaluate, seen.lookup
    )


def drawing_of(
    form: forms.Form,
    rights: forms.Rights,
    values: Any,
    context: Any,
    evaluate: forms.Evaluate,
    lookup: forms.Lookup,
) -> tuple[Document, Document]:
    """A form as its reader gets it, and the values of what he sees of it."""
    drawing = forms.draw(
        form,
        values=values,
        rights=rights,
        context=context,
        evaluate=evaluate,
        lookup=lookup,
        locale=here.locale(),
        zone=here.zone(),
        today=here.now().astimezone(here.zone()).date(),
    )
    return forms.as_json(form, drawing), {item.key: item.value for item in drawing.fields}


def _answered(reader: Reader, seen: view.TaskView) -> Document:
    """What was answered at a task that is over, to who may read it."""
    row, _ = known_request(reader, seen.request.id)
    return disclosure(reader, who.viewer(), row).values(seen.slot.answers)


def may(verb: str, id: str) -> None:
    """Raise what comes before anything that a call on a task says: 404, 403, 409."""
    g.about = ("task", id)
    with here.reading() as reader:
        request, ordinal, _ = known_task(reader, id)
        refused = seen_task(reader, request, ordinal).why_not.get(verb.replace("-", "_"))
    if refused is not None:
        raise refused


def may_ask(verb: str, id: str) -> None:
    """The same of a call on a request."""
    g.about = ("request", id)
    with here.reading() as reader:
        row, content = known_request(reader, id)
        _, refusals = _abilities(case_of(reader, row.id), sees=content)
    if verb in refusals:
        raise refusals[verb]


def now_of(about: tuple[str, str] | None) -> Document | None:
    """The state now of what a refused call was about: who decided, and how the request stands."""
    if about is None:
        return None
    kind, id = about
    with here.reading() as reader:
        try:
            return _task_now(reader, id) if kind == "task" else _request_now(reader, id)
        except Refused:
            return None


def changed_for(about: tuple[str, str] | None, changed: list[Document]) -> list[Document]:
    """What has changed since, without what is hidden from the caller."""
    if about is None:
        return []
    with here.reading() as reader:
        try:
            row, _ = known_request(reader, about[1].rpartition("-")[0])
        except Unknown:
            return []
        shown = disclosure(reader, who.viewer(), row)
    return [
        {**each, **{age: shown.value(each["field"], each[age]) for age in ("old", "new")}}
        for each in changed
        if shown.shows(each["field"])
    ]


def _task_now(reader: Reader, id: str) -> Document:
    *_, content = known_task(reader, id)
    row = queries.task(reader, id)
    assert row is not None
    about = {"id": row.request_id, "number": row.number, "status": row.request_status}
    return {"task": documents.task_row(row, content=content), "request": about}


def _request_now(reader: Reader, id: str) -> Document:
    row, _ = known_request(reader, id)
    kept = documents.request_row(replace(row, summary={}))
    names = ("id", "number", "status", "outcome", "round", "ended_at")
    return {"request": {name: kept[name] for name in names}}
