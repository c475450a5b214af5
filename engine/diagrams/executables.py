"""Which of the processes in a file are to run: several pools, one of them executable, or more."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.sketch import has_nodes
from engine.diagrams.source import Element

YES = frozenset({"true", "1"})
KEY = re.compile(r"[^\W\d][\w.-]*")
"""Keys of processes stand in addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executable:
    """A process that is to run, and the root that holds it."""

    key: str
    root: Element
    process: Element


def executables(roots: Mapping[str, Element], findings: Findings) -> tuple[Executable, ...]:
    """The processes that are to run, in the order in which they stand; problems go to `findings`.

    Marked as executable; where none is, those that are not marked either way.
    """
    every = [
        Executable(key=source.identity(each), root=root, process=each)
        for root in roots.values()
        for each in source.children(root, "process")
    ]
    found = _drawn([each for each in every if _marked(each) in YES], findings)
    if not found:
        found = _unmarked(every)
        for each in found:
            findings.warn(each.key, "process", "not marked as executable: taken as such")
    for each in every:
        if each not in found and source.child(each.process, "startEvent") is not None:
            message = "not marked as executable: left out, nothing of it is done"
            findings.warn(each.key or "process", "process", message)
    _check(every, found, next(iter(roots), "files"), findings)
    return tuple(found)


def _marked(each: Executable) -> str | None:
    said = each.process.get("isExecutable")
    return None if said is None else said.strip().lower()


def _drawn(found: list[Executable], findings: Findings) -> list[Executable]:
    """Those with something in them: a partner's pool is marked as executable by some modelers,
    and stays empty."""
    drawn = [each for each in found if has_nodes(each.process)]
    for each in found if drawn else ():
        if each not in drawn:
            message = "left out: there is nothing in this process"
            findings.warn(each.key or "process", "process", message)
    return drawn or found


def _unmarked(every: list[Executable]) -> list[Executable]:
    """Those that say nothing. Another participant's pool is often drawn empty."""
    found = [each for each in every if _marked(each) is None]
    begun = [each for each in found if source.child(each.process, "startEvent") is not None]
    return begun or found[:1]


def _check(every: list[Executable], found: list[Executable], name: str, findings: Findings) -> None:
    if not found and every:
        findings.refuse(
            every[0].key or name,
            "process",
            "no process here is executable: mark the one that is to run (isExecutable)",
        )
    elif not found:
        findings.refuse(name, "process", "there is no process here that could run")
    for each in found:
        if not each.key:
            findings.refuse("process", "id", "the process has no id")
        elif not KEY.fullmatch(each.key):
            message = "a process's id is a letter or “_”, then letters, digits, “.”, “-” and “_”"
            findings.refuse(each.key.strip() or "process", "id", message)
    for key, count in Counter(each.key for each in found).items():
        if count > 1 and key:
            findings.refuse(key, "process", f"{count} executable processes have this id")
