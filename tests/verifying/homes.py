"""A small home in which every table that the proof speaks for has rows, sealed up to its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from json import dumps
from pathlib import Path
from typing import Any
from unittest.mock import patch

import forms
from engine.actor import Actor
from engine.commands.approve import Approve
from engine.commands.base import Command
from engine.commands.submit import Submit
from engine.commands.talk import Comment, SendCopy
from engine.diagrams.compiler import compile_definition
from engine.ids import PersonId, RequestId
from storage import (
    Database,
    attachments,
    definitions,
    erasing,
    handing_over,
    notes,
    releasing,
    rotating,
    sealing,
    standing_in,
    time_spent,
)
from storage.handing_over import Handover
from storage.keys import Keys
from storage.organisation_files import read_file
from storage.organising import import_file
from storage.releasing import Proposal
from storage.standing_in import Kept
from tests.engine.live import actor, flow, process, task
from tests.support.cast import ORGANISATION
from tests.workflows.organised import WORKFLOWS, shipped
from web.door import Door
from web.stories import play, read_story

BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
ADMIN = PersonId("admin")
PAPER: dict[str, Any] = {"name": "证明.txt", "by": PersonId("card.officer"), "at": NOW}
MESSAGE = '<bpmn:message id="m" name="answer"/>'
WHEN = {"stuck": "${nothing.there}"}
ALL = process(
    "all",
    '<bpmn:startEvent id="s" camunda:formRef="ask" camunda:formRefBinding="deployment"/>',
    '<bpmn:startEvent id="told"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>',
    '<bpmn:parallelGateway id="g"/>',
    '<bpmn:exclusiveGateway id="in"/>',
    flow("told", "in"),
    flow("s", "in"),
    flow("in", "g"),
    task("look", assignee="gm", deadline__remind="PT9H", deadline__calendar="elapsed"),
    '<bpmn:userTask id="any" camunda:candidateGroups="dept:卡部"/>',
    task(
        "sign",
        signers="${list('risk.manager', 'finance.manager')}",
        approval="all",
        approval__onRejected="initiator",
    ),
    '<bpmn:serviceTask id="charge" camunda:type="external" camunda:topic="charge"/>',
    '<bpmn:intermediateCatchEvent id="hear">'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>',
    '<bpmn:exclusiveGateway id="stuck"/>',
    *(flow("g", each) for each in ("look", "any", "sign", "charge", "hear", "stuck")),
    *(
        f'<bpmn:endEvent id="end_{each}"/>{flow(each, f"end_{each}", WHEN.get(each, ""))}'
        for each in ("look", "any", "sign", "charge", "hear", "stuck")
    ),
    number__pattern="总{yy}-{seq:3}",
).replace(b"</bpmn:definitions>", MESSAGE.encode() + b"</bpmn:definitions>")


ASK = dumps(
    {
        "type": "default",
        "id": "ask",
        "components": [
            {"type": "textfield", "key": "phone", "label": "电话", "id": "phone"},
            {"type": "textfield", "key": "applicant", "label": "申请人", "id": "applicant"},
            {"type": "textarea", "key": "why", "label": "事由", "id": "why"},
            {"type": "number", "key": "amount", "label": "金额", "id": "amount"},
            {
                "type": "filepicker", "key": "papers", "label": "材料", "id": "papers",
                "multiple": True,
            },
        ],
    }
).encode()  # fmt: skip
FILES = {"all.bpmn": ALL, "ask.form": ASK}


@contextmanager
def fixed_ids() -> Iterator[None]:
    """Attachments get the same ids each time."""
    made = count(1)
    with patch.object(attachments, "token_urlsafe", lambda size: f"upload{next(made):018d}"):
        yield


def fill(database: Database) -> Keys:
    """Do a little of everything, and seal it; the keys that did."""
    with fixed_ids():
        return _fill(database)


def _fill(database: Database) -> Keys:
    people = read_file(ORGANISATION.read_bytes(), ORGANISATION.name)
    with database.write() as transaction:
        import_file(transaction, people, by=ADMIN, by_name="傅强", at=BEFORE)
    for definition in (
        shipped("document-access"),
        compile_definition(FILES, forms.read),
    ):
        with database.write() as transaction:
            definitions.deploy(transaction, definition, by=PersonId("owner"), at=BEFORE)
    keys = Keys(database.home / "keys")
    keys.ensure()
    play(read_story(WORKFLOWS / "document-access" / "stories" / "returned.yaml"), database)
    sealing.seal(database, keys, NOW)
    _requests(database)
    _organisation(database)
    _noted(database)
    rotating.rotate(database, keys, NOW + timedelta(hours=1), by="system:command line")
    _erased(database)
    seal(database, keys)
    while time_spent.follow(database):
        pass
    return keys


def seal(database: Database, keys: Keys) -> None:
    """Seal all there is: on PostgreSQL other databases' transactions hold entries back."""
    for hour in range(2, 200):
        sealing.seal(database, keys, NOW + timedelta(hours=hour))
        with database.read() as reader:
            state = sealing.state(reader)
            total = reader.value("SELECT COUNT(*) FROM journal")
        if state.sealed == total:
            return
    raise AssertionError("not everything could be sealed")


