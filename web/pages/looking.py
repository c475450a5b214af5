"""A request as a command would find it, only to look: the same rules, nothing locked or kept.

Pages ask the engine itself what may be done, what a template says and what can be chosen, so that
a page never promises what the command then refuses.
"""

from collections.abc import Mapping
from typing import Any

import forms
from engine import desk
from engine.case import Case
from engine.diagrams.definition import Definition
from engine.facts import Facts
from engine.flow.failures import FAILURES
from engine.ids import RequestId
from engine.people.signers import group_members
from engine.refusals import Refused
from engine.requests import Request
from engine.world import World
from storage.reader import Reader
from storage.unit_of_work import DatabaseUnitOfWork
from web.pages import here

PROBLEMS = (*FAILURES, Refused, LookupError)
"""What looking can fail with where a diagram's data do not suit its expressions: the page goes
without that piece; the command will say what is wrong."""


def unit(reader: Reader) -> DatabaseUnitOfWork:
    """What a command reads, over this snapshot."""
    database = here.system().database
    return DatabaseUnitOfWork(
        reader, database.definitions, database.organisation, database.calendar
    )


def case_of(reader: Reader, request: RequestId) -> Case:
    """The request as it stands."""
    uow = unit(reader)
    found = uow.request(request, lock=False)
    assert found is not None
    return _case(uow, found, uow.definition(found.definition))


def new_case(reader: Reader, definition: Definition) -> Case:
    """A request that is yet to be made, by whoever is signed in."""
    person = here.me()
    request = Request(
        id=RequestId("new"),
        process=definition.key,
        definition=definition.digest,
        requester=person.id,
        department=person.department,
        created_at=here.now(),
    )
    return _case(unit(reader), request, definition)


def _case(uow: DatabaseUnitOfWork, request: Request, definition: Definition) -> Case:
    return Case(
        uow=uow,
        facts=Facts(),
        now=here.now(),
        actor=here.actor(),
        request=request,
        definition=definition,
        verb="look",
    )


def lookup(case: Case, definition: Definition) -> forms.Lookup:
    """Options of a form's source, those that the command will accept; lists are those of the
    version whose form it is."""
    return desk.lookup(case, definition)


def text(case: Case, template: str, variables: Mapping[str, Any]) -> str:
    """What a template of the diagram says now; empty where it says nothing."""
    if not template:
        return ""
    try:
        value = World(case).evaluate(template, variables)
    except PROBLEMS:
        return ""
    return "" if value is None else str(value)


def holds(case: Case, condition: str, variables: Mapping[str, Any]) -> bool:
    """Whether a condition of the diagram holds; one that can't be evaluated does not."""
    try:
        return World(case).holds(condition, variables)
    except PROBLEMS:
        return False


def may_start(reader: Reader, definition: Definition) -> bool:
    """Whether whoever is signed in may start this process (interface.md: its candidate starters,
    else everyone; who only reads is offered nothing)."""
    words, person = definition.process, here.me()
    if here.reads_only():
        return False
    if not words.starter_users and not words.starter_groups:
        return True
    if person.id in words.starter_users:
        return True
    world = World(new_case(reader, definition))
    return any(person.id in group_members(group, world) for group in words.starter_groups)
