"""Regular expressions in time that is bounded by the text: matched by the forms' own automaton, and
by Python's only where a pattern is too plain to take long.
"""

import re
from functools import lru_cache

from engine.expressions.errors import ExpressionError
from forms.patterns import LONGEST_TEXT, Pattern, PatternProblem

_SPECIAL = frozenset(".^$*+?()[]{}|\\")
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}
_UNBOUNDED = re.compile(r"[*+{]")
_ATOMS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[]", re.DOTALL)


def is_plain(pattern: str) -> bool:
    """Whether `pattern` is no regular expression at all, only the text that it looks for."""
    return not _SPECIAL.intersection(pattern)


def occurs(pattern: str, text: str, flags: str = "") -> bool:
    """Whether `pattern` matches somewhere in `text`.

    Raises ExpressionError where it could take more than linear time, or is no pattern.
    """
    if is_plain(pattern) and not flags:
        return pattern in text
    _check_text(text)
    if flags:
        return expression(pattern, flags).search(text) is not None
    try:
        return _automaton(pattern).matches(text)
    except PatternProblem as problem:
        raise ExpressionError(f"The pattern '{_shown(pattern)}': {problem}") from None


@lru_cache(maxsize=256)
def _automaton(pattern: str) -> Pattern:
    return Pattern(pattern)


def expression(pattern: str, flags: str = "") -> re.Pattern[str]:
    """`pattern` for finding, replacing and splitting; raises ExpressionError where it has groups
    or several repeats, by which it could take long."""
    return _expression(pattern, flags)


@lru_cache(maxsize=256)
def _expression(pattern: str, flags: str) -> re.Pattern[str]:
    wanted = re.ASCII if not flags else re.NOFLAG
    for flag in flags:
        if flag not in _FLAGS:
            raise ExpressionError(f"There is no flag “{flag}” of patterns: i, m, s and x are")
        wanted |= _FLAGS[flag]
    atoms = [atom for atom in _ATOMS.findall(pattern) if len(atom) == 1]
    if "(" in atoms:
        raise ExpressionError(f"The pattern '{_shown(pattern)}' has groups, which are off here")
    for branch in "".join(atoms).split("|"):
        if len(_UNBOUNDED.findall(branch)) > 1 or branch.count("?") > 3:
            message = f"The pattern '{_shown(pattern)}' repeats several parts: at most one may"
            raise ExpressionError(message)
    try:
        return re.compile(pattern, wanted)
    except (re.error, OverflowError, RecursionError) as error:
        raise ExpressionError(f"The pattern '{_shown(pattern)}' can't be read: {error}") from None


def checked(text: str) -> str:
    """`text` itself, unless it is too long for patterns."""
    _check_text(text)
    return text


def _check_text(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(f"A text with a pattern has at most {LONGEST_TEXT} characters")


def _shown(pattern: str) -> str:
    return pattern if len(pattern) <= 40 else pattern[:39] + "…"
