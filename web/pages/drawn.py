"""Forms as a page draws them: the one to fill in, and those that were answered, desk by desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import forms
from engine.case import Case
from engine.desk import Desk, context_of, desk_of, evaluator
from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId
from engine.requests import AMEND_NODE, ROUNDS_NODE, Slot
from storage import queries
from storage.reader import Reader
from web.pages import here, looking
from web.pages.names import Names

ANSWERED = frozenset({"approved", "rejected", "completed", "returned"})
WIDTHS = {
    16: "full",
    8: "half",
    7: "half",
    9: "half",
    5: "third",
    6: "third",
    4: "quarter",
    3: "quarter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one person said at a desk."""

    by: str
    department: str = ""
    at: datetime | None = None
    drawing: forms.Drawing | None = None
    comment: str = ""
    status: str = ""
    kept_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one desk was answered with: the start's, or a node's in one pass."""

    title: str
    round: int = 1
    number: str = ""
    answers: tuple[Answered, ...]

    @property
    def at(self) -> datetime | None:
        """When the last of them was given."""
        return max((each.at for each in self.answers if each.at is not None), default=None)


@dataclass(slots=True, kw_only=True)
class Drawer:
    """Draws the forms of one request, or of one yet to be made."""

    reader: Reader
    versions: queries.Versions
    variables: Mapping[str, Any] = field(default_factory=dict)
    scopes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Variables by scope, those of the process itself under “”."""
    names: Names
    case: Case
    _options: dict[tuple[str, str], Sequence[forms.Option]] = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        """The request's own version."""
        return self.versions.own

    def blank(
        self,
        desk: Desk,
        values: Mapping[str, Any],
        *,
        slot: Slot | None = None,
        errors: Mapping[str, forms.Message] | None = None,
    ) -> forms.Drawing:
        """The form of a desk, to be filled in by whoever is signed in."""
        person = here.me()
        context = context_of(self._seen(slot), slot, person.id, person.department)
        return self._draw(desk, values, desk.rights, context, errors or {})

    def filled(
        self,
        desk: Desk,
        values: Mapping[str, Any],
        hide: frozenset[str],
        slot: Slot | None = None,
    ) -> forms.Drawing:
        """A form that was answered, for reading; fields without an answer are left out."""
        rights = forms.Rights(edit=frozenset(), hide=hide)
        context = {
            **self._seen(slot),
            "signer": None,
            "signer_department": "",
            "round": 1,
            "pass": 1,
        }
        return self._draw(desk, values, rights, context, {})

    def _seen(self, slot: Slot | None) -> Mapping[str, Any]:
        """The variables that a desk sees."""
        from web.pages.called import scope_of, seen_in

        if slot is None or not self.scopes:
            return self.variables
        return seen_in(self.versions, self.scopes, slot.definition, scope_of(slot.node_key))

    def _draw(
        self,
        desk: Desk,
        values: Mapping[str, Any],
        rights: forms.Rights,
        context: Mapping[str, Any],
        errors: Mapping[str, forms.Message],
    ) -> forms.Drawing:
        today = here.now().astimezone(here.zone()).date()
        return forms.draw(
            desk.form,
            values=values,
            rights=rights,
            context=context,
            evaluate=evaluator(here.system().database.calendar, today),
            lookup=self._lookup(desk.definition),
            locale=here.locale(),
            errors=errors,
            zone=here.zone(),
            today=today,
        )

    def _lookup(self, definition: Definition) -> forms.Lookup:
        """Each source is asked once a page, however many forms stand on it."""
        find, kept = looking.lookup(self.case, definition), self._options

        def options(source: str) -> Sequence[forms.Option]:
            key = (definition.digest, source)
            if key not in kept:
                kept[key] = find(source)
            return kept[key]

        return options

    def parts(self, request: Any, slots: Sequence[Any], answers: Mapping[str, Any]) -> list[Part]:
        """All answers by desk: the start's, then each decided slot's in their order."""
        hide = self.hidden(request, slots)
        found = [self._start(request, answers, hide)]
        nodes: dict[str, list[Any]] = {}
        for slot in slots:
            if slot.status in ANSWERED and slot.node not in (AMEND_NODE, ROUNDS_NODE):
                nodes.setdefault(slot.node_key, []).append(slot)
        return [*found, *(self._part(group, hide) for group in nodes.values())]

    def hidden(self, request: Any, slots: Iterable[Any]) -> frozenset[str]:
        """Fields that some node hides from its signers: hidden here from whoever is one of them."""
        person = here.me()
        if person.id == request.requester or person.role in ("auditor", "owner"):
            return frozenset()
        versions = self.versions.all(slots)
        nodes = (words for version in versions for words in version.nodes.values())
        return frozenset(name for words in nodes for name in words.fields_hide)

    def _start(self, request: Any, answers: Mapping[str, Any], hide: frozenset[str]) -> Part:
        desk = desk_of(self.definition, None)
        values = {**answers, **{k: v for k, v in self.variables.items() if k in desk.form.by_key}}
        given = Answered(
            by=self.names.of(request.requester),
            department=request.department,
            at=request.submitted_at,
            drawing=self.filled(desk, values, hide),
        )
        words = self.definition.process
        return Part(title=here.said(words.name, words.name_en), answers=(given,))

    def _part(self, slots: Sequence[Any], hide: frozenset[str]) -> Part:
        first = slots[0]
        return Part(
            title=node_name(self.versions.of(first), first.node),
            round=first.round,
            number=first.number or "",
            answers=tuple(self._answered(slot, hide) for slot in slots),
        )

    def _answered(self, slot: Any, hide: frozenset[str]) -> Answered:
        desk = desk_of(self.versions.of(slot), slot.node)
        return Answered(
            by=self.names.of(slot.decided_by),
            department=slot.department,
            at=slot.decided_at,
            drawing=self.filled(desk, slot.answers, hide, slot)
            if desk.own and slot.answers
            else None,
            comment=slot.comment,
            status=slot.status,
            kept_from=slot.kept_from,
        )


