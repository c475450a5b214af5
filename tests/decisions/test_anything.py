"""Whatever bytes or cells arrive: decisions or problems, rows or an error in words."""

import random
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import (
    DecisionError,
    Decisions,
    UnreadableDecisions,
    decide,
    decide_value,
    read_decisions,
)
from tests.decisions.writing import decision, definitions, knowledge, literal, table

FILE = definitions(
    knowledge(literal("a + b"), "add up", ["a", "b"]),
    decision(
        table(
            [("amount", "number"), ("level", "string")],
            [("dish", "string"), ("n", "number")],
            [("< 5", '"a","b"', '"veal"', "1"), (">= 5", "-", '"stew"', "add up(1, amount)")],
            policy="OUTPUT ORDER",
            values='"stew","veal"',
            defaults=['"none"', "0"],
        ),
        requires=["level"],
    ),
    decision(literal('if amount > 3 then "b" else "c"'), "level", variable="level", kind="string"),
)
PIECES = [b"<", b"/>", b"&#0;", b"text", b'""', b"\xff\xfe", b"COLLECT", b"SUM", b"#dish", b"for "]


def read(content: bytes) -> Decisions | UnreadableDecisions:
    try:
        return read_decisions("file.dmn", content)
    except UnreadableDecisions as error:
        return error


def answer(found: Decisions, id: str, variables: Mapping[str, object]) -> object:
    try:
        decide_value(found.by_id, id, variables)
        return decide(found.by_id, id, variables)
    except DecisionError as error:
        return error


def tried(found: Decisions, variables: Mapping[str, object]) -> None:
    for id in found.by_id:
        given = answer(found, id, variables)
        assert given.message if isinstance(given, DecisionError) else isinstance(given, list)


@settings(max_examples=150)
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_any_damaged_file(chance: random.Random, damages: int) -> None:
    content = FILE
    for _ in range(damages):
        place = chance.randrange(len(content))
        gone = chance.choice([0, 0, 1, 5, 40])
        content = content[:place] + chance.choice([b"", *PIECES]) + content[place + gone :]
    found = read(content)
    if isinstance(found, Decisions):
        tried(found, {"amount": 4})
    else:
        assert found.problems
        assert all(each.message and each.rule for each in found.problems)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-9, 9),
    st.sampled_from(["", "b", "48.50", "2030-01-15", "P1D", "true"]),
    st.lists(st.integers(0, 3), max_size=2),
    st.just({"a": 1}),
)


@given(VALUES, VALUES)
def test_any_variables(amount: object, level: object) -> None:
    tried(read_decisions("file.dmn", FILE), {"amount": amount, "level": level})


Bounds = tuple[int, int, int]
RULES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 4)), max_size=8)


def expected(policy: str, rules: Sequence[Bounds], value: int) -> list[int] | str:
    """What a table says by its definition: rules `low <= value <= high` that give a number."""
    found = [n for low, high, n in rules if low <= value <= high]
    match policy:
        case "UNIQUE":
            return found if len(found) < 2 else "together"
        case "ANY":
            return found[:1] if len(set(found)) < 2 else "together"
        case "FIRST":
            return found[:1]
        case "PRIORITY":
            return sorted(found, reverse=True)[:1]
        case "OUTPUT ORDER":
            return sorted(found, reverse=True)
        case _:
            return found


@given(
    st.sampled_from(
        ["UNIQUE", "ANY", "FIRST", "PRIORITY", "OUTPUT ORDER", "COLLECT", "RULE ORDER"]
    ),
    RULES,
    st.integers(-1, 7),
)
def test_any_table_says_what_its_policy_means(policy: str, rules: list[Bounds], value: int) -> None:
    cells = [(f"[{low}..{high}]", str(n)) for low, high, n in rules]
    logic = table([("x", "number")], ["n"], cells, policy=policy, values="4,3,2,1,0")
    decisions = read_decisions("file.dmn", definitions(decision(logic)))
    wanted = expected(policy, rules, value)
    found = answer(decisions, "dish", {"x": value})
    if isinstance(found, DecisionError):
        assert wanted == "together"
        assert "hold together" in found.message
    else:
        assert found == [{"n": n} for n in wanted]
