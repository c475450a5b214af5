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


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What one check of one request's history has found, and when it was made."""

    at: datetime
    chain: Checked
    difference: Difference | None
    """The first entry that comes out otherwise than recorded."""
    erased: int
    """The first entry that can't be run again since something of it was erased by law; 0: none."""

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


def stepped(reader: Reader, request: str) -> Replayed:
    """Every step of a request."""

    def definition(start: str) -> Definition:
        return reader.definitions.beginning(reader, start)

    return replayed(journal.entries(reader, request), definition, here.system().database.calendar)


def integrity(reader: Reader, request: str, steps: Replayed | None = None) -> Integrity:
    """Check a request's history: its chain, the head that seals it, and that it runs again to the
    same end (`steps`, where that was done already)."""
    steps = stepped(reader, request) if steps is None else steps
    return Integrity(
        at=here.now(),
        chain=check(reader, request, _publics()),
        difference=steps.difference,
        erased=steps.erased,
    )


def _publics() -> dict[str, bytes]:
    """The keys of this home, as far as this process may read them."""
    settings: Settings = current_app.config["COUNTERSIGN"]
    return Keys(settings.keys or settings.home / "keys").publics()
