"""Whether a database is what was once written into it: its chains, its tree and signed heads, what
they name by digest, and everything that follows from them.

Owns no table and writes nothing. Imports engine, forms and the storage modules below it.
"""

from collections.abc import Collection
from pathlib import Path

from storage import sealing
from storage.database import Database
from storage.keys import Keys
from storage.verifying import content, derived, entries, tree, triggers
from storage.verifying.report import Finding, Progress, Report

__all__ = ["Finding", "Report", "verify"]


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
        known = entries.check(reader, report, progress)
        told = entries.check_accounts(reader, known, report)
        tree.check(
            reader,
            known,
            report,
            progress,
            file=file,
            keys={**sealing.publics(reader), **folder},
            trusted=frozenset(folder if trusted is None else trusted),
        )
        content.check_definitions(reader, known, report, progress)
        content.check_attachments(reader, database.home, known, told, report, progress)
        with derived.scratch(database) as model, model.read() as fresh:
            triggers.check(reader, fresh, report)
        if quick:
            report.note("What follows from the journal was not compared (--quick).")
        elif not known.whole:
            report.note("What follows from the journal was not compared: it is not whole.")
        else:
            derived.check(database, reader, report, progress)
    return report


def _content_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
