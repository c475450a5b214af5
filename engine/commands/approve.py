"""Approve: one signer agrees (V1-V3)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import (
    Decision,
    Held,
    check_comment,
    check_guards,
    decide,
    given,
    go_on,
    hold,
)
from engine.commands.delegate import advise
from engine.desk import answer, desk_of, reads_context
from engine.diagrams.words import NodeWords
from engine.flow import changing, returning, signing, windows
from engine.refusals import NotPlain
from engine.requests import ROUNDS_NODE
from engine.voting import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Decision):
    """The holder of a task agrees."""

    verb: ClassVar[str] = "approve"


def act(command: Approve, case: Case) -> None:
    """Count an approval, and settle the node if it decides."""
    held = hold(case, command, deciding=True)
    if held.node.node == ROUNDS_NODE:
        _one_more_round(command, case, held)
        return
    words = held.words
    if words is None or words.approval is None:
        raise NotPlain(verb="同意")
    if held.slot.origin == "delegated":
        advise(command, case, held, "approve")
        return
    vote(case, held, words, command, "approved")


def vote(case: Case, held: Held, words: NodeWords, command: Decision, status: str) -> None:
    """Record one vote and see whether it decides."""
    answers = _checked(case, held, words, command, status)
    if windows.opens(case, held, command, answers):
        return
    before = _written(case, held, words, command, status, answers)
    _decide(case, held, words, status)
    if before is not None:
        # Only now: what a changed variable brings about may take the task away.
        changing.changed_variables(case, before)
        go_on(case)


def _decide(case: Case, held: Held, words: NodeWords, status: str) -> None:
    node, slot = held.node, held.slot
    count(node, status, slot.weight)
    case.say("voted", slot.ordinal, status, node.approved, node.rejected, node.total)
    if signing.went_on(case, node, words, slot):
        go_on(case)


def record(
    case: Case, held: Held, words: NodeWords, command: Decision, status: str
) -> changing.Held | None:
    """Write down a vote with the answers that the form takes; it is not counted yet.

    Returns:
        The variables as they were, if it changed any (`changing.changed_variables`).
    """
    answers = _checked(case, held, words, command, status)
    return _written(case, held, words, command, status, answers)


def _checked(
    case: Case, held: Held, words: NodeWords, command: Decision, status: str
) -> dict[str, Any]:
    """The answers of a vote that may be given now."""
    approving = status == "approved"
    desk = desk_of(case.definition_of(held.node), words.id)
    variables: dict[str, Any] = {}
    if needs_variables(desk.form, words) or not desk.own:
        variables = case.run.variables(held.node.scope)
    answers = answer(
        case, desk, command.answers, variables=variables, slot=held.slot, require=approving
    )
    if approving:
        check_guards(words.guards, {**variables, **answers}, case.world(held.node))
        if words.required_comment and case.world(held.node).holds(
            words.required_comment, variables
        ):
            check_comment(command.comment)
    return answers


def _written(
    case: Case,
    held: Held,
    words: NodeWords,
    command: Decision,
    status: str,
    answers: dict[str, Any],
) -> changing.Held | None:
    desk = desk_of(case.definition_of(held.node), words.id)
    case.inputs.update(answers=answers, **command.kept())
    decide(case, held, status, command)
    if desk.own:
        held.slot.answers = given(answers)
    return _edited(case, held, desk.own, answers)


def needs_variables(form: Any, words: NodeWords) -> bool:
    """Whether a vote has to read the instance's variables at all."""
    return bool(words.guards or words.required_comment or words.fields_edit or reads_context(form))


def _edited(case: Case, held: Held, own: bool, answers: dict[str, Any]) -> changing.Held | None:
    """Fields of the start form that the node lets its signer edit become variables at once."""
    words = held.words
    if own or words is None or not words.fields_edit:
        return None
    before = changing.held_variables(case)
    values = {name: answers[name] for name in words.fields_edit if name in answers}
    case.run.write(values, held.node.scope)
    return before


def _one_more_round(command: Approve, case: Case, held: Held) -> None:
    """The requester's superior allows one more round: the return goes on (B6)."""
    if windows.opens(case, held, command):
        return
    case.inputs.update(command.kept())
    decide(case, held, "approved", command)
    held.node.status, held.node.verdict, held.node.settled_at = "settled", "approved", case.now
    count(held.node, "approved")
    case.request.rounds_allowed += 1
    aside = case.flow.aside or {}
    case.flow.marking, case.flow.aside = aside["marking"], None
    case.request.status = "running"
    returning.resume_return(case, aside["from"], aside["target"])
    go_on(case)
