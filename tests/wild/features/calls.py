"""Processes that call others."""

from collections.abc import Iterator

from tests.wild.drawing import around, user, ways


def calls() -> Iterator[tuple[str, str]]:
    """Processes that call others; `child` is deployed beside them, `absent` is not."""

    def call(attributes: str, inner: str = "") -> str:
        extension = f"<extensionElements>{inner}</extensionElements>" if inner else ""
        return around(f'<callActivity id="sub" {attributes}>{extension}</callActivity>', "sub")

    yield "call", call('calledElement="child"')
    yield "call of what is not there", call('calledElement="absent"')
    yield "call by expression", call('calledElement="${which}" v:calledElementBinding="latest"')
    yield (
        "call with mappings",
        call(
            'calledElement="child"',
            '<v:in source="amount" target="total" />'
            '<v:in sourceExpression="${1 + 1}" target="two" />'
            '<v:out source="answer" target="reply" />',
        ),
    )
    yield (
        "call with everything",
        call(
            'calledElement="child" v:inheritVariables="true"',
            '<v:in variables="all" /><v:out variables="all" />'
            '<v:in businessKey="#{execution.processBusinessKey}" />',
        ),
    )
    yield (
        "a process that calls itself",
        around('<callActivity id="sub" calledElement="p" />', "sub"),
    )
    yield (
        "a call with a border timer",
        around(
            '<callActivity id="sub" calledElement="child" />'
            '<boundaryEvent id="late" attachedToRef="sub"><timerEventDefinition>'
            "<timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>"
            + user("hurry")
            + ways("late > hurry > end"),
            "sub",
        ),
    )
    yield (
        "sub-processes in sub-processes",
        around(
            '<subProcess id="one"><startEvent id="s1" /><subProcess id="two"><startEvent id="s2" />'
            + user("deep")
            + '<endEvent id="e2" />'
            + ways("s2 > deep > e2")
            + '</subProcess><endEvent id="e1" />'
            + ways("s1 > two > e1")
            + "</subProcess>",
            "one",
        ),
    )
