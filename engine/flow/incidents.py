"""Incidents: what can't go on stays where it is, visible, until an administrator acts.

A halted token has one under its key, kept in step with what the tokens say. What hangs at a node
without holding its token (nobody to sign, a deadline, a copy) has one under `<what>:<node's key>`.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from engine.calendars import CalendarError
from engine.case import Case, Placed
from engine.flow.due import NoTime
from engine.flow.failures import FAILURES
from engine.requests import INCIDENT_WORDS, Incident, IncidentKind, Place
from engine.tokens import Open

MOST_MESSAGE = 1_000
"""So many characters of what went wrong are kept."""

What = Literal["people", "due", "done", "copy", "stuck"]
"""What an incident beside the tokens is about: nobody to sign; a node's deadline, reminder or
priority; whether a node's work is done; a copy; a join."""

_AT_NODES = ("people:", "due:", "done:")
_STUCK = "stuck:"
_COPY = "copy:"


def halt(case: Case, key: str, kind: IncidentKind, why: str) -> None:
    """Halt a token where it stands; it goes on when an administrator retries it."""
    case.run.halt(key, why, kind)
    token = next(each for each in case.run.open() if each.key == key)
    note(case, key, token, kind, why)


def note(
    case: Case, key: str, row: Placed, kind: IncidentKind, why: str, *, tell: bool = True
) -> None:
    """Keep an incident, unless there is one under this key already. `tell`: administrators."""
    flow = case.flow
    if key in flow.incidents:
        if key in case.retried:
            case.retried[key] = (kind, why[:MOST_MESSAGE])
        return
    flow.last_incident += 1
    incident = Incident(
        request=case.request.id,
        ordinal=flow.last_incident,
        key=key,
        node=row.node,
        kind=kind,
        message=why[:MOST_MESSAGE],
        at=case.now,
        definition=row.definition,
    )
    flow.incidents[key] = incident.ordinal
    case.uow.put_incident(incident)
    case.private[f"incident.{incident.ordinal}"] = incident.message
    case.say("incident", incident.ordinal, kind, key)
    if tell:
        _tell(case, row, kind, incident.message)


def over(case: Case, key: str) -> None:
    """What stood still under this key goes on, or is no longer wanted."""
    ordinal = case.flow.incidents.pop(key, None)
    if ordinal is not None:
        case.uow.remove_incidents(case.request.id, [ordinal])
        case.say("resolved", ordinal)


def end(case: Case) -> None:
    """The tokens are gone, or set aside: nothing of the request stands still any more."""
    for key in list(case.flow.incidents):
        over(case, key)


def attempt(
    case: Case, what: What, key: str, row: Placed, usual: IncidentKind, act: Callable[[], None]
) -> bool:
    """Do what must not hold up a decision; what fails in it is an incident. Whether it was done."""
    try:
        act()
    except FAILURES as failure:
        note(case, f"{what}:{key}", row, kind_of(failure, usual), str(failure))
        return False
    return True


def kind_of(failure: Exception, usual: IncidentKind) -> IncidentKind:
    """What kind of incident a failure is."""
    return "timer" if isinstance(failure, NoTime | CalendarError) else usual


def follow(case: Case, tokens: Sequence[Open]) -> None:
    """Bring incidents to where the tokens stand now."""
    known = case.flow.incidents
    if known:
        halted = {token.key for token in tokens if token.trouble}
        standing = {token.key for token in tokens}
        stuck = {_stuck_key(scope, node) for scope, node in case.run.stuck_joins()}
        for key in list(known):
            if not _lasts(key, halted, standing, stuck):
                over(case, key)
    for token in tokens:
        if token.trouble and token.key not in known:
            kind: IncidentKind = token.trouble_kind  # type: ignore[assignment]
            note(case, token.key, token, kind, token.trouble)
    for scope, node in case.run.stuck_joins():
        place = Place(node=node, definition=case.run.scopes[scope].definition)
        what = "what it waits for can no longer come"
        note(case, _stuck_key(scope, node), place, "stuck", what)


def _lasts(key: str, halted: set[str], standing: set[str], stuck: set[str]) -> bool:
    if key.startswith(_COPY):
        return True
    if key.startswith(_STUCK):
        return key in stuck
    if key.startswith(_AT_NODES):
        return key.partition(":")[2] in standing
    return key in halted


def _stuck_key(scope: str, node: str) -> str:
    return f"{_STUCK}{scope}/{node}"


def _tell(case: Case, row: Placed, kind: IncidentKind, why: str) -> None:
    """Administrators hear of it, of the same thing at several tokens once."""
    if (kind, why) in case.told:
        return
    case.told.add((kind, why))
    definition = case.definition_of(row)
    name = definition.names.get(row.node) or row.node  # type: ignore[call-overload]
    zh, en = INCIDENT_WORDS[kind]
    case.notify(
        case.uow.directory.administrators(),
        "administrator",
        f"“{case.label}”停在“{name}”:{zh}({why})",
        f"“{case.label}” stands still at “{name}”: {en} ({why})",
    )
