"""Files of decisions: what requires what, expressions in boxes, and what is refused by name."""

import time

import pytest

from engine.decisions import (
    DecisionError,
    UnreadableDecisions,
    decide,
    read_decisions,
    result_value,
)
from tests.decisions.writing import (
    context,
    decision,
    definitions,
    entry,
    knowledge,
    literal,
    table,
)

SEASON = decision(
    table(["month"], ["season"], [("[3..5]", '"spring"'), ("not([3..5])", '"other"')]),
    id="season",
    name="Which season",
)
DISH = decision(
    table(
        ["season", "guests"],
        ["dish", "plates"],
        [('"spring"', "< 5", '"veal"', "guests"), ("-", ">= 5", '"stew"', "guests + 1")],
        policy="FIRST",
    ),
    requires=["season"],
)


def made(content: bytes, id: str = "dish", **variables: object) -> list[dict[str, object]]:
    return decide(read_decisions("file.dmn", content).by_id, id, variables)


def problems(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(UnreadableDecisions) as error:
        read_decisions("file.dmn", content)
    return [(each.element, each.rule) for each in error.value.problems]


def test_a_decision_is_made_after_what_it_requires() -> None:
    content = definitions(DISH, SEASON)
    assert made(content, month=4, guests=3) == [{"dish": "veal", "plates": 3}]
    assert made(content, month=8, guests=5) == [{"dish": "stew", "plates": 6}]
    assert made(content, "season", month=8) == [{"season": "other"}]
    assert read_decisions("file.dmn", content).by_id["dish"].reads == {"month", "guests"}


def test_what_was_required_is_known_by_variable_output_name_and_id() -> None:
    numbers = table(["x"], ["n"], [("-", "1"), ("-", "2")], policy="COLLECT")
    parts = table(["x"], ["a", "b"], [("-", "1", "2")])
    written = "[Some numbers, n, numbers, both.b, a, Sum of n, missing]"
    content = definitions(
        decision(numbers, "numbers", name="Some numbers"),
        decision(parts, "parts", variable="both"),
        decision(literal("sum(n)"), "total", variable="Sum of n", requires=["numbers"]),
        decision(table(["x"], ["missing"], [("> 5", "1")]), "none"),
        decision(literal(written), requires=["numbers", "parts", "total", "none"]),
    )
    assert made(content, x=0) == [{"dish": [[1, 2], [1, 2], [1, 2], 2, 1, 3, None]}]


def test_a_long_chain_is_not_deep() -> None:
    chain = [decision(literal("0"), "d0", variable="v0")]
    chain += [
        decision(literal(f"v{n - 1} + 1"), f"d{n}", variable=f"v{n}", requires=[f"d{n - 1}"])
        for n in range(1, 400)
    ]
    assert made(definitions(*reversed(chain)), "d399") == [{"v399": 399}]


def test_a_diamond_is_made_once() -> None:
    parts = [decision(literal("1"), "d0", variable="v0")]
    for n in range(1, 60):
        before = [f"d{n - 1}", f"d{max(n - 2, 0)}"]
        logic = literal(f"v{n - 1} + v{max(n - 2, 0)}")
        parts.append(decision(logic, f"d{n}", variable=f"v{n}", requires=before))
    assert made(definitions(*parts), "d59") == [{"v59": 2504730781961}]


def test_circles_are_refused() -> None:
    content = definitions(
        decision(literal("b"), "a", requires=["b"]), decision(literal("a"), "b", requires=["a"])
    )
    assert problems(content) == [("b", "requirement")]
    assert problems(definitions(decision(literal("1"), requires=["dish"]))) == [
        ("dish", "requirement")
    ]


def test_a_result_has_the_type_of_its_variable() -> None:
    content = definitions(decision(literal("x"), variable="n", kind="number"))
    assert made(content, x="48.5") == [{"n": "48.5"}]
    with pytest.raises(DecisionError, match="a number is needed"):
        made(content, x="many")


def test_own_types() -> None:
    types = (
        '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"high","low"'
        '</text></allowedValues></itemDefinition><itemDefinition name="tLevels"'
        ' isCollection="true"><typeRef>tLevel</typeRef></itemDefinition>'
        '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
        '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
    )
    rules = [("-", '"low"'), ("-", '"high"')]
    logic = table([("x", "a")], [("y", "tLevel")], rules, policy="PRIORITY")
    assert made(definitions(types, decision(logic)), x={}) == [{"y": "high"}]
    listed = decision(literal("x"), variable="v", kind="tLevels")
    assert made(definitions(types, listed), x="7") == [{"v": ["7"]}]


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (
            context(
                entry("Net price", literal("100")),
                entry("tax", literal("Net price * 0.19")),
                entry("", literal("Net price + tax")),
            ),
            "119.00",
        ),
        (
            context(
                entry(
                    "f",
                    '<functionDefinition><formalParameter name="n" typeRef="number"/>'
                    + literal("n + 1")
                    + "</functionDefinition>",
                ),
                entry("r", literal("f(n: 2) + f(1)")),
                entry("", literal("r")),
            ),
            5,
        ),
        ("<list>" + literal("1") + literal("x") + "</list>", [1, 3]),
        (
            '<relation><column name="a"/><column name="b"/><row>' + literal("1") + literal('"z"')
            + "</row></relation>",
            [{"a": 1, "b": "z"}],
        ),
        (
            "<invocation>" + literal("add up") + '<binding><parameter name="b"/>' + literal("x")
            + '</binding><binding><parameter name="a"/>' + literal("4") + "</binding></invocation>",
            7,
        ),
        (literal("add up(1, x) + fac(5)"), 124),
        ('<conditional><if>' + literal("x > 2") + "</if><then>" + literal('"big"') + "</then><else>"
         + literal('"small"') + "</else></conditional>", "big"),
        ('<for iteratorVariable="i"><in>' + literal("[1..x]") + "</in><return>" + literal("i * i")
         + "</return></for>", [1, 4, 9]),
        ('<every iteratorVariable="i"><in>' + literal("[1, x]") + "</in><satisfies>"
         + literal("i > 1") + "</satisfies></every>", False),
        ('<some iteratorVariable="i"><in>' + literal("[1, x]") + "</in><satisfies>"
         + literal("i > 1") + "</satisfies></some>", True),
        ("<filter><in>" + literal("[1, x, 5]") + "</in><match>" + literal("item > 2")
         + "</match></filter>", [3, 5]),
    ],
)  # fmt: skip
def test_boxed_expression(logic: str, expected: object) -> None:
    content = definitions(
        knowledge(literal("a + b"), "add up", ["a", "b"]),
        knowledge(literal("if n < 2 then 1 else n * fac(n - 1)"), "fac", ["n"]),
        decision(logic, variable="result"),
    )
    assert made(content, x=3) == [{"result": expected}]
    assert read_decisions("file.dmn", content).by_id["dish"].reads <= {"x"}


