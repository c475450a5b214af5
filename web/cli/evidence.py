"""`replay`, `rebuild`, `export`, `backup`, `restore`: the journal, and what is made from it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from engine.ids import SYSTEM_CHAIN, PersonId
from engine.replay import Difference
from storage import Database, journal, queries
from storage.backup import backup as keep
from storage.rebuilding import CannotRebuild
from storage.rebuilding import rebuild as build
from storage.restore import NotRestorable
from storage.restore import restore as bring_back
from web.cli import exporting
from web.cli.frame import err, fail, home, keys_of, opened, print_json, say, settings
from web.cli.packaging import export_package
from web.door import wall_clock
from web.replaying import replayed


@click.command()
@click.argument("requests", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every request.")
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def replay(requests: tuple[str, ...], everything: bool, as_document: bool) -> None:
    """Run the recorded commands of REQUESTS (ids or numbers) again, and compare."""
    database = home(settings(need_secret=False))
    chains = _chosen(database, requests, everything)
    differences: list[Difference] = []
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        for chain in progress.track(chains, description="replaying"):
            differences.extend(replayed(database, [chain]))
    erased = [each for each in differences if each.erased]
    differences = [each for each in differences if not each.erased]
    if as_document:
        print_json(
            {
                "replayed": len(chains),
                "equal": not differences,
                "erased": [{"request": each.chain, "seq": each.seq} for each in erased],
                "differences": [
                    {
                        "request": each.chain,
                        "seq": each.seq,
                        "what": each.what,
                        "recorded": each.recorded,
                        "replayed": each.replayed,
                    }
                    for each in differences
                ],
            }
        )
    for each in (*differences, *erased):
        say(str(each))
    if differences:
        raise SystemExit(1)
    say(f"{len(chains)} requests replayed; each comes out as it is recorded.")


@click.command()
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def rebuild(as_document: bool) -> None:
    """Drop everything that follows from the journal, and make it anew."""
    database = home(settings(need_secret=False))
    with database.read() as reader:
        entries = queries.system(reader).entries
    try:
        with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
            bar = progress.add_task("rebuilding", total=entries)
            built = build(
                database, wall_clock(), progress=lambda done: progress.update(bar, completed=done)
            )
    except CannotRebuild as bad:
        fail(f"Nothing was changed: {bad}.")
    if as_document:
        print_json({"entries": built.entries, "requests": built.requests})
    say(f"{built.requests} requests were made anew from {built.entries} entries.")


@click.command()
@click.argument("requests", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every request that filters leave.")
@click.option(
    "--format", "form", type=click.Choice(["json", "csv", "xes", "package"]), default="json"
)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
@exporting.options
def export(
    requests: tuple[str, ...],
    everything: bool,
    form: str,
    output: Path,
    as_document: bool,
    **more: Any,
) -> None:
    """Write REQUESTS (ids or numbers) with their histories into a file; that it was done is an
    entry of the system chain. Drafts are left out."""
    found = settings(need_secret=False)
    database = home(found)
    chosen, shape = exporting.asked(more, form, database)
    if requests or not (everything or chosen.stated()):
        chosen = exporting.named(database, chosen, _chosen(database, requests, everything))
    if form == "package":
        chains = exporting.chains(database, chosen)
        export_package(database, keys_of(found), chains, output, as_document=as_document)
    else:
        keys = keys_of(found)
        exporting.export_file(database, keys, chosen, shape, output, as_document=as_document)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def backup(file: Path, as_document: bool) -> None:
    """Write database, attachments, keys and heads into FILE; nobody has to stop working."""
    made = keep(home(settings(need_secret=False)), file, wall_clock())
    for digest in made.missing:
        say(f"The content of attachment {digest} is not there; the backup is without it.")
    if as_document:
        print_json({"file": str(file), "tables": made.tables, "files": made.files})
    say(f"{sum(made.tables.values())} rows and {made.files} files were written to {file}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def restore(file: Path, as_document: bool) -> None:
    """Bring back what FILE holds, into a home that is still empty."""
    found = settings(need_secret=False)
    found.home.mkdir(parents=True, exist_ok=True)
    database = opened(found)
    try:
        back = bring_back(database, file, at=wall_clock(), by=PersonId("system:command line"))
    except NotRestorable as bad:
        fail(str(bad), 2)
    if as_document:
        print_json({"tables": back.tables, "files": back.files, "taken_at": back.taken_at})
    say(f"{sum(back.tables.values())} rows and {back.files} files of {back.taken_at} are back.")


def _chosen(database: Database, named: Sequence[str], everything: bool) -> list[str]:
    """The chains of the requests that were named by id or number, or all of them."""
    if everything == bool(named):
        fail("Name requests by id or number, or say --all.", 2)
    with database.read() as reader:
        there = [chain for chain in journal.chains(reader) if chain != SYSTEM_CHAIN]
    if everything:
        return there
    known = set(there)
    found = []
    with database.unit_of_work() as uow:
        for name in named:
            id = name if name in known else uow.find_number(name)
            if id is None:
                fail(f"There is no request “{name}”.", 2)
            found.append(str(id))
    return found
