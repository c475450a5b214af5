"""Call activities: what is called, in which version, and what is handed over."""

import pytest

from engine.diagrams.definition import Definition
from engine.tokens import Call, Mapped
from tests.diagrams.bpmn import chain, compiled, diagram, element, rules

S, E = element("startEvent", "s"), element("endEvent", "e")


def whole(inner: str = "", **attributes: str) -> bytes:
    called = element("callActivity", "x", inner, **{"calledElement": "sub", **attributes})
    return diagram(S + called + E + chain("s", "x", "e"))


def call(found: Definition) -> Call:
    step = next(each for each in found.net.graph.steps if each.id == "x")
    assert step.kind == "call"
    assert step.call is not None
    return step.call


def test_the_process_is_named_or_worked_out() -> None:
    assert call(compiled(whole())) == Call(process="sub")
    assert call(compiled(whole(calledElement="${which}"))).process == "${which}"


@pytest.mark.parametrize(
    ("attributes", "binding", "version"),
    [
        ({}, "latest", ""),
        ({"camunda__calledElementBinding": "deployment"}, "deployment", ""),
        ({"camunda__sameDeployment": "true"}, "deployment", ""),
        (
            {"camunda__calledElementBinding": "version", "camunda__calledElementVersion": "3"},
            "version",
            "3",
        ),
    ],
)
def test_which_version(attributes: dict[str, str], binding: str, version: str) -> None:
    found = call(compiled(whole(**attributes)))
    assert (found.binding, found.version) == (binding, version)


def test_what_is_handed_over_and_back() -> None:
    mapped = (
        "<bpmn:extensionElements><camunda:in source='a' target='b'/>"
        "<camunda:in sourceExpression='${1 + 1}' target='two'/>"
        "<camunda:in businessKey='#{execution.processBusinessKey}'/>"
        "<camunda:out variables='all'/></bpmn:extensionElements>"
    )
    found = call(compiled(whole(mapped)))
    assert found.ins == (
        Mapped(target="b", expression="${execution.getVariable('a')}"),
        Mapped(target="two", expression="${1 + 1}"),
    )
    assert found.outs == (Mapped(everything=True),)
    inherits = call(compiled(whole(camunda__inheritVariables="true")))
    assert (inherits.ins, inherits.outs) == ((Mapped(everything=True),), ())


@pytest.mark.parametrize(
    "attributes",
    [
        {"camunda__calledElementBinding": "newest"},
        {"camunda__calledElementBinding": "version"},
    ],
)
def test_a_version_that_cannot_be_found_is_refused(attributes: dict[str, str]) -> None:
    assert rules(whole(**attributes)) == [("x", "call")]


def test_a_mapping_without_a_target_is_refused() -> None:
    mapped = "<bpmn:extensionElements><camunda:out source='a'/></bpmn:extensionElements>"
    assert rules(whole(mapped)) == [("x", "call")]


def test_a_call_of_several_instances() -> None:
    loop = '<bpmn:multiInstanceLoopCharacteristics camunda:collection="${all}"/>'
    found = compiled(whole(loop))
    step = next(each for each in found.net.graph.steps if each.id == "x")
    assert step.each is not None
    assert step.each.collection == "${all}"


def test_a_call_that_names_no_process_calls_one_of_its_own_key() -> None:
    found = compiled(whole(calledElement=""))
    assert call(found).process == "x"
    assert ("x", "call") in [(each.element, each.rule) for each in found.warnings]


def test_a_tag_names_no_version_here() -> None:
    found = compiled(whole(camunda__calledElementBinding="versionTag"))
    assert call(found).binding == "latest"
    assert ("x", "call") in [(each.element, each.rule) for each in found.warnings]
