"""What every command shares: the home it works on, how it speaks, how it fails."""

import json
import sys
from typing import Any, NoReturn

import click
from rich.console import Console

from storage import Database
from storage.keys import Keys
from web.door import open_database
from web.settings import BadSettings, Settings, read

err = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Tell the person something, on stderr, so that stdout stays for results."""
    err.print(text, markup=False)


def fail(sentence: str, code: int = 1) -> NoReturn:
    """One sentence, and an exit code."""
    err.print(sentence, markup=False, style="red")
    sys.exit(code)


def settings(*, need_secret: bool = True) -> Settings:
    """The settings, or every mistake in them."""
    try:
        return read(need_secret=need_secret)
    except BadSettings as bad:
        fail(str(bad), 2)


def home(found: Settings) -> Database:
    """The database of a home that was set up."""
    from storage.migrating import is_current

    file = found.home / "countersign.db"
    if found.database == f"sqlite:///{file}" and not file.exists():
        fail(f"There is nothing in {found.home} yet: run `countersign init` first.", 2)
    database = opened(found)
    not_newer(database)
    if not is_current(database):
        fail(
            "The database is of another version: run `countersign init` to bring it up to date.", 2
        )
    return database


def opened(found: Settings) -> Database:
    """The database, closed when the command ends."""
    database = open_database(found)
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(database.close)
    return database


def keys_of(found: Settings) -> Keys:
    """The keys that sign heads."""
    return Keys(found.keys or found.home / "keys")


def not_newer(database: Database) -> None:
    """Fail where a later version of ours has been at work: nothing of it would be understood."""
    from storage.migrating import is_newer

    if is_newer(database):
        fail("The database is of a newer version of countersign than this one.", 2)


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))
