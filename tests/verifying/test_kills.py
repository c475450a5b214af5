"""A process that dies at any statement, any commit, any write to the disk leaves no change without
its entry and no entry without its change: chains, tree and heads verify, everything is replayed
equal, and what is derived is what a rebuild makes (H1, X3).

After each death somebody does the same again, as whoever was not answered would; so every death
starts from what the one before it has left.
"""

import os
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import forms
from engine.actor import Actor
from engine.commands.approve import Approve
from engine.commands.reject import Reject
from engine.commands.submit import Submit
from engine.commands.talk import Comment
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from engine.ids import PersonId, RequestId
from engine.requests import Slot
from storage import (
    Database,
    attachments,
    definitions,
    erasing,
    journal,
    rebuilding,
    rotating,
    sealing,
    standing_in,
    sweeping,
    verifying,
)
from storage.handing_over import Handover
from storage.keys import Keys
from storage.organisation_files import read_file
from storage.organising import import_file
from storage.standing_in import Kept
from tests.engine.live import actor, chain, flow, process, task
from tests.support.cast import ORGANISATION
from tests.verifying.homes import BEFORE, NOW
from tests.verifying.killing import KILLED, Countdown, Do, killed, state_of
from web.door import Door
from web.once import Once
from web.replaying import replayed
from web.staffing import follow, hand_over

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
R = RequestId("r1")
ROUNDS = 4
"""Commits of one command at which it dies: what can be done again and again never ends."""
ADMIN = Actor(id=PersonId("admin"), name="傅强", via="page", override=True)
DIAGRAM = process(
    "p",
    '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>',
    task("sign", signers="${list('risk.manager', 'finance.manager')}", approval="all",
         approval__onRejected="initiator"),
    task("work", assignee="tech.lead", deadline__remind="PT1H", deadline__calendar="elapsed"),
    '<bpmn:serviceTask id="charge" camunda:type="external" camunda:topic="charge"/>',
    chain("s", "sign", "work", "charge", "e"),
    number__pattern="杀{yy}-{seq:3}",
)  # fmt: skip
NEXT = process("p", '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>', flow("s", "e"))


@cache
def first() -> Definition:
    return compile_definition({"p.bpmn": DIAGRAM}, forms.read)


@cache
def second() -> Definition:
    return compile_definition({"p.bpmn": NEXT}, forms.read)


def prepared(database: Database) -> None:
    people = read_file(ORGANISATION.read_bytes(), ORGANISATION.name)
    with database.write() as transaction:
        import_file(transaction, people, by=PersonId("admin"), by_name="", at=BEFORE)
    with database.write() as transaction:
        definitions.deploy(transaction, first(), by=PersonId("owner"), at=BEFORE)
    Keys(database.home / "keys").ensure()


def door(database: Database, minutes: float) -> Door:
    return Door(database, lambda: NOW + timedelta(minutes=minutes))


def slot(database: Database, node: str, person: str) -> Slot | None:
    with database.unit_of_work() as work:
        open_ = [s for s in work.slots(R, status="open") if s.node == node]
    return next((s for s in open_ if person in s.holders), None)


def submitting(request: str) -> Do:
    def do(database: Database) -> None:
        paper = attachments.keep(
            database, request.encode(), name="a.txt", by=PersonId("card.officer"), at=NOW
        )
        assert paper.size
        answers = {"phone": "8021", "amount": "3"}
        command = Submit(
            actor=actor("card.officer"), request=RequestId(request), process="p", answers=answers,
            key=f"k-{request}",
        )  # fmt: skip
        door(database, 1).handle(command)

    return do


def deciding(kind: type[Approve] | type[Reject], node: str, who: str, minutes: float) -> Do:
    def do(database: Database) -> None:
        mine = slot(database, node, who)
        if mine is not None:
            number = mine.ordinal
            command = kind(actor=actor(who), request=R, ordinal=number, comment="意见")
            door(database, minutes).handle(command)

    return do


def refused(database: Database) -> None:
    """Somebody tries what is not his: that is written down, and changes nothing."""
    other = Approve(actor=actor("gm"), request=R, ordinal=1)
    door(database, 4).handle(other)


def told(database: Database) -> None:
    comment = Comment(actor=actor("card.officer"), request=R, comment="@gm 我的电话是8021")
    door(database, 5).handle(comment)


def timers(database: Database) -> None:
    door(database, 600).fire_due()


def imported(database: Database) -> None:
    content = "people: [{id: new.one, name: 新人, department: 产品部, superior: gm},"
    content += " {id: tech.lead, name: 换名, active: true}]"
    with database.write() as transaction:
        file = read_file(content.encode(), "people.yaml")
        import_file(transaction, file, by=ADMIN.id, by_name="", at=NOW + timedelta(minutes=20))


def deployed(database: Database) -> None:
    with database.write() as transaction:
        definitions.deploy(
            transaction, second(), by=PersonId("owner"), at=NOW + timedelta(minutes=21)
        )


def absent(database: Database) -> None:
    since = NOW + timedelta(minutes=22)
    with database.write() as transaction:
        if standing_in.one(transaction, "s1") is None:
            away = Kept(
                id="s1", person=PersonId("finance.manager"), substitute=PersonId("gm"),
                since=since, until=since + timedelta(days=9), processes=(), made_by=ADMIN.id,
                made_at=since,
            )  # fmt: skip
            standing_in.begin(transaction, away, ADMIN, since)
    follow(door(database, 23))


