"""Requests that people decide, each in the manner of another system."""

from tests.wild.businesses.made import END, START, Business, who
from tests.wild.drawing import drawn, user, ways


def expense() -> Business:
    """Camunda's own form fields; who signs follows from the amount."""
    fields = (
        "<extensionElements><v:formData>"
        '<v:formField id="amount" label="Amount" type="long"><v:validation>'
        '<v:constraint name="required" /><v:constraint name="min" config="1" /></v:validation>'
        '</v:formField><v:formField id="reason" label="Reason" type="string" /></v:formData>'
        "</extensionElements>"
    )
    decision = (
        '<extensionElements><v:formData><v:formField id="approved" label="Approved?"'
        ' type="boolean" defaultValue="false" /></v:formData></extensionElements>'
    )
    body = (
        f'<startEvent id="start">{fields}</startEvent>'
        '<exclusiveGateway id="size" default="size_pay" />'
        + user("manager", who("tech.manager"), decision)
        + user("finance", 'v:candidateGroups="dept:计划财务部"', decision)
        + user("pay", who("office.manager"))
        + "".join(f'<exclusiveGateway id="{each}" />' for each in ("m_ok", "big", "f_ok"))
        + '<endEvent id="paid" /><endEvent id="refused" />'
        + ways(
            "start > size > pay > paid",
            "size > manager ? ${amount >= 500}",
            "manager > m_ok",
            "m_ok > big ? ${approved}",
            "m_ok > refused ? ${!approved}",
            "big > finance ? ${amount >= 5000}",
            "big > pay ? ${amount lt 5000}",
            "finance > f_ok",
            "f_ok > pay ? ${approved == true}",
            "f_ok > refused ? ${approved == false}",
        )
    )
    return Business(
        key="expense",
        files={"expense.bpmn": drawn(body, "camunda", key="expense")},
        ways={
            "small": "start amount=80; > pay; pay; = paid",
            "middling": "start amount=800; > manager; manager approved=true; > pay; pay; = paid",
            "large": (
                "start amount=8000; manager approved=true; > finance; finance approved=true; pay;"
                " = paid"
            ),
            "refused": "start amount=800; manager approved=false; = refused",
        },
    )


def invoice() -> Business:
    """Two pools, of which one runs; a review that may go round."""
    body = (
        '<laneSet id="lanes"><lane id="team" name="计划财务部"><flowNodeRef>assign</flowNodeRef>'
        "<flowNodeRef>approve</flowNodeRef></lane></laneSet>"
        + START
        + user("assign", who("finance.manager"))
        + user("approve", who("${approver}") + ' v:dueDate="${now()}"')
        + user("review", who("finance.manager"))
        + user("prepare", 'v:candidateGroups="dept:计划财务部"')
        + '<exclusiveGateway id="ok" name="Invoice&#10;approved?" /><exclusiveGateway id="clear" />'
        '<endEvent id="processed" /><endEvent id="dropped" />'
        + ways(
            "start > assign > approve > ok",
            "ok > prepare ? ${approved}",
            "ok > review ? ${not approved}",
            "review > clear",
            "clear > approve ? ${clarified == 'yes'}",
            "clear > dropped ? ${clarified == 'no'}",
            "prepare > processed",
        )
    )
    pools = (
        '<collaboration id="c"><participant id="us" name="Us" processRef="invoice" />'
        '<participant id="they" name="Supplier" /><messageFlow id="mf" sourceRef="they"'
        ' targetRef="us" /></collaboration>'
    )
    return Business(
        key="invoice",
        files={"invoice.bpmn": drawn(body, "camunda", key="invoice", beside=pools)},
        ways={
            "approved": (
                "start amount=30; assign approver=gm; > approve; approve approved=true; > "
                "prepare; prepare; = processed"
            ),
            "clarified": (
                "start; assign approver=gm; approve approved=false; > review; review "
                "clarified=yes; > approve; approve approved=true; prepare; = processed"
            ),
            "not to be clarified": (
                "start; assign approver=gm; approve approved=false; review clarified=no; = dropped"
            ),
        },
    )


def jbpm() -> Business:
    """A performer by standard BPMN, as Eclipse's designer writes it."""
    owner = (
        "<potentialOwner><resourceAssignmentExpression><formalExpression>{0}</formalExpression>"
        "</resourceAssignmentExpression></potentialOwner>"
    )
    body = (
        START
        + user("self", "", owner.format("${initiator}").replace("potentialOwner", "humanPerformer"))
        + user("boss", "", owner.format("user(gm)"))
        + END
        + ways("start > self > boss > end")
    )
    return Business(
        key="evaluation",
        files={"evaluation.bpmn2": drawn(body, "operaton", key="evaluation")},
        ways={
            "once": "start; > self; self; > boss; boss; = end",
        },
    )


def account() -> Business:
    """Camunda 8: FEEL conditions, literal and computed assignees."""
    people = (
        '<extensionElements><v:assignmentDefinition assignee="{0}" /><v:userTask />'
        "</extensionElements>"
    )
    body = (
        START + f'<userTask id="identify">{people.format("finance.manager")}</userTask>'
        f'<userTask id="decide">{people.format("=approver")}</userTask>'
        '<exclusiveGateway id="ok" default="ok_closed" /><endEvent id="opened" />'
        '<endEvent id="closed" />'
        + ways("start > identify > ok", "ok > decide ? =known and amount > 100", "ok > closed")
        + ways("decide > opened")
    )
    return Business(
        key="account",
        files={"account.bpmn": drawn(body, "zeebe", key="account")},
        ways={
            "known": (
                "start amount=500; identify known=true approver=gm; > decide; decide; = opened"
            ),
            "unknown": "start amount=500; identify known=false approver=gm; = closed",
        },
    )
