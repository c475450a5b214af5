"""Regular expressions of form files, in time linear in the text: a small automaton of our own.

The part of JavaScript's syntax that form files use; look-around, back references and `\\b`, which
have no such bound, are refused when the form is read. Imports the standard library only.
"""

from collections.abc import Iterable

from forms.patterns.automaton import PatternProblem, State
from forms.patterns.syntax import Parser

__all__ = ["LONGEST_TEXT", "Pattern", "PatternProblem"]

LONGEST_TEXT = 2000
"""Longest text that is matched at all."""


class Pattern:
    """A compiled pattern; as in JavaScript it may match anywhere unless `^` and `$` bind it."""

    __slots__ = ("_end", "_start", "_states", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._states: list[State] = []
        parser = Parser(source, self._states)
        self._start, self._end = parser.whole()

    def matches(self, text: str) -> bool:
        """Whether the pattern matches somewhere in the text (texts beyond the limit never)."""
        if len(text) > LONGEST_TEXT:
            return False
        last = len(text)
        live = self._closure((self._start,), first=True, final=not text)
        for position, char in enumerate(text, 1):
            if self._end in live:
                return True
            moved = [
                target
                for index in live
                if (chars := self._states[index].chars) is not None and chars.has(char)
                for target in self._states[index].to
            ]
            moved.append(self._start)
            live = self._closure(moved, first=False, final=position == last)
        return self._end in live

    def _closure(self, indexes: Iterable[int], *, first: bool, final: bool) -> set[int]:
        reached: set[int] = set()
        waiting = list(indexes)
        while waiting:
            index = waiting.pop()
            if index in reached:
                continue
            state = self._states[index]
            if (state.at == "^" and not first) or (state.at == "$" and not final):
                continue
            reached.add(index)
            if state.chars is None:
                waiting.extend(state.to)
        return reached
