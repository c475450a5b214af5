"""Plain cells are read without the grammar, and exactly as it would read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import ExpressionError
from engine.expressions.feel import read_feel
from engine.expressions.feel_plain import plain_tree

LITERALS = ['"a"', '"x, y"', '""', "5", "5.25", "007", "true", "null", ' "a" ']
CELLS = [
    *LITERALS,
    "< 5",
    ">=18",
    "[1..3]",
    "]1 .. 3)",
    "(1..3]",
    '"a", "b"',
    "1,2,>5",
    "[1..2], 7",
]
ELSEWHERE = ["-", "-5", "", "5.", ".5", "1e3", "trues", "x", '"a', '"\\n"', "1,", "< x", "[1..x]"]
ELSEWHERE += [
    "1 2",
    "not(5)",
    "[1..3[",
    "1..3",
    "[1..3].start",
    "5a",
    "1 + 1",
    "=5",
    "9" * 31,
    ",1",
]


@pytest.mark.parametrize("text", CELLS)
def test_a_plain_cell_is_the_grammar_s(text: str) -> None:
    found = plain_tree(text, tests=True)
    assert found is not None
    assert found == read_feel(text, 0, (), tests=True)


@pytest.mark.parametrize("text", LITERALS)
def test_a_plain_literal_is_the_grammar_s(text: str) -> None:
    found = plain_tree(text, tests=False)
    assert found is not None
    assert found == read_feel(text, 0, (), tests=False)


@pytest.mark.parametrize("text", ELSEWHERE)
def test_everything_else_is_left_to_the_grammar(text: str) -> None:
    assert plain_tree(text, tests=True) is None


@given(st.text('"ab1.5<>=[]() ,-trufalsn', max_size=12), st.booleans())
def test_whatever_is_plain_the_grammar_reads_alike(text: str, tests: bool) -> None:
    found = plain_tree(text, tests=tests)
    if found is None:
        return
    try:
        assert found == read_feel(text, 0, (), tests=tests)
    except ExpressionError as error:
        raise AssertionError(f"{text!r} is not plain: {error}") from None
