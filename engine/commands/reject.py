"""Reject: one signer refuses, with a reason (V3, R1-R3)."""

from dataclasses import dataclass
from typing import ClassVar

from engine.case import Case
from engine.commands.approve import vote
from engine.commands.base import Decision, check_comment, decide, hold
from engine.commands.delegate import advise
from engine.flow import ending, windows
from engine.refusals import NotPlain
from engine.requests import ROUNDS_NODE
from engine.voting import count


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Decision):
    """The holder of a task refuses."""

    verb: ClassVar[str] = "reject"


def act(command: Reject, case: Case) -> None:
    """Count a rejection, and settle the node if it decides."""
    held = hold(case, command, deciding=True)
    if held.node.node == ROUNDS_NODE:
        check_comment(command.comment)
        if windows.opens(case, held, command):
            return
        case.inputs.update(command.kept())
        decide(case, held, "rejected", command)
        held.node.status, held.node.verdict, held.node.settled_at = "settled", "rejected", case.now
        count(held.node, "rejected")
        case.flow.aside = None
        ending.close(case, "cancelled", "rejected")
        return
    if held.words is None or held.words.approval is None:
        raise NotPlain(verb="不同意")
    check_comment(command.comment)
    if held.slot.origin == "delegated":
        advise(command, case, held, "reject")
        return
    vote(case, held, held.words, command, "rejected")
