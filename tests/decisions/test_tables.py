"""Decision tables: what holds, what the hit policy makes of it, and what each cell may say."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from engine.decisions import (
    DecisionError,
    UnreadableDecisions,
    decide,
    decide_value,
    read_decisions,
)
from tests.decisions.writing import MODEL, decision, definitions, table

LEVELS = [
    ("< 1000", '"clerk"'),
    ("[1000..5000)", '"head"'),
    (">= 5000", '"director"'),
]


def made(logic: str, **variables: object) -> list[dict[str, object]]:
    found = read_decisions("dish.dmn", definitions(decision(logic)))
    return decide(found.by_id, "dish", variables)


@pytest.mark.parametrize("version", MODEL)
def test_every_version_of_the_standard_is_read(version: str) -> None:
    content = definitions(decision(table(["amount"], ["level"], LEVELS)), version=version)
    found = read_decisions("levels.dmn", content)
    assert found.name == "levels.dmn"
    assert found.by_id["dish"].reads == {"amount"}
    assert decide(found.by_id, "dish", {"amount": 999}) == [{"level": "clerk"}]
    assert decide(found.by_id, "dish", {"amount": "1000.00"}) == [{"level": "head"}]
    assert decide(found.by_id, "dish", {"amount": 5000}) == [{"level": "director"}]


OVERLAPPING = [
    (">= 1", '"b"', "1"),
    (">= 2", '"a"', "2.5"),
    (">= 3", '"b"', "1"),
    (">= 9", '"c"', "-4"),
]
TWO = ["name", "n"]


@pytest.mark.parametrize(
    ("policy", "amount", "expected"),
    [
        ("", 0, []),
        ("", 1, [{"name": "b", "n": 1}]),
        ("UNIQUE", 1, [{"name": "b", "n": 1}]),
        ("FIRST", 9, [{"name": "b", "n": 1}]),
        ("ANY", 1, [{"name": "b", "n": 1}]),
        ("PRIORITY", 9, [{"name": "a", "n": "2.5"}]),
        ("PRIORITY", 1, [{"name": "b", "n": 1}]),
        ("PRIORITY", 0, []),
        ("COLLECT", 3, [{"name": "b", "n": 1}, {"name": "a", "n": "2.5"}, {"name": "b", "n": 1}]),
        ("COLLECT", 0, []),
        ("RULE ORDER", 2, [{"name": "b", "n": 1}, {"name": "a", "n": "2.5"}]),
        (
            "OUTPUT ORDER",
            9,
            [
                {"name": "a", "n": "2.5"},
                {"name": "b", "n": 1},
                {"name": "b", "n": 1},
                {"name": "c", "n": -4},
            ],
        ),
    ],
)
def test_hit_policy(policy: str, amount: int, expected: list[dict[str, object]]) -> None:
    logic = table(["amount"], TWO, OVERLAPPING, policy=policy, values='"a","b","c"')
    assert made(logic, amount=amount) == expected


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("UNIQUE", "Rules 1 and 2 hold together; under UNIQUE at most one may"),
        ("ANY", "Rules 1 and 2 hold together; under ANY they must say the same"),
    ],
)
def test_a_violated_hit_policy_is_said_in_words(policy: str, message: str) -> None:
    with pytest.raises(DecisionError) as error:
        made(table(["amount"], TWO, OVERLAPPING, policy=policy), amount=3)
    assert error.value.message == f"The decision “dish”: {message}"


@pytest.mark.parametrize(
    ("policy", "outputs", "amount", "expected"),
    [
        ("FIRST", ["n"], 1, 1),
        ("FIRST", ["n"], 0, None),
        ("FIRST", ["n", "m"], 1, {"n": 1, "m": 2}),
        ("COLLECT", ["n"], 2, [1, 3]),
        ("COLLECT", ["n", "m"], 1, [{"n": 1, "m": 2}]),
        ("RULE ORDER", ["n"], 0, []),
    ],
)
def test_the_standard_s_result_is_one_value(
    policy: str, outputs: list[str], amount: int, expected: object
) -> None:
    rules = [(">= 1", "1", "2"), (">= 2", "3", "4")]
    cells = [each[: 1 + len(outputs)] for each in rules]
    logic = table(["amount"], outputs, cells, policy=policy)
    found = read_decisions("dish.dmn", definitions(decision(logic))).by_id
    assert decide_value(found, "dish", {"amount": amount}) == expected


def test_any_takes_rules_that_agree() -> None:
    rules = [(">= 1", '"b"'), (">= 2", '"b"')]
    assert made(table(["amount"], ["x"], rules, policy="ANY"), amount=2) == [{"x": "b"}]


@pytest.mark.parametrize(
    ("aggregation", "amount", "expected"),
    [
        ("SUM", 9, [{"n": "0.5"}]),
        ("MIN", 9, [{"n": -4}]),
        ("MAX", 9, [{"n": "2.5"}]),
        ("COUNT", 9, [{"n": 4}]),
        ("COUNT", 0, [{"n": 0}]),
        ("SUM", 0, []),
        ("MIN", 0, []),
    ],
)
def test_collected_values_are_aggregated(
    aggregation: str, amount: int, expected: list[dict[str, object]]
) -> None:
    rules = [(test, n) for test, _, n in OVERLAPPING]
    logic = table(["amount"], ["n"], rules, policy="COLLECT", aggregation=aggregation)
    assert made(logic, amount=amount) == expected


def test_least_and_greatest_of_dates_and_texts() -> None:
    rules = [("-", 'date("2030-02-01")'), ("-", 'date("2030-01-15")')]
    logic = table(["x"], ["day"], rules, policy="COLLECT", aggregation="MIN")
    assert made(logic, x=1) == [{"day": "2030-01-15"}]


def test_a_sum_wants_numbers() -> None:
    logic = table(["x"], ["n"], [("-", '"a"')], policy="COLLECT", aggregation="SUM")
    with pytest.raises(DecisionError, match="Only numbers have a sum, but one is the text 'a'"):
        made(logic, x=1)


def test_default_outputs_stand_in_where_no_rule_holds() -> None:
    logic = table(["amount"], TWO, OVERLAPPING, policy="FIRST", defaults=['"none"', "0"])
    assert made(logic, amount=0) == [{"name": "none", "n": 0}]
    assert made(logic, amount=1) == [{"name": "b", "n": 1}]


def test_the_order_of_several_outputs_counts_from_the_first() -> None:
    rules = [("-", '"b"', '"a"'), ("-", '"a"', '"b"'), ("-", '"a"', '"a"')]
    logic = table(["x"], ["p", "q"], rules, policy="OUTPUT ORDER", values='"a","b"')
    assert [list(row.values()) for row in made(logic, x=1)] == [["a", "a"], ["a", "b"], ["b", "a"]]


Cell = tuple[str, object, bool]


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [
        ("-", 5, True),
        ("", None, True),
        ("5", 5, True),
        ("5", "5.0", True),
        ("5", None, False),
        ("null", None, True),
        ("not(null)", 5, True),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ('not("a", "b")', "c", True),
        ("< 5", 4, True),
        ("< 5", None, False),
        ("[1..3], 7", 7, True),
        ("]1..3[", 1, False),
        ("? > 3 and ? < 9", 5, True),
        ("cellInput > 3", 5, True),
        ("limit", 5, True),
        ("> limit + 1", 7, True),
        ('? in ("x", "y")', "y", True),
        ('contains(?, "ab")', "cabs", True),
        ('starts with(cellInput, "x")', "cabs", False),
        ("true", True, True),
        ("false", True, False),
        ("not(?)", False, True),
        ('date("2030-01-15")', "2030-01-15", True),
        ('> date("2030-01-15")', "2030-01-16", True),
        ('[date("2030-01-15")..date("2030-02-15")]', date(2030, 2, 1), True),
        ('list contains(?, "a")', ["a", "b"], True),
        ("count(?) > 1", ["a", "b"], True),
        ("some x in ? satisfies x > 3", [1, 4], True),
        ("names", "bo", True),
        ("not(names)", "cy", True),
    ],
)
def test_cell(cell: str, value: object, holds: bool) -> None:
    logic = table(["x"], ["y"], [(cell, "1")])
    found = made(logic, x=value, limit=5, names=["ann", "bo"])
    assert found == ([{"y": 1}] if holds else [])


def test_a_false_input_is_tested_by_its_own_name() -> None:
    logic = table(["x"], ["y"], [("flag = false", "1")], variable="flag")
    assert made(logic, x=False) == [{"y": 1}]
    assert made(logic, x=True) == []


def test_outputs_see_the_inputs_variable() -> None:
    logic = table(["a * 2"], ["y"], [("> 3", "doubled + 1")], variable="doubled")
    assert made(logic, a=2) == [{"y": 5}]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "48.5", "48.50"),
        ("integer", "48", 48),
        ("long", "48", "48"),
        ("double", "> 48", "48.5"),
        ("string", '"5"', 5),
        ("string", '"true"', True),
        ("boolean", "true", "True"),
        ("date", 'date("2030-01-15")', "2030-01-15"),
        ("date", 'date("2030-01-15")', "2030-01-15T08:00:00"),
        ("dateTime", '> date and time("2030-01-15T00:00:00")', "2030-01-15T08:00:00"),
        ("dateTime", '= date and time("2030-01-15T00:00:00")', "2030-01-15"),
        ("time", '> time("07:00:00")', "08:00:00"),
        ("dayTimeDuration", '> duration("P1D")', "P2D"),
        ("feel:number", "48.5", "48.50"),
        ("number", "null", None),
    ],
)
def test_typed_input(kind: str, cell: str, value: object) -> None:
    assert made(table([("x", kind)], ["y"], [(cell, "1")]), x=value) == [{"y": 1}]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("number", "abc", "a number is needed, but this is the text 'abc'"),
        ("integer", "4.5", "a whole number is needed, but this is the text '4.5'"),
        ("boolean", 1, "true or false is needed, but this is a number"),
        ("string", {"a": 1}, "a text is needed, but this is a map"),
        ("date", "soon", "a date is needed, but this is the text 'soon'"),
        ("time", 7, "a time of day is needed, but this is a number"),
        ("number", True, "a number is needed, but this is true"),
    ],
)
def test_a_wrong_type_is_said_in_words(kind: str, value: object, message: str) -> None:
    logic = table([("x", kind)], ["y"], [("-", "1")])
    with pytest.raises(DecisionError) as error:
        made(logic, x=value)
    assert str(error.value) == f"The decision “dish”: input “x”: {message}"


def test_typed_outputs_are_made_theirs() -> None:
    outputs = [("day", "date"), ("n", "number"), ("t", "string"), ("b", "boolean"), ("e", "")]
    rules = [("-", '"2030-01-15"', '"7.5"', "7", '"TRUE"', "-")]
    assert made(table(["x"], outputs, rules), x=1) == [
        {"day": "2030-01-15", "n": "7.5", "t": "7", "b": True, "e": None}
    ]


def test_a_typed_output_that_is_not_says_where() -> None:
    logic = table(["x"], [("n", "number")], [("-", '"many"')])
    with pytest.raises(DecisionError, match=r"rule 1, output “n”: a number is needed"):
        made(logic, x=1)


def test_an_unknown_variable_is_an_error_that_names_the_cell() -> None:
    with pytest.raises(DecisionError) as error:
        made(table(["amount"], ["y"], [("> limit", "1")]), amount=1)
    assert str(error.value) == (
        "The decision “dish”: rule 1, input “amount”: There is no variable “limit” (at character 3)"
    )


def test_cells_call_functions_that_are_handed_in() -> None:
    logic = table(["x"], ["y"], [("superior(x)", "today()")])
    found = read_decisions("dish.dmn", definitions(decision(logic)))
    assert found.by_id["dish"].calls == {"superior", "today"}
    functions: Mapping[str, Callable[..., object]] = {
        "superior": lambda who: who,
        "today": lambda: date(2030, 1, 15),
    }
    assert decide(found.by_id, "dish", {"x": "ann"}, functions) == [{"y": "2030-01-15"}]


def test_juel_where_the_file_says_so() -> None:
    rules: Sequence[Sequence[str]] = [("${cellInput > limit}", "${concat('no. ', x)}")]
    logic = table(["x + 1"], ["y"], rules)
    content = definitions(decision(logic), inside=' expressionLanguage="juel"')
    found = read_decisions("dish.dmn", content)
    assert found.by_id["dish"].reads == {"x", "limit"}
    assert decide(found.by_id, "dish", {"x": 5, "limit": 5}) == [{"y": "no. 5"}]
    assert decide(found.by_id, "dish", {"x": 4, "limit": 5}) == []


def test_values_of_an_output_only_describe_where_no_order_is_asked_for() -> None:
    logic = table(["x"], ["y"], [("-", "1")], values="Approved, < nothing")
    assert made(logic, x=1) == [{"y": 1}]


def test_juel_where_it_is_written() -> None:
    logic = table(["${amount}"], ["y"], [("> 5", "${amount * 2}")])
    assert made(logic, amount=6) == [{"y": 12}]


@pytest.mark.parametrize(
    ("cell", "value", "holds"),
    [
        ("cellInput >= 18 && cellInput <= 30", 20, True),
        ("cellInput >= 18 && cellInput <= 30", 31, False),
        ('"Fall"', "Fall", True),
        ('"Fall"', "Winter", False),
        ("> 5", 6, True),
        ("== 'x'", "x", True),
        ("!= limit", 5, False),
    ],
)
def test_cells_of_juel(cell: str, value: object, holds: bool) -> None:
    logic = table(["x"], ["y"], [(cell, "'ok'")])
    content = definitions(decision(logic), inside=' expressionLanguage="juel"')
    found = decide(read_decisions("dish.dmn", content).by_id, "dish", {"x": value, "limit": 5})
    assert found == ([{"y": "ok"}] if holds else [])


def test_flowable_s_equals() -> None:
    assert made(table(["x"], ["y"], [('== "a"', "1")]), x="a") == [{"y": 1}]


def test_an_input_without_an_expression_is_the_variable_that_it_is_called_by() -> None:
    logic = table([("", "string")], ["y"], [('"submit"', "1")], variable="eventId")
    assert made(logic, eventId="submit") == [{"y": 1}]
    assert made(logic, eventId="close") == []
    found = read_decisions("dish.dmn", definitions(decision(logic)))
    assert found.by_id["dish"].reads == {"eventId"}


def test_an_input_that_is_called_as_its_variable_is_still_read() -> None:
    logic = table(["amount"], ["y"], [("amount > 5", "amount")], variable="amount")
    found = read_decisions("dish.dmn", definitions(decision(logic)))
    assert found.by_id["dish"].reads == {"amount"}
    assert decide(found.by_id, "dish", {"amount": 6}) == [{"y": 6}]


def test_a_single_output_without_a_name_is_called_as_the_decision() -> None:
    assert made(table(["x"], [""], [("1", "2")]), x=1) == [{"dish": 2}]


def test_every_cell_that_cannot_be_read_is_a_problem_by_its_id() -> None:
    rules = [("< ", "1"), ("5", "1 +"), ("=> 5", "ok")]
    content = definitions(decision(table(["x +"], ["y"], rules)))
    with pytest.raises(UnreadableDecisions) as error:
        read_decisions("dish.dmn", content)
    assert [(each.element, each.rule) for each in error.value.problems] == [
        ("i1", "expression"),
        ("r1c1", "expression"),
        ("r2c2", "expression"),
        ("r3c1", "expression"),
    ]
    assert "rule 1, input “x +”: '<': The expression ends too early" in str(error.value)
