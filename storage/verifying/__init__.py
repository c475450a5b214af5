"""Whether a database is what was once written into it: its chains, its tree and signed heads, what
they name by digest, and everything that follows from them.

Owns no table and writes nothing. Imports engine, forms and the storage modules below it.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from storage import sealing
from storage.database import Database
from storage.keys import Keys
from storage.verifying import content, derived, entries, tree, triggers, unproved
from storage.verifying.report import UNREADABLE, Finding, Progress, Report

__all__ = ["Finding", "Report", "unproved", "verify"]


def verify(
    database: Database,
    keys: Keys,
    *,
    trusted: Collection[str] | None = None,
    quick: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Report:
    """Check all of it; with `quick`, all but what is derived. `trusted`: fingerprints of the keys
    that heads may be signed with; None: those of the folder. Nothing raises: what can't be read is
    a finding."""
    report = Report()
    # The file first: a head is in it before the database has it.
    file = (database.heads, _content_of(database.heads))
    folder = keys.publics()
    with database.read() as reader:
        known, told = entries.Known(), set[tuple[str, int, str]]()

        def stage(what: str, check: Callable[[], Any]) -> Any:
            try:
                return check()
            except UNREADABLE as error:
                known.whole = False
                report.bad(what, f"it can't be read: {error}")
                return None

        stage("journal", lambda: entries.check(reader, known, report, progress))
        told = stage("erasures", lambda: entries.check_accounts(reader, known, report)) or told
        stage(
            "tree",
            lambda: tree.check(
                reader,
                known,
                report,
                progress,
                file=file,
                keys={**sealing.publics(reader), **folder},
                trusted=frozenset(folder if trusted is None else trusted),
            ),
        )
        stage("definitions", lambda: content.check_definitions(reader, known, report, progress))
        stage(
            "attachments",
            lambda: content.check_attachments(reader, database.home, known, told, report, progress),
        )
        stage("notes", lambda: content.check_notes(reader, known, report))
        triggers.check(reader, _triggers_as_made(), report)
        if quick:
            report.note("What follows from the journal was not compared (--quick).")
        elif not known.whole or any(each.where in STANDS_ON for each in report.findings):
            report.note("What follows from the journal was not compared: it is not whole.")
        else:
            derived.check(database, reader, report, progress)
    return report


STANDS_ON = ("definitions", "files", "definition_files")
"""What a rebuild stands on beside the journal."""


@cache
def _triggers_as_made() -> Mapping[str, str]:
    """The triggers of a database that was just made."""
    with derived.scratch() as model, model.read() as fresh:
        return triggers.texts(fresh)


def _content_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
