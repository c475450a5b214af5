"""A request's history run again for whoever may see it, and whether it holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import current_app

from engine.diagrams.definition import Definition
from engine.replay import Difference, Replayed, replayed
from storage import journal
from storage.checking import Checked, check
from storage.keys import Keys
from storage.reader import Reader
from web.pages import here
from web.settings import Settings

ALTERED = (LookupError, TypeError, ValueError, AttributeError)
"""What entries that somebody has changed can make their readers stumble over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What one check of one request's history has found, and when it was made."""

    at: datetime
    chain: Checked
    difference: Difference | None
    """The first entry that comes out otherwise than recorded."""
    erased: int
    """The first entry that can't be run again since something of it was erased by law; 0: none."""
    steps: int
    """How many entries could be run again, or read; fewer than there are where some can't."""

    @property
    def state(self) -> Literal["holds", "open", "failed"]:
        """`open`: nothing is wrong, but not all of it is sealed."""
        if self.chain.fault is not None or self.difference is not None:
            return "failed"
        return "holds" if self.unsealed == 0 else "open"

    @property
    def unsealed(self) -> int:
        """How many entries no signed head holds yet."""
        return self.chain.entries - self.chain.sealed

    @property
    def bad(self) -> int:
        """The first bad entry; 0: none, or it is none of the request's."""
        found = [self.chain.bad] if self.chain.bad else []
        found += [self.difference.seq] if self.difference is not None else []
        return min(found, default=0)


def stepped(reader: Reader, request: str, *, until: int | None = None) -> Replayed:
    """Every step of a request, or the first so many."""

    def definition(start: str) -> Definition:
        return reader.definitions.beginning(reader, start)

    entries = journal.readable(reader, request)[:until]
    return replayed(entries, definition, here.system().database.calendar)


def checked(reader: Reader, request: str) -> Checked:
    """Check the digests of a request's history, and the seal on it."""
    return check(reader, request, _publics())


def integrity(reader: Reader, request: str) -> Integrity:
    """Check a request's history: its chain, the head that seals it, and that it runs again to the
    same end."""
    chain = checked(reader, request)
    try:
        steps: Replayed | None = stepped(reader, request)
    except ALTERED:
        if chain.fault is None:
            raise
        steps = None
    return found(chain, steps)


def found(chain: Checked, steps: Replayed | None) -> Integrity:
    """What two checks have found that were made now; `steps` None: it can't be run again."""
    return Integrity(
        at=here.now(),
        chain=chain,
        difference=steps.difference if steps is not None else None,
        erased=steps.erased if steps is not None else 0,
        steps=len(steps) if steps is not None else 0,
    )


def _publics() -> dict[str, bytes]:
    """The keys of this home, as far as this process may read them."""
    settings: Settings = current_app.config["COUNTERSIGN"]
    return Keys(settings.keys or settings.home / "keys").publics()
