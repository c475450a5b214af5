"""Only provided functions can be called; a method of a bean is nothing that we have."""

from collections.abc import Iterator

from engine.diagrams.reads import texts
from engine.diagrams.subjects import Built, Finding, Severity
from engine.diagrams.texts import is_feel
from engine.diagrams.ways import template
from engine.expressions.feel_functions import FUNCTIONS

NAME = "function"
SEVERITY: Severity = "refuse"
STANDARD = frozenset(FUNCTIONS)
"""What FEEL has itself."""


def check(built: Built) -> Iterator[Finding]:
    """Functions that are called and not there."""
    functions = built.known.functions
    if functions is None:
        return
    for element, text in texts(built):
        found = template(text)
        known = functions | STANDARD if is_feel(text) else functions
        for name in sorted(found.calls - known) if found is not None else ():
            yield Finding(element=element, message=f"{text!r}: {_missing(name)}")
    for decision, calls in built.known.asked.items():
        for name in sorted(calls - functions):
            yield Finding(element=decision, message=_missing(name))


def _missing(name: str) -> str:
    return f"there is no function {name}; docs/expressions.md lists them"
