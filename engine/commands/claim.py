"""Claim and release: one of several candidates takes a task, or gives it back."""

from dataclasses import dataclass
from typing import ClassVar

from engine.case import Case
from engine.commands.base import (
    TaskCommand,
    about,
    check_one_place,
    check_running,
    check_version,
    named,
    over,
    sees,
)
from engine.flow import standing
from engine.refusals import AlreadyClaimed, NotClaimable, NotHolder, Unknown
from engine.requests import is_virtual
from engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(TaskCommand):
    """A candidate takes a task of his group; no decision (W1)."""

    verb: ClassVar[str] = "claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(TaskCommand):
    """Who claimed a task gives it back to the group."""

    verb: ClassVar[str] = "release"


def claim(command: Claim, case: Case) -> None:
    """The first who claims it holds it."""
    slot = case.uow.slot(command.request, command.ordinal)
    if slot is None:
        raise Unknown()
    node = case.node(slot.node_key)
    about(case, slot)
    if case.actor.id not in slot.candidates:
        if not sees(case, slot):
            raise Unknown()
        if case.actor.id in slot.holders:
            raise NotClaimable()
        raise NotHolder(holders=named(case, slot.holders or slot.candidates))
    if slot.status != "open":
        raise over(case, slot)
    check_running(case)
    if slot.holders:
        raise AlreadyClaimed(holders=named(case, slot.holders))
    if standing.votes(node, None if is_virtual(node) else case.words(node)):
        check_one_place(case, slot)
    check_version(case, command, slot, node)
    slot.signer = case.actor.id
    slot.holders = [case.actor.id]
    slot.department = World(case).department(case.actor.id) or ""
    slot.version += 1
    case.touch(slot)
    standing.refresh(case, slot, node, None if is_virtual(node) else case.words(node))
    case.involve.append(case.actor.id)
    case.say("claimed", slot.ordinal, case.actor.id)


def release(command: Release, case: Case) -> None:
    """Back to the candidates."""
    slot = case.uow.slot(command.request, command.ordinal)
    if slot is None:
        raise Unknown()
    node = case.node(slot.node_key)
    about(case, slot)
    if case.actor.id not in slot.holders:
        if not sees(case, slot):
            raise Unknown()
        raise NotHolder(holders=named(case, slot.holders or slot.candidates))
    if not slot.candidates:
        raise NotClaimable()
    if slot.status != "open":
        raise over(case, slot)
    check_running(case)
    check_version(case, command, slot, node)
    slot.signer = None
    slot.holders, slot.standing = [], {}
    slot.department = ""
    slot.version += 1
    case.touch(slot)
    case.say("released", slot.ordinal, case.actor.id)
