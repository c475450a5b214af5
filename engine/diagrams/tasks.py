"""User tasks: an element's attributes and properties as `NodeWords`."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, cast

from engine.diagrams import source
from engine.diagrams.choosing import read_chosen
from engine.diagrams.findings import Findings
from engine.diagrams.formdata import form_key
from engine.diagrams.people import People, read_people
from engine.diagrams.properties import Properties
from engine.diagrams.source import Element
from engine.diagrams.texts import as_template, is_expression
from engine.diagrams.words import (
    Approval,
    Chosen,
    Deadline,
    NodeId,
    NodeWords,
    Rejection,
    Resubmit,
    Self,
)

OURS = ("approval", "fields", "return", "deadline", "copy", "guard", "banner", "comment", "number")
"""First words of the properties that mean something to us on a user task."""

Calendar = Literal["working", "elapsed"]
THEN = ("escalate", "return", "approve", "reject", "nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """What a task's multi-instance characteristics say."""

    collection: str = ""
    variable: str = ""
    cardinality: str = ""
    sequential: bool = False
    done_when: str = ""


def signers(element: Element) -> Signers | None:
    """The multi-instance characteristics of a task or sub-process; None: it has none."""
    loop = source.child(element, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    collection = source.attribute(loop, "collection") or _first_text(loop, "collection")
    collection = collection or source.text(source.child(loop, "loopDataInputRef"))
    item = source.child(loop, "inputDataItem")
    variable = source.attribute(loop, "elementVariable") or _first_text(loop, "elementVariable")
    return Signers(
        collection=as_expression(collection),
        variable=variable or (source.title(item) if item is not None else ""),
        cardinality=source.text(source.child(loop, "loopCardinality")),
        sequential=loop.get("isSequential") in ("true", "1"),
        done_when=_condition(source.text(source.child(loop, "completionCondition"))),
    )


def _condition(text: str) -> str:
    """A completion condition, where it was written without braces too."""
    return text if not text or is_expression(text) else as_template(text) or text


def _first_text(element: Element, tag: str) -> str:
    return next((source.text(each) for each in source.extensions(element, tag)), "")


def as_expression(text: str) -> str:
    """A bare variable's name as an expression; anything else as it is."""
    return f"${{{text}}}" if text.isidentifier() else text


def read_task(element: Element, lane: str, findings: Findings) -> NodeWords:
    """The words of a user task; what cannot be read goes to `findings`."""
    node = NodeId(source.identity(element))
    values = source.properties(element)
    properties = Properties(node, values, findings)
    loop = signers(element) or Signers()
    approval = properties.choice("approval", Approval, cast("Approval | None", None))
    chosen = read_chosen(properties, approval, source.title(element) or node)
    people = read_people(element)
    people, loop = _of_chosen(chosen, approval, people, loop)
    _check_people(element, node, people, findings)
    if not (people.assignee or people.users or people.groups or loop.collection):
        message = "says nobody who does it: it waits for an administrator to assign it"
        findings.warn(node, "people", message)
    words = NodeWords(
        id=node,
        name=source.title(element) or node,
        name_en=properties.text("name.en"),
        lane=lane,
        documentation=source.documentation(element),
        form=form_key(element),
        assignee=people.assignee,
        candidate_users=people.users,
        candidate_groups=people.groups,
        collection=loop.collection,
        element_variable=loop.variable,
        cardinality=loop.cardinality,
        sequential=approval == "sequential" or (approval is None and loop.sequential),
        completion_condition=loop.done_when,
        priority=source.attribute(element, "priority"),
        follow_up=source.attribute(element, "followUpDate"),
        approval=approval,
        threshold=_threshold(properties, approval),
        weights=properties.weights("approval.weights"),
        rejection=properties.choice(
            "approval.rejection", Rejection, "tally" if approval in ("ratio", "weight") else "veto"
        ),
        on_rejected=properties.text("approval.onRejected"),
        verdict=properties.text("approval.verdict", f"{node}_verdict"),
        chosen=chosen,
        field_variables=properties.names("fields.variables"),
        empty=_empty(properties),
        self_policy=properties.choice("approval.self", Self, "superior"),
        repeat=properties.choice("approval.repeat", Literal["ask", "carry"], "ask"),
        protected=properties.switch("approval.protected"),
        undo=properties.choice("approval.undo", Literal["true", "false"], "true") == "true",
        optional=properties.switch("optional"),
        return_to=properties.names("return.to") or ("any" if approval else "none",),
        resubmit=properties.choice("return.resubmit", Resubmit, "all"),
        fields_edit=properties.names("fields.edit"),
        fields_hide=properties.names("fields.hide"),
        deadline=_deadline(element, properties),
        copies=properties.copies(),
        guards=properties.guards(),
        number_pattern=properties.number_pattern(),
        required_comment=properties.condition("comment.required"),
        banner=properties.expression("banner"),
        banner_en=properties.expression("banner.en"),
        properties=values,
    )
    properties.refuse_left_over(OURS)
    _check_approval(words, loop, findings)
    return words


def _of_chosen(
    chosen: Chosen | None, approval: Approval | None, people: People, loop: Signers
) -> tuple[People, Signers]:
    """Who signs, where the diagram says only that they are chosen."""
    said = people.assignee or people.users or people.groups or loop.collection or loop.cardinality
    if chosen is None or said:
        return people, loop
    text = as_expression(chosen.variable)
    if approval in (None, "single"):
        return replace(people, assignee=text), loop
    return people, replace(loop, collection=text, sequential=approval == "sequential")


def _threshold(properties: Properties, approval: Approval | None) -> Fraction | None:
    found = properties.fraction("approval.threshold")
    if found is None:
        if approval in ("ratio", "weight") and not properties.text("approval.threshold"):
            properties.refuse("approval.threshold", f"approval {approval} needs a threshold")
        return None
    if approval == "ratio" and not 0 < found <= 1:
        properties.refuse("approval.threshold", "a share above 0 and up to 1, as 2/3 or 60%")
    if approval == "weight" and found <= 0:
        properties.refuse("approval.threshold", "a number above 0")
    return found


def _empty(properties: Properties) -> str:
    found = properties.text("approval.empty", "block")
    if found not in ("block", "skip") and not (found.startswith("user:") and found[5:].strip()):
        properties.refuse("approval.empty", "block, skip, or user:<id>")
    return found


def _deadline(element: Element, properties: Properties) -> Deadline:
    then = properties.text("deadline.then", "nothing")
    if then not in THEN and not (then.startswith("handover:") and then[9:].strip()):
        properties.refuse("deadline.then", f"one of {', '.join(THEN)}, or handover:<who>")
    if then in ("approve", "reject") and properties.switch("approval.protected"):
        properties.refuse("deadline.then", "a protected node is never decided by itself (X7)")
    due, after = source.attribute(element, "dueDate"), properties.text("deadline.after")
    calendar: Calendar = "working"
    if due.startswith("P") and not after:
        due, after, calendar = "", due, "elapsed"  # as Camunda takes it: so long from entry
    return Deadline(
        due=due,
        calendar=properties.choice("deadline.calendar", Calendar, calendar),
        remind=properties.text("deadline.remind"),
        then=then,
        after=after,
    )


def _check_people(element: Element, node: NodeId, people: People, findings: Findings) -> None:
    """Say which expressions cannot be read (those of a multi-instance: loops.check_loop)."""
    findings.templates(node, "assignee", people.assignee)
    findings.templates(node, "candidateUsers", people.users)
    findings.templates(node, "candidateGroups", people.groups)
    for name in ("dueDate", "followUpDate", "priority"):
        findings.templates(node, name, source.attribute(element, name))


def _check_approval(words: NodeWords, loop: Signers, findings: Findings) -> None:
    if words.approval == "weight" and not words.weights:
        findings.refuse(words.id, "property", "approval weight needs approval.weights")
    if words.approval is None:
        return
    if loop.done_when:
        findings.warn(
            words.id, "approval", "approval beats the completion condition, which is not read"
        )
    if loop.collection and loop.sequential != (words.approval == "sequential"):
        findings.warn(words.id, "approval", "approval beats isSequential, which differs from it")
