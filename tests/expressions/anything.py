"""Texts and data that nobody planned for: what Hypothesis throws at the expressions."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.decimals(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["", "5", "48.5", "true", "FALSE", "2030-01-15", "09:00", "P1D", "__class__", "1e999"]
    ),
    st.sampled_from(["2030-01-15T09:00:00+08:00", "2030-01-15T09:00:00", "9" * 60, "-0", "+1"]),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, UTC])),
    st.times(),
    st.timedeltas(),
    st.just(date.max),
    st.just(time.max),
    st.just(timedelta.max),
    st.just(datetime.max.replace(tzinfo=UTC)),
    st.just(Decimal("1E+6000")),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["a", "b", "x y"]) | st.text(max_size=3), inner, max_size=3
        )
    ),
    max_leaves=12,
)
VARIABLES = st.fixed_dictionaries({"a": DATA, "b": DATA, "c": DATA, "?": DATA, "单据": DATA})


def texts(tokens: list[str], glue: str = " ") -> st.SearchStrategy[str]:
    """Rows of tokens, most of them nonsense."""
    return st.lists(st.sampled_from(tokens), max_size=14).map(glue.join)


def grown(leaves: list[str], twigs: list[str], max_leaves: int = 10) -> st.SearchStrategy[str]:
    """Expressions that can mostly be read: each twig is a pattern with ⊙ for each of its parts."""

    def grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        def fill(twig: str) -> st.SearchStrategy[str]:
            count = twig.count("⊙")
            return st.tuples(*[inner] * count).map(lambda parts: _filled(twig, parts))

        return st.sampled_from(twigs).flatmap(fill)

    return st.recursive(st.sampled_from(leaves), grow, max_leaves=max_leaves)


def _filled(twig: str, parts: tuple[str, ...]) -> str:
    for part in parts:
        twig = twig.replace("⊙", part, 1)
    return twig
