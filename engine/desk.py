"""A desk: the form that a node shows a person, what he may fill in, and what it is read against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import forms
from engine import choosing
from engine.diagrams.choosing import with_choice
from engine.diagrams.definition import Definition
from engine.diagrams.needed import needed
from engine.diagrams.words import NodeId, NodeWords
from engine.expressions import feel, standard_functions
from engine.ids import PersonId
from engine.lists import list_rows
from engine.refusals import Invalid
from engine.requests import AMEND_NODE, ROUNDS_NODE, Slot
from forms.messages import NOT_YOURS

if TYPE_CHECKING:
    from engine.case import Case

MOST_PEOPLE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One desk of a process version; the start's has no words."""

    definition: Definition
    words: NodeWords | None
    form: forms.Form
    rights: forms.Rights
    own: bool
    """Whether the form is the node's own, rather than the start form shown again."""

    @property
    def answers_are_variables(self) -> bool:
        """Plain work and the start fill variables; a vote's answers are its slot's."""
        return self.words is None or (
            self.words.approval is None and not (self.words.collection or self.words.cardinality)
        )

    def kept(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The form's values as they are now; a vote on a form of its own begins empty."""
        if self.own and not self.answers_are_variables:
            return {}
        return {f.key: variables[f.key] for f in self.form.fields if f.key in variables}


@lru_cache(maxsize=4096)
def desk_of(definition: Definition, node: str | None) -> Desk:
    """The desk of a node; None or the amend node: the start form."""
    start = _form(definition, definition.process.start_form, "start")
    if node is None or node == AMEND_NODE:
        return Desk(definition=definition, words=None, form=start, rights=forms.Rights(), own=True)
    if node == ROUNDS_NODE:
        nothing = forms.Rights(edit=frozenset())
        return Desk(definition=definition, words=None, form=start, rights=nothing, own=False)
    words = definition.nodes[node]  # type: ignore[index]
    hide = frozenset(words.fields_hide)
    if words.form and words.form in definition.forms:
        edit = frozenset(words.fields_edit) if words.fields_edit else None
        own = words.form != definition.process.start_form
        rights = forms.Rights(edit=edit if own or edit else frozenset(), hide=hide)
        return Desk(
            definition=definition,
            words=words,
            form=definition.forms[words.form],
            rights=rights,
            own=own,
        )
    if words.fields_edit or (words.approval is not None and not start.generated):
        rights = forms.Rights(edit=frozenset(words.fields_edit), hide=hide)
        return Desk(definition=definition, words=words, form=start, rights=rights, own=False)
    form = _form(definition, words.form, words.id)
    return Desk(
        definition=definition, words=words, form=form, rights=forms.Rights(hide=hide), own=True
    )


def _form(definition: Definition, key: str, node: str) -> forms.Form:
    """The form of that key, or one generated for what the process's conditions read."""
    found = definition.forms.get(key)
    if found is not None:
        return found
    return generated_form(definition, node)


def generated_form(definition: Definition, node: str) -> forms.Form:
    """A form for a start or task that names no readable one (interface.md): a field for each
    variable that the conditions behind it need, where its answers become variables."""
    reserved = {field.key for form in definition.forms.values() for field in form.fields}
    reserved |= {words.verdict for words in definition.nodes.values() if words.verdict}
    words = definition.nodes.get(NodeId(node))
    votes = words is not None and words.approval is not None
    if words is None and definition.process.initiator_variable != "initiator":
        reserved.add(definition.process.initiator_variable)  # nobody says who asks but the system
    by = "initiator" if words is None else node
    chosen = [each for each in definition.nodes.values() if each.chosen is not None]
    reserved |= {e.chosen.variable for e in chosen if e.chosen is not None and e.chosen.by != by}
    place = definition.process.start if words is None else node
    wanted = () if votes else needed(definition, place)
    made = forms.generated(node, wanted, refused=frozenset(reserved))
    for each in chosen:
        if each.chosen is not None and each.chosen.by == by:
            made = with_choice(made, each)
    return made


def context_of(
    variables: Mapping[str, Any], slot: Slot | None, actor: PersonId | None, department: str = ""
) -> dict[str, Any]:
    """What a form's conditions may read beside the form's own values."""
    return {
        **variables,
        "signer": (slot.signer if slot is not None and slot.signer else actor),
        "signer_department": slot.department
        if slot is not None and slot.department
        else department,
        "round": slot.round if slot is not None else 1,
        "pass": slot.pass_ if slot is not None else 1,
    }


def evaluator(calendar: Any, today: date) -> forms.Evaluate:
    """The function that forms evaluate their FEEL with."""
    functions: dict[str, Callable[..., object]] = {
        **standard_functions,
        "workdays": _unless_null(lambda day, n: calendar.add_workdays(_date(day), int(n))),
        "workdays_between": _unless_null(
            lambda a, b: calendar.workdays_between(_date(a), _date(b))
        ),
        "today": lambda: today,
    }

    def evaluate(text: str, names: Mapping[str, object]) -> object:
        return feel(text, "null").evaluate(names, functions)

    return evaluate


def lookup(case: "Case", definition: Definition | None = None) -> forms.Lookup:
    """Options of a form's source, from the organisation and the requests that the actor may see."""

    def options(source: str) -> Sequence[forms.Option]:
        kind, _, rest = source.partition(":")
        uow = case.uow
        if kind == "choose":
            return choosing.options(case, definition or case.definition, rest)
        if kind == "list":
            return [
                forms.Option(key, row.get("label") or key, row.get("label_en", ""))
                for key, row in list_rows(definition or case.definition, rest).items()
            ]
        if kind == "request":
            rows = uow.referable(rest, _chooser(case))
            return [forms.Option(i, f"{n} {t}", f"{n} {t}") for i, n, t in rows]
        if kind == "department":
            return [forms.Option(name, name, name) for name in uow.directory.departments()]
        return [forms.Option(i, n, n) for i, n in uow.directory.listed(rest)][:MOST_PEOPLE]

    return options


def _unless_null(function: Callable[..., object]) -> Callable[..., object]:
    """FEEL's way: of null comes null, so an empty field breaks no condition."""

    def called(*values: object) -> object:
        return None if any(value is None for value in values) else function(*values)

    return called


def _chooser(case: "Case") -> PersonId:
    """Who chooses: the actor; the requester where a process fills the form in for him."""
    by_process = case.actor.id.startswith("system:")
    return case.request.requester if by_process else case.actor.id


def answer(
    case: "Case",
    desk: Desk,
    posted: Mapping[str, Any],
    *,
    variables: Mapping[str, Any],
    slot: Slot | None = None,
    kept: Mapping[str, Any] | None = None,
    require: bool = True,
) -> dict[str, Any]:
    """The answers that these posted values are; Invalid with a message per field otherwise.

    In a replay they are the recorded ones, which were checked when they were given.
    """
    if case.facts.replaying:
        return dict(forms.recorded(posted, desk.form.digest).values)
    zone = case.uow.calendar.zone
    today = case.now.astimezone(zone).date()
    referred: list[str] = []

    def usable(id: str) -> bool:
        if id in case.uow.attachments_usable([id], case.actor.id, case.request.id):
            referred.append(id)
            return True
        return False

    department = case.request.department if slot is None else ""
    own = _own(case, desk)
    try:
        answers = forms.parse(
            desk.form,
            posted,
            rights=desk.rights,
            context=context_of(variables, slot, case.actor.id, department) | own,
            evaluate=evaluator(case.uow.calendar, today),
            lookup=lookup(case, desk.definition),
            files=usable,
            today=today,
            kept=desk.kept(variables) if kept is None else kept,
            require=require,
        )
    except forms.Invalid as invalid:
        raise Invalid(invalid.errors) from invalid
    _check_own(own, answers.values)
    choosing.check(case, desk, {**variables, **answers.values}, require=require)
    if referred:
        case.uow.attach(list(dict.fromkeys(referred)), case.request.id)
        case.inputs["files"] = dict(case.uow.attachment_digests(list(dict.fromkeys(referred))))
    return {name: value for name, value in answers.values.items() if name not in own}


def _own(case: "Case", desk: Desk) -> dict[str, str]:
    """Variables that say who asks and which request this is: nobody's answers change them."""
    who = case.request.requester
    name = desk.definition.process.initiator_variable
    return {"initiator": who, name: who, "me": case.request.id}


def _check_own(own: Mapping[str, str], values: Mapping[str, Any]) -> None:
    """Invalid where an answer says otherwise, also in a field of that name."""
    if wrong := [name for name in own if values.get(name) not in (None, "", own[name])]:
        raise Invalid(dict.fromkeys(wrong, NOT_YOURS))


@lru_cache(maxsize=1024)
def reads_context(form: forms.Form) -> bool:
    """Whether any rule of a form may read variables beside the form's own values."""
    return any(_reads(field) or any(_reads(c) for c in field.columns) for field in form.fields)


def _reads(field: forms.Field) -> bool:
    return bool(
        field.hides
        or field.required_if
        or field.rules
        or field.default
        or isinstance(field.readonly, str)
        or field.options.expression
        or field.options.key
        or field.options.conditions
    )


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
