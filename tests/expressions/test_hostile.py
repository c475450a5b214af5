"""What an outsider would write into a diagram: refused in words, at once, and nothing happens."""

import time
from collections.abc import Callable

import pytest

from engine.expressions import ExpressionError, Template, compile_template, feel

HOSTILE = {
    "a": 1,
    "text": "x" * 50_000,
    "rows": [{"k": 1}] * 9_000,
    "many": list(range(20_000)),
    "big": 10**33,
}

JUEL = [
    "${__import__('os').system('true')}",
    "${''.__class__.__mro__[1].__subclasses__()}",
    "${''.getClass().forName('java.lang.Runtime')}",
    "${a.__class__}",
    "${text.format(a)}",
    "${rows.append(1)}",
    "${rows.__len__()}",
    "${a.to_bytes(1)}",
    "${Runtime.getRuntime().exec('true')}",
    "${runtimeService.deleteProcessInstance(a)}",
    "${9**9}",
    "${big * big}",
    "${" + "(" * 1_000 + "1" + ")" * 1_000 + "}",
    "${" + "!" * 3_000 + "a}",
    "${" + "a ? 1 : " * 400 + "2}",
    "${concat(text, text, text, text, text)}",
    "${where(many, 'k', 1)}",
    "${where(rows, 'k', 1).size() + where(rows, 'k', 1).size()}",
    "${text" + " + text" * 500 + "}",
    "${a" * 900,
    "${" * 2_000,
    "${'" + "x" * 4_000 + "'}",
    "${1e999999}",
    "${(lambda: a)()}",
    "${a if a else a}",
    "${[x for x in rows]}",
    "${{'a': 1}}",
    "${a; b}",
    "${a = 2}",
    "${`id`}",
    "${a\\}",
    "${S('" + "[" * 3_900 + "')}",
    "${rows.getClass().forName('x')}",
    "${execution.getEngineServices().getRuntimeService()}",
    "${text.matches('(x+)+y')}",
    "${'xxxxxxxxxxxxxxxxxxxxxxxxxxxx'.replaceAll('(x|x)*y', '')}",
    "${'xxxxxxxxxxxxxxxxxxxxxxxxxxxx'.split('" + "x?" * 30 + "y')}",
    "${text.concat(text).concat(text).concat(text).concat(text)}",
    "${a.plusYears(1)}",
    "${variables.rows.get(9)." + "x." * 1_900 + "y}",
]
FEEL = [
    '__import__("os")',
    "(function(f) f(f))(function(f) f(f))",
    "for x in 1..9999, y in 1..9999 return x",
    "for x in many, y in many return x",
    "some x in many, y in many satisfies x > 99999",
    "many[item > -1][item > -1]",
    "sort(many, function(x, y) x > y)",
    'string join(for x in 1..3000 return text, "")',
    "[" * 1_500 + "]" * 1_500,
    "{a: " * 700 + "1" + "}" * 700,
    "if a then " * 350,
    "not(" * 300 + "true" + ")" * 300,
    "-" * 3_999 + "1",
    "text.__class__.x(1)",
    'matches(text, "(x+)+y")',
    'replace(text, "(x+)+y", "")',
    'function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}',
    "/*" * 1_900,
    "for x in 1..1000000000 return x",
    "for x in 1..9000 return text + string(x)",
    "some x in 1..1000000000 satisfies false",
    "{a: text, b: a + a, c: b + b, d: c + c}",
]


def refused(compiler: Callable[[str], Template], text: str) -> None:
    began = time.process_time()
    with pytest.raises(ExpressionError) as error:
        compiler(text).evaluate(HOSTILE)
    assert error.value.message
    assert "Traceback" not in error.value.message
    assert time.process_time() - began < 2


@pytest.mark.parametrize("text", JUEL)
def test_juel(text: str) -> None:
    refused(compile_template, text)


@pytest.mark.parametrize("text", FEEL)
def test_feel(text: str) -> None:
    refused(feel, text)


@pytest.mark.parametrize(
    "text",
    [
        "9**999999999",
        "exp(99999999)",
        '@"P1Y" * 1e6000',
        "-1e6000 * 1e6000",
        "date(999999999, 1, 1)",
    ],
)
def test_numbers_without_end_are_null(text: str) -> None:
    assert feel(text).evaluate({}) is None


@pytest.mark.parametrize(
    "text",
    ["${1" + " + 1" * 900 + "}", "${true" + " && true" * 400 + "}", "${a" + ".b" * 1900 + "}"],
)
def test_long_is_not_deep(text: str) -> None:
    compile_template(text).evaluate({"a": None})


def test_data_that_contains_itself() -> None:
    data: list[object] = []
    data.append(data)
    for text in ("${a == b}", "${text(a)}", "x${a}", "${distinct(a)}", "${a.contains(b)}"):
        with pytest.raises(ExpressionError, match=r"nested more than 60 levels|more than 10000 st"):
            compile_template(text).evaluate({"a": data, "b": [data]})


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..2000 return many = many",
        "for i in 1..2000 return nested = nested",
        "for i in 1..2000 return nested[1] in nested",
        "for i in 1..900 return list contains(nested, nested[1])",
        "for i in 1..900 return distinct values(nested)",
        "for i in 1..2000 return wide.a",
    ],
)
def test_large_data_gone_through_often(text: str) -> None:
    nested = [[list(range(100)) for _ in range(100)]]
    wide = [{"a": list(range(100))} for _ in range(1_000)]
    began = time.process_time()
    with pytest.raises(ExpressionError, match="more than 10000 steps"):
        feel(text).evaluate({"many": list(range(10_000)), "nested": nested, "wide": wide})
    assert time.process_time() - began < 2


def test_lists_in_lists_without_end() -> None:
    data: list[object] = []
    data.append(data)
    with pytest.raises(ExpressionError):
        compile_template("${union(a)}").evaluate({"a": data})
    with pytest.raises(ExpressionError):
        feel("flatten(a)").evaluate({"a": data})
