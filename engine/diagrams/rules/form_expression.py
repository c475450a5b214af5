"""An expression in a form that cannot be read, or calls what is not there, would keep everybody
from filling it in."""

from collections.abc import Iterator

from engine.diagrams.subjects import Built, Finding, Severity
from engine.expressions import ExpressionError, feel, standard_functions
from engine.expressions.feel_functions import FUNCTIONS
from forms import expressions

NAME = "form-expression"
SEVERITY: Severity = "refuse"

WORLD = frozenset({"workdays", "workdays_between", "today"})
"""Functions that a desk hands in beside FEEL's own."""


def check(built: Built) -> Iterator[Finding]:
    """Expressions of forms with what is wrong in them."""
    known = {name.partition("(")[0] for name in FUNCTIONS} | {*standard_functions} | WORLD
    for form in built.forms.values():
        for where, text in expressions(form):
            try:
                called = feel(text, "null").calls - known
            except ExpressionError as error:
                yield Finding(element=form.key, message=f"{where}: {text[:200]!r}: {error}")
                continue
            for name in sorted(called):
                yield Finding(
                    element=form.key, message=f"{where}: {text[:200]!r}: no function {name}"
                )
