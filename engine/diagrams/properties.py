"""Typed values out of a diagram's properties; whatever cannot be read is a problem."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, TypeVar, cast, get_args

from engine.diagrams.findings import Findings
from engine.diagrams.texts import is_expression
from engine.diagrams.words import NUMBER_PLACE, Copy, Guard

Choice = TypeVar("Choice")

DIGITS = 9
"""The most digits of a whole number, and of each part of a fraction."""
PATTERN = 200
"""The most characters of a number's pattern."""
_FRACTION = re.compile(rf"[0-9]{{0,{DIGITS}}}(\.[0-9]{{1,{DIGITS}}})?(/[0-9]{{1,{DIGITS}}})?%?")


class Properties:
    """The properties of one element, read once each; `left_over` are those nobody read."""

    def __init__(self, element: str, values: Mapping[str, str], findings: Findings) -> None:
        self.element = element
        self.values = values
        self.findings = findings
        self._read: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """The text of a property; empty counts as absent."""
        self._read.add(name)
        return self.values.get(name, "") or default

    def refuse(self, name: str, message: str) -> None:
        """Say that a property's value cannot be used."""
        self.findings.refuse(
            self.element, "property", f"{name} = {self.values.get(name, '')!r}: {message}"
        )

    def choice(self, name: str, kind: object, default: Choice) -> Choice:
        """One of the values of the literal type `kind`."""
        found = self.text(name)
        if not found:
            return default
        allowed = get_args(kind)
        if found not in allowed:
            self.refuse(name, f"one of {', '.join(allowed)}")
            return default
        return cast(Choice, found)

    def switch(self, name: str) -> bool:
        """`true` or `false` (the default)."""
        return self.choice(name, Literal["true", "false"], "false") == "true"

    def names(self, name: str) -> tuple[str, ...]:
        """A list, written with commas."""
        return split_list(self.text(name))

    def fraction(self, name: str) -> Fraction | None:
        """An exact number: `2/3`, `60%`, `3`, `0.5`."""
        found = self.text(name).replace(" ", "")
        if not found:
            return None
        try:
            if not _FRACTION.fullmatch(found):
                raise ValueError
            if found.endswith("%"):
                return Fraction(found[:-1]) / 100
            return Fraction(found)
        except (ValueError, ZeroDivisionError):
            self.refuse(name, "a fraction (2/3), a percentage (60%) or a number")
            return None

    def number(self, name: str, default: int) -> int:
        """A whole number from 1."""
        found = self.text(name)
        if not found:
            return default
        if not _whole(found) or int(found) < 1:
            self.refuse(name, f"a whole number from 1, of at most {DIGITS} digits")
            return default
        return int(found)

    def number_pattern(self) -> str:
        """`number.pattern`: text with places in braces, `({yy}){dept}字{seq:3}`."""
        found = self.text("number.pattern")
        places = list(NUMBER_PLACE.finditer(found))
        if any(place[2] and place[1] != "seq" for place in places):
            self.refuse("number.pattern", "only {seq} says how many digits it has")
        elif re.search(r"[{}\x00]", NUMBER_PLACE.sub("", found)):
            self.refuse("number.pattern", "in braces stands a name, or {seq:3}: at most 99 digits")
        elif len(found) > PATTERN:
            self.refuse("number.pattern", f"at most {PATTERN} characters")
        return found

    def weights(self, name: str) -> dict[str, int]:
        """`person=2, other=1`."""
        found: dict[str, int] = {}
        for part in self.names(name):
            who, separator, weight = part.replace("=", ":").rpartition(":")
            if not separator or not _whole(weight.strip()):
                self.refuse(name, "a list of person=weight, with whole numbers")
                return {}
            found[who.strip()] = int(weight)
        return found

    def expression(self, name: str) -> str:
        """A text whose expressions can be read."""
        found = self.text(name)
        if found:
            self.findings.template(self.element, name, found)
        return found

    def condition(self, name: str) -> str:
        """A condition: an expression, `true` or `false`; other plain text never means either."""
        found = self.expression(name)
        if found and not is_expression(found) and found not in ("true", "false"):
            self.refuse(name, "a condition, as ${…} or in FEEL as = …")
        return found

    def guards(self, prefix: str = "guard") -> tuple[Guard, ...]:
        """`guard`, `guard.2`, … with their messages."""
        found = []
        for name in self._numbered(prefix):
            condition = self.condition(name)
            message = self.text(f"{name}.message")
            if not message:
                self.refuse(name, f"a guard needs {name}.message, the sentence that people read")
            found.append(
                Guard(
                    condition=condition,
                    message=message,
                    message_en=self.text(f"{name}.message.en"),
                    field=self.text(f"{name}.field"),
                )
            )
        return tuple(found)

    def copies(self) -> tuple[Copy, ...]:
        """`copy.to`, `copy.2.to`, … with `when` and `if`."""
        found = []
        for name in self._numbered("copy", ".to"):
            to = self.names(f"{name}.to")
            self.findings.templates(self.element, f"{name}.to", to)
            found.append(
                Copy(
                    to=to,
                    when=self.choice(f"{name}.when", Literal["entered", "settled"], "entered"),
                    condition=self.condition(f"{name}.if"),
                )
            )
        return tuple(found)

    def _numbered(self, prefix: str, suffix: str = "") -> list[str]:
        """The names `prefix`, `prefix.2`, … of which `name + suffix` is there, by number."""
        pattern = re.compile(re.escape(prefix) + r"(?:\.(\d{1,3}))?" + re.escape(suffix))
        found = {int(m[1] or 1): m[0] for m in map(pattern.fullmatch, self.values) if m}
        return [found[number].removesuffix(suffix) for number in sorted(found)]

    def refuse_left_over(self, prefixes: tuple[str, ...]) -> None:
        """A property that begins like ours and that nobody read is a slip of the pen."""
        for name in self.values:
            if name not in self._read and (name.split(".")[0] in prefixes):
                self.refuse(name, "there is no property of this name here")


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def split_list(text: str) -> tuple[str, ...]:
    """The parts between commas; commas inside `${…}`, brackets or quotes do not count."""
    parts: list[str] = []
    depth, start, quote = 0, 0, ""
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif depth and char in "'\"":
            quote = char
        elif char in "({[":
            depth += 1
        elif char in ")}]":
            depth = max(0, depth - 1)
        elif char in ",，、" and not depth:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return tuple(part for part in (each.strip() for each in parts) if part)
