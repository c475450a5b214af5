"""Submit and save: a request begins as a draft, gets its number and goes its way (002 annex 3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

import forms
from engine.case import Case
from engine.commands.base import Command, go_on, guard_sentence
from engine.desk import answer, desk_of
from engine.flow import copying
from engine.ids import RequestId
from engine.numbers import numbered
from engine.people.signers import group_members
from engine.refusals import AlreadySubmitted, Invalid, MayNotStart, NotRequester, Unknown
from engine.tokens import Run
from engine.unit_of_work import Link
from engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Command):
    """A new request, a draft, or a withdrawn request is submitted."""

    verb: ClassVar[str] = "submit"
    request: RequestId
    process: str
    answers: Mapping[str, Any] | None = field(default_factory=dict)
    """None: as the draft stands."""
    definition: str | None = None
    """The version that it starts with; only a replay names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft(Command):
    """A new draft, or a change of one; it has no number and nobody else sees it."""

    verb: ClassVar[str] = "save"
    request: RequestId
    process: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    definition: str | None = None


def save(command: SaveDraft, case: Case) -> None:
    """Keep what is filled in; nothing is required yet."""
    _check_mine(case)
    check_starter(case)
    desk = desk_of(case.definition, None)
    context = {**case.flow.extra}
    answers = answer(
        case, desk, command.answers, variables=context, kept=case.flow.answers, require=False
    )
    case.inputs["answers"] = answers
    case.flow.answers = answers
    _describe(case, {**context, **answers})


def act(command: Submit, case: Case) -> None:
    """Check the answers and the start's guards; give the number; let the process begin."""
    _check_mine(case)
    check_starter(case)
    posted = case.flow.answers if command.answers is None else command.answers
    answers = starting_answers(case, posted)
    check_start(case, answers)
    case.inputs["answers"] = answers
    request = case.request
    if request.status == "withdrawn":
        request.round += 1
    if request.submitted_at is None:
        request.submitted_at = case.now
    begin(case, answers)


def starting_answers(case: Case, posted: Mapping[str, Any]) -> dict[str, Any]:
    """The start form's answers, checked in full."""
    desk = desk_of(case.definition, None)
    context = {**case.flow.root, **case.flow.extra}
    return answer(case, desk, posted, variables=context, kept=case.flow.answers)


def check_starter(case: Case) -> None:
    """Who may start a process: its candidate starters, else everyone."""
    words = case.definition.process
    if not words.starter_users and not words.starter_groups:
        return
    world = World(case)
    requester = case.request.requester
    if requester in words.starter_users:
        return
    if any(requester in group_members(group, world) for group in words.starter_groups):
        return
    if case.cause is not None:
        return
    raise MayNotStart()


def check_start(case: Case, answers: Mapping[str, Any]) -> None:
    """The start event's guards: unmet ones make the answers invalid, all of them named.

    What the answers refer to is locked first: a guard that passed on what another command is just
    about to change (an order that is being withdrawn) would have passed on nothing.
    """
    for target in {target: None for _, target in _links(case, answers)}:
        case.facts.act(["lock", target], partial(_lock, case, target))
    guards = case.definition.process.guards
    if not guards:
        return
    world = World(case)
    variables = {**_given(case), **answers}
    errors: dict[str, forms.Message] = {}
    for guard in guards:
        if not world.holds(guard.condition, variables):
            zh, en = guard_sentence(guard, variables, world)
            where = guard.field or f"guard.{len(errors) + 1}"
            if where in errors:
                earlier = errors[where]
                zh, en = f"{earlier.zh} {zh}", f"{earlier.en} {en}"
            errors[where] = forms.Message(zh, en)
    if errors:
        raise Invalid(errors)


