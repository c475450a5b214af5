"""Camunda 8's words as Camunda 7's, as far as they mean the same; what does not stays as it is.

Its expressions are FEEL and begin with `=`, which is how they are recognised everywhere.
"""

import re
from collections.abc import Callable

from lxml import etree

from engine.diagrams.vendors import CAMUNDA

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"

Element = etree._Element

COUNTS = {
    "numberOfInstances": "nrOfInstances",
    "numberOfCompletedInstances": "nrOfCompletedInstances",
    "numberOfActiveInstances": "nrOfActiveInstances",
}
_COUNT = re.compile(r"\b(" + "|".join(COUNTS) + r")\b")


def translate(root: Element) -> None:
    """Write what Camunda 8's extension elements say in Camunda 7's words; what is left in its
    namespace has no counterpart."""
    for holder in list(root.iter(f"{{{BPMN}}}extensionElements")):
        owner = holder.getparent()
        for each in list(holder.iterchildren(f"{{{ZEEBE}}}*")):
            translated = _WORDS.get(etree.QName(each).localname)
            if translated is not None and owner is not None:
                translated(owner, holder, each)
                holder.remove(each)


def _set(element: Element, **values: str | None) -> None:
    for name, value in values.items():
        if value:
            element.set(f"{{{CAMUNDA}}}{name}", value)


def _add(holder: Element, tag: str, **values: str) -> Element:
    """A child in Camunda's namespace."""
    made = etree.SubElement(holder, f"{{{CAMUNDA}}}{tag}")
    for name, value in values.items():
        made.set(name, value)
    return made


def _assigned(owner: Element, _holder: Element, said: Element) -> None:
    names = ("assignee", "candidateUsers", "candidateGroups")
    _set(owner, **{name: said.get(name) for name in names})


def _scheduled(owner: Element, _holder: Element, said: Element) -> None:
    _set(owner, dueDate=said.get("dueDate"), followUpDate=said.get("followUpDate"))


def _priority(owner: Element, _holder: Element, said: Element) -> None:
    _set(owner, priority=said.get("priority"), taskPriority=said.get("priority"))


def _form(owner: Element, _holder: Element, said: Element) -> None:
    named = said.get("formId") or said.get("externalReference")
    _set(owner, formRef=named, formKey=None if named else said.get("formKey"))


def _job(owner: Element, holder: Element, said: Element) -> None:
    topic = said.get("type", "")
    _set(owner, type="external", topic=topic)
    retries = said.get("retries", "")
    if retries:
        _add(_properties(holder), "property", name="retries", value=retries)


def _properties(holder: Element) -> Element:
    found = holder.find(f"{{{CAMUNDA}}}properties")
    return found if found is not None else _add(holder, "properties")


def _kept(_owner: Element, holder: Element, said: Element) -> None:
    """`properties` and `taskHeaders`: names with values."""
    for each in said:
        name = each.get("name") or each.get("key") or ""
        value = each.get("value") or ""
        _add(_properties(holder), "property", name=name, value=value)


def _mapped(_owner: Element, holder: Element, said: Element) -> None:
    mapping = _add(holder, "inputOutput")
    for each in said:
        way = etree.QName(each).localname
        made = _add(mapping, f"{way}Parameter", name=each.get("target", ""))
        made.text = each.get("source", "")


def _called(owner: Element, holder: Element, said: Element) -> None:
    if said.get("processId"):
        owner.set("calledElement", said.get("processId", ""))
    if said.get("bindingType") == "deployment":
        _set(owner, calledElementBinding="deployment")
    if said.get("propagateAllParentVariables") != "false":
        _add(holder, "in", variables="all")
    if said.get("propagateAllChildVariables") != "false":
        _add(holder, "out", variables="all")


def _decided(owner: Element, _holder: Element, said: Element) -> None:
    _set(
        owner,
        decisionRef=said.get("decisionId"),
        resultVariable=said.get("resultVariable"),
        mapDecisionResult="value",
    )


def _scripted(owner: Element, _holder: Element, said: Element) -> None:
    owner.set("scriptFormat", "feel")
    _set(owner, resultVariable=said.get("resultVariable"))
    script = etree.SubElement(owner, f"{{{BPMN}}}script")
    script.text = said.get("expression", "")


def _looped(owner: Element, holder: Element, said: Element) -> None:
    _set(owner, collection=said.get("inputCollection"), elementVariable=said.get("inputElement"))
    if said.get("outputCollection"):
        kept = etree.SubElement(holder, f"{{{ZEEBE}}}outputCollection")
        kept.text = said.get("outputCollection")
    done = owner.find(f"{{{BPMN}}}completionCondition")
    if done is not None and done.text:
        done.text = _COUNT.sub(lambda found: COUNTS[found[1]], done.text)


def _subscribed(owner: Element, _holder: Element, said: Element) -> None:
    _set(owner, correlationKey=said.get("correlationKey"))


def _understood(_owner: Element, _holder: Element, _said: Element) -> None:
    """Says nothing that is not so here anyway, or is read elsewhere."""


def _listened(_owner: Element, holder: Element, said: Element) -> None:
    for each in said:
        listener = etree.QName(each).localname
        _add(holder, listener, expression=each.get("type", ""), event=each.get("eventType", ""))


_WORDS: dict[str, Callable[[Element, Element, Element], None]] = {
    "assignmentDefinition": _assigned,
    "taskSchedule": _scheduled,
    "priorityDefinition": _priority,
    "formDefinition": _form,
    "taskDefinition": _job,
    "jobPriorityDefinition": _priority,
    "properties": _kept,
    "taskHeaders": _kept,
    "ioMapping": _mapped,
    "calledElement": _called,
    "calledDecision": _decided,
    "script": _scripted,
    "loopCharacteristics": _looped,
    "subscription": _subscribed,
    "executionListeners": _listened,
    "taskListeners": _listened,
    "userTask": _understood,
    "versionTag": _understood,
}
