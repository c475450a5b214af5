"""Which variables a generated form asks for, and as what."""

import pytest

from engine.desk import desk_of
from engine.diagrams.definition import Definition
from engine.diagrams.needed import needed
from forms import Wanted
from tests.diagrams.bpmn import chain, compiled, diagram, element, flow, form, properties, task

S, E = element("startEvent", "s"), element("endEvent", "e")


def gated(condition: str, before: str = "") -> Definition:
    """A task, then an exclusive gateway with this condition."""
    return compiled(
        diagram(
            S
            + task("a", before)
            + element("exclusiveGateway", "g", default="no")
            + task("b")
            + E
            + chain("s", "a", "g")
            + flow("g", "b", condition)
            + flow("g", "e", id="no")
            + chain("b", "e")
        )
    )


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("${approved}", [Wanted("approved", "boolean")]),
        (
            "#{!rejected && (urgent or x == true)}",
            ["rejected boolean", "urgent boolean", "x boolean"],
        ),
        ("${ok == 'true'}", ["ok boolean"]),
        ("${amount > 5000}", ["amount number"]),
        ("${5000 lt amount && days - 3 > limit}", ["amount number", "days number", "limit number"]),
        ("${result1 == 'yes' || result1 eq \"no\"}", [Wanted("result1", "choice", ("yes", "no"))]),
        ("${kind.equals('leave')}", [Wanted("kind", "choice", ("leave",))]),
        ("${code == 1 || code == 'one'}", ["code text"]),
        ("${empty note}", ["note text"]),
        ("${name.startsWith('x')}", ["name text"]),
        ("${day > '2030-01-01'}", ["day text"]),
        ("${a1 == b1}", ["a1 text", "b1 text"]),
        (
            "${urgent ? amount > 5 : level == 'high'}",
            ["urgent boolean", "amount number", Wanted("level", "choice", ("high",))],
        ),
        ("${order.total > 5}", []),
        ("${initiator == 'gm' && number != null && a_answers != null}", []),
        ("${-amount == -5}", ["amount number"]),
        ("${x == null}", ["x text"]),
    ],
)
def test_what_a_condition_needs(condition: str, wanted: list[Wanted | str]) -> None:
    found = needed(gated(condition), "a")
    assert [said(each) for each in found] == [said(each) for each in wanted]


def said(wanted: Wanted | str) -> str:
    if isinstance(wanted, str):
        return wanted
    return " ".join((wanted.name, wanted.kind, *wanted.choices))


def test_ways_are_followed_to_the_next_that_waits() -> None:
    found = compiled(
        diagram(
            S
            + task("a")
            + element("exclusiveGateway", "g", default="n1")
            + element("task", "note")
            + element("inclusiveGateway", "h", default="n2")
            + task("b")
            + element("exclusiveGateway", "k", default="n3")
            + E
            + chain("s", "a", "g")
            + flow("g", "note", "${first}")
            + flow("g", "e", id="n1")
            + chain("note", "h")
            + flow("h", "b", "${second}")
            + flow("h", "e", id="n2")
            + chain("b", "k")
            + flow("k", "e", "${third}")
            + flow("k", "a", id="n3")
        )
    )
    assert [each.name for each in needed(found, "a")] == ["first", "second"]
    assert [each.name for each in needed(found, "b")] == ["third"]
    assert needed(found, "s") == ()


def test_into_a_sub_process_and_out_of_it() -> None:
    inner = (
        element("startEvent", "is")
        + element("exclusiveGateway", "ig", default="in")
        + task("b")
        + element("endEvent", "ie")
        + chain("is", "ig")
        + flow("ig", "b", "${inside}")
        + flow("ig", "ie", id="in")
        + chain("b", "ie")
    )
    found = compiled(
        diagram(
            S
            + task("a")
            + element("subProcess", "sub", inner)
            + element("exclusiveGateway", "g", default="no")
            + E
            + task("c")
            + chain("s", "a", "sub", "g")
            + flow("g", "c", "${outside}")
            + flow("g", "e", id="no")
            + chain("c", "e")
        )
    )
    assert [each.name for each in needed(found, "a")] == ["inside", "outside"]
    assert [each.name for each in needed(found, "b")] == ["outside"]


def test_the_generated_form_has_fields_of_these_kinds() -> None:
    found = gated("${ok && amount > 5 && kind == 'x' && note != other}")
    kinds = {field.key: field.kind for field in desk_of(found, "a").form.fields}
    assert kinds == {
        "ok": "checkbox",
        "amount": "decimal",
        "kind": "select",
        "note": "text",
        "other": "text",
    }
    assert desk_of(found, None).form.fields == ()


def test_votes_and_what_other_forms_ask_are_not_asked_again() -> None:
    vote = properties(approval="single", approval__onRejected="end")
    assert desk_of(gated("${ok}", vote), "a").form.fields == ()
    content = diagram(
        element("startEvent", "s", camunda__formRef="start")
        + task("a")
        + element("exclusiveGateway", "g", default="no")
        + E
        + chain("s", "a", "g")
        + flow("g", "e", "${amount > 5 && ok}")
        + flow("g", "a", id="no")
    )
    desk = desk_of(compiled(content, start_form=form("start", "amount")), "a")
    assert list(desk.form.by_key) == ["ok"]
