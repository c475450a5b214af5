"""Whatever stands in a diagram or form: it is read or refused, it gives a value or an error in
words, and neither takes long."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.expressions import (
    ExpressionError,
    Template,
    compile_template,
    feel,
    json_value,
    standard_functions,
    unary_tests,
)
from engine.expressions.feel_functions import FUNCTIONS
from engine.expressions.juel_methods import METHODS
from tests.expressions.anything import DATA, VARIABLES, grown, texts

PATIENT = settings(suppress_health_check=[HealthCheck.too_slow])

JUEL_WORDS = [
    *("a", "b", "c", "单据", "1", "0", "2.5", "1e9", "'x'", '"5"', "true", "null", "empty", "not"),
    *("and", "or", "eq", "ne", "lt", "gt", "div", "mod", "+", "-", "*", "/", "%", "==", "!="),
    *("<", ">=", "&&", "||", "!", "?", ":", "(", ")", "[", "]", ".", ",", "size", "${", "}"),
]
JUEL_TWIGS = [
    *("(⊙)", "-⊙", "!⊙", "empty ⊙", "(⊙) ? ⊙ : ⊙", "⊙ + ⊙", "⊙ - ⊙", "⊙ * ⊙", "⊙ / ⊙", "⊙ % ⊙"),
    *("⊙ == ⊙", "⊙ != ⊙", "⊙ < ⊙", "⊙ >= ⊙", "⊙ && ⊙", "⊙ or ⊙", "(⊙).a", "(⊙)[⊙]"),
    *(f"(⊙).{name}({', '.join(['⊙'] * count)})" for name, (count, _, _) in METHODS.items()),
    *(f"{name}(⊙)" for name in standard_functions),
    *(f"{name}(⊙, ⊙)" for name in standard_functions),
    *(f"{name}(⊙, ⊙, ⊙)" for name in standard_functions),
]
FEEL_WORDS = [
    *("a", "b", "?", "1", "2.5", '"x"', "true", "null", "if", "then", "else", "for", "in"),
    *("return", "some", "every", "satisfies", "between", "and", "or", "not(", "(", ")", "[", "]"),
    *("{", "}", ":", ",", "..", ".", "+", "-", "*", "/", "**", "=", "!=", "<", ">=", "@", "item"),
    *("function(", "instance of", "number", "string length", "date and time(", "// x", "/* */"),
]
FEEL_TWIGS = [
    *("(⊙)", "-⊙", "not(⊙)", "if ⊙ then ⊙ else ⊙", "(⊙) + ⊙", "(⊙) - ⊙", "(⊙) * ⊙", "(⊙) / ⊙"),
    *("(⊙) ** (⊙)", "(⊙) = (⊙)", "(⊙) < (⊙)", "(⊙) and (⊙)", "(⊙) or (⊙)", "(⊙).a", "(⊙)[⊙]"),
    *("(⊙)[item > ⊙]", "(⊙) in (⊙)", "(⊙) in (⊙, < ⊙)", "(⊙) between (⊙) and (⊙)", "[⊙, ⊙]"),
    *("{a: ⊙, b: a}", "[(⊙)..(⊙)]", "((⊙)..(⊙)]", "(⊙) instance of date and time"),
    *("for x in ⊙ return x", "for x in (⊙)..(⊙) return [x, ⊙]", "some x in ⊙ satisfies x = (⊙)"),
    *(
        "every x in ⊙, y in [1, x] satisfies y < ⊙",
        "(function(x) ⊙)(⊙)",
        "sort(⊙, function(x, y) ⊙)",
    ),
    *(f"{name}(⊙)" for name in FUNCTIONS if name != "@"),
    *(f"{name}(⊙, ⊙)" for name in FUNCTIONS if name != "@"),
    *(f"{name}(⊙, ⊙, ⊙)" for name in FUNCTIONS if name != "@"),
]
LEAVES = [
    "a",
    "b",
    "c",
    "0",
    "1",
    "-2",
    "2.5",
    "99999999999999999999",
    '"x"',
    '"2030-01-15"',
    "null",
]
FEEL_LEAVES = [*LEAVES, "?", "true", "[]", "{}", '@"P1D"', '@"P1Y"', '@"2030-01-15"', '@"09:00"']

Compiler = Callable[[str], Template]


def answer(compiler: Compiler, text: str, variables: Mapping[str, object]) -> None:
    """Give a value that is JSON, or an error in words that names a place, and soon."""
    began = time.process_time()
    with suppress(ExpressionError), places_within(text):
        template = compiler(text)
        json_value(template.evaluate(variables))
        template.holds(variables)
    assert time.process_time() - began < 5


@contextmanager
def places_within(text: str) -> Iterator[None]:
    """See that an error has words, and names a place of `text` if it names one."""
    try:
        yield
    except ExpressionError as error:
        message, place = error.message, error.position
        if not message or not (place is None or 0 <= place <= len(text)):
            raise AssertionError(f"{message!r} at {place} of {text!r}") from error
        raise


@PATIENT
@given(st.text(max_size=80), VARIABLES)
def test_any_text_is_a_template_or_an_error(text: str, variables: dict[str, object]) -> None:
    answer(compile_template, text, variables)
    answer(compile_template, "${" + text + "}", variables)


@PATIENT
@given(texts(JUEL_WORDS), VARIABLES)
def test_any_row_of_juel_words(text: str, variables: dict[str, object]) -> None:
    answer(compile_template, "${" + text + "}", variables)


@PATIENT
@given(grown([*LEAVES, "'a'", "true"], JUEL_TWIGS), VARIABLES)
def test_any_juel_expression(text: str, variables: dict[str, object]) -> None:
    answer(compile_template, "x#{" + text + "}", variables)
    answer(compile_template, "${" + text + "}", variables)


@PATIENT
@given(st.text(max_size=80), VARIABLES)
def test_any_text_is_feel_or_an_error(text: str, variables: dict[str, object]) -> None:
    answer(feel, text, variables)
    answer(unary_tests, text, variables)


@PATIENT
@given(texts(FEEL_WORDS), VARIABLES)
def test_any_row_of_feel_words(text: str, variables: dict[str, object]) -> None:
    answer(feel, text, variables)
    answer(unary_tests, text, variables)


@PATIENT
@given(grown(FEEL_LEAVES, FEEL_TWIGS), VARIABLES)
def test_any_feel_expression(text: str, variables: dict[str, object]) -> None:
    answer(feel, text, variables)
    answer(unary_tests, text, variables)


@PATIENT
@given(DATA)
def test_any_data_as_json(value: object) -> None:
    with suppress(ExpressionError):
        assert not isinstance(json_value(value), float)
