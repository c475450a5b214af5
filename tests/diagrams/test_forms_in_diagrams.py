"""Forms that a diagram names, or holds itself."""

from decimal import Decimal

import pytest

from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId
from tests.diagrams.bpmn import chain, compiled, diagram, element, form, problems, simple, task

CAMUNDA = """<bpmn:extensionElements><camunda:formData>
<camunda:formField id="amount" label="金额" type="long" defaultValue="5">
  <camunda:validation><camunda:constraint name="required" config=""/>
  <camunda:constraint name="min" config="1"/></camunda:validation></camunda:formField>
<camunda:formField id="kind" type="enum">
  <camunda:value id="a" name="甲"/><camunda:value id="b"/></camunda:formField>
<camunda:formField id="ok" type="boolean" label="同意"/>
</camunda:formData></bpmn:extensionElements>"""
FLOWABLE = """<bpmn:extensionElements xmlns:flowable="http://flowable.org/bpmn">
<flowable:formProperty id="days" name="天数" type="long" required="true"/>
<flowable:formProperty id="x1" variable="reason" name="事由"/>
<flowable:formProperty id="owner" type="user" writable="false"/>
<flowable:formProperty id="secret" readable="false" writable="false"/>
<flowable:formProperty id="level" type="enum"><flowable:value id="high" name="高"/>
</flowable:formProperty></bpmn:extensionElements>"""


def fields(found: Definition, key: str) -> dict[str, str]:
    return {each.key: each.kind for each in found.forms[key].fields}


def test_form_fields_of_a_task_are_its_form() -> None:
    found = compiled(simple(CAMUNDA))
    assert found.nodes[NodeId("a")].form == "a:fields"
    assert fields(found, "a:fields") == {"amount": "integer", "kind": "select", "ok": "checkbox"}
    amount = found.forms["a:fields"].by_key["amount"]
    assert amount.required
    assert (amount.minimum, amount.initial) == (Decimal(1), 5)


def test_form_fields_of_a_start_are_the_start_form() -> None:
    content = diagram(
        element("startEvent", "s", CAMUNDA)
        + task("a")
        + element("endEvent", "e")
        + chain("s", "a", "e")
    )
    found = compiled(content)
    assert found.process.start_form == "s:fields"
    assert list(found.forms["s:fields"].by_key) == ["amount", "kind", "ok"]


def test_form_properties_of_activiti_and_flowable_are_read() -> None:
    found = compiled(simple(FLOWABLE))
    form = found.forms["a:fields"]
    assert fields(found, "a:fields") == {
        "days": "integer",
        "reason": "text",
        "owner": "select",
        "level": "select",
    }
    assert form.by_key["days"].required
    assert form.by_key["owner"].readonly is True
    assert form.by_key["level"].options.static[0].label == "高"


def test_a_form_file_is_meant_where_both_are_there() -> None:
    content = simple(CAMUNDA, camunda__formKey="camunda-forms:deployment:work.form")
    assert list(compiled(content, work_form=form("work", "note")).forms["work"].by_key) == ["note"]
    assert "amount" in compiled(content).forms["work"].by_key


def test_fields_that_cannot_be_kept_are_plainer_and_named_by_their_task() -> None:
    odd = CAMUNDA.replace('type="long"', 'type="bytes"').replace('id="kind"', 'id="__class__"')
    found = compiled(simple(odd))
    assert fields(found, "a:fields") == {"amount": "text", "class": "select", "ok": "checkbox"}
    said = [(each.element, each.message) for each in found.warnings if each.rule == "form-content"]
    assert [element for element, _ in said] == ["a", "a", "a"]
    assert [message.partition(":")[0] for _, message in said] == ["amount", "amount", "__class__"]


def test_a_form_has_so_many_fields_at_most() -> None:
    many = "".join(f'<camunda:formField id="f{n}"/>' for n in range(600))
    held = f"<camunda:formData>{many}</camunda:formData>"
    assert problems(simple(f"<bpmn:extensionElements>{held}</bpmn:extensionElements>"))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("work", "work"),
        ("camunda-forms:deployment:work.form", "work"),
        ("camunda-forms:bpmn:work", "work"),
        ("embedded:app:forms/work.html", "work"),
        ("embedded:deployment:work.html", "work"),
        ("../../etc/work", "work"),
        (r"..\\..\\work", "work"),
        ("https://example.com/forms/work.form?x=../../y#z", "work"),
        ("/etc/passwd", "passwd"),
        ("..", ""),
        ("app:forms/", ""),
        ("${formKey}", "${formKey}"),
        ("x" * 1000, "x" * 200),
    ],
)
def test_a_form_key_is_a_key_and_never_a_path(written: str, key: str) -> None:
    assert compiled(simple(camunda__formKey=written)).nodes[NodeId("a")].form == key
