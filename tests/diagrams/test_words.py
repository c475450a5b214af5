"""What stands in the diagram arrives as words."""

from fractions import Fraction

from engine.diagrams.words import Copy, Guard, NodeId
from tests.diagrams.bpmn import (
    chain,
    compiled,
    diagram,
    element,
    flow,
    form,
    properties,
    simple,
    task,
)

A = NodeId("a")

LOOP = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="true" camunda:collection="signers" '
    'camunda:elementVariable="signer"><bpmn:completionCondition>'
    "${nrOfCompletedInstances &gt; 1}</bpmn:completionCondition>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)


def test_a_plain_task_has_the_defaults_of_the_interface() -> None:
    words = compiled(simple(name="办理")).nodes[A]
    assert (words.name, words.approval, words.return_to) == ("办理", None, ("none",))
    assert (words.verdict, words.rejection, words.empty) == ("a_verdict", "veto", "block")
    assert (words.self_policy, words.repeat, words.resubmit) == ("superior", "ask", "all")
    assert (words.deadline.calendar, words.deadline.then) == ("working", "nothing")


def test_people_deadline_and_form_are_read_from_camundas_attributes() -> None:
    content = simple(
        camunda__assignee="${superior(initiator)}",
        camunda__candidateUsers="a, ${holders('archivist', '办公室')}",
        camunda__candidateGroups="dept:产品部,post:manager@产品部",
        camunda__dueDate="${workdays(now(), 3)}",
        camunda__priority="50",
        camunda__formKey="camunda-forms:deployment:opinion.form",
    )
    words = compiled(content, opinion_form=form("opinion", "text")).nodes[A]
    assert words.assignee == "${superior(initiator)}"
    assert words.candidate_users == ("a", "${holders('archivist', '办公室')}")
    assert words.candidate_groups == ("dept:产品部", "post:manager@产品部")
    assert (words.deadline.due, words.priority) == ("${workdays(now(), 3)}", "50")
    assert words.form == "opinion"


def test_a_due_date_that_is_a_duration_counts_from_entry() -> None:
    deadline = compiled(simple(camunda__dueDate="P2D")).nodes[A].deadline
    assert (deadline.due, deadline.after, deadline.calendar) == ("", "P2D", "elapsed")


def test_a_countersign_is_one_node_with_its_policy() -> None:
    inner = properties(
        approval="ratio",
        approval__threshold="2/3",
        approval__onRejected="end",
        approval__empty="user:admin",
        approval__protected="true",
        fields__edit="a, b",
        return__to="initiator, a",
        name__en="Countersign",
    )
    words = compiled(simple(inner + LOOP)).nodes[A]
    assert (words.approval, words.threshold, words.rejection) == ("ratio", Fraction(2, 3), "tally")
    assert (words.collection, words.element_variable) == ("${signers}", "signer")
    assert (words.on_rejected, words.empty, words.protected) == ("end", "user:admin", True)
    assert (words.fields_edit, words.return_to) == (("a", "b"), ("initiator", "a"))
    assert words.name_en == "Countersign"


def test_approval_beats_the_multi_instance_with_a_warning() -> None:
    found = compiled(simple(properties(approval="all", approval__onRejected="end") + LOOP))
    assert not found.nodes[A].sequential
    assert [warning.rule for warning in found.warnings] == ["approval", "approval"]


def test_weights() -> None:
    inner = properties(
        approval="weight",
        approval__threshold="3",
        approval__weights="gm=2, deputy.gm=1",
        approval__onRejected="end",
    )
    words = compiled(simple(inner)).nodes[A]
    assert words.weights == {"gm": 2, "deputy.gm": 1}
    assert words.threshold == 3


def test_guards_and_copies_are_numbered() -> None:
    inner = properties(
        guard="${x}",
        guard__message="还不行",
        guard__message__en="Not yet",
        guard__field="x",
        guard__2="${y}",
        guard__2__message="也不行",
        copy__to="${head(department(initiator), 'x')}, dept:产品部",
        copy__2__to="gm",
        copy__2__when="settled",
        copy__2__if="${x}",
    )
    words = compiled(simple(inner)).nodes[A]
    assert words.guards == (
        Guard(condition="${x}", message="还不行", message_en="Not yet", field="x"),
        Guard(condition="${y}", message="也不行"),
    )
    assert words.copies == (
        Copy(to=("${head(department(initiator), 'x')}", "dept:产品部")),
        Copy(to=("gm",), when="settled", condition="${x}"),
    )


