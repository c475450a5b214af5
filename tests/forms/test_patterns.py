"""Patterns of form files mean what they mean in JavaScript, in time linear in the text."""

import re
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.patterns import Pattern, PatternProblem

atoms = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", r"\d", "[a-c]", "^", "$"])
repeats = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "{0,}"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, repeats).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)


@given(patterns, st.text("abc1", max_size=7))
def test_it_agrees_with_a_backtracking_matcher(source: str, text: str) -> None:
    pattern = Pattern(source)
    expected = re.search(source.replace("$", r"\Z"), text) is not None
    assert pattern.matches(text) is expected


@pytest.mark.parametrize(
    ("source", "text", "matches"),
    [
        (r"^\([0-9]{2}\)[\u4e00-\u9fa5]字\d{3}$", "(26)卡字002", True),
        (r"^\([0-9]{2}\)[\u4e00-\u9fa5]字\d{3}$", "(26)A字002", False),
        (r"^1[3-9]\d{9}$", "13800138000", True),
        (r"^[\w.+-]+@[\w-]+\.\w+$", "a.b@c-d.cn", True),
        (r"\d", "٣", False),
        (r"^\x41\u0042$", "AB", True),
        (r"^a\.b$", "axb", False),
        ("", "anything", True),
        ("^$", "", True),
        (r"^\S+$", "a b", False),
    ],
)
def test_patterns_of_real_forms(source: str, text: str, matches: bool) -> None:
    assert Pattern(source).matches(text) is matches


@pytest.mark.parametrize("source", ["(a+)+$", "(a|a)*$", "a*a*a*a*a*a*$", "(a*)*b"])
def test_what_makes_other_matchers_hang_takes_a_moment(source: str) -> None:
    before = perf_counter()
    Pattern(source).matches("a" * 1999 + "!")
    assert perf_counter() - before < 1


@pytest.mark.parametrize("source", ["(", ")", "a**", "[b-a]", r"\1", r"\p{L}", "a{3,2}", "x{400}"])
def test_what_is_no_pattern_is_refused(source: str) -> None:
    with pytest.raises(PatternProblem):
        Pattern(source)
