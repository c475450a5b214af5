"""Decision tables and functions as the standard's conformance cases (the DMN TCK) have them."""

import pytest

from engine.decisions import decide, read_decisions
from tests.decisions.writing import (
    context,
    decision,
    definitions,
    entry,
    knowledge,
    literal,
    table,
)

APPLICANT = [("Age", "number"), ("RiskCategory", "string"), ("isAffordable", "boolean")]


def made(content: bytes, id: str, **variables: object) -> object:
    rows = decide(read_decisions("case.dmn", content).by_id, id, variables)
    return [list(row.values()) for row in rows]


@pytest.mark.parametrize(
    ("age", "risk", "affordable", "status"),
    [
        (18, "Medium", True, "Approved"),
        (17, "Medium", True, "Declined"),
        (18, "High", True, "Declined"),
        (18, "Medium", False, "Declined"),
        ("18", "Low", "true", "Approved"),
    ],
)
def test_0004_unique(age: object, risk: str, affordable: object, status: str) -> None:
    rules = [
        (">=18", '"Medium","Low"', "true", '"Approved"'),
        ("<18", '"Medium","Low"', "true", '"Declined"'),
        ("-", '"High"', "true", '"Declined"'),
        ("-", "-", "false", '"Declined"'),
    ]
    logic = table(APPLICANT, [""], rules, policy="UNIQUE", values='"Approved", "Declined"')
    content = definitions(decision(logic, "status", variable="Approval Status"))
    found = made(content, "status", Age=age, RiskCategory=risk, isAffordable=affordable)
    assert found == [[status]]


@pytest.mark.parametrize(
    ("age", "risk", "expected"),
    [
        (17, "High", [["Approved", "Standard"], ["Declined", "Standard"]]),
        (19, "Low", [["Approved", "Basic"]]),
        (10, "Low", [["Declined", "Standard"]]),
    ],
)
def test_0110_output_order(age: int, risk: str, expected: object) -> None:
    rules = [
        (">=18", '"Medium","Low"', "true", '"Approved"', '"Basic"'),
        ("<18", "-", "-", '"Declined"', '"Standard"'),
        ("-", '"High"', "-", '"Approved"', '"Standard"'),
    ]
    outputs = [("Approved/Declined", "string"), ("Rate", "string")]
    logic = table(APPLICANT, outputs, rules, policy="OUTPUT ORDER", values='"Approved", "Declined"')
    content = definitions(decision(logic, "status"))
    assert made(content, "status", Age=age, RiskCategory=risk, isAffordable=True) == expected


@pytest.mark.parametrize(
    ("symptom", "lists"),
    [("cough", ["Cold", "Flu"]), ("fever", ["Flu"]), ("bleeding", [])],
)
def test_0039_a_list_in_a_cell(symptom: str, lists: list[str]) -> None:
    rules = [
        ('"cough", "sore throat"', 'Symptom + ": Cold"'),
        ("Flu Symptoms", 'Symptom + ": Flu"'),
    ]
    logic = table([("Symptom", "string")], [""], rules, policy="COLLECT")
    logic = logic.replace("<decisionTable ", '<decisionTable typeRef="tListOfStrings" ')
    types = '<itemDefinition name="tListOfStrings" isCollection="true"><typeRef>string</typeRef>'
    inputs = '</itemDefinition><inputData id="f" name="Flu Symptoms"/>'
    content = definitions(types, inputs, decision(logic, "analysis"))
    variables = {"Symptom": symptom, "Flu Symptoms": ["fever", "cough"]}
    rows = decide(read_decisions("case.dmn", content).by_id, "analysis", variables)
    assert [row["analysis"] for row in rows] == [f"{symptom}: {each}" for each in lists]


