"""What Flowable and Activiti systems in offices export: leave, seals, audits."""

from tests.wild.businesses.made import END, ME, START, Business, who
from tests.wild.drawing import drawn, user, way, ways


def leave() -> Business:
    """A leave request as Flowable portals in Chinese offices draw it."""
    body = (
        '<startEvent id="start" v:initiator="initiator" v:formKey="key_12" />'
        + user("fill", ME + ' v:formKey=\'{"routerName":"/leave/fill","readOnly":false}\'')
        + user("manager", who("finance.manager"))
        + user("director", who("gm"))
        + user("hr", 'v:candidateUsers="office.manager, office.archivist,"')
        + '<exclusiveGateway id="agreed" name="同意?" />'
        '<exclusiveGateway id="long" default="long_hr" />'
        '<exclusiveGateway id="again" />'
        '<endEvent id="granted" name="结束" /><endEvent id="given_up" name="撤销" />'
        + ways(
            "start > fill > again",
            "again > manager ? ${cancel != true}",
            "again > given_up ? ${cancel == true}",
            "manager > agreed",
            "agreed > long ? ${outcome=='同意'}",
            "agreed > fill ? ${outcome=='驳回'}",
            "long > director ? ${days>3}",
            "long > hr",
            "director > hr > granted",
        )
    )
    return Business(
        key="leave",
        files={"leave.bpmn20.xml": drawn(body, "flowable", key="leave")},
        ways={
            "short": (
                "start; > fill; fill days=2 cancel=false; > manager; manager outcome=同意; > hr; "
                "hr; = granted"
            ),
            "long": (
                "start; fill days=5 cancel=false; manager outcome=同意; > director; director; hr; ="
                " granted"
            ),
            "sent back": (
                "start; fill days=5 cancel=false; manager outcome=驳回; > fill; fill days=1 "
                "cancel=false; manager outcome=同意; > hr; hr; = granted"
            ),
            "given up": (
                "start; fill days=5 cancel=false; manager outcome=驳回; fill cancel=true; = "
                "given_up"
            ),
        },
    )


def vacation() -> Business:
    """The oldest of them: no flow has an id, answers are texts, the process isn't marked."""
    inner = (
        '<extensionElements><v:formProperty id="vacationApproved" name="Approve?" type="enum"'
        ' required="true"><v:value id="true" name="yes" /><v:value id="false" name="no" />'
        "</v:formProperty></extensionElements>"
    )
    again = inner.replace("vacationApproved", "resend")
    body = (
        '<startEvent id="request" v:initiator="employeeName"><extensionElements><v:formProperty'
        ' id="numberOfDays" type="long" required="true" /></extensionElements></startEvent>'
        + user("handleRequest", who("finance.manager"), inner)
        + '<exclusiveGateway id="decision" />'
        + user("adjust", who("${employeeName}"), again)
        + '<exclusiveGateway id="resendDecision" />'
        '<manualTask id="inform" /><endEvent id="approvedEnd" /><endEvent id="deniedEnd" />'
        + ways(
            "request > handleRequest > decision",
            "decision > inform ? ${vacationApproved == 'true'}",
            "decision > adjust ? ${vacationApproved == 'false'}",
            "inform > approvedEnd",
            "adjust > resendDecision",
            "resendDecision > handleRequest ? ${resend == 'true'}",
            "resendDecision > deniedEnd ? ${resend == 'false'}",
        )
    )
    return Business(
        key="vacationRequest",
        files={"vacation.bpmn20.xml": drawn(body, "activiti", key="vacationRequest")},
        ways={
            "granted": (
                'start numberOfDays=4; > handleRequest; handleRequest vacationApproved="true"; = '
                "approvedEnd"
            ),
            "refused, asked again": (
                'start numberOfDays=4; handleRequest vacationApproved="false"; > adjust; adjust '
                'resend="true"; handleRequest vacationApproved="true"; = approvedEnd'
            ),
            "refused": (
                'start numberOfDays=4; handleRequest vacationApproved="false"; adjust '
                'resend="false"; = deniedEnd'
            ),
        },
    )


def choice() -> Business:
    """Conditions on the flows out of a task, without any gateway."""
    body = (
        START
        + user("audit", who("finance.manager"))
        + user("correct", ME)
        + END
        + ways("start > audit")
        + way("audit", "end", "${pass}")
        + way("audit", "correct", "${!pass}")
        + ways("correct > audit")
    )
    return Business(
        key="choice",
        files={"choice.bpmn20.xml": drawn(body, "flowable", key="choice")},
        ways={
            "passes": "start; audit pass=true; = end",
            "comes back": (
                "start; audit pass=false; > correct; correct; > audit; audit pass=true; = end"
            ),
        },
    )


def seal() -> Business:
    """用印: whoever of the group comes first takes it."""
    body = (
        START
        + user("check", 'v:candidateGroups="dept:计划财务部"')
        + user("stamp", 'v:candidateUsers="office.manager,office.archivist"')
        + END
        + ways("start > check > stamp > end")
    )
    return Business(
        key="seal",
        files={"seal.bpmn20.xml": drawn(body, "flowable", key="seal")},
        ways={
            "once": "start; > check; check; > stamp; stamp; = end",
        },
    )
