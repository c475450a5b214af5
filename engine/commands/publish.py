"""Publish and broadcast: a message or signal comes from outside, by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, ClassVar

from engine import correlating
from engine.commands.base import Command
from engine.commands.deliver import Deliver, Signal
from engine.commands.start import Start
from engine.correlating import Receivers, TooMany
from engine.ids import PersonId, RequestId
from engine.refusals import Invalid, NobodyWaits, NotYours, SeveralWait
from engine.unit_of_work import UnitOfWork
from forms import Message

GROUP = "messages"
"""Its members may send every message and signal; those of `messages:<name>` the one of that name.
Process owners may send to their processes, administrators to all."""
MOST_NAME = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(Command):
    """A message for exactly one request that waits for it; where none does and it names none, it
    starts a process that has a start event for it, on the caller's behalf."""

    verb: ClassVar[str] = "publish"
    message: str
    correlation: str | Mapping[str, Any] | None = None
    """A request's id or number, a key (`message.correlation`), or variables that must be equal."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    new: RequestId
    """The id of the request that it may start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast(Command):
    """A signal for every request that waits for it, and for every process that it starts."""

    verb: ClassVar[str] = "broadcast"
    signal: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    new: RequestId
    """Where the ids of the requests that it starts are made from."""


def published(command: Publish, uow: UnitOfWork) -> list[Command]:
    """The one command that a message comes to.

    Raises:
        NotYours, Invalid, NobodyWaits, SeveralWait.
    """
    sender = _Sender(uow, command, command.message)
    variables = dict(command.variables)
    found = sender.reached(_receivers(command, uow))
    if len(found) > 1:
        raise SeveralWait(name=command.message, count=len(found))
    if found:
        return [
            Deliver(
                actor=command.actor,
                request=request,
                message=command.message,
                payload=variables,
                keys=tuple(keys),
                raw=True,
            )
            for request, keys in found.items()
        ]
    started = sender.started("message") if command.correlation in (None, "", {}) else []
    if not started:
        raise NobodyWaits(name=command.message)
    if len(started) > 1:
        raise SeveralWait(name=command.message, count=len(started))
    return [_start(command, started[0], ("message", command.message), variables, command.new)]


def broadcast(command: Broadcast, uow: UnitOfWork) -> list[Command]:
    """The commands that a signal comes to; nobody waits: none.

    Raises:
        NotYours, Invalid, SeveralWait: more wait than one command may reach.
    """
    sender, name = _Sender(uow, command, command.signal), command.signal
    variables = dict(command.variables)
    try:
        found = sender.reached(correlating.everyone(uow, "signal", name))
    except TooMany as many:
        raise SeveralWait(name=name, message=str(many)) from many
    commands: list[Command] = [
        Signal(
            actor=command.actor,
            request=request,
            message=name,
            payload=variables,
            keys=tuple(keys),
            raw=True,
        )
        for request, keys in found.items()
    ]
    for process in sender.started("signal"):
        digest = sha256(f"{command.new}/{process}".encode()).hexdigest()
        new = RequestId(f"s{digest[:23]}")
        commands.append(_start(command, process, ("signal", name), variables, new))
    return commands


def _receivers(command: Publish, uow: UnitOfWork) -> Receivers:
    name, where = command.message, command.correlation
    try:
        if isinstance(where, Mapping) and where:
            return correlating.by_variables(uow, name, where)
        if isinstance(where, str) and where:
            return correlating.by_key(uow, name, where)
        return correlating.everyone(uow, "message", name)
    except TooMany as many:
        raise SeveralWait(name=name, message=str(many)) from many


def _start(
    command: Publish | Broadcast,
    process: str,
    by: tuple[str, str],
    variables: dict[str, Any],
    new: RequestId,
) -> Start:
    return Start(
        actor=command.actor,
        request=new,
        process=process,
        requester=command.actor.id,
        variables=variables,
        submit=True,
        by=by,
        raw=True,
    )


class _Sender:
    """What the caller may reach. A requester as such may reach nothing: a message is not a way
    round the desks of his own request."""

    def __init__(self, uow: UnitOfWork, command: Publish | Broadcast, name: str) -> None:
        if not 0 < len(name) <= MOST_NAME:
            where = "message" if isinstance(command, Publish) else "signal"
            raise Invalid({where: Message("请给出名称", "Say its name.")})
        self._uow = uow
        self._person: PersonId = command.actor.id
        self._name = name
        self._kind = "message" if isinstance(command, Publish) else "signal"
        self._all = command.actor.override or self._in_group(name)
        self._owned: dict[str, bool] = {}
        if not self._all and not uow.owns_any(self._person):
            raise NotYours()

    def _in_group(self, name: str) -> bool:
        person = self._uow.directory.person(self._person)
        groups = person.groups if person is not None and person.active else ()
        return GROUP in groups or f"{GROUP}:{name}" in groups

    def _may(self, process: str) -> bool:
        if self._all:
            return True
        if process not in self._owned:
            self._owned[process] = self._uow.owns(process, self._person)
        return self._owned[process]

    def reached(self, found: Receivers) -> Receivers:
        """Of these requests those that the caller may reach, and that are not his own."""

        def allowed(id: RequestId) -> bool:
            request = self._uow.request(id, lock=False)
            mine = request is not None and request.requester == self._person
            return request is not None and self._may(request.process) and not mine

        return correlating.kept_to(found, allowed)

    def started(self, kind: str) -> list[str]:
        """The processes that it starts and that the caller may reach."""
        return [each for each in self._uow.started_by(kind, self._name) if self._may(each)]
