"""What a determined outsider would deploy is answered in words, in seconds, and does nothing."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition
from tests.wild import hostile
from tests.wild.bounds import within
from tests.wild.hostile import GROUPS, Hostile
from tests.wild.walker import walk
from web import compiling

SECONDS = 5
"""In which each set of files must be answered."""


def complaints(each: Hostile) -> Iterator[str]:
    """What is wrong with how these files were answered."""
    started = time.monotonic()
    found = compiling.checked(each.files)
    took = time.monotonic() - started
    if took >= SECONDS:
        yield f"took {took:.1f} seconds"
    if each.refused and not found.problems:
        yield "deploys"
    if not found.problems and not found.processes:
        yield "comes to nothing, without a word"
    for problem in found.problems:
        if not (problem.element and problem.rule and problem.message.strip()):
            yield f"a problem without words: {problem}"
        if problem.rule in ("reading", "limits"):
            yield f"no rule of ours says why: {problem.message}"
        if len(problem.message) > 1_000 or "Traceback" in problem.message:
            yield f"no sentence: {problem.message[:200]}"


@pytest.mark.parametrize("group", GROUPS)
def test_each_is_answered_in_words_within_seconds(group: str, tmp_path: Path) -> None:
    wrong = {each.name: found for each in GROUPS[group]() if (found := [*complaints(each)])}
    assert not wrong


def test_there_are_hundreds_of_them_and_no_two_alike() -> None:
    names = [each.name for each in hostile.every()]
    assert len(names) > 500
    assert len(names) == len(set(names))


def definitions(files: hostile.Files) -> list[Definition]:
    """The processes of these files, each with the forms, lists and tables."""
    shared = {name: each for name, each in files.items() if not name.endswith(".bpmn")}
    return [
        compile_definition({**shared, name: each}, forms.read)
        for name, each in files.items()
        if name.endswith(".bpmn")
    ]


@pytest.mark.parametrize("group", GROUPS)
def test_what_deploys_all_the_same_runs_within_bounds(
    group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for each in GROUPS[group]():
        if not each.refused and not compiling.checked(each.files).problems:
            with within(SECONDS):
                walk(definitions(each.files), seed=1, steps=5)
    assert not list(tmp_path.iterdir()), "something of a diagram's was executed"
