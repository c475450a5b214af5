"""The rules of docs/expressions.md for `${…}`, line by line."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import (
    ExpressionError,
    compile_template,
    standard_functions,
    unknown_methods,
)

DATA: dict[str, Any] = {
    "amount": 6000,
    "price": "48.5",
    "code": "007",
    "rejected": False,
    "nothing": None,
    "blank": "",
    "kind": "需求变更",
    "rows": [{"id": 1, "ok": True}, {"id": 2, "ok": False}],
    "people": ["ann", "bo"],
    "order": {"number": "(26)卡字002", "dates": {"end": "2026-11-20"}, "empty": 3},
    "filed": "2026-11-20",
    "at": "2026-11-20T17:00:00+08:00",
    "today": date(2026, 11, 21),
    "now": datetime.fromisoformat("2026-11-20T10:00:00+00:00"),
    "金额": 12,
}


def value(text: str) -> object:
    return compile_template(text).evaluate(DATA)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one expression gives its value, everything else is text
        ("${amount}", 6000),
        ("#{amount}", 6000),
        (" \n ${ amount }\n", 6000),
        ("${people}", ["ann", "bo"]),
        ("plain", "plain"),
        ("", ""),
        ("a ${amount}-${price} b", "a 6000-48.5 b"),
        ("${nothing}!", "!"),
        ("${people}!", "ann, bo!"),
        ("${rejected}!", "false!"),
        (r"\${amount}", "${amount}"),
        (r"\${amount} is ${amount}", "${amount} is 6000"),
        ("${'}'}", "}"),
        ('${"it\'s"}', "it's"),
        (r"${'it\'s \\'}", "it's \\"),
        # arithmetic: whole numbers stay whole, division never gives a float
        ("${1 + 2 * 3 - 4}", 3),
        ("${(1 + 2) * 3}", 9),
        ("${10 / 4}", Decimal("2.5")),
        ("${10 div 5}", Decimal(2)),
        ("${7 % 3}", 1),
        ("${-7 mod 3}", -1),
        ("${-amount}", -6000),
        ("${price + 1}", Decimal("49.5")),
        ("${price * 2}", Decimal("97.0")),
        ("${'5' + '6'}", 11),
        ("${'5' + 'x'}", "5x"),
        ("${'no. ' + 1 + 2}", "no. 12"),
        ("${nothing + 1}", 1),
        ("${nothing + 'x'}", "x"),
        ("${0.1 + 0.2 == 0.3}", True),
        ("${金额 * 2}", 24),
        # dates
        ("${today - date(filed)}", timedelta(days=1)),
        ("${today + duration('P1D')}", date(2026, 11, 22)),
        ("${today - duration('P1M')}", date(2026, 10, 21)),
        # equality
        ("${true == 'true'}", True),
        ("${true == 'TRUE'}", True),
        ("${rejected == 'false'}", True),
        ("${true == 'yes'}", False),
        ("${false == 'yes'}", False),
        ("${true == 1}", False),
        ("${amount == '6000'}", True),
        ("${amount == 6000.0}", True),
        ("${price == 48.50}", True),
        ("${price == '48.50'}", False),
        ("${code == '7'}", False),
        ("${code == 7}", True),
        ("${kind eq '需求变更'}", True),
        ("${amount ne 1}", True),
        ("${amount == 'x'}", False),
        ("${nothing == null}", True),
        ("${nothing == ''}", False),
        ("${amount != null}", True),
        ("${filed == date(filed)}", True),
        ("${people == list('ann', 'bo')}", True),
        ("${people == list('bo', 'ann')}", False),
        # order: numbers by value, also where both are texts; null never holds
        ("${amount > 5000}", True),
        ("${price lt 100}", True),
        ("${'100.5' > '20'}", True),
        ("${'b' > 'a'}", True),
        ("${nothing < 5}", False),
        ("${nothing > 5}", False),
        ("${nothing <= nothing}", False),
        ("${filed < today}", True),
        ("${at <= now}", True),
        ("${at < today}", True),
        ("${filed >= '2026-11-19'}", True),
        ("${at < '2026-11-20T10:00:00Z'}", True),
        # logic
        ("${amount > 5000 && !rejected}", True),
        ("${amount gt 5000 and not rejected}", True),
        ("${rejected || amount ge 6000}", True),
        ("${true or missing}", True),
        ("${false && missing}", False),
        ("${!nothing}", True),
        ("${nothing && true}", False),
        ("${not 'false'}", True),
        ("${blank || true}", True),
        ("${rejected ? 'a' : amount > 1 ? 'b' : 'c'}", "b"),
        ("${nothing ? 1 : 2}", 2),
        # empty
        ("${empty nothing}", True),
        ("${empty blank}", True),
        ("${empty list()}", True),
        ("${empty people}", False),
        ("${not empty people}", True),
        ("${empty amount}", False),
        # members, indexes, methods: of data only, and of null null
        ("${order.number}", "(26)卡字002"),
        ("${order['number']}", "(26)卡字002"),
        ("${order.dates.end}", "2026-11-20"),
        ("${order.empty}", 3),
        ("${order.missing}", None),
        ("${order.missing.deeper}", None),
        ("${order.__class__}", None),
        ("${nothing.x.y}", None),
        ("${nothing[0]}", None),
        ("${people[0]}", "ann"),
        ("${people['1']}", "bo"),
        ("${people[2]}", None),
        ("${people[-1]}", None),
        ("${rows[1].id}", 2),
        ("${nothing.size()}", None),
        ("${people.size() > 1}", True),
        ("${people.contains('bo')}", True),
        ("${people.get(1)}", "bo"),
        ("${people.isEmpty()}", False),
        ("${people.indexOf('bo')}", 1),
        ("${order.size()}", 3),
        ("${order.get('empty')}", 3),
        ("${order.containsKey('x')}", False),
        ("${kind.equals('需求变更')}", True),
        ("${amount.equals(6000)}", True),
        ("${kind.startsWith('需求')}", True),
        ("${kind.endsWith('变更')}", True),
        ("${kind.contains('求变')}", True),
        ("${kind.length()}", 4),
        ("${amount.toString()}", "6000"),
        ("${' a '.trim().toUpperCase()}", "A"),
        ("${'Yes'.equalsIgnoreCase('yes')}", True),
        ("${kind.substring(2)}", "变更"),
        ("${kind.substring(0, 2)}", "需求"),
        ("${'a-b'.replace('-', '+')}", "a+b"),
        ("${'a1b22'.replaceAll('[0-9]+', '#')}", "a#b#"),
        ("${'a, b;c'.split('[,;] ?')}", ["a", "b", "c"]),
        ("${'ABC-12'.matches('[A-Z]{3}-[0-9]+')}", True),
        ("${'ABC-12x'.matches('[A-Z]{3}-[0-9]+')}", False),
        ("${people.lastIndexOf('bo')}", 1),
        ("${people.containsAll(list('bo'))}", True),
        ("${price.intValue()}", 48),
        ("${price.compareTo(6) > 0}", True),
        ("${blank.isBlank()}", True),
        ("${order.keySet()}", ["number", "dates", "empty"]),
        ("${order.values().size()}", 3),
        ("${order.containsValue(3)}", True),
        ("${order.getOrDefault('x', 7)}", 7),
        ("${'Yes'.toLowerCase().equals('yes') ? 1 : 2}", 1),
        # dates as diagrams move them
        ("${filed.plusDays(2)}", date(2026, 11, 22)),
        ("${at.minusHours(1)}", datetime.fromisoformat("2026-11-20T16:00:00+08:00")),
        ("${today.plusMonths(1).plusYears(1).toDate()}", date(2027, 12, 21)),
        ("${now > at}", True),
        ("${at < '2026-11-20T17:00:01'}", True),
        ("${at == '2026-11-20T17:00:00'}", False),
        ("${today.after(filed) && filed.isBefore(today)}", True),
        ("${at.withTimeAtStartOfDay()}", datetime.fromisoformat("2026-11-20T00:00:00+08:00")),
        ("${at.getTime()}", 1795165200000),
        ("${today.getYear() * 100 + today.getMonthValue()}", 202611),
        # Camunda's and Flowable's ways to ask for a variable that may not exist
        ("${execution.getVariable('amount')}", 6000),
        ("${execution.getVariable('missing') == null}", True),
        ("${execution.getVariable(rows[0].id)}", None),
        ("${execution.hasVariable('missing')}", False),
        ("${execution.getVariableLocal('amount') > 1}", True),
        ("${execution.getVariables().get('amount')}", 6000),
        ("${variables.containsKey('missing')}", False),
        ("${variables.amount}", 6000),
        ("${variables['missing']}", None),
        ("${variables:get(missing)}", None),
        ("${vars:get('amount') + 1}", 6001),
        ("${var:getOrDefault(missing, 5)}", 5),
        ("${variables:exists(nothing)}", False),
        ("${variables:isEmpty(blank)}", True),
        ("${variables:eq(kind, '需求变更')}", True),
        ("${variables:gte(amount, 6000)}", True),
        ("${variables:lessThan(missing, 6000)}", False),
        ("${variables:contains(people, 'bo')}", True),
        ("${rejected ? var:get(x) : vars:get(amount)}", 6000),
        ("${fn:length(people) + fn:length(kind)}", 6),
        ("${fn:contains(kind, '求')}", True),
        # Spin: JSON data
        ("${order.prop('dates').prop('end').stringValue()}", "2026-11-20"),
        ("""${S('{"n": 2.50, "ok": true}').prop('n').numberValue()}""", Decimal("2.50")),
        ("${S(order).hasProp('x')}", False),
    ],
)
def test_rule(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("${null}", False),
        ("${nothing}", False),
        ("${blank}", False),
        ("${'true'}", True),
        ("${'False'}", False),
        ("true", True),
        ("${nothing.size() > 3}", False),
    ],
)
def test_condition(condition: str, holds: bool) -> None:
    assert compile_template(condition).holds(DATA) is holds


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        # what can't be read
        ("${amount = 1}", "“=” can't stand here: to compare, write “==”", 10),
        ("${amount >}", "The expression ends too early", 11),
        ("${amount => 1}", "“=>” can't stand here: write >=", 10),
        ("${amount === 1}", "“===” can't stand here: write ==", 10),
        ("${amount <> 1}", "“<>” can't stand here: write !=", 10),
        ("${kind == “x”}", "““” can't stand here: write \"", 11),
        ("${kind == ‘x’}", "“‘” can't stand here: write '", 11),
        ("${amount > 1 AND rejected}", "“AND” can't stand here: write and", 14),
        ("${amount 5}", "“5” can't stand here", 10),
        ("${amount > 5", "“${” has no closing “}”", 1),
        ("${'abc}", "“${” has no closing “}”", 1),
        ("${}", "There is nothing between the braces", 3),
        ("x ${ } y", "There is nothing between the braces", 5),
        ("${''.getClass()}", "There is no method “getClass” on data", 6),
        ("${people.get()}", "“.get()” takes one value", 10),
        ("${kind.substring(1, 2, 3)}", "“.substring()” takes one value", 8),
        ("${kind.replace('x')}", "“.replace()” takes two values", 8),
        ("${execution.getVariable()}", "“execution.getVariable” can't take 0 values", 3),
        ("${fn:trim()}", "“fn:trim” takes a value", 3),
        ("${f()()}", "Only a function's name can stand before “(”", 3),
        (r"${'\n'}", "“\\n” is not known: a backslash stands before a quote or a backslash", 3),
        ("${" + "9" * 50 + "}", "This number has too many digits", 3),
        # what can't be evaluated
        ("${missing}", "There is no variable “missing”", 3),
        ("a ${amount} ${missing > 5}", "There is no variable “missing”", 15),
        ("${empty missing}", "There is no variable “missing”", 9),
        ("${superior(amount)}", "There is no function “superior”", 3),
        ("${bean.approve(amount)}", "There is no function “bean.approve”", 3),
        ("${amount.getClass()}", "There is no function “amount.getClass”", 3),
        ("${amount.__class__}", "“.__class__” needs a map, but this is a number", 10),
        ("${kind.x}", "“.x” needs a map, but this is the text '需求变更'", 8),
        ("${kind[0]}", "“[…]” needs a list or a map, but this is the text '需求变更'", 8),
        ("${people['x']}", "A list's index is a whole number, but this is the text 'x'", 10),
        ("${amount > 'x'}", "Can't compare a number with the text 'x'", 10),
        ("${people > 1}", "Can't compare a list with a number", 10),
        ("${amount - 'x'}", "A number is needed here, but this is the text 'x'", 10),
        ("${amount / 0}", "Division by zero", 10),
        ("${amount mod 0}", "Division by zero", 10),
        ("${people + 1}", "Can't add a list and a number", 10),
        ("${amount && true}", "A condition must be true or false, but this is a number", 3),
        (
            "${kind ? 1 : 2}",
            "A condition must be true or false, but this is the text '需求变更'",
            3,
        ),
        ("${!kind}", "A condition must be true or false, but this is the text '需求变更'", 3),
        ("${sum()}", "The function “sum” can't take 0 values", 3),
        ("${pluck(people, 'x')}", "The list's items must be maps, but one is the text 'ann'", 3),
        ("${kind.substring(9)}", "“.substring()” goes beyond the text's 4 characters", 8),
        ("${people.plusDays(1)}", "“.plusDays()” needs a date, but this is a list", 10),
        ("${today.plusDays(0.5)}", "“.plusDays()” needs a whole number, but this is a number", 9),
        ("${today.plusYears(9999)}", "The date would lie outside the years 1 to 9999", 9),
        ("${kind.intValue()}", "A number is needed here, but this is the text '需求变更'", 8),
        ("${people.keySet()}", "“.keySet()” needs a map, but this is a list", 10),
        ("${S('{')}", "This text is no JSON: Expecting property name enclosed in double quotes", 3),
        (
            "${kind.replaceAll('(a+)+b', '')}",
            "The pattern '(a+)+b' repeats a group, which could take long",
            8,
        ),
        (
            "${concat(kind, kind, kind, kind).split('.*.*.*.*.*.*a')}",
            "The pattern '.*.*.*.*.*.*a' could take too long on this text",
            34,
        ),
        ("${authenticatedUserId}", "There is no variable “authenticatedUserId”", 3),
        ("${today + duration('P9999Y')}", "The date would lie outside the years 1 to 9999", 9),
    ],
)
def test_error_in_words(text: str, message: str, place: int) -> None:
    with pytest.raises(ExpressionError) as error:
        compile_template(text).evaluate(DATA)
    assert error.value.message == message
    assert str(error.value) == f"{message} (at character {place})"


def test_a_number_is_no_condition() -> None:
    with pytest.raises(ExpressionError, match="must be true or false"):
        compile_template("${amount}").holds(DATA)
    with pytest.raises(ExpressionError, match="must be true or false"):
        compile_template("approved").holds(DATA)


def test_what_it_reads_and_calls() -> None:
    found = compile_template(
        "${a.b > c[d] && f(e) ? bean.ask(g) : 'h'}${execution.getVariable('i')}"
    )
    assert found.reads == {"a", "c", "d", "e", "g", "i"}
    assert found.calls == {"f", "bean.ask"}
    assert not found.constant
    assert compile_template("plain").constant


def test_the_caller_hands_in_functions() -> None:
    functions: dict[str, Callable[..., object]] = {
        "superior": {"ann": "bo"}.get,
        "bean.ask": lambda: ("x", "y"),
    }
    assert compile_template("${superior('ann')}").evaluate({}, functions) == "bo"
    assert compile_template("${bean.ask()}").evaluate({}, functions) == ["x", "y"]


def test_a_bean_s_method_stands_for_a_provided_function() -> None:
    beans = {"mail.send": "notify", "rows.contains": "known"}
    found = compile_template("${mail.send(to, 'x')} ${rows.contains(1)}", beans)
    functions: dict[str, Callable[..., object]] = {
        "notify": lambda who, what: f"{who}: {what}",
        "known": lambda number: number == 1,
    }
    assert found.calls == {"notify", "known"}
    assert found.evaluate({"to": "ann"}, functions) == "ann: x true"
    assert compile_template("${mail.send(to, 'x')}").calls == {"mail.send"}


def test_a_bean_s_method_that_wants_the_execution_gets_the_variables() -> None:
    found = compile_template("${check.isDone(execution, 2)}", {"check.isDone": "done"})
    functions: dict[str, Callable[..., object]] = {"done": lambda seen, n: seen["votes"] >= n}
    assert found.reads == set()
    assert found.evaluate({"votes": 2}, functions) is True


def test_methods_of_beans_that_nobody_provides_are_named() -> None:
    found = compile_template("${mail.send(to) && a.b.c(1) && count(d) && people.size() > f(1)}")
    assert unknown_methods(found) == ("a.b.c", "mail.send")
    assert unknown_methods(found, {"mail.send"}) == ("a.b.c",)


def test_the_clock_under_camunda_s_name() -> None:
    found = compile_template("${dateTime().plusDays(2).toDate()}")
    assert found.calls == {"now"}
    assert found.evaluate({}, {"now": lambda: DATA["now"]}) == DATA["now"] + timedelta(days=2)


def test_what_is_asked_by_name_counts_as_read() -> None:
    found = compile_template(
        "${execution.hasVariable('a') && variables:get(b) == variables.c && vars:eq('d', e)}"
    )
    assert found.reads == {"a", "b", "d", "e"}


def test_a_function_that_fails_is_an_error_in_words() -> None:
    def refuses(value: object) -> object:
        raise ValueError("no such person")

    with pytest.raises(ExpressionError, match=r"“superior” failed: no such person"):
        compile_template("${superior('x')}").evaluate({}, {"superior": refuses})


def test_standard_functions_are_a_table() -> None:
    assert "where" in standard_functions


def test_the_same_text_is_compiled_once() -> None:
    assert compile_template("${amount > 1}") is compile_template("${amount > 1}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${order.getNumber()}", "(26)卡字002"),
        ("${order.getDates().getEnd()}", "2026-11-20"),
        ("${order.getDates().getEnd().length()}", 10),
        ("${rows[0].isOk()}", True),
        ("${order.isEmpty()}", False),
        ("${order.get('empty')}", 3),
        ("${Integer.parseInt(price)}", 48),
        ("${java.lang.Boolean.valueOf('true')}", True),
        ("${String.valueOf(amount).length()}", 4),
        ("${KieFunctions.equalsTo(kind, '需求变更')}", True),
        ("${KieFunctions.isTrue(rejected)}", False),
    ],
)
def test_getters_and_conversions_of_java_are_read_of_data(text: str, expected: object) -> None:
    template = compile_template(text)
    assert template.evaluate(DATA) == expected
    assert not template.calls


@pytest.mark.parametrize("text", ["processInstanceId", "getProcessInstanceId()", "id", "getId()"])
def test_the_execution_is_the_request(text: str) -> None:
    assert compile_template(f"${{execution.{text}}}").evaluate({"me": "R1"}) == "R1"
    key = compile_template("${execution.processBusinessKey}")
    assert key.evaluate({"number": "N1"}) == "N1"


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("${approverService.getApprover()}", {"approverService.getApprover"}),
        ("${flowUtils.isOpen()}", {"flowUtils.isOpen"}),
        ("${order.getLine(1)}", {"order.getLine"}),
        ("${order.find()}", {"order.find"}),
        ("${order.getClass()}", {"order.getClass"}),
        ("${execution.getEngineServices()}", {"execution.getEngineServices"}),
    ],
)
def test_methods_of_beans_stay_calls(text: str, calls: set[str]) -> None:
    assert compile_template(text).calls == calls
