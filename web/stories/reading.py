"""Reading a story's file, with its mistakes named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

STEP_KEYS = frozenset(
    {
        "who", "does", "process", "as", "of", "task", "answers", "comment", "to", "at", "expect",
        "version", "reason",
    }
)  # fmt: skip
VERBS = frozenset(
    {
        "submit", "save", "complete", "approve", "reject", "return", "withdraw", "claim",
        "release", "comment", "copy", "urge", "assign", "wait",
    }
)  # fmt: skip


class BadStory(ValueError):
    """The file is no story: what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing somebody does, or the clock."""

    does: str
    who: str = ""
    process: str = ""
    alias: str = ""
    of: str | Mapping[str, str] = ""
    task: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    to: Any = None
    at: datetime | None = None
    expect: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A worked case."""

    name: str
    start: datetime | None
    steps: tuple[Step, ...]
    end: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


def read_story(path: Path) -> Story:
    """The story of a file; BadStory with the file's name and what is wrong."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or not isinstance(document.get("steps"), list):
            raise BadStory("it has no list of steps")
        steps = tuple(_step(row) for row in document["steps"])
        start = _moment(document.get("start"))
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise BadStory(f"{path.name}: {error}") from error
    return Story(
        name=str(document.get("story") or path.stem),
        start=start,
        steps=steps,
        end=document.get("end") or {},
        rules=tuple(document.get("rules") or ()),
    )


def _step(row: Any) -> Step:
    if not isinstance(row, dict):
        raise BadStory(f"{row!r} is no step")
    unknown = set(row) - STEP_KEYS
    if unknown:
        raise BadStory(f"unknown words in a step: {', '.join(sorted(unknown))}")
    if row.get("does") not in VERBS:
        raise BadStory(f"nobody can do “{row.get('does')}”")
    return Step(
        does=row["does"],
        who=row.get("who", ""),
        process=row.get("process", ""),
        alias=row.get("as", ""),
        of=row.get("of", ""),
        task=row.get("task", ""),
        answers=row.get("answers") or {},
        comment=row.get("comment", ""),
        to=row.get("to"),
        at=_moment(row.get("at")),
        expect=row.get("expect") or {},
    )


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise BadStory(f"{value} has no offset")
    return moment
