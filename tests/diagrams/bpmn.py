"""BPMN written short, for tests."""

import json
from html import escape
from itertools import pairwise

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition, Problem, Undeployable

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="Definitions" targetNamespace="test">"""


def element(tag: str, id: str, inner: str = "", **attributes: str) -> str:
    """An element; `camunda__x` writes the attribute `camunda:x`."""
    written = "".join(
        f' {name.replace("__", ":")}="{escape(value)}"' for name, value in attributes.items()
    )
    return f'<bpmn:{tag} id="{id}"{written}>{inner}</bpmn:{tag}>'


def properties(**values: str) -> str:
    """`camunda:properties`; `__` in a name stands for a dot."""
    inner = "".join(
        f'<camunda:property name="{name.replace("__", ".")}" value="{escape(value)}"/>'
        for name, value in values.items()
    )
    held = f"<camunda:properties>{inner}</camunda:properties>"
    return f"<bpmn:extensionElements>{held}</bpmn:extensionElements>"


def flow(source: str, target: str, condition: str = "", id: str = "") -> str:
    """A sequence flow, without an id unless one is given."""
    named = f' id="{id}"' if id else ""
    inner = (
        f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
        if condition
        else ""
    )
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow{named} {ends}>{inner}</bpmn:sequenceFlow>"


def chain(*nodes: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in pairwise(nodes))


def task(id: str, inner: str = "", **attributes: str) -> str:
    """A user task, named like its id unless another name is given."""
    return element("userTask", id, inner, **({"name": id} | attributes))


def diagram(body: str, outside: str = "", process: str = "p") -> bytes:
    """A whole diagram with one executable process."""
    return (
        f'{HEAD}{outside}<bpmn:process id="{process}" name="测试" isExecutable="true">'
        f"{body}</bpmn:process></bpmn:definitions>"
    ).encode()


def simple(inner: str = "", id: str = "a", **attributes: str) -> bytes:
    """Start, one user task, end."""
    return diagram(
        element("startEvent", "s")
        + task(id, inner, **attributes)
        + element("endEvent", "e")
        + chain("s", id, "e")
    )


def form(id: str, *fields: str) -> bytes:
    """A form with text fields."""
    return json.dumps(
        {
            "type": "default",
            "id": id,
            "schemaVersion": 19,
            "components": [
                {"type": "textfield", "key": key, "label": key, "id": f"f_{key}"} for key in fields
            ],
        }
    ).encode()


def compiled(content: bytes, **files: bytes) -> Definition:
    """The definition of a diagram; `x_form` adds a file `x.form`."""
    named = {name.replace("_form", ".form"): data for name, data in files.items()}
    return compile_definition({"p.bpmn": content, **named}, forms.read)


def problems(content: bytes, **files: bytes) -> list[Problem]:
    """Why it cannot be deployed; [] where it can."""
    try:
        compiled(content, **files)
    except Undeployable as refused:
        return list(refused.problems)
    return []


def rules(content: bytes, **files: bytes) -> list[tuple[str, str]]:
    """(element, rule) of every problem."""
    return [(each.element, each.rule) for each in problems(content, **files)]
