"""Each word of a shipped diagram is missed by a story: every flow dropped, every condition
negated, every assignment given to somebody else makes a story of that process fail, or does not
deploy."""

from functools import cache
from pathlib import Path

import pytest

import forms
from engine.diagrams.compiler import compile_definition
from engine.diagrams.definition import Definition, Undeployable
from engine.world import function_names
from tests.workflows.in_memory import MemoryStage
from tests.workflows.mutants import Mutant, mutants
from tests.workflows.organised import WORKFLOWS, files_of, keys, shipped
from web.stories import Story, play_on, read_story

ALL = [
    pytest.param(key, each, id=f"{key}: {each.name}")
    for key in keys()
    for each in mutants(files_of(key)[f"{key}.bpmn"])
]


@cache
def stories(key: str) -> list[tuple[Story, frozenset[str]]]:
    """The process's stories, the cheapest first, each with the elements that it passes."""
    paths = sorted((WORKFLOWS / key / "stories").glob("*.yaml"))
    found = [(read_story(path), path) for path in paths]
    found.sort(key=lambda pair: len(pair[0].steps))
    return [(story, _passed(key, story)) for story, _ in found]


def _passed(key: str, story: Story) -> frozenset[str]:
    stage = MemoryStage({each: shipped(each) for each in keys()})
    play_on(story, stage)
    mine = {id for id, row in stage.shelf.requests.items() if row.process == key}
    reached = {
        row[1]
        for entry in stage.shelf.journal
        if entry.chain in mine
        for row in entry.body.get("reached", ())
    }
    return frozenset(reached | {node.node for node in stage.shelf.nodes.values()})


def compiled(key: str, mutant: Mutant) -> Definition | None:
    """The mutant's definition; None if it can't be deployed."""
    files = {**files_of(key), f"{key}.bpmn": mutant.content}
    try:
        return compile_definition(files, forms.read, functions=function_names())
    except Undeployable:
        return None


def misses(story: Story, key: str, definition: Definition) -> bool:
    """Whether the story fails with this version of the process, in whichever way."""
    stage = MemoryStage({**{each: shipped(each) for each in keys()}, key: definition})
    try:
        play_on(story, stage)
    except Exception:  # a torn diagram may fail in any way
        return True
    return False


@pytest.mark.parametrize(("key", "mutant"), ALL)
def test_some_story_misses_it(key: str, mutant: Mutant) -> None:
    definition = compiled(key, mutant)
    if definition is None:
        return
    nearest = sorted(stories(key), key=lambda pair: mutant.at not in pair[1])
    for story, _ in nearest:
        if misses(story, key, definition):
            return
    pytest.fail(f"{mutant.name} survives: every story of {key} goes on without it")


@pytest.mark.parametrize(
    "path", sorted(WORKFLOWS.glob("*/stories/*.yaml")), ids=lambda p: f"{p.parts[-3]}/{p.stem}"
)
def test_in_memory_a_story_goes_as_on_a_database(path: Path) -> None:
    """And each of its requests is replayed, equal."""
    stage = MemoryStage({each: shipped(each) for each in keys()})
    play_on(read_story(path), stage)
    assert stage.replayed() == []