def test_the_process_and_its_start() -> None:
    content = diagram(
        properties(
            number__pattern="({yy}){dept}字{seq:3}",
            withdraw="until-end",
            rounds__max="5",
            title="${subject}",
            links="order",
            name__en="Test",
            withdraw__guard="${x}",
            withdraw__guard__message="已放行",
        )
        + element(
            "startEvent",
            "s",
            properties(guard="${ok}", guard__message="缺", copy__to="gm"),
            camunda__initiator="starter",
            camunda__formRef="start",
        )
        + task("a")
        + element("endEvent", "e", properties(status="void", outcome="rejected"), name="作废")
        + chain("s", "a", "e")
    ).replace(
        b'isExecutable="true"', b'isExecutable="true" camunda:candidateStarterGroups="dept:A"'
    )
    found = compiled(content, start_form=form("start", "order"))
    process = found.process
    assert (found.key, found.name, process.name_en) == ("p", "测试", "Test")
    assert (process.start, process.start_form) == ("s", "start")
    assert (process.initiator_variable, process.starter_groups) == ("starter", ("dept:A",))
    assert (process.withdraw, process.rounds_max, process.links) == ("until-end", 5, ("order",))
    assert process.number_pattern == "({yy}){dept}字{seq:3}"
    assert [guard.message for guard in process.guards] == ["缺"]
    assert [guard.message for guard in process.withdraw_guard] == ["已放行"]
    assert process.copies == (Copy(to=("gm",)),)
    end = found.ends[NodeId("e")]
    assert (end.status, end.outcome, end.name) == ("void", "rejected", "作废")


def test_the_innermost_lane_counts_and_a_sub_process_lies_in_its_own() -> None:
    lanes = (
        '<bpmn:laneSet id="l"><bpmn:lane id="l1" name="产品部">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef>"
        "<bpmn:flowNodeRef>sub</bpmn:flowNodeRef>"
        '<bpmn:childLaneSet id="c"><bpmn:lane id="l2" name="会签"><bpmn:flowNodeRef>a'
        "</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    inner = element("startEvent", "s2") + task("b") + chain("s2", "b")
    content = diagram(
        lanes
        + element("startEvent", "s")
        + task("a")
        + element("subProcess", "sub", inner)
        + chain("s", "a", "sub")
    )
    nodes = compiled(content).nodes
    assert {id: words.lane for id, words in nodes.items()} == {"a": "会签", "b": "产品部"}


def test_events_and_actions() -> None:
    io = (
        "<bpmn:extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="values"><camunda:map>'
        '<camunda:entry key="x">${y}</camunda:entry></camunda:map></camunda:inputParameter>'
        '<camunda:inputParameter name="to"><camunda:list><camunda:value>gm</camunda:value>'
        "<camunda:value>${who}</camunda:value></camunda:list></camunda:inputParameter>"
        '<camunda:outputParameter name="done">${result.amended}</camunda:outputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements>"
    )
    payload = (
        "<bpmn:extensionElements><camunda:properties><camunda:property name='message.to' "
        "value='${order}'/></camunda:properties><camunda:inputOutput>"
        '<camunda:inputParameter name="verdict">${ok}</camunda:inputParameter>'
        "</camunda:inputOutput></bpmn:extensionElements>"
    )
    content = diagram(
        element("startEvent", "s")
        + element(
            "serviceTask", "amend", io, camunda__type="external", camunda__topic="countersign.amend"
        )
        + element(
            "intermediateThrowEvent",
            "tell",
            payload + '<bpmn:messageEventDefinition messageRef="m"/>',
        )
        + task("a")
        + element(
            "boundaryEvent",
            "late",
            properties(timer__calendar="working", timer__at="17:00", timer__from="${dev_end}")
            + "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle>"
            "</bpmn:timerEventDefinition>",
            attachedToRef="a",
            cancelActivity="false",
        )
        + chain("s", "amend", "tell", "a"),
        outside='<bpmn:message id="m" name="order.changed"/>',
    )
    found = compiled(content)
    action = found.actions[NodeId("amend")]
    assert action.inputs == {"values": {"x": "${y}"}, "to": ["gm", "${who}"]}
    assert action.outputs == {"done": "${result.amended}"}
    tell = found.events[NodeId("tell")]
    assert (tell.kind, tell.message, tell.to, tell.payload) == (
        "message",
        "order.changed",
        "${order}",
        {"verdict": "${ok}"},
    )
    late = found.events[NodeId("late")]
    assert (late.timer, late.expression, late.calendar) == ("cycle", "R/P1D", "working")
    assert (late.attached_to, late.interrupting) == ("a", False)
    assert late.properties["timer.at"] == "17:00"


def test_the_digest_is_over_every_file_and_nothing_else() -> None:
    one = compiled(simple(), x_form=form("x"))
    assert one.digest == compiled(simple(), x_form=form("x")).digest
    assert (
        len({one.digest, compiled(simple(), y_form=form("x")).digest, compiled(simple()).digest})
        == 3
    )
    assert flow("s", "a").encode() in one.files["p.bpmn"]
