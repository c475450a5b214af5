"""Regular expressions in time that is bounded: matched by the forms' own linear automaton, and by
Python's only where pattern and text are plain enough that trying every way is quick.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.expressions.errors import ExpressionError
from forms.patterns import LONGEST_TEXT, Pattern, PatternProblem

WAYS = 4_000_000
"""Ways of matching a text that may be tried."""
_SPECIAL = frozenset(".^$*+?()[]{}|\\")
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
_PART = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?:|[*+?]\??|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}\??|.", re.DOTALL
)
_REPEATED = re.compile(r"[*+?]|\{[0-9]")


@dataclass(frozen=True, slots=True)
class Expression:
    """A pattern for finding, replacing and splitting. `repeats` multiply what may have to be
    tried by the text's length, `choices` by two."""

    source: str
    compiled: re.Pattern[str]
    repeats: int
    choices: int

    def fit(self, text: str) -> str:
        """`text` itself; raises ExpressionError where matching it could take long."""
        _check_text(text)
        ways = (len(text) + 1) ** (self.repeats + 1) * 2**self.choices
        if ways > WAYS:
            message = f"The pattern '{_shown(self.source)}' could take too long on this text"
            raise ExpressionError(message)
        return text


def is_plain(pattern: str) -> bool:
    """Whether `pattern` is no regular expression at all, only the text that it looks for."""
    return not _SPECIAL.intersection(pattern)


def occurs(pattern: str, text: str, flags: str = "") -> bool:
    """Whether `pattern` matches somewhere in `text`.

    Raises ExpressionError where it could take long, or is no pattern.
    """
    if is_plain(pattern) and not flags:
        return pattern in text
    _check_text(text)
    automaton = None if flags else _automaton(pattern)
    if automaton is not None:
        return automaton.matches(text)
    found = expression(pattern, flags)
    return found.compiled.search(found.fit(text)) is not None


@lru_cache(maxsize=256)
def _automaton(pattern: str) -> Pattern | None:
    """None where the pattern has what runs not in linear time."""
    try:
        return Pattern(pattern)
    except PatternProblem:
        return None


@lru_cache(maxsize=256)
def expression(pattern: str, flags: str = "") -> Expression:
    """`pattern`, measured; raises ExpressionError where it has repeated groups, back references
    or look-around, or can't be read."""
    wanted = re.NOFLAG
    for flag in flags:
        if flag not in _FLAGS:
            raise ExpressionError(f"There is no flag “{flag}” of patterns: i, m, s and x are")
        wanted |= _FLAGS[flag]
    parts = _PART.findall(pattern)
    repeats = choices = 0
    for before, part in zip(["", *parts], parts, strict=False):
        if before == ")" and _REPEATED.match(part):
            raise _refused(pattern, "repeats a group")
        if re.fullmatch(r"\\[1-9]", part):
            raise _refused(pattern, "has a back reference")
        if before == "(" and part[0] == "?":
            raise _refused(pattern, "has a group of a special kind")
        repeats += _REPEATED.match(part) is not None and part[0] != "?"
        choices += part[0] in "|?"
    try:
        return Expression(pattern, re.compile(pattern, wanted), repeats, choices)
    except (re.error, OverflowError, RecursionError) as error:
        raise ExpressionError(f"The pattern '{_shown(pattern)}' can't be read: {error}") from None


def _refused(pattern: str, why: str) -> ExpressionError:
    return ExpressionError(f"The pattern '{_shown(pattern)}' {why}, which could take long")


def _check_text(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"A text with a pattern has at most {LONGEST_TEXT} characters")


def _shown(pattern: str) -> str:
    return pattern if len(pattern) <= 40 else pattern[:39] + "…"
