"""`check` and `deploy`."""

from pathlib import Path

import click

from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition, Undeployable
from engine.ids import PersonId
from engine.world import function_names
from forms import read
from storage import definitions
from web.cli.frame import home, print_json, say, settings
from web.door import wall_clock

KINDS = (".bpmn", ".form", ".csv", ".dmn")


def gather(paths: tuple[Path, ...]) -> list[dict[str, bytes]]:
    """One set of files for each diagram: a folder's files belong together; files named one by one
    belong to one diagram."""
    sets: list[dict[str, bytes]] = []
    loose: dict[str, bytes] = {}
    for path in paths:
        if path.is_dir():
            files = {p.name: p.read_bytes() for p in sorted(path.iterdir()) if p.suffix in KINDS}
            sets.append(files)
        else:
            loose[path.name] = path.read_bytes()
    if loose:
        sets.append(loose)
    return sets


def compiled(files: dict[str, bytes]) -> Definition:
    """The definition of a set of files; Undeployable with every problem."""
    return compile_definition(files, read, functions=function_names())


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(paths: tuple[Path, ...], as_json: bool) -> None:
    """Say whether diagrams, with their forms and lists, could be deployed."""
    good = True
    rows = []
    for files in gather(paths):
        problems, warnings, key = _checked(files)
        good = good and not problems
        rows.append({"process": key, "problems": problems, "warnings": warnings})
        if not as_json:
            _tell(key, problems, warnings)
    if as_json:
        print_json({"deployable": good, "files": rows})
    if not good:
        raise SystemExit(1)


def _checked(files: dict[str, bytes]) -> tuple[list[dict[str, str]], list[dict[str, str]], str]:
    try:
        definition = compiled(files)
    except Undeployable as bad:
        return [_row(p) for p in bad.problems], [], ", ".join(files)
    return [], [_row(p) for p in definition.warnings], definition.key


def _row(problem: object) -> dict[str, str]:
    return {name: str(getattr(problem, name)) for name in ("element", "rule", "message")}


def _tell(key: str, problems: list[dict[str, str]], warnings: list[dict[str, str]]) -> None:
    for kind, rows in (("problem", problems), ("warning", warnings)):
        for row in rows:
            click.echo(f"{key}: {kind}: {row['element']} [{row['rule']}] {row['message']}")
    if not problems:
        click.echo(f"{key}: can be deployed")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--owner", "owners", multiple=True, help="Who owns the process from now on (first time)."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def deploy(paths: tuple[Path, ...], owners: tuple[str, ...], as_json: bool) -> None:
    """Make the diagrams in these files or folders the latest versions."""
    found = settings(need_secret=False)
    database = home(found)
    done = []
    for files in gather(paths):
        try:
            definition = compiled(files)
        except Undeployable as bad:
            _tell(", ".join(files), [_row(p) for p in bad.problems], [])
            raise SystemExit(1) from bad
        with database.write() as transaction:
            row = definitions.deploy(
                transaction,
                definition,
                by=PersonId("owner"),
                at=wall_clock(),
                owners=tuple(PersonId(o) for o in owners),
            )
        done.append({"key": row.key, "version": row.version})
        for warning in definition.warnings:
            say(f"warning: {warning.element} [{warning.rule}] {warning.message}")
        if not as_json:
            click.echo(f"{row.key} {row.version}")
    if as_json:
        print_json({"processes": done})
