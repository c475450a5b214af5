"""What other vendors' modelers write means the same as Camunda's words for it."""

from html import escape

import pytest

from engine.diagrams.words import NodeId
from engine.expressions import compile_template
from tests.diagrams.bpmn import chain, compiled, diagram, element, flow, form, simple, task

S, E = element("startEvent", "s"), element("endEvent", "e")
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
VENDORS = {
    "activiti": "http://activiti.org/bpmn",
    "flowable": "http://flowable.org/bpmn",
    "flowable with a slip": "https://www.flowable.org/bpmn/",
    "operaton": "http://operaton.org/schema/1.0/bpmn",
    "fox": "http://www.camunda.com/fox",
}


def of_vendor(content: bytes, namespace: str) -> bytes:
    """The diagram as if another vendor's modeler had written it."""
    return content.replace(CAMUNDA.encode(), namespace.encode())


@pytest.mark.parametrize("namespace", VENDORS.values(), ids=VENDORS)
def test_every_vendors_attributes_and_elements_are_read_alike(namespace: str) -> None:
    content = simple(
        "<bpmn:extensionElements><camunda:properties><camunda:property name='approval' "
        "value='any'/><camunda:property name='approval.onRejected' value='end'/>"
        "</camunda:properties></bpmn:extensionElements>"
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="people" '
        'camunda:elementVariable="who"/>',
        camunda__candidateGroups="risk",
        camunda__assignee="${who}",
    )
    words = compiled(of_vendor(content, namespace)).nodes[NodeId("a")]
    assert (words.assignee, words.candidate_groups, words.approval) == ("${who}", ("risk",), "any")
    assert (words.collection, words.element_variable) == ("${people}", "who")


def test_camundas_own_attribute_is_kept_beside_anothers() -> None:
    content = simple(camunda__assignee="ours").replace(
        b"<bpmn:userTask", b'<bpmn:userTask xmlns:f="http://flowable.org/bpmn" f:assignee="theirs"'
    )
    assert compiled(content).nodes[NodeId("a")].assignee == "ours"


def test_a_collection_may_be_an_element_as_flowable_writes_it() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        "<camunda:collection>people</camunda:collection></bpmn:extensionElements>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    assert compiled(simple(loop)).nodes[NodeId("a")].collection == "${people}"


def test_flowables_requester_is_ours() -> None:
    content = of_vendor(simple(camunda__assignee="$INITIATOR"), VENDORS["flowable"])
    assert compiled(content).nodes[NodeId("a")].assignee == "${initiator}"


def test_bpmns_own_words_for_people() -> None:
    role = (
        "<bpmn:{0}><bpmn:resourceAssignmentExpression><bpmn:formalExpression>{1}"
        "</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:{0}>"
    )
    owners = role.format("potentialOwner", "user(kermit), group(management), accountancy")
    words = compiled(simple(owners)).nodes[NodeId("a")]
    assert (words.candidate_users, words.candidate_groups) == (
        ("kermit",),
        ("management", "accountancy"),
    )
    words = compiled(simple(role.format("humanPerformer", "kermit"))).nodes[NodeId("a")]
    assert words.assignee == "kermit"


def test_foreign_namespaces_and_attributes_without_one_mean_nothing() -> None:
    content = simple(assignee="nobody", process_id="x").replace(
        b"<bpmn:userTask", b'<bpmn:userTask xmlns:s="http://www.signavio.com" s:assignee="nobody"'
    )
    assert compiled(content).nodes[NodeId("a")].assignee == ""


def zeebe(inner: str) -> str:
    """Extension elements of Camunda 8."""
    return (
        '<bpmn:extensionElements xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
        f"{inner}</bpmn:extensionElements>"
    )


def test_a_user_task_of_camunda_8() -> None:
    words = compiled(
        simple(
            zeebe(
                '<zeebe:userTask/><zeebe:assignmentDefinition assignee="=boss" '
                'candidateGroups="=[&quot;a&quot;, &quot;b&quot;]" candidateUsers="x, y"/>'
                '<zeebe:taskSchedule dueDate="=due"/><zeebe:formDefinition formId="opinion"/>'
                '<zeebe:priorityDefinition priority="70"/>'
            )
        )
    ).nodes[NodeId("a")]
    assert (words.assignee, words.candidate_groups) == ("=boss", ('=["a", "b"]',))
    assert (words.candidate_users, words.deadline.due) == (("x", "y"), "=due")
    assert (words.form, words.priority) == ("opinion", "70")


def test_a_job_of_camunda_8_is_an_external_task() -> None:
    job = zeebe(
        '<zeebe:taskDefinition type="pay" retries="5"/><zeebe:taskHeaders>'
        '<zeebe:header key="bank" value="b"/></zeebe:taskHeaders><zeebe:ioMapping>'
        '<zeebe:input source="=total * 2" target="amount"/>'
        '<zeebe:output source="=receipt" target="paid"/></zeebe:ioMapping>'
    )
    found = compiled(diagram(S + element("serviceTask", "x", job) + E + chain("s", "x", "e")))
    words = found.actions[NodeId("x")]
    assert (words.kind, words.topic) == ("external", "pay")
    assert (words.inputs, words.outputs) == ({"amount": "=total * 2"}, {"paid": "=receipt"})
    assert words.properties == {"retries": "5", "bank": "b"}


