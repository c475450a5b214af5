"""A small replayer: whether a trace's activities, one after the other, lead through a diagram.

It knows the shapes of BPMN and nothing of conditions, people or time: gateways may go any way that
they draw, events may come whenever they are waited for. It shares no code with what moves tokens.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from itertools import combinations, count
from typing import Any

from engine.diagrams.definition import Definition
from engine.tokens import Graph, Step
from web.exports.activities import activities

Path = tuple[tuple[str, int], ...]
Token = tuple[Path, str, str]
"""In which scope; `flow` or `at`; which flow, or which step."""
State = tuple[Token, ...]
MOST_TOKENS = 14
MOST_STATES = 400_000
INSTANCES = 4


class Game:
    """One diagram."""

    def __init__(self, definition: Definition) -> None:
        self.graph = definition.net.graph
        drawn = activities(definition).values()
        self.labels: Mapping[str, str] = {each.passage: each.name for each in drawn}

    def fits(self, labels: Sequence[str]) -> bool:
        """Whether a trace can be replayed from the start to an end, nothing missing or left."""
        starts = self.graph.starts or (self.graph.start,)
        first: list[tuple[int, State]] = [(0, (((), "at", start),)) for start in starts]
        seen, turn = set(first), count()
        todo = [(0, 1, next(turn), state) for _, state in first]
        while todo:
            # Furthest along the trace first, and of those with the fewest tokens on the way.
            ahead, _, _, state = heappop(todo)
            done = -ahead
            if done == len(labels) and not state:
                return True
            assert len(seen) < MOST_STATES, "the diagram is too large for this replayer"
            wanted = labels[done] if done < len(labels) else None
            for label, after in self._moves(state):
                if label is not None and label != wanted:
                    continue
                new = (done + (label is not None), after)
                if new not in seen and len(after) <= MOST_TOKENS:
                    seen.add(new)
                    heappush(todo, (-new[0], len(after), next(turn), after))
        return False

    def _graph(self, path: Path) -> Graph:
        graph = self.graph
        for name, _ in path:
            graph = next(s.inner for s in graph.steps if s.id == name)  # type: ignore[assignment]
        return graph

    def _moves(self, state: State) -> Iterator[tuple[str | None, State]]:
        for token in dict.fromkeys(state):
            path, kind, name = token
            graph = self._graph(path)
            steps = {step.id: step for step in graph.steps}
            if kind == "flow":
                flow = next(f for f in graph.flows if f.id == name)
                yield from self._arrive(state, token, graph, steps[flow.target])
            else:
                yield from self._stand(state, token, graph, steps[name])
        for path in dict.fromkeys(path for path, _, _ in state):
            yield from self._handlers(state, path)

    def _arrive(
        self, state: State, token: Token, graph: Graph, step: Step
    ) -> Iterator[tuple[str | None, State]]:
        path = token[0]
        incoming = [(path, "flow", f.id) for f in graph.flows if f.target == step.id]
        if step.kind in ("parallel", "inclusive") and len(incoming) > 1:
            there = [each for each in incoming if each in state]
            if step.kind == "inclusive" or len(there) == len(incoming):
                yield from self._leave(_without(state, *there), path, graph, step)
            return
        rest = _without(state, token)
        if step.id in self.labels or self._watched(graph, step) or step.kind == "sub-process":
            yield None, _with(rest, *self._entered(rest, path, step))
        else:
            yield from self._leave(rest, path, graph, step)

    def _entered(self, state: State, path: Path, step: Step) -> list[Token]:
        found: list[Token] = [(path, "at", step.id)]
        if step.kind == "sub-process" and step.id not in self.labels and step.each is None:
            found.append(self._inner(state, path, step))
        return found

    def _inner(self, state: State, path: Path, step: Step) -> Token:
        taken = {other[len(path)][1] for other, _, _ in state
                 if other[: len(path)] == path and other[len(path) : len(path) + 1]
                 and other[len(path)][0] == step.id}  # fmt: skip
        number = next(n for n in range(1, 1000) if n not in taken)
        assert step.inner is not None
        return ((*path, (step.id, number)), "at", step.inner.start)

    def _stand(
        self, state: State, token: Token, graph: Graph, step: Step
    ) -> Iterator[tuple[str | None, State]]:
        path, rest = token[0], _without(state, token)
        label = self.labels.get(step.id)
        inside = [t for t in rest if _inside(t[0], path, step.id)]
        if label is None and step.kind in ("sub-process", "event-sub-process") and step.inner:
            if not inside:
                yield from self._leave(rest, path, graph, step)
            if step.each is not None and len({t[0][: len(path) + 1] for t in inside}) < INSTANCES:
                yield None, _with(state, self._inner(state, path, step))
            if step.each is not None and step.each.done_when:
                yield from self._leave(_without(rest, *inside), path, graph, step)
        else:
            for _, after in self._leave(rest, path, graph, step):
                yield label, after
        for each in graph.steps:
            if each.kind == "boundary" and each.event and each.event.attached_to == step.id:
                ends = each.event.interrupting or each.event.kind == "error"
                kept = _without(rest, *inside) if ends else state
                yield from self._leave(kept, path, graph, each)

    def _leave(
        self, state: State, path: Path, graph: Graph, step: Step
    ) -> Iterator[tuple[str | None, State]]:
        out: list[Token] = [(path, "flow", f.id) for f in graph.flows if f.source == step.id]
        if step.kind == "terminate":
            yield None, tuple(t for t in state if t[0][: len(path)] != path)
        elif step.kind == "raise" and step.event and step.event.kind == "error":
            yield None, state
        elif step.kind in ("exclusive", "event-gateway"):
            for each in out:
                yield None, _with(state, each)
        elif step.kind == "inclusive":
            for size in range(1, len(out) + 1):
                for some in combinations(out, size):
                    yield None, _with(state, *some)
        else:
            yield None, _with(state, *out)

    def _handlers(self, state: State, path: Path) -> Iterator[tuple[str | None, State]]:
        for step in self._graph(path).steps:
            if step.kind != "event-sub-process" or (path, "at", step.id) in state:
                continue
            assert step.event is not None
            ends = step.event.interrupting or step.event.kind == "error"
            rest = tuple(t for t in state if t[0][: len(path)] != path) if ends else state
            yield None, _with(rest, (path, "at", step.id), self._inner(rest, path, step))

    @staticmethod
    def _watched(graph: Graph, step: Step) -> bool:
        return any(e.event and e.event.attached_to == step.id for e in graph.steps)


def _inside(path: Path, outer: Path, step: str) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer and path[len(outer)][0] == step


def _without(state: State, *tokens: Token) -> State:
    left: list[Any] = list(state)
    for token in tokens:
        left.remove(token)
    return tuple(left)


def _with(state: State, *tokens: Token) -> State:
    return tuple(sorted((*state, *tokens)))
