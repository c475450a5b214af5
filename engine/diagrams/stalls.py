"""Can the process come to stand for ever at a join? Found by playing its tokens out.

Conditions are not read: every way that a gateway could take is taken. So what is found is possible
by the drawing, perhaps not by the data: a warning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from engine.tokens import Graph, Step

WORK_MAX = 120_000
"""After so many moved tokens the search ends without a result."""
WAYS_MAX = 4
"""An inclusive gateway with more flows is played with each alone and with all."""

State = tuple[str, ...]
"""Flows that carry a token, sorted; a flow with two tokens stands twice."""

ENTRY = ":entry"


class _Game:
    def __init__(self, graph: Graph, start: str) -> None:
        self.steps = {step.id: step for step in graph.steps}
        self.target = {flow.id: flow.target for flow in graph.flows} | {ENTRY: start}
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
                if step.kind == "terminate" or _breaks_off(step):
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


def _breaks_off(step: Step) -> bool:
    """Whether it throws an error: its scope is over, or it stands with an incident."""
    return step.kind == "raise" and step.event is not None and step.event.kind == "error"


def _without(state: State, used: set[str]) -> State:
    """The state less one token on each of these flows."""
    rest = list(state)
    for flow in used:
        rest.remove(flow)
    return tuple(rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What playing a graph's tokens out showed."""

    stuck: frozenset[str]
    """Joins at which a token could wait for ever."""
    ends: bool
    """Whether some play came to an end, or might have where the search was ended early."""


def played(graph: Graph) -> Played:
    """Every way that the tokens of a graph can go, as far as `WORK_MAX` lets it be seen."""
    stuck: set[str] = set()
    ends = any(step.kind in ("terminate", "raise", "event-sub-process") for step in graph.steps)
    for start in graph.starts or (graph.start,):
        game = _Game(graph, start)
        seen: set[State] = {(ENTRY,)}
        todo: list[State] = [(ENTRY,)]
        work = 0
        while todo and work < WORK_MAX:
            state = todo.pop()
            work += len(state) + 1
            following = game.after(state)
            if following is None:
                ends = ends or not state
                stuck.update(game.target[flow] for flow in state)
                continue
            for each in following:
                work += len(each)
                if not _bounded(each):
                    ends = True
                elif each not in seen:
                    seen.add(each)
                    todo.append(each)
        ends = ends or bool(todo) or not stuck
    return Played(stuck=frozenset(stuck), ends=ends)


def stalls(graph: Graph) -> frozenset[str]:
    """The joins at which a token could wait for ever; empty as well where the search was ended."""
    return played(graph).stuck


def _bounded(state: State) -> bool:
    """No flow carries more than two tokens: more only repeats what two have shown."""
    return all(a != b for a, b in zip(state, state[2:], strict=False))
