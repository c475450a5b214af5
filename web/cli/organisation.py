"""`org import` and `org export`: the organisation as a file says it, and as a file."""

from collections.abc import Iterator
from pathlib import Path

import click

from engine.actor import Actor
from engine.ids import PersonId
from storage import organising
from storage.importing import exported, import_substitutes
from storage.organisation_files import BadFile, read_file
from storage.organising import Change
from web.cli.frame import fail, home, print_json, say, settings
from web.door import wall_clock
from web.naming import new_request_id

COMMAND_LINE = PersonId("system:command line")


@click.group()
def org() -> None:
    """The organisation: departments, posts, groups, people, and who stands in for whom."""


@org.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def import_(file: Path, dry_run: bool, as_json: bool) -> None:
    """Bring the entries that FILE names to what it says; each change is reported."""
    database = home(settings(need_secret=False))
    at, warnings = wall_clock(), list[str]()
    try:
        read = read_file(file.read_bytes(), file.name)
        with database.write() as transaction:
            found = organising.import_file(
                transaction,
                read,
                by=COMMAND_LINE,
                by_name="",
                at=at,
                dry_run=dry_run,
                warn=warnings.append,
            )
            found += import_substitutes(
                transaction,
                read,
                by=Actor(id=COMMAND_LINE, via="command line"),
                at=at,
                zone=database.calendar.zone,
                ids=_ids(),
                dry_run=dry_run,
            )
    except BadFile as bad:
        fail(str(bad))
    for warning in warnings:
        say(warning)
    if as_json:
        changes = [_row(change) for change in found]
        print_json({"dry_run": dry_run, "changes": changes, "warnings": warnings})
        return
    for change in found:
        click.echo(_told(change))
    say(f"{len(found)} entries {'would be' if dry_run else 'were'} added or changed.")


@org.command("export")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it; without it, to stdout.",
)
def export(output: Path | None) -> None:
    """Write the organisation as the YAML that `org import` reads: importing it again changes
    nothing, importing it into an empty home gives the same organisation."""
    database = home(settings(need_secret=False))
    with database.read() as reader:
        text = exported(reader, wall_clock(), database.calendar.zone)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        say(f"The organisation is in {output.name}.")


def _ids() -> Iterator[str]:
    while True:
        yield str(new_request_id())


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
