"""Whom a user task is for: vendors' attributes, and what BPMN itself says of it."""

import re
from dataclasses import dataclass

from engine.diagrams import source
from engine.diagrams.properties import split_list
from engine.diagrams.source import Element

_WRAPPED = re.compile(r"(user|group)\s*\(\s*(.*?)\s*\)", re.DOTALL)
INITIATOR = "$INITIATOR"
"""How Flowable's modeler writes the requester."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who may do a task, each a text that may be an expression."""

    assignee: str = ""
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def read_people(element: Element) -> People:
    """The people of a user task: attributes, else `humanPerformer` and `potentialOwner`."""
    assignee = source.attribute(element, "assignee")
    users = split_list(source.attribute(element, "candidateUsers"))
    groups = split_list(source.attribute(element, "candidateGroups"))
    for role in ("humanPerformer", "performer"):
        for each in source.children(element, role):
            assignee = assignee or _said(each)
    for each in source.children(element, "potentialOwner"):
        more_users, more_groups = _owners(_said(each))
        users, groups = (*users, *more_users), (*groups, *more_groups)
    if assignee == INITIATOR:
        assignee = "${initiator}"
    return People(assignee=assignee, users=users, groups=groups)


def _said(element: Element) -> str:
    """The expression of a resource role."""
    found = next(element.iter(f"{{{source.BPMN}}}formalExpression"), None)
    return source.text(found)


def _owners(text: str) -> tuple[list[str], list[str]]:
    """`user(kermit), group(management), accountancy`: what is not wrapped is a group."""
    users: list[str] = []
    groups: list[str] = []
    for part in split_list(text):
        wrapped = _WRAPPED.fullmatch(part)
        if wrapped is None:
            groups.append(part)
        elif wrapped[2]:
            (users if wrapped[1] == "user" else groups).append(wrapped[2])
    return users, groups
