"""What of a diagram an event log calls an activity: tasks of every kind and call activities.

That is what mining tools make of a BPMN diagram: events and gateways lead on in silence, and a
sub-process is what stands in it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.diagrams import source
from engine.diagrams.definition import Definition
from engine.diagrams.files import is_diagram
from engine.diagrams.loops import AROUND
from engine.diagrams.source import Element
from engine.tokens import Graph, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity of a diagram."""

    id: str
    name: str
    """Its label in the diagram, line breaks taken out; its id where it has none."""
    kind: str
    """Its BPMN element: `userTask`, `serviceTask`, `callActivity`, …"""
    passage: str
    """The element whose passage says that it is complete: its own, or that of the sub-process of
    ours around an activity of which there are several, which is passed when all are."""


@lru_cache(maxsize=256)
def activities(definition: Definition) -> Mapping[str, Activity]:
    """The activities of a version, by id, in the order of the XML."""
    steps = {step.id for step in every_step(definition.net.graph)}
    found = {}
    for element in _elements(definition):
        id, kind = source.identity(element), source.local(element)
        if id in steps and (kind.endswith(("Task", "task")) or kind == "callActivity"):
            name = element.get("name", "").replace("\r", "").replace("\n", "")
            around = id + AROUND
            found[id] = Activity(
                id=id,
                name=name if name.strip() else id,
                kind=kind,
                passage=around if around in steps else id,
            )
    return found


def every_step(graph: Graph) -> Iterator[Step]:
    """Every step of a graph, those inside sub-processes too."""
    for step in graph.steps:
        yield step
        if step.inner is not None:
            yield from every_step(step.inner)


def _elements(definition: Definition) -> Iterator[Element]:
    for name in sorted(definition.files):
        if is_diagram(name):
            root = source.parse(name, definition.files[name])
            for process in source.children(root, "process"):
                if source.identity(process) == definition.key:
                    yield from (e for e in process.iter("{*}*") if source.in_bpmn(e))
