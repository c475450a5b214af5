"""Complete: a piece of work is done, or an amended request is submitted again (B1, B5)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Decision, Held, check_guards, decide, go_on, hold
from engine.commands.delegate import advise
from engine.commands.submit import (
    amended,
    as_variables,
    begin,
    check_start,
    starting_answers,
)
from engine.desk import answer, desk_of
from engine.diagrams.words import NodeWords
from engine.flow import changing, incidents, settling, signing, straight, windows
from engine.numbers import numbered
from engine.refusals import NotPlain
from engine.requests import AMEND_NODE, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(Decision):
    """The holder of a piece of work is done with it."""

    verb: ClassVar[str] = "complete"


def act(command: Complete, case: Case) -> None:
    """Take the answers and let the process go on."""
    held = hold(case, command, deciding=False)
    if held.node.node == AMEND_NODE:
        _resubmit(command, case, held)
        return
    words = held.words
    if words is None or words.approval is not None:
        raise NotPlain(verb="完成")
    if held.slot.origin == "delegated":
        advise(command, case, held, "complete")
        return
    variables = case.run.variables(held.node.scope)
    desk = desk_of(case.definition_of(held.node), words.id)
    answers = answer(case, desk, command.answers, variables=variables, slot=held.slot)
    check_guards(words.guards, {**variables, **answers}, case.world(held.node))
    if windows.opens(case, held, command, answers):
        return
    case.inputs.update(answers=answers, **command.kept())
    decide(case, held, "completed", command)
    held.slot.answers = answers
    if words.number_pattern:
        held.slot.number = numbered(case, words.number_pattern, {**variables, **answers})
    held.node.done += 1
    held.node.pending -= 1
    case.say("completed", held.slot.ordinal, *([held.slot.number] if held.slot.number else []))
    if is_several(words) and not words.field_variables:
        _shared(case, held, answers)
    if is_done(case, held.node, words, {**variables, **answers}):
        settling.settle(case, held.node, words, None)
        go_on(case)
    elif words.sequential:
        signing.next_in_sequence(case, held.node, words)


def is_several(words: NodeWords) -> bool:
    """Whether a node is work for several, each with a place of his own."""
    return bool(words.collection or words.cardinality)


def _shared(case: Case, held: Held, answers: dict[str, Any]) -> None:
    """Work for several whose diagram names no `fields.variables`: what each fills in becomes a
    variable at once, the last one wins, as in the engines that such diagrams come from."""
    before = changing.held_variables(case)
    case.run.write(answers, held.node.scope)
    changing.changed_variables(case, before)


def is_done(case: Case, node: Node, words: NodeWords, variables: dict[str, Any]) -> bool:
    """Whether all the work of a node is done, or its completion condition holds."""
    if node.pending <= 0:
        return True
    if not words.completion_condition:
        return False
    counts = {
        "nrOfInstances": node.total,
        "nrOfCompletedInstances": node.done,
        "nrOfActiveInstances": node.pending,
    }
    done: list[bool] = []

    def read() -> None:
        world = case.world(node)
        done.append(world.holds(words.completion_condition, {**variables, **counts}))

    incidents.attempt(case, "done", node.key, node, "expression", read)
    return done == [True]


def _resubmit(command: Complete, case: Case, held: Held) -> None:
    """The amended request goes its way again from the start, in the round that its return began."""
    answers = starting_answers(case, command.answers)
    check_start(case, answers)
    if windows.opens(case, held, command, answers):
        return
    case.inputs.update(answers=answers, **command.kept())
    decide(case, held, "completed", command)
    held.node.status, held.node.settled_at = "settled", case.now
    held.node.pending = 0
    held.node.done = 1
    case.say("completed", held.slot.ordinal)
    if straight.resubmitted(case, held.node, as_variables(case, answers)):
        amended(case, answers)
        go_on(case)
    else:
        begin(case, answers)
