"""Why there can be no package, in both languages."""

from forms import Message


class Unprovable(Exception):
    """There can be no package; the message says why in one sentence."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = Message(zh, en)
        super().__init__(en)


class NotSealedYet(Unprovable):
    """Nothing is wrong but that the scheduler has not sealed the export yet."""
