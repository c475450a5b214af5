"""Can the process come to stand for ever at a join? Found by playing its tokens out.

Conditions are not read: every way that a gateway could take is taken. So what is found is possible
by the drawing, perhaps not by the data: a warning.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from engine.tokens import Graph, Step

STATES_MAX = 5_000
"""After so many different states the search ends without a result."""
WAYS_MAX = 4
"""An inclusive gateway with more flows is played with each alone and with all."""

State = tuple[str, ...]
"""Flows that carry a token, sorted; a flow with two tokens stands twice."""

ENTRY = ":entry"


class _Game:
    def __init__(self, graph: Graph) -> None:
        self.steps = {step.id: step for step in graph.steps}
        self.target = {flow.id: flow.target for flow in graph.flows} | {ENTRY: graph.start}
        self.source = {flow.id: flow.source for flow in graph.flows}
        self.out: dict[str, list[str]] = {step: [] for step in self.steps}
        self.into: dict[str, list[str]] = {step: [] for step in self.steps}
        for flow in graph.flows:
            self.out[flow.source].append(flow.id)
            self.into[flow.target].append(flow.id)
        self._before: dict[tuple[str, str], frozenset[str]] = {}
        self.host: dict[str, str] = {}
        self.edges: dict[str, list[Step]] = {}
        for step in graph.steps:
            if step.kind == "boundary" and step.event and step.event.attached_to:
                self.host[step.id] = step.event.attached_to
                self.edges.setdefault(step.event.attached_to, []).append(step)

    def joins(self, node: str) -> bool:
        return self.steps[node].kind in ("parallel", "inclusive") and len(self.into[node]) > 1

    def ways(self, step: Step) -> Iterator[Sequence[str]]:
        """The sets of flows that a token may leave by."""
        out = self.out[step.id]
        if step.kind == "terminate" or step.ends:
            yield ()
        elif step.kind in ("exclusive", "event-gateway"):
            yield from ((flow,) for flow in out)
        elif step.kind == "inclusive":
            most = len(out) if len(out) <= WAYS_MAX else 1
            for size in range(1, most + 1):
                yield from combinations(out, size)
            yield tuple(out)
        else:
            yield tuple(out)
        for edge in self.edges.get(step.id, ()):
            assert edge.event is not None
            beside = () if edge.event.interrupting else tuple(out)
            yield (*beside, *self.out[edge.id])

    def after(self, state: State) -> list[State] | None:
        """The states that follow; None: nothing can move."""
        for place, flow in enumerate(state):
            node = self.target[flow]
            if not self.joins(node):
                rest = state[:place] + state[place + 1 :]
                step = self.steps[node]
                if step.kind == "terminate":
                    return [()]
                return [tuple(sorted((*rest, *way))) for way in self.ways(step)]
        # Everything that moves has moved: what is left stands before joins.
        places = {self.target[flow] for flow in state}
        for node in sorted(places, key=lambda node: (self.steps[node].kind == "inclusive", node)):
            there = {flow for flow in state if self.target[flow] == node}
            if self.opens(node, there, places):
                rest = _without(state, there)
                return [tuple(sorted((*rest, *way))) for way in self.ways(self.steps[node])]
        return None

    def opens(self, node: str, there: set[str], places: set[str]) -> bool:
        """Whether the join `node` opens with tokens on these of its flows."""
        missing = [flow for flow in self.into[node] if flow not in there]
        if self.steps[node].kind == "parallel" or not missing:
            return not missing
        held = set().union(*(self.before(node, flow) for flow in missing))
        excused = set().union(*(self.before(node, flow) for flow in there))
        return places.isdisjoint(held - excused)

    def before(self, join: str, flow: str) -> frozenset[str]:
        """The nodes from which `flow` can be reached without passing `join`."""
        if (join, flow) not in self._before:
            seen: set[str] = set()
            todo = [self.source[flow]]
            while todo:
                here = todo.pop()
                if here not in seen and here != join:
                    seen.add(here)
                    todo += [self.source[each] for each in self.into[here]]
                    if here in self.host:
                        todo.append(self.host[here])
            self._before[join, flow] = frozenset(seen)
        return self._before[join, flow]


def _without(state: State, used: set[str]) -> State:
    """The state less one token on each of these flows."""
    rest = list(state)
    for flow in used:
        rest.remove(flow)
    return tuple(rest)


def stalls(graph: Graph) -> frozenset[str]:
    """The joins at which a token could wait for ever; empty as well where the search was ended."""
    game = _Game(graph)
    found: set[str] = set()
    seen: set[State] = {(ENTRY,)}
    todo: list[State] = [(ENTRY,)]
    while todo and len(seen) < STATES_MAX:
        state = todo.pop()
        if not state:
            continue
        following = game.after(state)
        if following is None:
            found.update(game.target[flow] for flow in state)
            continue
        for each in following:
            if each not in seen and _bounded(each):
                seen.add(each)
                todo.append(each)
    return frozenset(found)


def _bounded(state: State) -> bool:
    """No flow carries more than two tokens: more only repeats what two have shown."""
    counts: Mapping[str, int] = {flow: state.count(flow) for flow in state}
    return all(count <= 2 for count in counts.values())
