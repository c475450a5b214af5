"""What compiling gives: a checked definition, or the list of why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.decisions import Decision
from engine.diagrams.words import ActionWords, EndWords, EventWords, NodeId, NodeWords, ProcessWords
from engine.tokens import Net
from forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing about a diagram or file: at which element (or file), by which rule, in words."""

    element: str
    rule: str
    message: str


class Undeployable(Exception):
    """These files cannot be deployed; `problems` says where and why, every one of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{each.element}: {each.message}" for each in problems))


@dataclass(frozen=True, kw_only=True, eq=False)
class Definition:
    """A version of a process, as it was deployed and as it runs. Nothing in it changes, so that
    what is worked out from one may be remembered by it.

    `digest` is the SHA-256 (hexadecimal) of `files`, and of `key` where they hold several
    executable processes. `decisions` are those of the files' tables, by id. `events` holds what is
    caught and thrown inside the process (its own start events: `process.starts`); `ends` every end
    event, those of sub-processes too (when a run is done, the last that it reached is the
    process's own). `names` has every element's name, "" where it has none; `names_en` the property
    `name.en` of those that have one.
    """

    key: str
    name: str
    digest: str
    files: Mapping[str, bytes]
    process: ProcessWords
    nodes: Mapping[NodeId, NodeWords]
    actions: Mapping[NodeId, ActionWords]
    events: Mapping[NodeId, EventWords]
    ends: Mapping[NodeId, EndWords]
    forms: Mapping[str, Form]
    decisions: Mapping[str, Decision]
    names: Mapping[NodeId, str]
    names_en: Mapping[NodeId, str]
    warnings: tuple[Problem, ...]
    net: Net
