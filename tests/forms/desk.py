"""Short ways to make a form and to fill it in, with conditions as a table of their meanings."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest

import forms
from forms import Answers, Form, Invalid, Option, Rights

TODAY = date(2026, 9, 7)
Meaning = Callable[[Mapping[str, Any]], object]

LISTS: Mapping[str, Sequence[Option]] = {
    "person": [
        Option("tech.lead", "刘洋", "Liu Yang"),
        Option("tech.developer", "周琳"),
        Option("card.officer", "李娜"),
    ],
    "person:dept:技术部": [Option("tech.lead", "刘洋"), Option("tech.developer", "周琳")],
    "department": [Option("产品部", "产品部", "Product"), Option("技术部", "技术部")],
    "request:work-order": [Option("r1", "(26)卡字001 批量开卡")],
}


def component(kind: str, key: str, **words: Any) -> dict[str, Any]:
    """One component, its key and id the same."""
    at = "path" if kind == "dynamiclist" else "key"
    return {"type": kind, at: key, "id": key, "label": words.pop("label", key), **words}


def file(*components: Mapping[str, Any], **words: Any) -> bytes:
    """A form file with these components."""
    whole = {"type": "default", "id": "desk", "schemaVersion": 19, "components": components}
    return json.dumps({**whole, **words}, ensure_ascii=False).encode()


def form(*components: Mapping[str, Any]) -> Form:
    return forms.read(file(*components))


class Desk:
    """A form with someone in front of it: what conditions mean, and what he may do."""

    def __init__(
        self,
        form: Form,
        means: Mapping[str, Meaning] | None = None,
        rights: Rights = Rights(),  # noqa: B008
        **context: object,
    ) -> None:
        self.form = form
        self.means = dict(means or {})
        self.rights = rights
        self.context = context
        self.attachments = {"a1", "a2", "a3"}

    def evaluate(self, text: str, names: Mapping[str, object]) -> object:
        return self.means[text](names)

    def lookup(self, source: str) -> Sequence[Option]:
        return LISTS.get(source, ())

    def parse(self, posted: Mapping[str, object] | None = None, **words: Any) -> Answers:
        return forms.parse(
            self.form,
            {} if posted is None else posted,
            rights=words.pop("rights", self.rights),
            context=self.context,
            evaluate=self.evaluate,
            lookup=self.lookup,
            files=self.attachments.__contains__,
            today=TODAY,
            **words,
        )

    def fills(self, posted: Mapping[str, object] | None = None, **words: Any) -> dict[str, object]:
        """The values that come of it."""
        return self.parse(posted, **words).values

    def errors(self, posted: Mapping[str, object] | None = None, **words: Any) -> dict[str, str]:
        """The complaints that come of it, in English."""
        with pytest.raises(Invalid) as caught:
            self.parse(posted, **words)
        errors = caught.value.errors
        assert all(message.zh and message.en for message in errors.values())
        return {path: message.en for path, message in errors.items()}

    def draw(self, values: Mapping[str, object] | None = None, **words: Any) -> forms.Drawing:
        return forms.draw(
            self.form,
            values={} if values is None else values,
            rights=words.pop("rights", self.rights),
            context=self.context,
            evaluate=self.evaluate,
            lookup=self.lookup,
            locale=words.pop("locale", "zh"),
            today=TODAY,
            **words,
        )
