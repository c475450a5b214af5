"""`verify`: an evidence package, offline; or the database of this home."""

from pathlib import Path

import click
from rich.progress import Progress, TaskID

from engine.proof.archive import NotAPackage
from engine.proof.package import verify as verify_package
from storage import verifying
from storage.keys import Keys
from web.cli.frame import err, fail, home, keys_of, print_json, say, settings

_WHOLE = 64
"""Hexadecimal digits of a fingerprint."""


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--key", "named", multiple=True, help="The fingerprint of a key to trust (repeat).")
@click.option("--database", "of_home", is_flag=True, help="Check this home's database.")
@click.option("--quick", is_flag=True, help="With --database: not what is derived.")
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def verify(
    file: Path | None, named: tuple[str, ...], of_home: bool, quick: bool, as_document: bool
) -> None:
    """Check FILE, an evidence package, or with --database this home's history. Exit 0: all is as
    it was written; 1: something is not; 3: signed by a key that was not told to be trusted."""
    if of_home == (file is not None):
        fail("Name a package, or say --database.", 2)
    if quick and not of_home:
        fail("--quick goes with --database.", 2)
    keys = keys_of(settings(need_secret=False))
    trusted = _trusted(keys, named)
    if file is not None:
        _package(file, trusted, as_document)
    else:
        _database(keys, trusted, quick, as_document)


def _trusted(keys: Keys, named: tuple[str, ...]) -> frozenset[str]:
    """The fingerprints to trust: those named, else the home's own keys."""
    if not named:
        return frozenset(keys.publics())
    for each in named:
        if len(each) != _WHOLE or not set(each.lower()) <= set("0123456789abcdef"):
            fail(f"“{each}” is no fingerprint: it has 64 hexadecimal digits.", 2)
    return frozenset(each.lower() for each in named)


def _package(path: Path, trusted: frozenset[str], as_document: bool) -> None:
    try:
        with path.open("rb") as file:
            report = verify_package(file, trusted)
    except (OSError, NotAPackage) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        fail(f"{path} can't be checked: {why}", 2)
    if as_document:
        print_json(report.document())
    for check in report.checks:
        say(f"{'good' if check.good else 'BAD '}  {check.said}")
    if report.first_bad_entry is not None:
        say(f"The first bad entry: {report.first_bad_entry}")
    for fault in report.faults:
        if fault is not report.first_bad_entry:
            say(str(fault))
    if report.verdict == "untrusted":
        key = report.head.get("key", "")
        say(f"All of it fits, but it is signed by the key {key}, which you did not say you trust.")
    raise SystemExit({"good": 0, "bad": 1, "untrusted": 3}[report.verdict])


def _database(keys: Keys, trusted: frozenset[str], quick: bool, as_document: bool) -> None:
    database = home(settings(need_secret=False))
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        bars: dict[str, TaskID] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=None)
            progress.update(bars[what], completed=done, total=total or None)

        report = verifying.verify(database, keys, trusted=trusted, quick=quick, progress=told)
    if as_document:
        print_json(report.document())
    for what, count in report.checked.items():
        say(f"{count:>9} {what}")
    for note in report.notes:
        say(note)
    if not report.findings:
        say("All of it is as it was written.")
    elif report.code == 3:
        say("All of it fits, but it is signed by a key that was not told to be trusted:")
    else:
        say("Something is not as it was written. The first findings:")
    for finding in report.findings:
        say(str(finding))
    if report.more:
        say(f"… and {report.more} more.")
    raise SystemExit(report.code)
