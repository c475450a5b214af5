"""Copies: people who get to read a request without deciding it (C1)."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from engine.case import Case
from engine.diagrams.words import Copy
from engine.ids import PersonId
from engine.people.signers import people_of
from engine.world import World


def send(
    case: Case,
    copies: Iterable[Copy],
    when: Literal["entered", "settled"],
    variables: Mapping[str, Any],
    world: World | None = None,
) -> None:
    """Send what the diagram's `copy.…` words ask for at this moment."""
    world = world or World(case)
    for copy in copies:
        if copy.when != when:
            continue
        if copy.condition and not world.holds(copy.condition, variables):
            continue
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