def test_knowledge_can_be_a_table() -> None:
    levels = table(["amount"], [""], [("< 10", '"low"'), (">= 10", '"high"')])
    content = definitions(
        knowledge(levels, "level", ["amount"]),
        decision(literal("for a in [1, 10] return level(a)"), variable="r"),
    )
    assert made(content) == [{"r": ["low", "high"]}]


SERVED = (
    '<decisionService id="s" name="price"><outputDecision href="#net"/>{}'
    '<inputDecision href="#rate"/><inputData href="#i"/></decisionService>'
    '<inputData id="i" name="Gross amount"/>'
)


@pytest.mark.parametrize(
    ("more", "call", "expected"),
    [
        ("", "price(200, 0.1)", "180.0"),
        ("", "price(rate: 0.5, Gross amount: 10)", "5.0"),
        ('<outputDecision href="#off"/>', "price(100, 0.1)", {"net": "90.0", "off": "10.0"}),
    ],
)
def test_a_decision_service_is_a_function(more: str, call: str, expected: object) -> None:
    content = definitions(
        SERVED.format(more),
        decision(literal("0.25"), "rate", variable="rate"),
        decision(literal("Gross amount * rate"), "off", variable="off", requires=["rate"]),
        decision(literal("Gross amount - off"), "net", variable="net", requires=["off"]),
        decision(literal(call), variable="r"),
    )
    assert made(content) == [{"r": expected}]


def test_a_decision_service_that_calls_itself() -> None:
    service = '<decisionService id="s" name="f"><outputDecision href="#dish"/></decisionService>'
    with pytest.raises(DecisionError, match="calls itself too often"):
        made(definitions(service, decision(literal("f()"), variable="r")))


def test_knowledge_that_calls_itself_without_end() -> None:
    content = definitions(
        knowledge(literal("f(n + 1)"), "f", ["n"]), decision(literal("f(1)"), variable="r")
    )
    with pytest.raises(DecisionError, match="calls itself too often"):
        made(content)


