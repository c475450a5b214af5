"""Signers whom the requester or an earlier desk chooses: whoever chooses gets a field for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import forms
from engine.diagrams.findings import Findings
from engine.diagrams.properties import Properties
from engine.diagrams.words import Approval, Chosen, NodeId, NodeWords, ProcessWords
from forms import Form, Message

if TYPE_CHECKING:
    from engine.diagrams.nodes import Collected

INITIATOR = "initiator"


def read_chosen(properties: Properties, approval: Approval | None, name: str) -> Chosen | None:
    """The words `approval.chosen` and `approval.choose.…` of a user task named so."""
    variable = properties.text("approval.chosen")
    source = properties.names("approval.choose.from")
    by = properties.text("approval.choose.by", INITIATOR)
    least = properties.number("approval.choose.min", 1)
    most = properties.number("approval.choose.max", 1 if approval in (None, "single") else 0)
    label = properties.text("approval.choose.label")
    label_en = properties.text("approval.choose.label.en")
    if not variable:
        if source:
            properties.refuse("approval.choose.from", "approval.chosen names the variable for it")
        return None
    if not variable.isidentifier() or not variable.isascii():
        properties.refuse("approval.chosen", "the name of a variable")
        return None
    if not source:
        properties.refuse("approval.chosen", "approval.choose.from says whom one can choose from")
    if most and most < least:
        properties.refuse("approval.choose.max", "not less than approval.choose.min")
    properties.findings.templates(properties.element, "approval.choose.from", source)
    return Chosen(
        variable=variable,
        source=source,
        by=by,
        least=least,
        most=most,
        label=label or f"{name}由谁审批",
        label_en=label_en or label or f"Who decides at {name}",
    )


def provide(
    words: "Collected", about: ProcessWords, known: Mapping[str, Form], findings: Findings
) -> dict[str, Form]:
    """The forms with a field for each choice; `words` are changed where a desk gets a form for
    it."""
    found = dict(known)
    for node in list(words.nodes.values()):
        if node.chosen is None:
            continue
        if node.chosen.by == INITIATOR:
            form = found.get(about.start_form)
            if form is not None:
                found[form.key] = with_choice(form, node)
        else:
            _at_desk(words, about, node, found, findings)
    return found


def _at_desk(
    words: "Collected",
    about: ProcessWords,
    node: NodeWords,
    found: dict[str, Form],
    findings: Findings,
) -> None:
    assert node.chosen is not None
    desk = words.nodes.get(NodeId(node.chosen.by))
    problem = _problem(words, about, node, desk)
    if desk is None or problem:
        findings.refuse(node.id, "property", f"approval.choose.by = {node.chosen.by!r}: {problem}")
        return
    variable = node.chosen.variable
    if desk.approval is not None:
        desk = replace(desk, field_variables=_once(desk.field_variables, variable))
    form = found.get(desk.form)
    if form is not None:
        found[form.key] = with_choice(form, node)
        if desk.fields_edit:
            desk = replace(desk, fields_edit=_once(desk.fields_edit, variable))
    elif desk.approval is not None:
        key = f"{desk.id}.choice"
        empty = forms.generated(key, ())
        found[key] = with_choice(replace(empty, generated=False), node)
        desk = replace(desk, form=key)
    words.nodes[desk.id] = desk


def _problem(
    words: "Collected", about: ProcessWords, node: NodeWords, desk: NodeWords | None
) -> str:
    """Why a desk can't choose; empty: it can."""
    if desk is None:
        return "there is no user task of this id"
    if desk.id == node.id:
        return "a desk can't choose its own signers"
    if desk.collection or desk.cardinality or desk.approval in ("all", "ratio", "weight"):
        return "several people decide there: one has to choose"
    shared = [each for each in words.nodes.values() if each.form == desk.form and each is not desk]
    if desk.form and (desk.form == about.start_form or shared):
        return "its form is used elsewhere, too: give it one of its own"
    if not desk.form and desk.fields_edit:
        return "it edits the start form: give it a form of its own"
    return ""


def with_choice(form: Form, node: NodeWords) -> Form:
    """A form with the field by which the signers of a node are chosen."""
    chosen = node.chosen
    assert chosen is not None
    return forms.with_choice(
        form,
        chosen.variable,
        Message(chosen.label, chosen.label_en),
        source=f"choose:{node.id}",
        many=chosen.most != 1,
        required=True,
    )


def _once(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names if name in names else (*names, name)
