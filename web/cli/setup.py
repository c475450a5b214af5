"""`init`, `user`, `token`: what a home and its people need before anything else."""

import secrets
import sys
from pathlib import Path

import click

from engine.ids import PersonId
from storage import accounts, journal, migrate, organising
from storage.keys import KeyRefused
from storage.organisation_files import BadFile, read_file
from web.cli.frame import fail, home, keys_of, not_newer, print_json, say, settings
from web.door import open_database, wall_clock
from web.security.passwords import WeakPassword, hashed
from web.settings import Settings, read_demo, write_demo

WORKFLOWS = Path(__file__).parents[2] / "workflows"


@click.command()
@click.option("--demo", is_flag=True, help="With the demo organisation, processes and requests.")
def init(demo: bool) -> None:
    """Set up a home: tables, keys, and with --demo everything to try."""
    found = settings(need_secret=False)
    if demo:
        _begin_demo(found)
    found.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(found)
    not_newer(database)
    migrate(database)
    _ensure_key(found)
    if not demo:
        with database.read() as reader:
            known = reader.organisation.current(reader).administrators()
        database.close()
        first = "" if known else " Add the first administrator with `countersign user add`."
        say(f"{found.home} is ready.{first}")
        return
    from web.cli.demo import load_demo

    load_demo(found, database)


def _ensure_key(found: Settings) -> None:
    """A key to sign the log with, where there is none."""
    keys = keys_of(found)
    try:
        keys.ensure(wall_clock())
    except KeyRefused as refused:
        fail(str(refused))
    except PermissionError:
        say(f"Nobody can sign with the keys in {keys.folder} but the user whose they are.")


def _begin_demo(found: Settings) -> None:
    """Mark an unused home as a demo; clear one whose first run was interrupted."""
    database = found.home / "countersign.db"
    kept = read_demo(found.home)
    if kept is None:
        if database.exists():
            fail(f"{found.home} is in use already and is no demo home.", 2)
        write_demo(found.home, [])
    elif kept.get("filled") is False:
        for left in found.home.glob("countersign.db*"):
            left.unlink()


@click.group()
def user() -> None:
    """People who can sign in."""


@user.command("add")
@click.argument("person")
@click.option("--name", help="The display name, if the person is new.")
@click.option("--role", type=click.Choice(["owner", "auditor", "administrator"]))
@click.option("--department", default="")
def add(person: str, name: str | None, role: str | None, department: str) -> None:
    """Add a person (the first administrator, say) and give him a password."""
    database = home(settings(need_secret=False))
    row: dict[str, object] = {"id": person}
    with database.read() as reader:
        known = database.organisation.current(reader).person(person)
    if known is None or name:
        row["name"] = name or person
    if role:
        row["role"] = role
    if department:
        row["department"] = department
    document = {"people": [row]}
    password = _password()
    with database.write() as transaction:
        if known is None or len(row) > 1:
            import yaml

            row.setdefault("name", known.name if known is not None else person)
            content = yaml.safe_dump(document, allow_unicode=True).encode()
            _import(transaction, content)
        _set(transaction, person, password)
    say(f"{person} can sign in.")


@user.command("passwd")
@click.argument("person")
def passwd(person: str) -> None:
    """Give a person a new password; his sessions end."""
    database = home(settings(need_secret=False))
    _known(database, person)
    password = _password()
    with database.write() as transaction:
        _set(transaction, person, password)
    say(f"{person} has a new password.")


@user.command("disable")
@click.argument("person")
def disable(person: str) -> None:
    """Nobody signs in as this person from now on; sessions and tokens die at once."""
    database = home(settings(need_secret=False))
    _known(database, person)
    now = wall_clock()
    with database.write() as transaction:
        accounts.disable(transaction, PersonId(person), now)
        _record(transaction, "user.disabled", person)
    say(f"{person} is disabled.")


@click.command()
@click.argument("person")
@click.option("--name", default="command line", help="What the token is for.")
@click.option("--json", "as_json", is_flag=True)
def token(person: str, name: str, as_json: bool) -> None:
    """Print a new API token of a person."""
    database = home(settings(need_secret=False))
    _known(database, person)
    secret = "cs_" + secrets.token_urlsafe(32)
    with database.write() as transaction:
        accounts.add_token(transaction, secret, PersonId(person), wall_clock(), name=name)
        _record(transaction, "token.added", person)
    if as_json:
        print_json({"token": secret})
    else:
        click.echo(secret)


def _known(database: object, person: str) -> None:
    with database.read() as reader:  # type: ignore[attr-defined]
        if database.organisation.current(reader).person(person) is None:  # type: ignore[attr-defined]
            fail(f"There is no person “{person}”.")


def _password() -> str:
    """From the terminal, twice; or one line of stdin."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return str(password)


def _set(transaction: object, person: str, password: str) -> None:
    try:
        kept = hashed(password)
    except WeakPassword as weak:
        fail(str(weak))
    accounts.set_password(transaction, PersonId(person), kept, wall_clock())  # type: ignore[arg-type]
    _record(transaction, "password.changed", person)


def _record(transaction: object, verb: str, person: str) -> None:
    journal.record(
        transaction,  # type: ignore[arg-type]
        at=wall_clock(),
        body={
            "verb": verb,
            "outcome": "done",
            "actor": "system:command line",
            "via": "command line",
            "subject": person,
        },
        particulars={},
    )


def _import(transaction: object, content: bytes) -> None:
    try:
        organising.import_file(
            transaction,  # type: ignore[arg-type]
            read_file(content, "people.yaml"),
            by=PersonId("system:command line"),
            by_name="",
            at=wall_clock(),
        )
    except BadFile as bad:
        fail(str(bad))
