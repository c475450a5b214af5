"""What any component of a form file says: properties, labels, texts to read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.markdown import problem_of, templates
from forms.messages import Message
from forms.model import Field, Listing, Text
from forms.reading.html import plain_text

Problems = list[tuple[str, str]]

_OURS = re.compile(
    r"label\.en|description\.en|text\.en|option\..+\.(en|if)|options|required\.if|readonly|default"
    r"|rule(\.\d{1,2})?(\.message(\.en)?)?|columns\.readonly|pattern\.message\.en"
)
_STEMS = ("label", "description", "option", "required", "readonly", "default", "rule", "columns")


@dataclass(slots=True, kw_only=True)
class Said:
    """One component's words."""

    where: str
    id: str
    words: dict[str, Any]
    raw: Mapping[str, object]
    problems: Problems

    def wrong(self, sentence: str) -> None:
        """Add a problem of this component."""
        self.problems.append((self.where, sentence))

    def property(self, name: str) -> str:
        """One of its `properties`, empty where there is none."""
        value = (self.words.get("properties") or {}).get(name, "")
        if isinstance(value, bool):
            return "true" if value else "false"
        if not isinstance(value, str | int):
            self.wrong(f"property {name} must be a text")
            return ""
        return str(value).strip()

    def check_properties(self) -> None:
        """Find misspelt words of ours."""
        for name in self.words.get("properties") or {}:
            if name.split(".")[0] in _STEMS and not _OURS.fullmatch(name):
                self.wrong(f"property {name} means nothing here; is it misspelt?")

    def hide(self) -> tuple[str, ...]:
        """Its own condition, if it has one."""
        text = (self.words.get("conditional") or {}).get("hide")
        return (text,) if text and text.strip("= \n") else ()

    def label(self) -> Message:
        """Its label; a date's may stand under another name."""
        words = self.words
        chosen = [words.get(name, "") for name in ("label", "dateLabel", "timeLabel")]
        zh = next((each for each in chosen if each), "")
        return Message(zh, self.property("label.en"))

    def told(self, text: str) -> str:
        """A label or description that has expressions in it; empty where it has none."""
        if trouble := problem_of(text):
            self.wrong(trouble)
        return text if templates(text) else ""

    def title(self, plain: str) -> tuple[Message, str]:
        """The label as it is, or (`plain`, its text with expressions)."""
        label = self.label()
        said = self.told(label.zh)
        return (Message(plain, label.en), said) if said else (label, "")

    def html(self, hides: tuple[str, ...]) -> Text:
        """Its HTML as a text, with nothing of HTML in it that could do anything."""
        content = self.words.get("content", "")
        said = content if content.startswith("=") else plain_text(content)
        if trouble := problem_of(said):
            self.wrong(trouble)
        return Text(id=self.id, text=Message(said), hides=hides, raw=self.raw)

    def listing(self, hides: tuple[str, ...]) -> Listing:
        """It as a table to read."""
        words = self.words
        source, expression = words.get("dataSource", ""), words.get("columnsExpression", "")
        columns = words.get("columns") or []
        if not source.strip("= "):
            self.wrong("a table to read needs a dataSource: the expression that gives its rows")
        if bool(columns) == bool(expression):
            self.wrong("a table to read has columns or a columnsExpression")
        label, said = self.title("")
        return Listing(
            id=self.id,
            label=label,
            label_told=said,
            source=source,
            columns=tuple((each["key"], each.get("label") or each["key"]) for each in columns),
            columns_expression=expression,
            hides=hides,
            raw=self.raw,
        )

    def computed(self, key: str, hides: tuple[str, ...]) -> Field:
        """It as a field that an expression fills in and nobody sees."""
        expression = self.words.get("expression", "")
        if not expression.strip("= "):
            self.wrong("an expression needs an expression")
        return Field(
            id=self.id,
            key=key,
            kind="computed",
            label=Message(key),
            hides=hides,
            readonly=True,
            default=expression,
            raw=self.raw,
        )

    def text(self, hides: tuple[str, ...]) -> Text:
        """It as a text."""
        said = Message(self.words.get("text", ""), self.property("text.en"))
        for each in (said.zh, said.en):
            if trouble := problem_of(each):
                self.wrong(trouble)
        return Text(id=self.id, text=said, hides=hides, raw=self.raw)
