"""Why a person holds a task, in words (P2): what the organisation or the request said when the
diagram's words were resolved."""

import re
from collections.abc import Iterable

from engine.diagrams.definition import Definition
from engine.diagrams.texts import is_expression

Reason = tuple[str, str]
"""A reason in Chinese and in English."""

_VARIABLE = re.compile(r"(?:[$#]\{\s*(\w+)\s*\}|=\s*(\w+))")


class Reasons:
    """Collects, while expressions are evaluated, what each person was found as."""

    def __init__(self) -> None:
        self._found: dict[str, dict[Reason, None]] = {}

    def note(self, people: object, zh: str, en: str) -> None:
        """Somebody was found as something."""
        for person in people if isinstance(people, list | tuple) else [people]:
            if isinstance(person, str):
                self._found.setdefault(person, {})[zh, en] = None

    def of(self, person: str) -> Reason | None:
        """What a person was found as, if anything."""
        found = self._found.get(person)
        if not found:
            return None
        return "、".join(zh for zh, _ in found), ", ".join(en for _, en in found)


def of_text(text: str, definition: Definition) -> Reason:
    """The reason that a diagram's text gives by itself: a variable by its field's label."""
    plain = _VARIABLE.fullmatch(text.strip())
    if plain is None:
        return f"按规则 {text}", f"by the rule {text}"
    name = plain[1] or plain[2]
    if name in ("initiator", definition.process.initiator_variable):
        return "申请人本人", "the requester"
    for form in definition.forms.values():
        field = form.by_key.get(name)
        if field is not None:
            label = field.label
            return f"申请中填写的“{label.zh}”", f"named in the request as “{label.en or label.zh}”"
    return f"申请的 {name}", f"the request's {name}"


def of_groups(users: Iterable[str], groups: Iterable[str]) -> Reason:
    """The reason of candidates: their groups in words."""
    said = [_group(name) for name in groups]
    named = [user for user in users if not is_expression(user)]
    zh = "、".join([*(zh for zh, _ in said), *named])
    en = ", ".join([*(en for _, en in said), *named])
    return zh, en


def _group(name: str) -> Reason:
    kind, colon, rest = name.partition(":")
    if not colon:
        return f"{name}成员", f"members of {name}"
    if kind == "post":
        post, at, department = rest.partition("@")
        if at:
            return f"{department}的 {post}", f"{post} in {department}"
        return f"岗位 {post}", f"post {post}"
    return f"{rest}成员", f"members of {rest}"