def test_knowledge_that_takes_too_many_steps() -> None:
    content = definitions(
        knowledge(literal("for i in 1..5000 return i + n"), "f", ["n"]),
        decision(literal("for i in 1..5000 return f(i)"), variable="r"),
    )
    began = time.process_time()
    with pytest.raises(DecisionError, match="more than 300000 steps"):
        made(content)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ('<import name="x" namespace="y" importType="z" id="i"/>', ("i", "import")),
        (decision(literal("x", expressionLanguage="javascript", id="l")), ("l", "language")),
        (decision(literal("x", expressionLanguage="groovy")), ("dish", "language")),
        (decision(table(["x"], ["y"], [("1",)])), ("r1", "cells")),
        (decision(table(["x"], ["y"], [("1", "1")], policy="BEST")), ("t", "hit-policy")),
        (decision(table(["x"], ["y"], [("1", "1")], policy="PRIORITY")), ("o1", "hit-policy")),
        (
            decision(table(["x"], ["y"], [], policy="COLLECT", aggregation="MEAN")),
            ("t", "hit-policy"),
        ),
        (
            decision(table(["x"], ["y", "z"], [], policy="COLLECT", aggregation="SUM")),
            ("t", "hit-policy"),
        ),
        (decision(table(["x"], ["", ""], [])), ("o1", "output")),
        (decision(table(["x"], ["y", "y"], [])), ("o1", "output")),
        (decision(table(["x"], [], [])), ("t", "output")),
        (decision(table([""], ["y"], [("5", "1")])), ("i1", "input")),
        (decision(literal("1"), requires=["nobody"]), ("dish", "requirement")),
        (decision(literal("1"), id=""), ("d", "id")),
        (decision(literal("1"), id="x" * 201), ("x" * 200, "id")),
        (
            decision(context(entry("f", '<functionDefinition kind="Java">' + literal("{}")
                                   + "</functionDefinition>"))),
            ("dish", "boxed"),
        ),
        (decision(literal("x") + literal("y"), "dish") * 2, ("dish", "id")),
        (
            decision('<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
                     + literal("s(1)")),
            ("dish", "requirement"),
        ),
    ],
)  # fmt: skip
def test_refused_by_name(part: str, expected: tuple[str, str]) -> None:
    assert expected in problems(definitions(part))


def test_a_decision_that_is_only_drawn_is_left_out_with_a_warning() -> None:
    drawn = decision("", "drawn")
    found = read_decisions("file.dmn", definitions(drawn, SEASON))
    assert set(found.by_id) == {"season"}
    assert [(each.element, each.rule) for each in found.warnings] == [("drawn", "logic")]
    content = definitions(drawn, decision(literal("1"), requires=["drawn"]))
    assert problems(content) == [("dish", "requirement")]


def test_an_input_that_is_only_drawn_does_no_harm() -> None:
    wanted = '<informationRequirement><requiredInput href="#gone"/></informationRequirement>'
    found = read_decisions("file.dmn", definitions(decision(wanted + literal("x"), variable="v")))
    assert [(each.element, each.rule) for each in found.warnings] == [("dish", "requirement")]
    assert decide(found.by_id, "dish", {"x": 1}) == [{"v": 1}]


def test_a_decision_that_is_not_there() -> None:
    with pytest.raises(DecisionError, match="There is no decision “other”"):
        made(definitions(SEASON), "other")


@pytest.mark.parametrize(
    ("how", "rows", "expected"),
    [
        ("single-entry", [{"a": 1}], 1),
        ("single-entry", [], None),
        ("single-result", [{"a": 1, "b": 2}], {"a": 1, "b": 2}),
        ("single-result", [], None),
        ("collect-entries", [{"a": 1}, {"a": 2}], [1, 2]),
        ("collect-entries", [], []),
        ("result-list", [{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 2}]),
    ],
)
def test_a_result_becomes_a_variable(
    how: str, rows: list[dict[str, object]], expected: object
) -> None:
    assert result_value(rows, how) == expected  # type: ignore[arg-type]  # a name of the table


@pytest.mark.parametrize(
    ("how", "rows", "message"),
    [
        ("single-entry", [{"a": 1}, {"a": 2}], "One result is wanted, but 2 rules hold"),
        ("single-entry", [{"a": 1, "b": 2}], "One output is wanted, but there are several: a, b"),
        ("single-result", [{"a": 1}, {"a": 2}], "One result is wanted, but 2 rules hold"),
        ("collect-entries", [{"a": 1, "b": 2}], "One output is wanted"),
    ],
)
def test_a_result_that_is_more_than_the_variable(
    how: str, rows: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(DecisionError, match=message):
        result_value(rows, how)  # type: ignore[arg-type]  # a name of the table


NESTED = "<x>" * 70 + "</x>" * 70


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "xml"),
        (b"plain", "xml"),
        (b"<definitions/>", "dmn"),
        (b"<html><body/></html>", "dmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "dmn"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><definitions/>', "doctype"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><definitions/>'.encode("utf-16"), "doctype"),
        (definitions(NESTED), "size"),
        (definitions("<x/>" * 60_001), "size"),
        (b" " * (2 * 1024 * 1024 + 1), "size"),
        (definitions(decision(table(["x"], ["y"], [("-", "1")] * 3_001))), "size"),
        (definitions(*(decision(literal("1"), f"d{n}") for n in range(501))), "size"),
        (
            definitions(*(decision(literal("x + " * 900 + "1"), f"d{n}") for n in range(200))),
            "size",
        ),
        (
            definitions(*(f'<inputData name="a b{n}" id="i{n}"/>' for n in range(501))),
            "size",
        ),
    ],
)
def test_hostile_bytes(content: bytes, rule: str) -> None:
    began = time.process_time()
    assert rule in {found for _, found in problems(content)}
    assert time.process_time() - began < 5