PRICES = (
    '<relation><column name="itemName"/><column name="price"/>'
    + "".join(
        f"<row>{literal(name)}{literal(price)}</row>"
        for name, price in (('"widget"', "25"), ('"sprocket"', "15"), ('"trinket"', "1.5"))
    )
    + "</relation>"
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("every i in prices satisfies i.price > 10", False),
        ("some i in prices satisfies i.price > 10", True),
        ("every i in prices satisfies gtTen(i.price) = true", False),
        ("some i in in list values satisfies even(i)", True),
        ("every i in in list values satisfies even(i)", False),
        ('for i in in list values return if i = 2 then "two" else "other"', ["other", "two"]),
    ],
)
def test_0016_0084_some_every_and_names_with_words_of_the_language(
    expression: str, expected: object
) -> None:
    content = definitions(
        decision(PRICES, "p", variable="prices"),
        decision(literal("[1, 2]"), "v", variable="in list values"),
        knowledge(literal("theNumber > 10"), "gtTen", ["theNumber"]),
        decision(literal(expression), "d", requires=["p", "v"]),
    )
    assert made(content, "d") == [[expected]]


@pytest.mark.parametrize(
    ("price", "expected"), [(10, "In range"), (12.5, "In range"), (4, "Not in range")]
)
def test_0017_a_range_of_variables(price: object, expected: str) -> None:
    rules = [("[numB..numC]", '"In range"'), ("-", '"Not in range"')]
    logic = table(
        [("structA.price", "number")],
        [""],
        rules,
        policy="PRIORITY",
        values='"In range", "Not in range"',
    )
    content = definitions(decision(logic, "d"))
    assert made(content, "d", structA={"price": price}, numB=10, numC=15) == [[expected]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("made_2(2)", 3),
        ("bkm_3()(4)", 5),
        ("bkm_5(10)(2)", 20),
        ("bkm_8(10)(2, 3)", 6),
        ("bkm_10(2)(3)(4)(5)", 120),
        ("bkm_11(function (a) n * a, function (b) n * b)", 5000),
        ("bkm_11(bkm_12, bkm_12)", 5000),
    ],
)
def test_0092_functions_that_give_functions(expression: str, expected: object) -> None:
    content = definitions(
        decision(literal("function (a) 1 + a"), "two", variable="made_2"),
        knowledge(literal("function (a) 1 + a"), "bkm_3", []),
        knowledge(literal("function (b) a * b"), "bkm_5", ["a"]),
        knowledge(literal("function (a, b) a * b"), "bkm_8", ["a"]),
        knowledge(literal("function (b) function(c) function(d) a*b*c*d"), "bkm_10", ["a"]),
        knowledge(literal("fn1(5) * fn2(10)"), "bkm_11", ["fn1", "fn2"]),
        knowledge(literal("a * 10"), "bkm_12", ["a"]),
        decision(literal(expression), "d", requires=["two"]),
    )
    assert made(content, "d", n=10) == [[expected]]


def test_0092_a_function_keeps_what_it_saw() -> None:
    content = definitions(
        knowledge(literal("function (b) a * b"), "bkm", ["a"]),
        decision(context(entry("a", literal("10")), entry("", literal("bkm(100)(2)"))), "d"),
    )
    assert made(content, "d") == [[200]]


@pytest.mark.parametrize(
    ("kind", "expression", "expected"),
    [
        ("tNumberList", "10", [10]),
        ("tNumberList", "null", None),
        ("number", "[10]", 10),
        ("string", '["foo"]', "foo"),
        ("tNameAndAge", '{name: "foo", age: 10}', {"name": "foo", "age": 10}),
    ],
)
def test_0082_a_value_and_a_list_of_it(kind: str, expression: str, expected: object) -> None:
    types = (
        '<itemDefinition name="tNumberList" isCollection="true"><typeRef>number</typeRef>'
        '</itemDefinition><itemDefinition name="tNameAndAge"><itemComponent name="name"/>'
        '<itemComponent name="age"/></itemDefinition>'
    )
    content = definitions(types, decision(literal(expression), "d", variable="v", kind=kind))
    assert made(content, "d") == [[expected]]