def test_decisions_scripts_calls_and_loops_of_camunda_8() -> None:
    decision = zeebe('<zeebe:calledDecision decisionId="rate" resultVariable="rating"/>')
    script = zeebe('<zeebe:script expression="=1 + 1" resultVariable="two"/>')
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics>"
        + zeebe('<zeebe:loopCharacteristics inputCollection="=orders" inputElement="order"/>')
        + "<bpmn:completionCondition>=numberOfCompletedInstances &gt; 1"
        "</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
    )
    called = zeebe('<zeebe:calledElement processId="sub" propagateAllChildVariables="false"/>')
    content = diagram(
        S
        + element("businessRuleTask", "rate", decision)
        + element("scriptTask", "count", script)
        + element("callActivity", "call", called + loop)
        + chain("s", "rate", "count", "call")
    )
    found = compiled(content)
    rate, count = found.actions[NodeId("rate")], found.actions[NodeId("count")]
    assert (rate.kind, rate.decision, rate.result) == ("decision", "rate", "rating")
    assert rate.result_map == "value"
    assert (count.kind, count.expression, count.result) == ("function", "=1 + 1", "two")
    step = next(each for each in found.net.graph.steps if each.id == "call")
    assert step.call is not None
    assert step.each is not None
    assert (step.call.process, len(step.call.ins), step.call.outs) == ("sub", 1, ())
    assert (step.each.collection, step.each.variable) == ("=orders", "order")
    assert step.each.done_when == "=nrOfCompletedInstances > 1"


def test_what_camunda_8_says_and_nobody_here_reads_is_named() -> None:
    found = compiled(simple(zeebe("<zeebe:adHoc/>")))
    assert ("a", "unread") in [(each.element, each.rule) for each in found.warnings]


def test_a_message_of_camunda_8_carries_what_it_is_matched_by() -> None:
    message = (
        '<bpmn:message id="m" name="paid">'
        + zeebe('<zeebe:subscription correlationKey="=order"/>')
        + "</bpmn:message>"
    )
    body = S + element("receiveTask", "r", messageRef="m") + chain("s", "r")
    words = compiled(diagram(body, message)).events[NodeId("r")]
    assert (words.message, words.properties["message.correlation"]) == ("paid", "=order")


def test_what_stands_before_the_xml_declaration_is_passed_over() -> None:
    assert compiled(b"\r\n  " + simple()).key == "p"


def test_an_exclusive_gateway_of_activiti_takes_the_first_way_without_a_condition() -> None:
    body = (
        S
        + element("exclusiveGateway", "g")
        + task("a")
        + task("b")
        + chain("s", "g", "a")
        + flow("g", "b", id="other")
    )
    content = of_vendor(diagram(body), VENDORS["activiti"])
    found = compiled(content)
    conditions = {each.target: each.condition for each in found.net.graph.flows}
    assert (conditions["a"], conditions["b"]) == ("", "${false}")
    assert ("g", "default") in [(each.element, each.rule) for each in found.warnings]


def test_a_form_that_stands_in_a_process_of_camunda_8() -> None:
    written = form("another", "opinion").decode()
    own = zeebe(f'<zeebe:userTaskForm id="f1">{escape(written)}</zeebe:userTaskForm>')
    named = zeebe('<zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>')
    found = compiled(diagram(own + S + task("a", named) + chain("s", "a")))
    assert found.nodes[NodeId("a")].form == "f1"
    assert [field.key for field in found.forms["f1"].fields] == ["opinion"]


def test_a_thrown_message_of_camunda_8_is_its_workers() -> None:
    job = zeebe('<zeebe:taskDefinition type="send"/>') + "<bpmn:messageEventDefinition/>"
    throw = element("intermediateThrowEvent", "x", job)
    found = compiled(diagram(S + throw + E + chain("s", "x", "e")))
    assert (found.actions[NodeId("x")].kind, found.actions[NodeId("x")].topic) == (
        "external",
        "send",
    )


def test_data_objects_of_activiti_are_variables_from_the_start() -> None:
    data = (
        '<bpmn:dataObject id="d" name="limit"><bpmn:extensionElements><camunda:value>5'
        "</camunda:value></bpmn:extensionElements></bpmn:dataObject>"
    )
    content = of_vendor(diagram(data + S + task("a") + chain("s", "a")), VENDORS["activiti"])
    words = compiled(content).actions[NodeId("s:data")]
    text = words.outputs["limit"]
    assert compile_template(text).evaluate({}) == "5"
    assert compile_template(text).evaluate({"limit": 7}) == 7


def test_attributes_that_would_change_what_is_done_are_named() -> None:
    found = compiled(simple(camunda__skipExpression="${skip}"))
    assert ("a", "unread") in [(each.element, each.rule) for each in found.warnings]
