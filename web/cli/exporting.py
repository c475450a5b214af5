"""`export` as JSON, CSV or XES: requests with their histories as files for other programs, in full,
for whoever has the home. (What the pages and the API export is cut to what its reader may see.)"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from engine.ids import PersonId
from engine.people.directory import Person
from storage import Database, queries
from storage.keys import Keys
from storage.visibility import Viewer
from web.cli.frame import fail, print_json, say
from web.door import wall_clock
from web.exports import choosing
from web.exports.choosing import Chosen, moment_of

if TYPE_CHECKING:  # what makes files brings all of the API's telling with it: only where needed
    from web.exports import making

ME = PersonId("system:command line")
VIEWER = Viewer(person=ME, role="auditor")
Command = Callable[..., Any]
_OPTIONS = (
    click.option("--process", default="", help="The key of their process."),
    click.option("--status", default="", help="How they stand, such as completed."),
    click.option("--outcome", default="", help="What came of them; or an end event's id or name."),
    click.option("--requester", default="", help="The id of who asked."),
    click.option("--department", default="", help="The requester's department."),
    click.option("--q", default="", help="Words to search for."),
    click.option("--since", default="", help="Submitted on this day or at this time, or later."),
    click.option("--until", default="", help="Submitted before this time, or on this day at most."),
    click.option(
        "--lifecycle",
        type=click.Choice(["complete", "full"]),
        default="complete",
        help="XES: what counts, ready to be mined; or every transition.",
    ),
    click.option(
        "--unfinished",
        is_flag=True,
        help="XES: with requests that have not come to an end of their diagram.",
    ),
    click.option(
        "--rows",
        type=click.Choice(["entries", "tasks"]),
        default="entries",
        help="CSV: a row for each entry, or for each signer's place.",
    ),
)


def options(command: Command) -> Command:
    """Give a command the options that choose requests and shape the file."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def asked(more: Mapping[str, Any], form: str, database: Database) -> "tuple[Chosen, making.Shape]":
    """What the options say."""
    from web.exports.making import Shape

    zone = database.calendar.zone
    chosen = Chosen(
        process=more["process"],
        status=more["status"],
        outcome=more["outcome"],
        requester=more["requester"],
        department=more["department"],
        q=more["q"],
        since=_moment(more, "since", zone),
        until=_moment(more, "until", zone),
        unfinished=more["unfinished"],
    )
    if form == "package":
        return chosen, Shape()
    return chosen, Shape(format=cast(Any, form), lifecycle=more["lifecycle"], rows=more["rows"])


def _moment(more: Mapping[str, Any], name: str, zone: tzinfo) -> datetime | None:
    text = more[name]
    try:
        return moment_of(text, zone, end=name == "until") if text else None
    except (ValueError, OverflowError):
        fail(f"--{name} {text}: a date is expected, or a date-time with its offset.", 2)


def named(database: Database, chosen: Chosen, requests: Sequence[str]) -> Chosen:
    """The requests that were named, and no others; fails where one is a draft, or where filters
    were given as well."""
    if chosen != Chosen(unfinished=chosen.unfinished):
        fail("Name requests, or give filters: not both.", 2)
    with database.read() as reader:
        there = {id for id in requests if queries.request(reader, VIEWER, id) is not None}
    if drafts := sorted(set(requests) - there):
        fail(f"A draft is not exported: {', '.join(drafts)}.", 2)
    return replace(chosen, requests=tuple(requests))


def chains(database: Database, chosen: Chosen) -> list[str]:
    """The ids of what was chosen."""
    with database.read() as reader:
        return [row.id for row in choosing.rows(reader, VIEWER, chosen)]


def export_file(
    database: Database,
    keys: Keys,
    chosen: Chosen,
    shape: "making.Shape",
    output: Path,
    *,
    as_document: bool,
) -> None:
    """Write the file; that it was done is an entry before it is."""
    if not output.parent.is_dir():
        raise FileNotFoundError(2, "No such file or directory", str(output))
    from web.exports import documents, making

    me = Person(id=ME, name="", role="auditor")
    exporter = documents.Exporter(viewer=VIEWER, person=me, via="command line")
    made = making.make(database, exporter, chosen, shape, wall_clock(), keys=keys)
    with made.file, output.open("wb") as file:
        shutil.copyfileobj(made.file, file)
    if as_document:
        print_json(
            {
                "file": str(output),
                "requests": made.requests,
                "left_out": made.left_out,
                "format": made.format,
                "filter": chosen.stated(),
                "sha256": made.sha256,
            }
        )
    say(f"{made.requests} requests were written to {output}.")
    if made.left_out:
        say(
            f"{made.left_out} that have not come to an end of their diagram were left out of the"
            " event log; --unfinished takes them in, --lifecycle full shows how they stand."
        )
