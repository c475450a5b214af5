"""What modelers leave in a diagram, and conditions as people write them."""

from collections.abc import Iterator

from tests.wild.drawing import around, line, user, way, ways
from tests.wild.features.gateways import GATE, TWO

LEFT = {
    "listeners": (
        '<extensionElements><v:taskListener event="create" class="com.example.L" />'
        '<v:taskListener event="complete" delegateExpression="${l}" />'
        '<v:executionListener event="start" expression="${x.y(execution)}" /></extensionElements>'
    ),
    "form data": (
        "<extensionElements><v:formData>"
        '<v:formField id="amount" label="Amount" type="long" defaultValue="0"><v:validation>'
        '<v:constraint name="required" /><v:constraint name="min" config="1" /></v:validation>'
        '</v:formField><v:formField id="kind" type="enum"><v:value id="a" name="A" />'
        '</v:formField><v:formField id="on" type="date" /><v:formField id="yes" type="boolean" />'
        '<v:formField id="odd" type="com.example.Odd" /></v:formData></extensionElements>'
    ),
    "form properties": (
        '<extensionElements><v:formProperty id="days" name="Days" type="long" value="1"'
        ' required="true" /><v:formProperty id="start" type="date" datePattern="dd-MM-yyyy" />'
        '<v:formProperty id="level" type="enum"><v:value id="h" name="High" /></v:formProperty>'
        '<v:formProperty id="who" type="user" variable="whom" writable="false" />'
        "</extensionElements>"
    ),
    "buttons of a portal": (
        '<extensionElements><v:operationList><v:formOperation id="1" label="保存" type="save" />'
        "</v:operationList><v:variableList /><v:copyItemList /></extensionElements>"
    ),
    "foreign elements": (
        '<extensionElements><m:initiator-can-complete xmlns:m="http://flowable.org/modeler">'
        "<![CDATA[false]]></m:initiator-can-complete></extensionElements>"
    ),
    "input and output": (
        '<extensionElements><v:inputOutput><v:inputParameter name="hint">${amount}'
        '</v:inputParameter><v:outputParameter name="said">yes</v:outputParameter></v:inputOutput>'
        "</extensionElements>"
    ),
    "documentation": "<documentation>What to do: 审批</documentation><documentation />",
    "data associations": (
        '<ioSpecification><dataInput id="di" name="in" /><dataOutput id="do" /><inputSet>'
        "<dataInputRefs>di</dataInputRefs></inputSet><outputSet /></ioSpecification>"
        "<dataInputAssociation><sourceRef>x</sourceRef><targetRef>di</targetRef>"
        "</dataInputAssociation><dataOutputAssociation><sourceRef>do</sourceRef>"
        "<targetRef>x</targetRef></dataOutputAssociation><property id='pp' name='__x' />"
    ),
}


LOOSE = {
    "data objects": (
        '<dataObject id="d1" name="n" itemSubjectRef="xsd:string"><extensionElements><v:value>x'
        '</v:value></extensionElements></dataObject><dataObjectReference id="dr" dataObjectRef="d1"'
        ' /><dataStoreReference id="ds" name="db" />'
    ),
    "notes": (
        '<textAnnotation id="t"><text>note</text></textAnnotation><association id="a"'
        ' sourceRef="work" targetRef="t" /><group id="g" />'
    ),
    "lanes": (
        '<laneSet id="ls"><lane id="l1" name="财务部"><flowNodeRef>work</flowNodeRef>'
        '<childLaneSet id="cl"><lane id="l2"><flowNodeRef>work</flowNodeRef></lane></childLaneSet>'
        "</lane></laneSet>"
    ),
    "process variables": '<property id="amount" name="amount" /><ioSpecification id="io" />',
    "a lone note of an old modeler": "<extensionElements><v:properties /></extensionElements>",
    "correlation": '<correlationSubscription id="cs" /><auditing /><monitoring />',
}


CONDITIONS = (
    "${pass}",
    "${ pass == true }",
    "#{amount >= 10}",
    "${amount gt 100 and amount le 500}",
    "${outcome=='驳回'}",
    "${submitType == 'y' || submitType == 'Y'}",
    "${not empty name}",
    "${empty list}",
    "${order.total > 5}",
    "${list.size() > 1}",
    "${list.contains('a')}",
    "${outcome.equals('agree')}",
    "${deptleaderapprove=='true'}",
    "${'yes'}",
    "${amount * 1.5 - 3 > 2 ? true : false}",
    "${days > 3}",
    "${execution.getVariable('pass') == true}",
    "${map['key'] != null}",
    "\n      ${passed}\n    ",
)


def rest() -> Iterator[tuple[str, str]]:
    """What modelers leave in a diagram, and conditions as people write them."""
    for name, inner in LEFT.items():
        yield f"with {name}", around(user("work", 'v:assignee="gm"', inner), "work")
    for name, loose in LOOSE.items():
        yield f"with {name}", line("work") + loose
    for condition in CONDITIONS:
        yield (
            f"condition {condition.strip()}",
            GATE.format(' default="gate_no"')
            + TWO
            + ways("start > gate", "gate > no", "yes > end", "no > end")
            + way("gate", "yes", condition),
        )
