"""A graph while it is being mended.

Where one node of the diagram becomes several steps, flows that its author drew to it lead to the
first of them, and those that he drew from it leave the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.diagrams.words import NodeId
from engine.tokens import Flow, Step


@dataclass(slots=True)
class Sheet:
    """The steps of one graph by their ids, in the order of the XML."""

    steps: dict[str, Step] = field(default_factory=dict)
    inner: list[Flow] = field(default_factory=list)
    """Flows among the steps of one node."""
    firsts: dict[str, str] = field(default_factory=dict)
    lasts: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    """The step that carries the events on a node's edge, where it is another."""
    defaults: dict[str, str] = field(default_factory=dict)
    """The default flow of each node, which belongs to the last of its steps."""

    def add(self, step: Step) -> None:
        """A node of the diagram."""
        self.defaults[step.id] = step.default
        self.put(replace(step, default=""))

    def put(self, step: Step) -> None:
        """A step more."""
        self.steps[step.id] = step

    def first(self, node: str) -> str:
        """The step that flows to the node lead to."""
        return self.firsts.get(node, node)

    def last(self, node: str) -> str:
        """The step that flows from the node leave."""
        return self.lasts.get(node, node)

    def before(self, node: str, step: Step) -> None:
        """Let `step` stand before all that the node has become."""
        self.put(step)
        self.inner.append(Flow(id=f"{step.id}:flow", source=step.id, target=self.first(node)))
        self.firsts[node] = step.id

    def after(self, node: str, step: Step) -> None:
        """Let `step` stand after all that the node has become."""
        self.put(step)
        self.inner.append(Flow(id=f"{step.id}:flow", source=self.last(node), target=step.id))
        self.lasts[node] = step.id

    def exchange(self, node: str, step: Step) -> None:
        """Put `step` in the place of the node, events on its edge included."""
        self.steps = {
            (step.id if id == node else id): (step if id == node else each)
            for id, each in self.steps.items()
        }
        self.firsts[node] = self.lasts[node] = self.hosts[node] = step.id

    def finish(self, drawn: Sequence[Flow]) -> list[Flow]:
        """All flows, those that were drawn first; defaults and edges follow their steps."""
        for step in list(self.steps.values()):
            event = step.event
            if event is not None and event.attached_to in self.hosts:
                host = NodeId(self.hosts[event.attached_to])
                self.put(replace(step, event=replace(event, attached_to=host)))
        for node, default in self.defaults.items():
            if default:
                self.put(replace(self.steps[self.last(node)], default=default))
        moved = [
            replace(flow, source=self.last(flow.source), target=self.first(flow.target))
            for flow in drawn
        ]
        return moved + self.inner
