"""Sealing as a job of the scheduler: entries into the tree, a signed head, then whoever follows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from storage import Database
from storage.following import Take, follow
from storage.keys import Keys
from storage.sealing import HeadsDisagree, KeyRefused, TreeDamaged, seal
from web.door import wall_clock

log = structlog.get_logger("sealer")

AGAIN = timedelta(minutes=5)
"""So often a trouble that stays is told again."""


class Sealing:
    """The job: what goes wrong is told once, and again while it lasts; sealing is tried on."""

    def __init__(
        self,
        database: Database,
        keys: Keys,
        *,
        followers: Sequence[tuple[str, Take]] = (),
        clock: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._database = database
        self._keys = keys
        self._followers = tuple(followers)
        self._clock = clock
        self._told: dict[str, tuple[str, datetime]] = {}

    def beat(self) -> None:
        """Seal what is new, and give it to the followers."""
        self.seal()
        self.follow()

    def seal(self) -> None:
        """Seal what is new."""
        self._tried("entries could not be sealed; it is tried again", self._seal)

    def follow(self) -> None:
        """Give the followers what is sealed; those that are far behind keep no seal waiting, since
        the scheduler has this done beside it."""
        for name, take in self._followers:
            self._tried(
                f"{name} could not follow; it is tried again",
                partial(follow, self._database, name, take),
            )

    def _seal(self) -> None:
        if self._keys.current() is None:
            raise KeyRefused(f"There is no key to sign with in {self._keys.folder}.")
        seal(self._database, self._keys, self._clock())

    def _tried(self, says: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            self._tell(says, error)
        else:
            if self._told.pop(says, None) is not None:
                log.info("it goes on again", after=says)

    def _tell(self, says: str, error: Exception) -> None:
        now, why = self._clock(), f"{type(error).__name__}: {error}"[:300]
        before = self._told.get(says)
        if before is not None and before[0] == why and now - before[1] < AGAIN:
            return
        self._told[says] = (why, now)
        expected = isinstance(error, (KeyRefused, HeadsDisagree, TreeDamaged, OSError))
        log.error(says, why=why, exc_info=None if expected else error)
