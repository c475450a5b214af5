"""FEEL's built-in functions by name; those that need the world (now, today) are handed in."""

from collections.abc import Mapping

from engine.expressions import feel_lists, feel_moments, feel_numbers, feel_ranges, feel_texts
from engine.expressions.feel_asking import Builtin

FUNCTIONS: Mapping[str, Builtin] = {
    **feel_texts.FUNCTIONS,
    **feel_numbers.FUNCTIONS,
    **feel_lists.FUNCTIONS,
    **feel_moments.FUNCTIONS,
    **feel_ranges.FUNCTIONS,
}
"""Every built-in function."""
