"""The command line: `countersign …`. Errors are one sentence and exit 1 or 2, never a traceback."""

from web.cli.main import main

__all__ = ["main"]