def begin(case: Case, answers: dict[str, Any], *, event: str = "") -> None:
    """Number, title, links and variables; then the tokens start, at another start event if a
    message or signal began it."""
    case.add()
    request, flow, words = case.request, case.flow, case.definition.process
    earlier = (flow.aside or {}).get("marking")
    before = dict(flow.root)
    flow.answers = answers
    given = _given(case)
    _describe(case, {**given, **answers})
    _link(case, answers)
    if request.number is None and words.number_pattern:
        request.number = numbered(case, words.number_pattern, {**given, **answers})
        case.say("numbered", request.number)
    _describe(case, {**given, **answers, "number": request.number})
    variables = {
        **dict.fromkeys(_start_fields(case)),
        **given,
        **answers,
        "number": request.number,
        "filed_on": World(case).today().isoformat(),
    }
    request.status = "running"
    request.outcome = None
    request.ended_at = None
    request.ends = []
    flow.aside = None
    flow.undone = []
    flow.straight.clear()
    flow.instead.clear()
    flow.first_passage = request.passages
    run = Run.begin(
        case.definition.net, variables, case.tokens_world(), after=earlier, start=event
    )
    case.set_run(run)
    for name, value in answers.items():
        if before.get(name) != value:
            case.changes[name] = [before.get(name), value]
    copying.send(case, words.copies, "entered", variables)
    copying.send(case, words.copies, "settled", variables)
    case.involve.append(request.requester)
    go_on(case)


def as_variables(case: Case, answers: dict[str, Any]) -> dict[str, Any]:
    """The start form's fields as variables: what is left out is null."""
    return {**dict.fromkeys(_start_fields(case)), **answers}


def amended(case: Case, answers: dict[str, Any]) -> None:
    """The request says something else, and goes on from where it was."""
    before = case.flow.answers
    case.flow.answers = answers
    given = {**_given(case), **answers, "number": case.request.number}
    _describe(case, given)
    _link(case, answers)
    for name in sorted({*before, *answers}):
        if before.get(name) != answers.get(name):
            case.changes[name] = [before.get(name), answers.get(name)]


def _given(case: Case) -> dict[str, Any]:
    """Variables that the start has beside the form's answers."""
    request = case.request
    name = case.definition.process.initiator_variable
    return {
        **case.flow.extra,
        name: request.requester,
        "initiator": request.requester,
        "department": request.department,
        "me": request.id,
        "number": request.number,
        "round": request.round,
    }


def _start_fields(case: Case) -> list[str]:
    return [field.key for field in desk_of(case.definition, None).form.fields]


def _describe(case: Case, variables: dict[str, Any]) -> None:
    """The title and the few fields that lists show."""
    words = case.definition.process
    title = variables.get("title")
    if words.title:
        from engine.expressions import ExpressionError

        try:
            title = World(case).evaluate(
                words.title, {**dict.fromkeys(_start_fields(case)), **variables}
            )
        except ExpressionError:
            title = variables.get("title")
    case.request.title = str(title or words.name)[:200]
    keys = [key.strip() for key in words.key_field.split(",") if key.strip()]
    case.request.summary = {key: variables[key] for key in keys if variables.get(key) is not None}


def _link(case: Case, answers: Mapping[str, Any]) -> None:
    """Tie this request to those that its link fields name."""
    me = case.request.id
    links = [
        Link(source=me, field=name, target=RequestId(target))
        for name, target in _links(case, answers)
    ]
    case.uow.set_links(me, links)
    case.facts.forget("linked")


def _links(case: Case, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The link fields that name a request, each with the request."""
    for name in case.definition.process.links:
        value = answers.get(name)
        for target in value if isinstance(value, list) else [value]:
            if target:
                yield name, target


def _lock(case: Case, target: str) -> bool:
    return case.uow.request(RequestId(target)) is not None


def _check_mine(case: Case) -> None:
    request = case.request
    if request.requester != case.actor.id and case.cause is None:
        raise NotRequester() if case.uow.may_see(request.id, case.actor.id) else Unknown()
    if request.status not in ("draft", "withdrawn"):
        raise AlreadySubmitted()
