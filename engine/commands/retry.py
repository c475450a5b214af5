"""Retry: an administrator has what stood still tried again, with other variables if need be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, check_running, go_on, sees
from engine.commands.complete import is_done
from engine.commands.setting import set_by_administrator
from engine.flow import changing, copying, incidents, opening, receiving, returning, settling
from engine.ids import RequestId
from engine.refusals import IncidentOver, NotYours, Unknown
from engine.requests import Incident, Node, Place, is_virtual


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry(Command):
    """Try again what an incident says stands still."""

    verb: ClassVar[str] = "retry"
    request: RequestId
    incident: int
    """The incident's ordinal."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """To be set before: where the halted token's scope finds them, else at the process."""
    comment: str = ""

    def kept(self) -> dict[str, Any]:
        """Which, with which variables, and why."""
        return {
            "incident": self.incident,
            "variables": dict(self.variables),
            **({"comment": self.comment} if self.comment else {}),
        }


def act(command: Retry, case: Case) -> bool:
    """Whether the incident is over now; if it is not, it says why, and since when."""
    if not case.actor.override:
        raise NotYours() if sees(case) else Unknown()
    incident = _open(command, case)
    check_running(case)
    row = case.definition_of(incident)
    values = set_by_administrator(case, row, command.variables)
    case.inputs.update({**command.kept(), "variables": values})
    case.body.update(incident=incident.ordinal, node=incident.node)
    if incident.definition:
        case.body["called"] = incident.definition[:16]
    case.say("retried", incident.ordinal)
    if values:
        _write(case, incident, values)
    case.retried[incident.key] = None
    if _try(case, incident):
        incidents.over(case, incident.key)
    go_on(case)
    if case.flow.incidents.get(incident.key) != incident.ordinal:
        return True
    _still(case, incident)
    return False


def _open(command: Retry, case: Case) -> Incident:
    ordinal = command.incident
    found = next((i for i in case.uow.incidents(case.request.id) if i.ordinal == ordinal), None)
    if found is None:
        if 0 < ordinal <= case.flow.last_incident:
            zh, en = "流程已继续,或者已不再需要", "the process has gone on, or no longer needs it"
            raise IncidentOver(message=zh, message_en=en)
        raise Unknown()
    return found


def _write(case: Case, incident: Incident, values: dict[str, Any]) -> None:
    """Set variables, old -> new in the entry."""
    if case.flow.marking is None and not case.running:
        root = case.flow.root
        for name, value in values.items():
            if root.get(name) != value:
                case.changes[name] = [root.get(name), value]
        root.update(values)
        return
    before = changing.held_variables(case)
    scope = _place(incident.key).rpartition("/")[0]
    case.run.write(values, scope if scope in case.run.scopes else "")
    changing.changed_variables(case, before)


def _place(key: str) -> str:
    """The key of the token or node that an incident is about."""
    return key if key.startswith("/") else key.partition(":")[2]


def _try(case: Case, incident: Incident) -> bool:
    """Try it again; whether it is over at once. Of a token, what follows will say."""
    what, place = incident.key.partition(":")[0], _place(incident.key)
    if incident.key.startswith("/"):
        if any(token.key == incident.key for token in case.run.halted()):
            before = changing.held_variables(case)
            case.run.retry(incident.key)
            changing.changed_variables(case, before)
            _deliver_again(case, incident.key)
        return False
    if what == "stuck":
        case.run.recheck()
        return False
    if what == "copy":
        return _copy(case, place)
    node = case.node(place)
    if node.status != "open":
        return True
    if what == "people":
        return returning.seek(case, node) if is_virtual(node) else opening.seek(case, node)
    if what == "due":
        again = partial(opening.arm_again, case, node)
        return incidents.attempt(case, "due", node.key, node, "expression", again)
    return _done(case, node)


def _deliver_again(case: Case, key: str) -> None:
    """What came for a token that could not take it then."""
    kept = case.flow.undelivered.pop(key, None)
    if kept is not None:
        kind, name, payload, raw = kept
        receiving.deliver(case, kind, name, payload, keys=[key], raw=raw)


def _done(case: Case, node: Node) -> bool:
    """Whether a node's work is done could not be told."""
    words = case.words(node)
    done = is_done(case, node, words, case.run.variables(node.scope))
    if done:
        settling.settle(case, node, words, None)
    return done or not case.retried[f"done:{node.key}"]


def _copy(case: Case, place: str) -> bool:
    """A copy of a node, or of the whole request, by its number in the diagram."""
    key, _, number = place.rpartition(":")
    node = case.node(key) if key else None
    copies = case.definition.process.copies if node is None else case.words(node).copies
    scope = node.scope if node is not None and node.scope in case.run.scopes else ""
    again = partial(copying.send_one, case, copies[int(number)], case.run.variables(scope), node)
    row = node or Place(node=case.definition.process.start)
    return incidents.attempt(case, "copy", place, row, "expression", again)


def _still(case: Case, incident: Incident) -> None:
    """It failed again: the same incident, with what is said of it now."""
    said = case.retried[incident.key]
    kind, message = said if said is not None else (incident.kind, incident.message)
    for token in case.run.halted() if case.running else ():
        if token.key == incident.key:
            kind, message = token.trouble_kind, token.trouble[: incidents.MOST_MESSAGE]
    tries = incident.tries + 1
    again = replace(incident, kind=kind, message=message, tries=tries, at=case.now)
    case.uow.put_incident(again)
    case.private[f"incident.{incident.ordinal}"] = message
    case.say("incident", incident.ordinal, kind, incident.key)
