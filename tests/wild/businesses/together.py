"""Several people at once or in turn, and ways that part and meet."""

from tests.wild.businesses.made import END, START, Business, who
from tests.wild.drawing import drawn, user, ways


def onboarding() -> Business:
    """Three departments at once, then the manager."""
    body = (
        START
        + '<parallelGateway id="fork" /><parallelGateway id="join" />'
        + user("contract", who("office.manager"))
        + user("laptop", who("tech.lead"))
        + user("badge", 'v:candidateUsers="service.manager"')
        + user("welcome", who("tech.manager"))
        + END
        + ways(
            "start > fork > contract > join > welcome > end",
            "fork > laptop > join",
            "fork > badge > join",
        )
    )
    return Business(
        key="onboarding",
        files={"onboarding.bpmn": drawn(body, "operaton", key="onboarding")},
        ways={
            "everybody": (
                "start; > badge contract laptop; laptop; > badge contract; contract; badge; > "
                "welcome; welcome; = end"
            ),
        },
    )


MANY = (
    '<multiInstanceLoopCharacteristics isSequential="{0}" v:collection="{1}"'
    ' v:elementVariable="signer">{2}</multiInstanceLoopCharacteristics>'
)


def countersign() -> Business:
    """会签: several at once, half of them are enough."""
    loop = MANY.format(
        "false",
        "signers",
        '<completionCondition xsi:type="tFormalExpression">${nrOfCompletedInstances/nrOfInstances'
        " &gt;= 0.5}</completionCondition>",
    )
    body = (
        START
        + user("sign", who("${signer}"), loop)
        + user("file", who("office.manager"))
        + END
        + ways("start > sign > file > end")
    )
    return Business(
        key="countersign",
        files={"countersign.bpmn20.xml": drawn(body, "flowable", key="countersign")},
        ways={
            "half": (
                'start signers=["gm","finance.manager","tech.manager","risk.manager"]; > sign '
                "sign sign sign; sign; > sign sign sign; sign; > file; file; = end"
            ),
            "one": 'start signers=["gm"]; > sign; sign; > file; file; = end',
            "nobody": "start signers=[]; > file; file; = end",
        },
    )


def in_turn() -> Business:
    """One after the other, by standard BPMN's own words."""
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>signers'
        '</loopDataInputRef><inputDataItem id="item" name="signer" />'
        "</multiInstanceLoopCharacteristics>"
    )
    body = START + user("sign", who("${signer}"), loop) + END + ways("start > sign > end")
    return Business(
        key="inTurn",
        files={"turn.bpmn20.xml": drawn(body, "activiti", key="inTurn")},
        ways={
            "all": 'start signers=["gm","finance.manager"]; > sign; sign; > sign; sign; = end',
        },
    )


def contract() -> Business:
    """An inclusive gateway: as many reviews as the contract needs."""
    body = (
        START
        + '<inclusiveGateway id="which" default="which_legal" /><inclusiveGateway id="all" />'
        + user("legal", who("risk.manager"))
        + user("money", who("finance.manager"))
        + user("technique", who("tech.manager"))
        + user("sign", who("gm"))
        + END
        + ways(
            "start > which",
            "which > money ? ${value > 1000}",
            "which > technique ? ${software}",
            "which > legal",
            "legal > all > sign > end",
            "money > all",
            "technique > all",
        )
    )
    return Business(
        key="contract",
        files={"contract.bpmn": drawn(body, "camunda", key="contract")},
        ways={
            "plain": "start value=10 software=false; > legal; legal; > sign; sign; = end",
            "both": (
                "start value=5000 software=true; > money technique; money; > technique; "
                "technique; > sign; sign; = end"
            ),
            "software": "start value=10 software=true; technique; > sign; sign; = end",
        },
    )


def claim() -> Business:
    """A sub-process for each document, all at once."""
    loop = '<multiInstanceLoopCharacteristics v:collection="${papers}" v:elementVariable="paper" />'
    body = (
        START
        + f'<subProcess id="each">{loop}<startEvent id="s" />'
        + user("read", who("risk.manager"))
        + '<endEvent id="e" />'
        + ways("s > read > e")
        + "</subProcess>"
        + user("decide", who("gm"))
        + END
        + ways("start > each > decide > end")
    )
    return Business(
        key="claim",
        files={"claim.bpmn": drawn(body, "camunda", key="claim")},
        ways={
            "two papers": (
                'start papers=["a","b"]; > read read; read; > read; read; > decide; decide; = end'
                " e e"
            ),
        },
    )


def veto() -> Business:
    """Whoever says no ends it for all."""
    body = (
        START
        + '<parallelGateway id="fork" /><parallelGateway id="join" />'
        + user("one", who("finance.manager"))
        + user("two", who("tech.manager"))
        + '<exclusiveGateway id="g1" default="g1_no" /><exclusiveGateway id="g2" default="g2_no" />'
        '<endEvent id="no"><terminateEventDefinition /></endEvent><endEvent id="yes" />'
        + ways(
            "start > fork > one > g1 > no",
            "fork > two > g2 > no",
            "g1 > join ? ${one_ok}",
            "g2 > join ? ${two_ok}",
            "join > yes",
        )
    )
    return Business(
        key="veto",
        files={"veto.bpmn": drawn(body, "operaton", key="veto")},
        ways={
            "both": "start; > one two; one one_ok=true; two two_ok=true; = yes",
            "one says no": "start; two two_ok=false; = no",
        },
    )
