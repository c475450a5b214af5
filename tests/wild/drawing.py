"""Diagrams as the modelers of several vendors write them, from one short notation.

A body is written without a prefix for BPMN's own elements and with `v:` for the vendor's; a style
says how the modeler that is imitated spells both, and what it adds of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a modeler writes: its prefix for BPMN ("" = the default namespace), its own namespace,
    and the attributes that it puts on the root."""

    bpmn: str
    vendor: str
    namespace: str
    root: str = ""
    executable: str = ' isExecutable="true"'
    flow_ids: bool = True


STYLES: Mapping[str, Style] = {
    "camunda": Style(
        bpmn="bpmn",
        vendor="camunda",
        namespace="http://camunda.org/schema/1.0/bpmn",
        root=(
            'xmlns:modeler="http://camunda.org/schema/modeler/1.0" exporter="Camunda Modeler"'
            ' exporterVersion="5.20.0" modeler:executionPlatform="Camunda Platform"'
            ' modeler:executionPlatformVersion="7.20.0"'
        ),
    ),
    "operaton": Style(
        bpmn="bpmn2",
        vendor="operaton",
        namespace="http://operaton.org/schema/1.0/bpmn",
        root='xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL BPMN20.xsd"',
    ),
    "zeebe": Style(
        bpmn="bpmn",
        vendor="zeebe",
        namespace="http://camunda.org/schema/zeebe/1.0",
        root='exporter="Camunda Modeler" exporterVersion="5.30.0"',
    ),
    "flowable": Style(
        bpmn="",
        vendor="flowable",
        namespace="http://flowable.org/bpmn",
        root=(
            'typeLanguage="http://www.w3.org/2001/XMLSchema"'
            ' expressionLanguage="http://www.w3.org/1999/XPath"'
        ),
    ),
    "activiti": Style(
        bpmn="",
        vendor="activiti",
        namespace="http://activiti.org/bpmn",
        root=(
            'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
            ' typeLanguage="http://www.w3.org/2001/XMLSchema"'
            ' expressionLanguage="http://www.w3.org/1999/XPath"'
        ),
        executable="",
        flow_ids=False,
    ),
}


def drawn(
    body: str,
    style: str = "camunda",
    *,
    key: str = "p",
    beside: str = "",
) -> bytes:
    """A diagram of one process; `beside` stands beside it (messages, pools, other processes)."""
    looks = STYLES[style]
    if not looks.flow_ids:
        named = set(re.findall(r' default="([^"]*)"', body))
        body = re.sub(
            r'<sequenceFlow id="([^"]*)"',
            lambda found: found[0] if found[1] in named else "<sequenceFlow",
            body,
        )
    process = f'<process id="{key}" name="{key}"{looks.executable}>{body}</process>'
    return whole(f"{beside}{process}", style)


def whole(content: str, style: str = "camunda") -> bytes:
    """A file of this content, spelled as the style's modeler does."""
    looks = STYLES[style]
    own = f":{looks.bpmn}" if looks.bpmn else ""
    prefix = f"{looks.bpmn}:" if looks.bpmn else ""
    content = re.sub(r"(?<![\w])v:", f"{looks.vendor}:", content)
    content = re.sub(r"<(/?)(?=[A-Za-z]\w*[\s/>])", rf"<\1{prefix}", content)
    content = content.replace('xsi:type="t', f'xsi:type="{prefix}t')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<{prefix}definitions xmlns{own}="{MODEL}" xmlns:xsi="{XSI}" {DI}'
        f' xmlns:{looks.vendor}="{looks.namespace}" {looks.root}'
        f' id="definitions" targetNamespace="http://example.com/{looks.vendor}">'
        f"{content}</{prefix}definitions>"
    ).encode()


def ways(*lines: str) -> str:
    """Sequence flows: `a > b > c` is a line of them; `a > b ? ${x}` has a condition."""
    found = []
    for line in lines:
        path, _, condition = line.partition("?")
        nodes = [node.strip() for node in path.split(">")]
        for source, target in pairwise(nodes):
            found.append(way(source, target, condition.strip()))
    return "".join(found)


def way(source: str, target: str, condition: str = "") -> str:
    """One sequence flow."""
    head = f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"'
    if not condition:
        return f"{head} />"
    return (
        f'{head}><conditionExpression xsi:type="tFormalExpression"><![CDATA[{condition}]]>'
        "</conditionExpression></sequenceFlow>"
    )


def user(id: str, who: str = 'v:assignee="finance.manager"', inner: str = "") -> str:
    """A user task."""
    return f'<userTask id="{id}" name="{id}" {who}>{inner}</userTask>'


def line(*ids: str, who: str = 'v:assignee="finance.manager"') -> str:
    """A start, user tasks and an end, one after the other."""
    return (
        '<startEvent id="start" />'
        + "".join(user(id, who) for id in ids)
        + '<endEvent id="end" />'
        + ways(" > ".join(("start", *ids, "end")))
    )


def around(middle: str, *nodes: str) -> str:
    """`middle`'s elements, which `nodes` name in order, between a start, a desk and an end."""
    return (
        '<startEvent id="start" />'
        + user("first")
        + middle
        + '<endEvent id="end" />'
        + ways(" > ".join(("start", "first", *nodes, "end")))
    )
