"""What whoever is signed in may do with a task right now, so that a page shows what will work."""

from dataclasses import dataclass
from typing import Any

from engine.diagrams.words import NodeWords
from engine.requests import AMEND_NODE, ROUNDS_NODE


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """Verbs that a page offers."""

    approve: bool = False
    reject: bool = False
    complete: bool = False
    claim: bool = False
    release: bool = False
    give_back: tuple[str, ...] = ()
    """Where it may be returned to: `initiator` and node ids."""
    returns: bool = False
    """Whether returning is a verb here at all."""

    @property
    def decides(self) -> bool:
        """Whether there is anything to decide."""
        return self.approve or self.complete or self.claim


def of(slot: Any, words: NodeWords | None, me: str, requester: str) -> May:
    """The verbs for this person on this slot."""
    if slot.status != "open":
        return May()
    if not slot.holders and me in slot.candidates:
        return May(claim=True)
    if me not in slot.holders:
        return May()
    release = bool(slot.candidates)
    if slot.node == AMEND_NODE:
        return May(complete=True)
    if slot.node == ROUNDS_NODE:
        return May(approve=True, reject=True)
    if words is None or (words.approval is not None and me == requester):
        return May()
    if words.approval is None:
        return May(complete=True, release=release, returns=True)
    return May(approve=True, reject=True, release=release, returns=True)
