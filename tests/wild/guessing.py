"""Answers that a person might give, guessed from what a diagram's texts compare and name."""

import html
import random
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from forms.model import CHOICES, Field, Form

PEOPLE = ("finance.manager", "tech.manager", "risk.manager", "gm", "office.manager")
"""People of the demo organisation who may be named in a variable."""

_EXPRESSION = re.compile(r"[$#]\{([^{}]*)\}|(?:>|\")=([^<\"]+)")
_NAME = re.compile(r"[A-Za-z_]\w*(?!\w*\s*\()")
_COMPARED = re.compile(
    r"([A-Za-z_]\w*)\s*(?:==|!=|>=|<=|=|>|<|\b(?:eq|ne|gt|ge|lt|le)\b)\s*"
    r"('[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?|true|false)"
)
_EQUALS = re.compile(r"([A-Za-z_]\w*)\.equals\(\s*('[^']*'|\"[^\"]*\")")
_PEOPLE = re.compile(r"(?:assignee|candidateUsers)=\"[$#]\{\s*(\w+)\s*\}")
_LISTS = re.compile(
    r"(?:collection|inputCollection)=\"(?:[$#]\{)?=?\s*(\w+)"
    r"|<\w*:?loopDataInputRef>\s*(?:[$#]\{)?(\w+)"
)
_INITIATOR = re.compile(r":initiator=\"(\w+)\"")
_TIMES = re.compile(r"time(?:Duration|Cycle)[^>]*>(?:<!\[CDATA\[)?[$#]\{\s*(\w+)\s*\}")
_DATES = re.compile(r"(?:dueDate=\"|timeDate[^>]*>(?:<!\[CDATA\[)?)[$#]\{\s*(\w+)\s*\}")
_COUNTS = re.compile(r"loopCardinality[^>]*>(?:<!\[CDATA\[)?[$#]\{\s*(\w+)\s*\}")
WORDS = frozenset(
    [
        "true",
        "false",
        "null",
        "empty",
        "not",
        "and",
        "or",
        "eq",
        "ne",
        "gt",
        "ge",
        "lt",
        "le",
        "div",
        "mod",
        "execution",
        "task",
        "authenticatedUserId",
        "initiator",
        "me",
        "number",
        "round",
        "department",
        "result",
        "loopCounter",
        "nrOfInstances",
        "nrOfActiveInstances",
        "nrOfCompletedInstances",
        "for",
        "in",
        "return",
        "if",
        "then",
        "else",
    ]
)


class Guesses:
    """What each variable of a process may plausibly be."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.pools: dict[str, list[Any]] = {}
        for text in texts:
            self._read(html.unescape(text))

    def _read(self, text: str) -> None:
        for found in _EXPRESSION.finditer(text):
            self._read_expression(found[1] or found[2] or "")
        for name in _PEOPLE.findall(text):
            self.pools[name] = [*PEOPLE]
        for found in _LISTS.finditer(text):
            people = list(PEOPLE)
            self.pools[found[1] or found[2]] = [people[:3], people[:1], people[1:3], []]
        for name in _TIMES.findall(text):
            self.pools[name] = ["PT5M", "PT2H", "P1D"]
        for name in _DATES.findall(text):
            self.pools[name] = ["2026-12-01T09:00:00+08:00", "2026-12-24"]
        for name in _COUNTS.findall(text):
            self.pools[name] = [1, 2, 3]
        for name in [*WORDS, *_INITIATOR.findall(text)]:
            self.pools.pop(name, None)

    def _read_expression(self, text: str) -> None:
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
        for name in _NAME.findall(bare):
            if name not in WORDS and not name.startswith("_") and len(name) < 60:
                self.pools.setdefault(name, [])
        for name, literal in [*_COMPARED.findall(text), *_EQUALS.findall(text)]:
            if name in self.pools:
                self.pools[name].extend(_around(literal))

    def some(self, rng: random.Random, share: float = 1.0) -> dict[str, Any]:
        """Values for about that share of the variables."""
        return {name: self.one(name, rng) for name in sorted(self.pools) if rng.random() < share}

    def one(self, name: str, rng: random.Random) -> Any:
        """A value for one variable."""
        pool = self.pools.get(name) or [True, False, "yes", 3, 700, "agree"]
        return rng.choice(pool)


def _around(literal: str) -> list[Any]:
    """The values that a comparison tells apart."""
    if literal in ("true", "false"):
        return [True, False]
    if literal[0] in "'\"":
        return [literal[1:-1], literal[1:-1], "something else"]
    number = int(float(literal))
    return [number, number + 1, number - 1]


def filled(form: Form, guesses: Guesses, rng: random.Random) -> dict[str, Any]:
    """Answers to a form: every field that is asked for, most of the others."""
    if form.generated:
        return guesses.some(rng, 0.9)
    return {
        field.key: value
        for field in form.fields
        if field.readonly is False and (value := _answer(field, rng)) is not None
    }


def _answer(field: Field, rng: random.Random) -> Any:
    kind = field.kind
    if kind in CHOICES:
        return _chosen(field, rng)
    if kind in ("integer", "decimal"):
        low = int(field.minimum or 0) + (1 if field.minimum is None else 0)
        value = low if field.maximum is None else min(low, int(field.maximum))
        return value if kind == "integer" else str(value)
    simple: Mapping[str, Any] = {
        "checkbox": True,
        "date": (date(2026, 12, 1) + timedelta(days=rng.randrange(3))).isoformat(),
        "time": "10:30",
        "datetime": "2026-12-01T10:30:00+08:00",
        "files": [],
        "table": [{c.key: v for c in field.columns if (v := _answer(c, rng)) is not None}],
    }
    if kind in simple:
        return simple[kind]
    return ("说明" * 20)[: max(field.min_length or 0, min(field.max_length or 12, 12))]


def _chosen(field: Field, rng: random.Random) -> Any:
    source = field.options.source
    values = [option.value for option in field.options.static]
    if source == "person":
        values = list(PEOPLE)
    elif source == "department":
        values = ["财务部", "产品部"]
    if not values:
        return None
    one = rng.choice(values)
    return [one] if field.kind in ("checklist", "taglist") or field.multiple else one