def handed_over(database: Database) -> None:
    with database.read() as reader:
        if reader.value("SELECT COUNT(*) FROM handovers"):
            return
    gone = Handover(
        id="h1", person=PersonId("risk.manager"), heir=PersonId("deputy.gm"), comment="离职",
        moved={}, made_by=ADMIN.id, made_at=NOW + timedelta(minutes=24),
    )  # fmt: skip
    hand_over(door(database, 24), gone, ADMIN, Once(person=ADMIN.id))


def exported(database: Database) -> None:
    with database.write() as transaction:
        body = {
            "verb": "exported", "outcome": "done", "actor": "system:command line",
            "via": "command line", "requests": [R], "format": "json",
        }  # fmt: skip
        journal.record(transaction, at=NOW + timedelta(minutes=25), body=body, particulars={})


def erased(database: Database) -> None:
    with database.write() as transaction:
        done = {(chain, seq) for chain, seq, *_ in erasing.accounted(transaction)}
        if (R, 1) not in done:
            what = {(str(R), 1): ["input.answers.phone", "state"]}
            when = NOW + timedelta(minutes=26)
            erasing.erase(transaction, what, by=ADMIN.id, at=when, reason="本人要求")


def sealed(database: Database) -> None:
    sealing.seal(database, Keys(database.home / "keys"), NOW + timedelta(minutes=27))


def rotated(database: Database) -> None:
    keys = Keys(database.home / "keys")
    with database.read() as reader:
        if any(e.body["verb"] == rotating.VERB for e in journal.entries(reader, "system")):
            sealing.seal(database, keys, NOW + timedelta(minutes=29))
            return
    rotating.rotate(database, keys, NOW + timedelta(minutes=28), by="system:command line")


def rebuilt(database: Database) -> None:
    rebuilding.rebuild(database, NOW + timedelta(minutes=30))


def swept(database: Database) -> None:
    sweeping.sweep(database, NOW + timedelta(days=40))


SETTLES = deciding(Approve, "sign", "finance.manager", 7)
"""The command that dies at each of its statements in every run; the others at some, `make soak` has
them all."""
STRIDES = {rebuilt: 211, imported: 31, SETTLES: 1}
"""Every how many places a command dies, beside the commits; 13 where nothing is said."""
CHAPTERS: dict[str, tuple[Do, ...]] = {
    "a request": (
        submitting("r1"),
        refused,
        told,
        deciding(Approve, "sign", "risk.manager", 6),
        deciding(Reject, "sign", "finance.manager", 7),
    ),
    "to its end": (
        submitting("r1"),
        deciding(Approve, "sign", "risk.manager", 6),
        SETTLES,
        timers,
    ),
    "around it": (submitting("r1"), imported, deployed, absent, handed_over),
    "the proof": (submitting("r1"), told, exported, sealed, rotated, sealed, erased, sealed),
    "made anew": (submitting("r1"), deciding(Approve, "sign", "risk.manager", 6), rebuilt, swept),
}


@pytest.fixture
def started(database: Database) -> tuple[str, Path]:
    """A home that is set up, and nobody connected to it."""
    prepared(database)
    database.close()
    return database.url, database.home


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_death_leaves_all_or_nothing(chapter: str, started: tuple[str, Path]) -> None:
    dying = Dying(*started)
    for do in CHAPTERS[chapter]:
        dying.at(do)
    assert dying.deaths > 20


class Dying:
    """Somebody who dies, and is followed by another who does the same again."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        self.deaths = 0
        self._good: set[str] = set()

    def at(self, do: Do) -> None:
        """Die before each statement up to the first commit, before it and after it; then at what is
        left; and come to the end at last."""
        stride = 1 if SOAK else STRIDES.get(do, 13)
        told = self.home / "places"
        for _ in range(ROUNDS):
            if self._dies(do, commit=1, told=told) != KILLED:
                return
            for place in range(1 + self.deaths % stride, int(told.read_text()), stride):
                assert self._dies(do, place=place) == KILLED
            if self._dies(do, commit=2) != KILLED:
                return
        assert self._dies(do) == 0

    def _dies(self, do: Do, **where: Any) -> int:
        knows = (first(), second())
        ended = killed(Countdown(**where), self.url, self.home, knows, do)
        log = self.home / "child.log"
        assert ended in (KILLED, 0), log.read_text() if log.exists() else ended
        self.deaths += ended == KILLED
        whole(self.url, self.home, self._good)
        return ended


def whole(url: str, home: Path, good: set[str]) -> None:
    """Every state that was not looked at before is looked at."""
    database = Database(url, home)
    for definition in (first(), second()):
        database.definitions.keep(definition)
    try:
        state = state_of(database)
        if state in good:
            return
        with patch.object(verifying.content, "compile_definition", compiled_before):
            report = verifying.verify(database, Keys(home / "keys"))
        assert [str(each) for each in report.findings] == []
        assert [each for each in replayed(database) if not each.erased] == []
        good.add(state)
    finally:
        database.close()


def compiled_before(files: dict[str, bytes], *_: object, **__: object) -> Definition:
    """Compiling is not what dies here."""
    return next(each for each in (first(), second()) if each.files == files)
