"""Variables that come from outside any form: from workers, and with messages."""

from collections.abc import Mapping
from typing import Any

import forms
from engine.case import Case
from engine.diagrams.definition import Definition
from engine.refusals import Invalid


def variables_of(
    case: Case, definition: Definition, given: Mapping[str, Any], *, mapped: bool
) -> dict[str, Any]:
    """The variables that these values are: of ordinary names, scalars or lists of them, 64 KB.

    `mapped`: the diagram says what becomes of them. Otherwise they are written as they are, and
    none may bear the name of a verdict, or say who asks and which request this is. In a replay
    they are the recorded ones, which were checked when they were given.

    Raises:
        Invalid: by name.
    """
    if case.facts.replaying:
        return dict(given)
    refused = set() if mapped else _never(definition)
    form = forms.generated("given", (), refused=refused)
    try:
        answers = forms.parse(
            form,
            given,
            rights=forms.Rights(),
            context={},
            evaluate=lambda text, names: None,
            lookup=lambda source: (),
            files=lambda id: False,
            today=case.now.date(),
            kept={},
        )
    except forms.Invalid as invalid:
        raise Invalid(_below(invalid.errors)) from invalid
    return dict(answers.values)


def _never(definition: Definition) -> set[str]:
    verdicts = {words.verdict for words in definition.nodes.values() if words.verdict}
    return verdicts | {definition.process.initiator_variable, "initiator", "me"}


def _below(errors: Mapping[str, forms.Message]) -> dict[str, forms.Message]:
    """Errors by where the values stand in the call."""
    return {f"variables.{name}" if name else "variables": said for name, said in errors.items()}
