"""Expressions of diagrams, forms and decision tables: read, checked and evaluated safely.

Owns the JUEL subset (`${…}`) and the FEEL subset, their values and their limits. Imports the
standard library, lark, and the linear patterns of forms. Never evaluates Python or reads the
world: variables and functions are handed in (docs/expressions.md has the rules).
"""

from engine.expressions.errors import ExpressionError
from engine.expressions.functions import STANDARD as standard_functions
from engine.expressions.printing import json_value
from engine.expressions.template import (
    Template,
    compile_template,
    feel,
    unary_tests,
    unknown_methods,
)

__all__ = [
    "ExpressionError",
    "Template",
    "compile_template",
    "feel",
    "json_value",
    "standard_functions",
    "unary_tests",
    "unknown_methods",
]
