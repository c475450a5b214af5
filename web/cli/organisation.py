"""`org import`: bring the organisation to what a file says."""

from pathlib import Path

import click

from engine.ids import PersonId
from storage import organising
from storage.organisation_files import BadFile, read_file
from storage.organising import Change
from web.cli.frame import fail, home, print_json, say, settings
from web.door import wall_clock

COMMAND_LINE = PersonId("system:command line")


@click.group()
def org() -> None:
    """The organisation: departments, groups and people."""


@org.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def import_(file: Path, dry_run: bool, as_json: bool) -> None:
    """Bring the entries that FILE names to what it says; each change is reported."""
    database = home(settings(need_secret=False))
    try:
        read = read_file(file.read_bytes(), file.name)
        with database.write() as transaction:
            found = organising.import_file(
                transaction,
                read,
                by=COMMAND_LINE,
                by_name="",
                at=wall_clock(),
                dry_run=dry_run,
            )
    except BadFile as bad:
        fail(str(bad))
    if as_json:
        print_json({"dry_run": dry_run, "changes": [_row(change) for change in found]})
        return
    for change in found:
        click.echo(_told(change))
    say(f"{len(found)} entries {'would be' if dry_run else 'were'} added or changed.")


def _row(change: Change) -> dict[str, object]:
    return {
        "table": change.table,
        "key": change.key,
        "new": change.new,
        "changes": {name: list(pair) for name, pair in change.changes.items()},
    }


def _told(change: Change) -> str:
    """One line: what is new, or each field's old -> new."""
    what = "added" if change.new else "changed"
    fields = ", ".join(
        f"{name}: {_text(new)}" if change.new else f"{name}: {_text(old)} -> {_text(new)}"
        for name, (old, new) in change.changes.items()
    )
    return f"{change.table} {change.key}: {what}{f' ({fields})' if fields else ''}"


def _text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(str(each) for each in value) or "-"
    return "-" if value in (None, "") else str(value)
