"""A diagram that has a text in each place which takes text."""

from collections.abc import Callable, Mapping

from tests.wild.drawing import drawn, line, user, way, ways
from tests.wild.hostile.made import quoted

PLACES: Mapping[str, Callable[[str], bytes]] = {
    "condition": lambda text: drawn(
        '<startEvent id="s" /><exclusiveGateway id="g" default="g_e" />'
        + user("a")
        + '<endEvent id="e" />'
        + ways("s > g > e", "a > e")
        + way("g", "a", text)
    ),
    "assignee": lambda text: drawn(line("a", who=f'v:assignee="{quoted(text)}"')),
    "candidates": lambda text: drawn(line("a", who=f'v:candidateUsers="{quoted(text)}"')),
    "due date": lambda text: drawn(line("a", who=f'v:assignee="gm" v:dueDate="{quoted(text)}"')),
    "form key": lambda text: drawn(line("a", who=f'v:formKey="{quoted(text)}"')),
    "collection": lambda text: drawn(
        line("x")
        + user("a", inner=f'<multiInstanceLoopCharacteristics v:collection="{quoted(text)}" />')
        + ways("x > a")
    ),
    "cardinality": lambda text: drawn(
        line("x")
        + user(
            "a",
            inner="<multiInstanceLoopCharacteristics><loopCardinality>"
            f"<![CDATA[{text}]]></loopCardinality></multiInstanceLoopCharacteristics>",
        )
        + ways("x > a")
    ),
    "timer": lambda text: drawn(
        '<startEvent id="s" /><intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>'
        f"<![CDATA[{text}]]></timeDuration></timerEventDefinition></intermediateCatchEvent>"
        '<endEvent id="e" />' + ways("s > w > e")
    ),
    "message": lambda text: drawn(
        '<startEvent id="s" /><receiveTask id="w" messageRef="hm" /><endEvent id="e" />'
        + ways("s > w > e"),
        beside=f'<message id="hm" name="{quoted(text)}" />',
    ),
    "called process": lambda text: drawn(
        '<startEvent id="s" />'
        f'<callActivity id="w" calledElement="{quoted(text)}" />'
        '<endEvent id="e" />' + ways("s > w > e")
    ),
    "parameter": lambda text: drawn(
        '<startEvent id="s" /><serviceTask id="w" v:type="external" v:topic="countersign.set">'
        '<extensionElements><v:inputOutput><v:outputParameter name="x">'
        f"<![CDATA[{text}]]></v:outputParameter></v:inputOutput></extensionElements></serviceTask>"
        '<endEvent id="e" />' + ways("s > w > e")
    ),
    "title": lambda text: drawn(
        "<extensionElements><v:properties>"
        f'<v:property name="title" value="{quoted(text)}" /></v:properties></extensionElements>'
        + line("a")
    ),
    "guard": lambda text: drawn(
        line("x")
        + user(
            "a",
            inner="<extensionElements><v:properties>"
            f'<v:property name="guard" value="{quoted(text)}" /><v:property name="guard.message"'
            ' value="no" /></v:properties></extensionElements>',
        )
        + ways("x > a")
    ),
}
"""A diagram that has the text in a place which takes text."""
