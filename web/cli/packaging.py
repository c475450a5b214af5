"""`export --format package`: an evidence package, in full, for whoever has the home."""

import os
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

from rich.progress import Progress

from storage import Database
from storage.keys import Keys
from web.cli.frame import err, fail, print_json, say
from web.door import wall_clock


def export_package(
    database: Database, keys: Keys, requests: Sequence[str], output: Path, *, as_document: bool
) -> None:
    """Write a package of these requests into a file that is there whole or not at all."""
    # Only here: it brings typst, fonts and all of the API's telling with it.
    from web.packages import COMMAND_LINE, Unprovable, make

    temporary = output.with_name(f".{output.name}.{token_hex(4)}")
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            os.fdopen(handle, "w+b") as file,
            Progress(console=err, transient=True, disable=not err.is_terminal) as progress,
        ):
            progress.add_task("making the package", total=None)
            made = make(database, keys, requests, COMMAND_LINE, clock=wall_clock, out=file)
        temporary.replace(output)
    except Unprovable as wrong:
        fail(str(wrong))
    finally:
        temporary.unlink(missing_ok=True)
    if as_document:
        print_json(
            {
                "file": str(output),
                "requests": len(made.requests),
                "entries": made.entries,
                "format": "package",
                "key": made.key,
            }
        )
    say(
        f"{len(made.requests)} requests with {made.entries} entries were written to {output},"
        f" signed by the key {made.key}."
    )
