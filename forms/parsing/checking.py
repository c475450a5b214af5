"""The checks that need more than a value by itself: conditions, options, files, other fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, fields

from forms import messages
from forms.kinds import flattened
from forms.messages import Message
from forms.model import CHOICES, Field
from forms.options import Choices
from forms.scope import Scope, native, seen_one

Names = dict[str, object]


@dataclass(slots=True, kw_only=True)
class Checks:
    """Checks values of one parse; errors are collected, the first message at a path stays."""

    scope: Scope
    choices: Choices
    files: Callable[[str], bool]
    today: str
    require: bool
    errors: dict[str, Message] = field(default_factory=dict)
    undecided: dict[str, Message] = field(default_factory=dict)
    """Rules that came out as null."""

    def complain(self, path: str, message: Message) -> None:
        """Keep this message unless the path has one already."""
        self.errors.setdefault(path, message)

    def start(self, each: Field, checker: fields.Field[Any], names: Names, path: str) -> object:
        """The value that this field's default gives."""
        made = each.initial
        if each.default:
            made = native(self.scope.evaluate(each.default, names))
        try:
            return checker.deserialize(made) if made is not None else None
        except ValidationError as error:
            for below, message in flattened(error.messages, path).items():
                self.complain(below, message)
            return None

    def check(self, each: Field, value: object, names: Names, path: str, kept: object) -> None:
        """Check one field's value; `kept` is what it was before."""
        if path in self.errors:
            return
        if not each.is_filled(value):
            self._check_required(each, names, path)
            if each.kind != "checkbox" or not self.require:
                return
        message = self._refused(each, value, names, kept)
        if message is not None:
            self.complain(path, message)
        else:
            self._check_rules(each, value, names, path)

    def _check_required(self, each: Field, names: Names, path: str) -> None:
        if not self.require:
            return
        if each.required or (each.required_if and self.scope.is_true(each.required_if, names)):
            message = messages.REQUIRED
            if each.kind == "checkbox":
                message = messages.TICK
            elif each.kind == "table":
                message = messages.ROWS_REQUIRED
            self.complain(path, message)

    def _refused(self, each: Field, value: object, names: Names, kept: object) -> Message | None:
        if each.kind in CHOICES and self.choices.refuses(each, value, names):
            return messages.NOT_OPTION
        if each.from_today and isinstance(value, str) and value[:10] < self.today:
            return messages.PASSED_DATE
        if each.kind == "files" and isinstance(value, list):
            before = kept if isinstance(kept, list) else []
            if not all(ident in before or self.files(ident) for ident in value):
                return messages.NO_SUCH_FILE
        return None

    def _check_rules(self, each: Field, value: object, names: Names, path: str) -> None:
        if each.kind == "table" and any(at.startswith(f"{path}[") for at in self.errors):
            return  # what its cells lack comes first
        for rule in each.rules:
            result = self.scope.evaluate(rule.condition, {**names, "value": seen_one(each, value)})
            if result is None:
                self.undecided.setdefault(path, rule.message)
            elif result is not True:
                self.complain(path, rule.message)
                return

    def outcome(self) -> Mapping[str, Message]:
        """What is wrong in the end. A rule that came out as null is broken, but it says so only
        where nothing else is wrong (the field that it compares with may be what is missing), and
        never in a draft."""
        if self.errors or not self.require:
            return self.errors
        return self.undecided


def in_kept_order(each: Field, value: object, kept: object) -> object:
    """A list as it was kept where only its order differs: a page sends ticks in its own order."""
    if each.kind not in ("checklist", "taglist"):
        return value
    if not (isinstance(value, list) and isinstance(kept, list)):
        return value
    same = len(value) == len(kept) and all(one in kept for one in value)
    return kept if same else value


def unchanged(each: Field, sent: object, now: Mapping[str, object]) -> bool:
    """Whether a value sent for a field that is not his to fill in is what stands there anyway."""
    before: Any = now.get(each.key)
    return sent == before or not (each.is_filled(sent) or each.is_filled(before))
