"""What only some systems write, and what people draw although nobody taught them to."""

from collections.abc import Iterator

from tests.wild.drawing import around, line, user, way, ways
from tests.wild.features.gateways import GATE, TWO

EMPTY = '<conditionExpression xsi:type="tFormalExpression"><![CDATA[]]></conditionExpression>'
AGGREGATED = (
    "<multiInstanceLoopCharacteristics><extensionElements>"
    '<v:variableAggregation target="reviews"><variable source="who" target="userId" />'
    "</v:variableAggregation></extensionElements><loopCardinality>${howMany}</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)
BY_ELEMENT = (
    '<multiInstanceLoopCharacteristics isSequential="false" v:elementVariable="signer">'
    "<extensionElements><v:collection>signers</v:collection></extensionElements>"
    "</multiInstanceLoopCharacteristics>"
)
BY_INDEX = (
    '<multiInstanceLoopCharacteristics v:collection="${signers}" v:elementIndexVariable="i" />'
)
MAPPED = (
    '<ioSpecification><dataInput id="childIn" name="total" /><inputSet><dataInputRefs>childIn'
    "</dataInputRefs></inputSet><outputSet /></ioSpecification><dataInputAssociation>"
    "<sourceRef>amount</sourceRef><targetRef>total</targetRef></dataInputAssociation>"
)
NAMED_BY = {
    "message by expression": "<messageEventDefinition v:messageExpression=\"${'pa'}id\" />",
    "signal by expression": '<signalEventDefinition v:signalExpression="alarm" />',
    "message that is nowhere": '<messageEventDefinition messageRef="nowhere" />',
    "message of nothing": "<messageEventDefinition />",
    "cycle in the way": (
        "<timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>"
    ),
    "date without a zone": (
        "<timerEventDefinition><timeDate>2026-12-24T18:00:00</timeDate></timerEventDefinition>"
    ),
    "day": "<timerEventDefinition><timeDate>2026-12-24</timeDate></timerEventDefinition>",
    "duration in parts": (
        "<timerEventDefinition><timeDuration>P0Y0M1DT2H30M0.5S</timeDuration>"
        "</timerEventDefinition>"
    ),
    "cron of six": (
        "<timerEventDefinition><timeCycle>0 0 9 ? * MON-FRI</timeCycle></timerEventDefinition>"
    ),
    "cycle with an end": (
        '<timerEventDefinition><timeCycle v:endDate="2027-01-01T00:00:00Z">R/PT1H</timeCycle>'
        "</timerEventDefinition>"
    ),
}


def odd() -> Iterator[tuple[str, str]]:
    """All of them."""
    yield from _tasks()
    yield from _events()
    yield from _flows()


def _tasks() -> Iterator[tuple[str, str]]:
    yield (
        "aggregated variables",
        around(user("each", 'v:priority="${loopCounter}"', AGGREGATED), "each"),
    )
    yield (
        "collection as an element",
        around(user("each", 'v:assignee="${signer}"', BY_ELEMENT), "each"),
    )
    by_index = 'v:assignee="${signers[loopCounter]}"'
    yield "assignee by the index", around(user("each", by_index, BY_INDEX), "each")
    yield "a name with an expression", line("work").replace('name="work"', 'name="My ${x} Task"')
    yield "ids in Chinese", line("部门经理审批")
    yield "ids of old designers", line("_2", "sid-6A0C9B7E-1F2D")
    yield "a name over several lines", line("work").replace('name="work"', 'name="a&#10;b&#xA;c"')
    yield "implementation", around('<serviceTask id="do" implementation="tagConnector" />', "do")
    yield "a receive task for nothing", around('<receiveTask id="do" />', "do")
    call = f'<callActivity id="do" calledElement="child" v:calledElementType="key">{MAPPED}'
    yield "a call mapped by the standard", around(f"{call}</callActivity>", "do")
    call = '<callActivity id="do" calledElement="child" v:variableMappingClass="com.example.Map" />'
    yield "a call mapped by a class", around(call, "do")
    yield (
        "an empty sub-process",
        around('<subProcess id="do"><startEvent id="in" /></subProcess>', "do"),
    )
    rules = '<businessRuleTask id="do" v:ruleVariablesInput="${a}" v:rules="r1, r2" />'
    yield "rules by name", around(rules, "do")
    for kind in ("http", "shell", "camel", "dmn", "external-worker", "send-event"):
        task = f'<serviceTask id="do" v:type="{kind}" v:topic="t" />'
        yield f"a service of type {kind}", around(task, "do")


def _events() -> Iterator[tuple[str, str]]:
    for name, definition in NAMED_BY.items():
        event = f'<intermediateCatchEvent id="wait">{definition}</intermediateCatchEvent>'
        yield f"a wait: {name}", around(event, "wait")
        border = (
            f'<boundaryEvent id="b" attachedToRef="work" cancelActivity="false">{definition}'
            "</boundaryEvent>"
        )
        yield f"at the border, leading nowhere: {name}", around(user("work") + border, "work")
    yield (
        "an error by its code alone",
        around(
            '<subProcess id="s"><startEvent id="in" /><endEvent id="out">'
            '<errorEventDefinition errorRef="E42" /></endEvent>'
            + ways("in > out")
            + '</subProcess><boundaryEvent id="b" attachedToRef="s"><errorEventDefinition'
            ' errorRef="E42" v:errorCodeVariable="code" v:errorMessageVariable="why" />'
            "</boundaryEvent>" + user("mend") + ways("b > mend > end"),
            "s",
        ),
    )
    terminate = '<endEvent id="stop"><terminateEventDefinition v:terminateAll="true" /></endEvent>'
    yield "terminate all", around(user("work") + terminate + ways("work > stop"), "work")
    start = line("work").replace(
        '<startEvent id="start" />',
        '<startEvent id="start" isInterrupting="true" parallelMultiple="false" />',
    )
    yield "a start with an event sub-process's attributes", start
    lone = '<intermediateThrowEvent id="say" />'
    yield "an event without a definition", around(lone, "say")


def _flows() -> Iterator[tuple[str, str]]:
    gate = GATE.format(' default="gate_no"') + TWO + ways("start > gate", "yes > end", "no > end")
    bare = GATE.format("") + TWO + ways("start > gate", "yes > end", "no > end")
    yield (
        "a default with a condition",
        gate + way("gate", "yes", "${ok}") + way("gate", "no", "${!ok}"),
    )
    yield "a choice in names only", bare + ways("gate > yes", "gate > no")
    yield (
        "a choice of plain words",
        bare + way("gate", "yes", "approved") + way("gate", "no", "rejected"),
    )
    yield (
        "conditions without braces",
        gate + way("gate", "yes", "amount >= 500") + ways("gate > no"),
    )
    empty = way("gate", "yes").replace(" />", f">{EMPTY}</sequenceFlow>")
    yield "an empty condition", gate + empty + ways("gate > no")
    fork = '<startEvent id="start" /><parallelGateway id="gate" />' + TWO
    fork += ways("start > gate", "yes > end", "no > end")
    yield (
        "conditions out of a fork",
        fork + way("gate", "yes", "${ok}") + way("gate", "no", "${!ok}"),
    )
    either = '<startEvent id="start" /><inclusiveGateway id="gate" />' + TWO
    either += ways("start > gate", "yes > end", "no > end")
    yield "an inclusive gateway without conditions", either + ways("gate > yes", "gate > no")
    alone = '<startEvent id="start" /><exclusiveGateway id="gate" />' + user("yes")
    yield "a gateway with one way", alone + ways("start > gate > yes")
    yield (
        "a gateway with one conditional way",
        alone + ways("start > gate") + way("gate", "yes", "${ok}"),
    )
    yield (
        "a gateway that ends",
        '<startEvent id="start" />'
        + user("a")
        + '<exclusiveGateway id="g" />'
        + ways("start > a > g"),
    )
    yield (
        "flows before nodes",
        ways("start > work > end") + line("work").partition("<sequenceFlow")[0],
    )
    yield (
        "skipped flows",
        gate
        + way("gate", "yes", "${ok}").replace(
            "<sequenceFlow", '<sequenceFlow v:skipExpression="${s}"', 1
        )
        + ways("gate > no"),
    )