class Doing:
    """Commands, a minute apart."""

    def __init__(self, database: Database) -> None:
        self._times = (NOW + timedelta(minutes=each) for each in count(1))
        self.at = NOW
        self._door = Door(database, self._tick)

    def _tick(self) -> datetime:
        self.at = next(self._times)
        return self.at

    def __call__(self, command: Command) -> None:
        self._door.handle(command)


def _requests(database: Database) -> None:
    do = Doing(database)
    for number in (1, 2):
        id = RequestId(f"r{number}")
        paper = attachments.keep(database, f"材料{number}".encode(), **PAPER)
        answers = {
            "phone": f"1380013802{number}",
            "applicant": "苏婉",
            "why": ("采购新设备", "别的事由")[number - 1],
            "papers": [paper.id],
        }
        do(Submit(actor=actor("card.officer"), request=id, process="all", answers=answers))
    with database.unit_of_work() as work:
        mine = [s.ordinal for s in work.slots(RequestId("r1")) if s.holders == ["risk.manager"]]
    do(Approve(actor=actor("risk.manager"), request=RequestId("r1"), ordinal=mine[0]))
    do(
        Comment(
            actor=actor("card.officer"), request=RequestId("r2"), comment="我的电话是13800138022"
        )
    )
    do(SendCopy(actor=actor("card.officer"), request=RequestId("r1"), to=("auditor",)))
    attachments.keep(database, "没有提交的文件".encode(), **PAPER)


def _organisation(database: Database) -> None:
    by = Actor(id=ADMIN, name="傅强", via="page")
    at = NOW + timedelta(minutes=30)
    with database.write() as transaction:
        for number, away in enumerate(("risk.manager", "finance.manager"), 1):
            absence = Kept(
                id=f"s{number}", person=PersonId(away), substitute=PersonId("gm"), since=at,
                until=at + timedelta(days=9), processes=("all",), made_by=ADMIN, made_at=at,
            )  # fmt: skip
            standing_in.begin(transaction, absence, by, at)
        standing_in.cancel(transaction, "s2", by, at)
        gone = Handover(
            id="h1", person=PersonId("card.manager"), heir=PersonId("deputy.gm"), comment="离职",
            moved={}, made_by=ADMIN, made_at=at,
        )  # fmt: skip
        handing_over.begin(transaction, gone, at)
        handing_over.finish(transaction, gone, {"tasks": [], "substitutions": []}, by, at)
        releasing.set_rule(transaction, "all", 2, by, at)
        wanted = Proposal(
            id="p1", kind="owners", what={"owners": ["gm"]}, processes=("all",), comment="换人",
            made_by=ADMIN, made_at=at,
        )  # fmt: skip
        releasing.propose(transaction, wanted, by)


def _noted(database: Database) -> None:
    by = Actor(id=PersonId("auditor"), name="审计员", via="page")
    at = NOW + timedelta(minutes=40)
    with database.write() as transaction:
        for id, step in (("n1", 0), ("n2", 2)):
            notes.add(transaction, id, RequestId("r1"), "待核对", step=step, by=by, at=at)
        note = notes.one(transaction, "n1")
        assert note is not None
        notes.withdraw(transaction, note, by=by, at=at + timedelta(minutes=1))


def _erased(database: Database) -> None:
    with database.write() as transaction:
        what: dict[Any, list[str]] = {("r2", 2): ["input.comment"]}
        at = NOW + timedelta(minutes=90)
        erasing.erase(transaction, what, by=ADMIN, at=at, reason="本人要求", name="傅强")


def folder_of(database: Database) -> Path:
    """The home."""
    return database.home
