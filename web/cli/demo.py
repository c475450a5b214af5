"""The demo home: organisation, processes, passwords, and the requests of forms.md, played through
the commands in the order of their dates."""

from datetime import datetime
from pathlib import Path

import click

from engine.actor import Actor
from engine.ids import PersonId
from storage import Database, accounts, organising
from storage.organisation_files import read_file
from web import publishing
from web.cli.frame import fail, say
from web.cli.processes import gather
from web.deploying import read_files
from web.security.passwords import hashed
from web.settings import Settings, filled_demo, read_demo, write_demo
from web.stories import DatabaseStage, Player, Unexpected
from web.stories.playing import status_of
from web.stories.reading import Step, read_story

WORKFLOWS = Path(__file__).parents[2] / "workflows"
ORGANISATION = WORKFLOWS / "demo" / "organisation.yaml"
REQUESTS = WORKFLOWS / "demo" / "requests"
BEGINNING = datetime.fromisoformat("2026-01-05T09:00:00+08:00")


SHOWN = ("business.officer", "product.manager", "tech.lead", "gm", "auditor", "admin")
"""The sign-ins that are printed; all of them stand in the home."""


def load_demo(found: Settings, database: Database) -> None:
    """Fill a home that is marked as a demo; one that was filled is left as it is.

    The home says when it is filled, so that a first run that was interrupted begins anew.
    """
    kept = read_demo(found.home) or {}
    if kept.get("filled") is False:
        _fill(found, database)
        say("The demo organisation, its processes and its requests are there.")
    passwords = (read_demo(found.home) or {}).get("passwords")
    for person in SHOWN:
        if isinstance(passwords, dict):
            click.echo(f"  {person:20} {passwords[person]}")
    say(f"All sign-ins stand in {found.home / 'demo.json'}.")


def _fill(found: Settings, database: Database) -> None:
    with database.read() as reader:
        if database.organisation.current(reader).people:
            fail(
                "The database has people in it already, and no finished demo: empty it, or name "
                "another (COUNTERSIGN_HOME, COUNTERSIGN_DATABASE).",
                2,
            )
    organise(database)
    deploy_all(database)
    with database.read() as reader:
        people = sorted(database.organisation.current(reader).people)
    passwords = write_demo(found.home, people)
    with database.write() as transaction:
        for person, password in passwords.items():
            hash = hashed(password, demo=True)
            accounts.set_password(transaction, PersonId(person), hash, BEGINNING)
    play_requests(database)
    filled_demo(found.home)


def organise(database: Database) -> None:
    """Import the demo organisation."""
    content = ORGANISATION.read_bytes()
    with database.write() as transaction:
        organising.import_file(
            transaction,
            read_file(content, ORGANISATION.name),
            by=PersonId("admin"),
            by_name="",
            at=BEGINNING,
        )


def deploy_all(database: Database) -> None:
    """Deploy every shipped process."""
    folders = tuple(sorted(p.parent for p in WORKFLOWS.glob("*/*.bpmn")))
    for files in gather(folders):
        owner = PersonId("owner")
        publishing.publish(
            database,
            read_files(files),
            files,
            by=Actor(id=owner, via="command line"),
            at=BEGINNING,
            owners=(owner,),
        )


def steps() -> list[Step]:
    """Every demo step, in the order of its time."""
    found = [step for path in sorted(REQUESTS.glob("*.yaml")) for step in read_story(path).steps]
    return sorted(found, key=lambda step: step.at or BEGINNING)


def play_requests(database: Database) -> Player:
    """Run the demo's steps through the commands, at their times.

    Raises:
        Unexpected: a step was refused.
    """
    player = Player(DatabaseStage(database), BEGINNING, seed="demo")
    for step in steps():
        player.turn_to(step.at or player.clock.at)
        refused = player.step(step)
        if refused is not None and "refused" not in step.expect:
            from web.stories.expecting import errors_of

            raise Unexpected(
                f"{step.at} {step.who} {step.does} {step.alias or step.of} {step.task}: "
                f"{status_of(refused)} {refused.sentence('zh')} {errors_of(refused)}"
            )
    return player
