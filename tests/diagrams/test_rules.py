"""Every lint rule has an example that it finds nothing in, and one in which it finds what it
names (tests/diagrams/rules/<rule>)."""

from pathlib import Path

import pytest

import forms
from engine.diagrams import rules, source
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Problem, Undeployable
from engine.diagrams.rules import BUILT, DRAWN
from engine.diagrams.subjects import Drawn

EXAMPLES = Path(__file__).parent / "rules"
DOCUMENT = Path(__file__).parents[2] / "docs" / "rules-of-diagrams.md"
FUNCTIONS = {"superior", "head", "department", "holders", "now"}


def files(rule: str, which: str) -> dict[str, bytes]:
    """The example and what lies beside it; `invalid.form` is for the invalid one alone."""
    folder = EXAMPLES / rule.lower()
    others = {"valid": "invalid", "invalid": "valid"}
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.stem != others[which]}


def findings(rule: str, which: str) -> tuple[Problem, ...]:
    """All that is said of the example; what refuses it, where it is refused."""
    given = files(rule, which)
    try:
        found = compile_definition(given, forms.read, functions=FUNCTIONS)
    except Undeployable as refused:
        return refused.problems
    return found.warnings


def drawn(rule: str, which: str) -> Drawn:
    """The example as drawn."""
    root = source.parse("x.bpmn", files(rule, which)[f"{which}.bpmn"])
    return Drawn(root=root, process=next(source.children(root, "process")))


@pytest.mark.parametrize("rule", BUILT, ids=lambda rule: rule.NAME)
def test_a_rule_over_what_is_built(rule: rules.BuiltRule) -> None:
    assert [each for each in findings(rule.NAME, "valid") if each.rule == rule.NAME] == []
    found = [each for each in findings(rule.NAME, "invalid") if each.rule == rule.NAME]
    assert found, findings(rule.NAME, "invalid")
    assert all(each.element and each.message for each in found)


@pytest.mark.parametrize("rule", DRAWN, ids=lambda rule: rule.NAME)
def test_a_rule_over_what_is_drawn(rule: rules.DrawnRule) -> None:
    assert list(rule.check(drawn(rule.NAME, "valid"))) == []
    found = list(rule.check(drawn(rule.NAME, "invalid")))
    assert found
    said = findings(rule.NAME, "invalid")
    if rule.SEVERITY == "warn":
        assert {(each.element, rule.NAME) for each in found} <= {
            (each.element, each.rule) for each in said
        }
    else:
        assert {each.element for each in found} <= {each.element for each in said}


@pytest.mark.parametrize("rule", [*BUILT, *DRAWN], ids=lambda rule: rule.NAME)
def test_what_a_rule_calls_valid_can_be_deployed(rule: rules.BuiltRule | rules.DrawnRule) -> None:
    given = files(rule.NAME, "valid")
    assert compile_definition(given, forms.read, functions=FUNCTIONS).nodes is not None


def test_every_file_is_a_rule_and_every_rule_has_examples() -> None:
    folder = Path(rules.__file__ or "").parent
    modules = {each.stem.strip("_").replace("_", "-") for each in folder.glob("*.py")} - {"init"}
    every: list[rules.BuiltRule | rules.DrawnRule] = [*BUILT, *DRAWN]
    names = {rule.NAME.lower() for rule in every}
    assert modules == names
    assert {each.name for each in EXAMPLES.iterdir() if each.is_dir()} - {"__pycache__"} == names
    assert len(names) == len(BUILT) + len(DRAWN)


def test_the_document_lists_the_rules_as_they_are() -> None:
    assert rules.documented() in DOCUMENT.read_text("utf-8")
