"""Everything one task's page shows: what it is, why I hold it, what was said, what I may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

import forms
from engine.commands import throw
from engine.commands.undo import COMMENT
from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeWords
from engine.ids import split_task_id
from engine.refusals import GuardUnmet, NotNow, Refused, Suspended
from engine.requests import ROUNDS_NODE
from engine.view import TaskView, task_view
from storage import drafts, queries, snoozing
from storage.reader import Reader
from web.pages import drawn, here, looking
from web.pages.drawn import Drawer, Part
from web.pages.names import Names
from web.pages.progress import Change, Step, changes, path, round_began, summary
from web.pages.values import Texts, fields_of
from web.pages.votes import Gatherer, Vote, said_at, sign_of
from web.pages.why import then, why
from web.pages.words import Sign
from web.undoing import left


@dataclass(frozen=True, slots=True, kw_only=True)
class Throws:
    """An error or escalation that may be thrown: which codes the diagram catches there."""

    verb: str
    codes: tuple[tuple[str, str], ...]
    """(code, what it is called)."""
    any: bool
    """Whether every other code is caught, too."""

    @classmethod
    def of(cls, verb: str, codes: Sequence[str], definition: Definition) -> "Throws":
        """From the engine's own answer, named as the diagram names what catches them."""
        names = {
            event.code: here.said(event.name, definition.names_en.get(event.id))
            for event in definition.events.values()
            if event.kind == ("error" if verb == "error" else "escalation") and event.name
        }
        known = tuple((code, names.get(code, "")) for code in codes if code != throw.EVERY)
        return cls(verb=verb, codes=known, any=throw.EVERY in codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A verb that puts somebody else in a place, or takes back; or why it can't be used."""

    verb: str
    why_not: str = ""


def moves(view: TaskView) -> tuple[Move, ...]:
    """Those that somebody may look for here: where one can't be used now, with the reason."""
    found = []
    for verb in ("transfer", "delegate", "add_signer", "remove_signer", "take_back"):
        no = view.why_not.get(verb)
        if view.can.get(verb) and no is None:
            found.append(Move(verb=verb.replace("_", "-")))
        elif no is not None and _looked_for(view, verb, no):
            found.append(Move(verb=verb.replace("_", "-"), why_not=no.sentence(here.locale())))
    return tuple(found)


def _looked_for(view: TaskView, verb: str, no: Refused) -> bool:
    """Whether he would look for it here, who does not find it."""
    me = here.me().id
    if verb == "take_back":
        return view.slot.decided_by == me and isinstance(no, NotNow)
    if verb == "remove_signer":
        return False
    return me in view.slot.holders and view.slot.status == "open" and isinstance(no, NotNow)


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """Verbs that the page offers, and why one that might be expected is not there now."""

    approve: bool
    reject: bool
    complete: bool
    claim: bool
    release: bool
    targets: tuple[tuple[str, str], ...]
    """Where it may be returned to: (id, name)."""
    throws: tuple["Throws", ...]
    """What the work may come to that the diagram knows."""
    held_up: str
    """Why it can't be approved or completed just now; empty: it can, or it is not one's own."""
    moves: tuple[Move, ...] = ()
    """Putting others in one's place or beside it, and back."""
    snooze: bool = False
    """Whether it can be put off."""

    @classmethod
    def of(cls, view: TaskView, definition: Definition) -> "May":
        """From the engine's own answer; an unclaimed task is taken first, then decided."""
        can = view.can
        claim = bool(can.get("claim"))
        guard = view.why_not.get("complete" if can.get("complete") is False else "approve")
        for verb in ("approve", "complete"):
            if isinstance(view.why_not.get(verb), GuardUnmet):
                guard = view.why_not[verb]
        if here.me().id in view.slot.holders and view.slot.status == "open":
            guard = next((no for no in view.why_not.values() if isinstance(no, Suspended)), guard)
        waits = isinstance(guard, GuardUnmet | Suspended)
        held_up = guard.sentence(here.locale()) if guard is not None and waits else ""
        return cls(
            approve=bool(can.get("approve")) and not claim,
            reject=bool(can.get("reject")) and not claim,
            complete=bool(can.get("complete")) and not claim,
            claim=claim,
            release=bool(can.get("release")),
            targets=tuple(
                (target["id"], here.said(target["name"], target["name_en"]))
                for target in can.get("return", [])
                if not claim
            ),
            throws=tuple(
                Throws.of(verb, can[verb], definition)
                for verb in ("error", "escalate")
                if can.get(verb) and not claim
            ),
            held_up=held_up,
            snooze=bool(can.get("snooze")) and not claim,
            moves=() if claim or isinstance(guard, Suspended) else moves(view),
        )

    @property
    def fills(self) -> bool:
        """Whether the form is this person's to fill in now."""
        return self.approve or self.reject or self.complete or bool(self.targets or self.held_up)

    @property
    def presses(self) -> bool:
        """Whether any decision can be pressed now."""
        return self.approve or self.reject or self.complete or bool(self.targets)

    @property
    def refuses(self) -> bool:
        """Whether a comment may be needed: as a reason."""
        return self.reject or bool(self.targets)

    @property
    def decides(self) -> bool:
        """Whether there is anything to press."""
        return self.fills or self.claim or bool(self.moves)

    def move(self, verb: str) -> Move | None:
        """This one of the moves, where it is offered or there is a reason why not."""
        return next((each for each in self.moves if each.verb == verb), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A task's page."""

    task: Any
    sign: Sign
    """How the task stands."""
    said: str
    """What was said when it was decided, or why it ended without a decision."""
    request: Any
    definition: Definition
    words: NodeWords | None
    version: str
    node_name: str
    banner: str
    why: str
    then: Mapping[str, str]
    """What addresses of the organisation carry to show it as it was when the task was opened."""
    may: "May"
    drawing: forms.Drawing | None
    form: forms.Form
    widths: Mapping[str, str]
    parts: tuple[Part, ...]
    votes: tuple[Vote, ...]
    path: tuple[Step, ...]
    changes: tuple[Change, ...]
    files: Mapping[str, Any]
    summary: tuple[tuple[str, str], ...]
    typed: Any = None
    wrong: Mapping[str, str]
    """What is wrong with `comment` and `to`; empty where nothing is."""
    put_off: datetime | None = None
    """Until when this person has put it off."""
    undo_left: int = 0
    """For how many seconds this person can still undo his decision here."""
    kept_comment: str = ""
    """The comment of a decision that he has undone."""
    failures: tuple[str, ...] = ()
    """Sentences that belong to no field."""
    marked: int = 0
    """How many fields are marked as wrong."""


def of(
    reader: Reader,
    task_id: str,
    *,
    typed: Any = None,
    errors: Mapping[str, forms.Message] | None = None,
) -> Sheet | None:
    """The sheet of a task; None where there is none that this person may know of."""
    place = split_task_id(task_id)
    if place is None or queries.may_see(reader, g.viewer, place[0]) != "all":
        return None
    task = queries.task(reader, task_id)
    request = queries.request(reader, g.viewer, place[0])
    if task is None or request is None:
        return None
    return _Maker(reader, request, place[1]).sheet(task, typed, errors or {})


class _Maker:
    """Gathers what a sheet needs, reading each thing once."""

    def __init__(self, reader: Reader, request: Any, ordinal: int) -> None:
        me = here.me()
        uow = looking.unit(reader)
        view = task_view(
            uow, request.id, ordinal, me.id, here.now(), administers=me.role == "administrator"
        )
        assert view is not None
        self.reader, self.request, self.view = reader, request, view
        self.versions = queries.Versions.of_request(reader, request.definition)
        self.definition = self.versions.own
        self.nodes = queries.nodes(reader, request.id)
        self.slots = queries.slots(reader, request.id)
        self.slot, self.node, self.words = view.slot, view.node, view.words
        self.flow = queries.flow(reader, request.id)
        self.names = Names.of_reader(reader)
        self.drawer = Drawer(
            reader=reader,
            versions=self.versions,
            variables=self.flow.variables,
            scopes=self.flow.scopes,
            names=self.names,
            case=looking.case_of(reader, request.id),
        )

    def sheet(self, task: Any, typed: Any, errors: Mapping[str, forms.Message]) -> Sheet:
        desk = self.view.desk or desk_of(self.versions.of(self.slot), self.slot.node)
        can = May.of(self.view, self.versions.of(self.slot))
        values = self._values(typed)
        drawing = None
        if can.fills and self.slot.node != ROUNDS_NODE:
            drawing = self.drawer.blank(desk, values, slot=self.slot, errors=errors)
        known = {f.key for f in desk.form.fields}
        files = {f.id: f for f in queries.attachments(self.reader, self.request.id)}
        files.update(drawn.files_in(self.reader, values))
        return Sheet(
            task=task,
            sign=sign_of(self.slot),
            said=said_at(self.slot),
            request=self.request,
            definition=self.definition,
            words=self.words,
            version=self.view.version,
            node_name=here.said(self.view.name, self.view.name_en),
            banner=here.said(*self.view.banner),
            why=why(self.slot, here.me().id, self.names.of, self.names.worded),
            then=then(self.slot),
            may=can,
            drawing=drawing if drawing is not None and (desk.own or drawing.editable) else None,
            form=desk.form,
            widths=drawn.widths(desk.form),
            parts=tuple(self.drawer.parts(self.request, self._others(), self.flow.answers)),
            votes=self.votes(),
            path=path(self.versions, self.nodes, self.slots, self.names),
            changes=self._changes(),
            files=files,
            summary=summary(self.definition, self.request, self.drawer),
            typed=typed,
            undo_left=left(self.slot, here.me().id, here.now()),
            kept_comment=self._draft().get(COMMENT, ""),
            put_off=snoozing.put_off_until(self.reader, self.slot.id, here.me().id, here.now()),
            wrong={
                name: errors[name].said(here.locale()) if name in errors else ""
                for name in ("comment", "to")
            },
            failures=tuple(
                message.said(here.locale())
                for name, message in errors.items()
                if name not in ("comment", "to") and name.partition("[")[0] not in known
            ),
            marked=sum(name.partition("[")[0] in known for name in errors),
        )

    def _values(self, typed: Any) -> Mapping[str, Any]:
        """What the form stands at: what was typed, else the draft, else what is kept."""
        if typed is not None:
            return typed.values  # type: ignore[no-any-return]
        typed_before = {name: each for name, each in self._draft().items() if name != COMMENT}
        return {**self.view.kept, **typed_before}

    def _draft(self) -> Mapping[str, Any]:
        return drafts.task_draft(self.reader, self.slot.id, here.me().id) or {}

    def _others(self) -> list[Any]:
        """Slots whose answers stand apart from the votes of this node."""
        return [
            s for s in self.slots if s.node_key != self.slot.node_key and s.status != "superseded"
        ]

    def votes(self) -> tuple[Vote, ...]:
        """The signers of this node, in their order; this person's own place included."""
        gatherer = Gatherer(
            drawer=self.drawer,
            versions=self.versions,
            names=self.names,
            words=self.words,
            mine=self.slot.ordinal,
            removable=frozenset(each["id"] for each in self.view.can["remove_signer"]),
        )
        return gatherer.votes([s for s in self.slots if s.node_key == self.slot.node_key])

    def _changes(self) -> tuple[Change, ...]:
        """What changed since the last round began, as the forms name it."""
        if self.slot.round < 2:
            return ()
        entries = queries.history(self.reader, self.request.id)
        return changes(
            entries,
            Texts(names=self.names, fields=fields_of(*self.versions.all(self.slots))),
            since=round_began(entries, self.slot.round),
            hidden=frozenset(self.words.fields_hide) if self.words else frozenset(),
        )
