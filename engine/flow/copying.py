"""Copies: people who get to read a request without deciding it (C1)."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from engine.case import Case
from engine.diagrams.words import Copy
from engine.flow import incidents
from engine.ids import PersonId
from engine.people.signers import people_of
from engine.requests import Node, Place

When = Literal["entered", "settled"]


def send(
    case: Case,
    copies: Iterable[Copy],
    when: When,
    variables: Mapping[str, Any],
    node: Node | None = None,
) -> None:
    """Send what the diagram's `copy.…` words ask for at this moment; of a node, or of the whole
    request. What can't be made out is an incident, and holds nothing up."""
    for number, copy in enumerate(copies):
        if copy.when != when:
            continue
        row = node or Place(node=case.definition.process.start)
        key = f"{'' if node is None else node.key}:{number}"

        def act(copy: Copy = copy) -> None:
            send_one(case, copy, variables, node)

        incidents.attempt(case, "copy", key, row, "expression", act)


def send_one(case: Case, copy: Copy, variables: Mapping[str, Any], node: Node | None) -> None:
    """Send one of them.

    Raises:
        ExpressionError: its condition, or who gets it, can't be evaluated.
    """
    world = case.world(node)
    if not copy.condition or world.holds(copy.condition, variables):
        people = [p for text in copy.to for p in people_of(text, variables, world)]
        send_to(case, people)


def send_to(case: Case, people: Iterable[str]) -> None:
    """Copy these people in, each once; the requester needs no copy of his own request."""
    fresh = [PersonId(p) for p in dict.fromkeys(people) if p != case.request.requester]
    if not fresh:
        return
    case.uow.copy(case.request.id, fresh, case.actor.id, case.now)
    case.involve.extend(fresh)
    case.say("copied", fresh)
    case.notify(
        fresh,
        "copied",
        f"抄送您:“{case.label}”",
        f"A copy for you: “{case.label}”",
    )
