"""`check` and `deploy`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from engine.actor import Actor
from engine.diagrams.definition import Problem
from engine.ids import PersonId
from storage.attachments import plain_name
from web import compiling, publishing
from web.cli.frame import fail, home, print_json, say, settings
from web.deploying import Deployment
from web.door import wall_clock

KINDS = (".bpmn", ".bpmn2", ".bpmn20.xml", ".form", ".csv", ".dmn")
"""Files of a folder that belong to its deployment, whatever they hold."""
HOLDING = {".xml": b"/BPMN/20100524/MODEL", ".json": b'"components"'}
"""What other files of a folder hold if they are a diagram or a form."""
MOST_BYTES = 16 * 1024 * 1024
"""Of the files of one deployment, as over the API."""

Rows = list[dict[str, str]]


def gather(paths: Sequence[Path]) -> list[dict[str, bytes]]:
    """The deployments that these paths name: each folder is one; files named one by one are one
    together."""
    sets: list[dict[str, bytes]] = []
    loose: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.is_file())
            read = ((each.name, _content(each)) for each in inside)
            sets.append({name: content for name, content in read if _belongs(name, content)})
        else:
            name = plain_name(path.name)
            if name in loose:
                fail(f"Two of the files have the name {name}.", 2)
            loose[name] = _content(path)
    if loose:
        sets.append(loose)
    for files in sets:
        if sum(map(len, files.values())) > MOST_BYTES:
            fail("The files of a deployment are at most 16 MB together.", 2)
    return sets


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _belongs(name: str, content: bytes) -> bool:
    ending = Path(name).suffix.lower()
    if name.lower().endswith(KINDS):
        return True
    return ending in HOLDING and HOLDING[ending] in content.replace(b"\0", b"")


def checked(files: dict[str, bytes]) -> Deployment:
    """What a set of files comes to, problems included."""
    try:
        return compiling.checked(files)
    except compiling.Busy:
        fail("Too many are compiling just now; please try again shortly.")


PATHS = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)


@click.command()
@PATHS
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Say whether diagrams, with their forms, tables and lists, could be deployed."""
    rows: list[dict[str, Any]] = []
    for files in _read(paths):
        rows += _rows(files, checked(files))
    if as_json:
        good = not any(row["problems"] for row in rows)
        print_json({"deployable": good, "files": rows})
    else:
        for row in rows:
            _tell(row["process"], row["problems"], row["warnings"])
    if any(row["problems"] for row in rows):
        raise SystemExit(1)


def _read(paths: tuple[Path, ...]) -> list[dict[str, bytes]]:
    try:
        return gather(paths)
    except OSError as error:
        fail(f"{error.filename} can't be read: {error.strerror}.", 2)


def _rows(files: dict[str, bytes], found: Deployment) -> list[dict[str, Any]]:
    """A row for each process; where there are problems, one for all files together."""
    if found.problems:
        name = ", ".join(files)
        return [{"process": name, "problems": _told(found.problems), "warnings": []}]
    missing = found.missing(lambda _: False)
    return [
        {
            "process": process.key,
            "problems": [],
            "warnings": _told(
                [*process.warnings, *(each for by, each in missing if by is process)]
            ),
        }
        for process in found.processes
    ]


def _told(problems: Sequence[Problem]) -> Rows:
    return [
        {"element": each.element, "rule": each.rule, "message": each.message} for each in problems
    ]


def _tell(key: str, problems: Rows, warnings: Rows) -> None:
    for kind, rows in (("problem", problems), ("warning", warnings)):
        for row in rows:
            click.echo(f"{key}: {kind}: {row['element']} [{row['rule']}] {row['message']}")
    if not problems:
        click.echo(f"{key}: can be deployed")


@click.command()
@PATHS
@click.option(
    "--owner", "owners", multiple=True, help="Who owns the process from now on (first time)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def deploy(paths: tuple[Path, ...], owners: tuple[str, ...], as_json: bool) -> None:
    """Make the diagrams in these files or folders the latest versions."""
    found = settings(need_secret=False)
    database = home(found)
    sets = [(files, checked(files)) for files in _read(paths)]
    refused = [(files, each) for files, each in sets if each.problems]
    for files, each in refused:
        _tell(", ".join(files), _told(each.problems), [])
    if refused:
        raise SystemExit(1)
    done = []
    for files, each in sets:
        with database.read() as reader:
            warnings = publishing.warnings(reader, each)
        made = publishing.publish(
            database,
            each,
            files,
            by=Actor(id=PersonId("owner"), via="command line"),
            at=wall_clock(),
            owners=tuple(PersonId(owner) for owner in owners),
        )
        if made.proposal:
            keys = ", ".join(row.key for row in each.processes)
            say(f"{keys}: two people release it; proposal {made.proposal} waits for an owner.")
        done += [{"key": row.key, "version": row.version} for row in made.versions]
        for warning in warnings:
            say(f"warning: {warning.element} [{warning.rule}] {warning.message}")
    if as_json:
        print_json({"processes": done})
    else:
        for row in done:
            click.echo(f"{row['key']} {row['version']}")
