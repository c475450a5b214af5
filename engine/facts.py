"""What a command asked of the world, recorded so that a replay gets the same answers.

The organisation, other requests, counters and drafts are read only through here. Asked again
within one command, a question gets the answer it got first, unless it was forgotten between.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from engine.journal.canonical import encode


class Unrecorded(Exception):
    """A replay asked what the recorded command did not ask: the engine took another way."""


class Facts:
    """The questions and answers of one command, live or replayed."""

    def __init__(self, recorded: Sequence[Sequence[Any]] | None = None) -> None:
        self.asked: list[list[Any]] = []
        self._memo: dict[tuple[Any, ...] | bytes, Any] = {}
        self._recorded: dict[bytes, deque[Any]] | None = None
        if recorded is not None:
            self._recorded = {}
            for question, answer in recorded:
                self._recorded.setdefault(encode(question), deque()).append(answer)

    @property
    def replaying(self) -> bool:
        """Whether answers come from a record."""
        return self._recorded is not None

    def ask(self, question: list[Any], live: Callable[[], Any]) -> Any:
        """The answer to a question, the same one each time within the command."""
        # Most questions are a few texts, which need not be encoded to be found again.
        plain = all(type(part) is str for part in question)
        key: tuple[Any, ...] | bytes = tuple(question) if plain else encode(question)
        if key in self._memo:
            return self._memo[key]
        answer = self._memo[key] = self._answer(question, live)
        return answer

    def act(self, question: list[Any], live: Callable[[], Any]) -> Any:
        """The result of doing something to the world, done once per call, never remembered."""
        return self._answer(question, live)

    def remark(self, question: list[Any], live: Callable[[], Any], usual: Any) -> Any:
        """The answer to a question that is recorded only where it is not the usual one."""
        if self._recorded is None:
            answer = live()
        else:
            queue = self._recorded.get(encode(question))
            answer = queue.popleft() if queue else usual
        if answer != usual:
            self.asked.append([question, answer])
        return answer

    def forget(self, *kinds: str) -> None:
        """Ask anew from now on: something that these questions are about has changed."""
        starts = tuple(b'["' + kind.encode() + b'"' for kind in kinds)
        for key in list(self._memo):
            if key.startswith(starts) if isinstance(key, bytes) else key[0] in kinds:
                del self._memo[key]

    def _answer(self, question: list[Any], live: Callable[[], Any]) -> Any:
        if self._recorded is None:
            answer = live()
        else:
            queue = self._recorded.get(encode(question))
            if not queue:
                raise Unrecorded(f"the record does not answer {question!r}")
            answer = queue.popleft()
        self.asked.append([question, answer])
        return answer