def node_name(definition: Definition, node: str) -> str:
    """A node's name in the page's language; the desks that no diagram draws have ours."""
    from web.pages.wording import gettext

    if node == AMEND_NODE:
        return gettext("Amend and submit again")
    if node == ROUNDS_NODE:
        return gettext("Allow one more round")
    words = definition.nodes.get(NodeId(node))
    if words is not None:
        return here.said(words.name, words.name_en)
    name = definition.names.get(NodeId(node), "") or node
    return here.said(name, definition.names_en.get(NodeId(node)))


def widths(form: forms.Form) -> dict[str, str]:
    """How wide each field stands, from the columns that the form file gives it (of sixteen)."""
    found: dict[str, str] = {}
    for each in form.fields:
        layout = each.raw.get("layout")
        columns = layout.get("columns") if isinstance(layout, Mapping) else None
        found[each.key] = WIDTHS.get(columns, "full") if isinstance(columns, int) else "full"
    return found


def file_ids(values: Iterable[Any]) -> list[str]:
    """Every text in lists of these values, rows of tables included: among them the attachments."""
    found: list[str] = []
    for value in values:
        if isinstance(value, list):
            for each in value:
                if isinstance(each, str):
                    found.append(each)
                elif isinstance(each, Mapping):
                    found.extend(file_ids(each.values()))
    return found


def files_in(
    reader: Reader, values: Mapping[str, Any], request: str | None = None
) -> dict[str, Any]:
    """The attachments that values name, as far as whoever is signed in may know of them."""
    ids = tuple(dict.fromkeys(file_ids(values.values())))
    me = here.me().id
    return {
        id: row
        for id, row in queries.attachments_by_id(reader, ids).items()
        if row.uploaded_by.id == me or (request is not None and row.request == request)
    }
