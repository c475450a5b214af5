"""Cycles in which nothing is waited for, and calls of a process by itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.diagrams.subjects import Built
from engine.diagrams.ways import Ways, literal, never_waits, waits

ROUNDS_MAX = 40
"""So often joins that block a cycle are taken away; a diagram with more such is left to its
run, which has a limit of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Steps that a token can go round through without stopping; `first` as drawn first."""

    first: str
    endless: bool
    """Whether nothing ends it: it has no way out, or goes round whatever is decided."""


def cycles(ways: Ways) -> Iterator[Cycle]:
    """Those of one graph, in the order of its steps."""
    order = {step: place for place, step in enumerate(ways.steps)}
    free = {step.id for step in ways.graph.steps if not waits(step)}
    edges = {step: [flow.target for flow in ways.out[step] if flow.target in free] for step in free}
    found = _components(edges, order)
    for _ in range(ROUNDS_MAX):
        blocked = _blocked(ways, found)
        if not blocked:
            break
        free -= blocked
        edges = {step: [to for to in edges[step] if to in free] for step in free}
        found = _components(edges, order)
    else:
        found = []
    for members in sorted(found, key=lambda each: min(order[step] for step in each)):
        first = min(members, key=order.__getitem__)
        yield Cycle(first=first, endless=_endless(ways, members, order))


def _blocked(ways: Ways, found: list[frozenset[str]]) -> set[str]:
    """Parallel joins in a cycle that wait for a token from outside it."""
    return {
        step
        for members in found
        for step in members
        if ways.joins(ways.steps[step])
        and any(flow.source not in members for flow in ways.into[step])
    }


def _endless(ways: Ways, members: frozenset[str], order: dict[str, int]) -> bool:
    if all(never_waits(ways.steps[step]) for step in members) and all(
        flow.target in members for step in members for flow in ways.out[step]
    ):
        return True
    certain = {
        step: [
            flow.target
            for flow in ways.out[step]
            if flow.target in members and ways.is_certain(flow) and never_waits(ways.steps[step])
        ]
        for step in members
    }
    return bool(_components(certain, order))


def _components(edges: dict[str, list[str]], order: dict[str, int]) -> list[frozenset[str]]:
    """The sets of steps that reach each other (Tarjan, without recursion); cycles only."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[frozenset[str]] = []
    for root in sorted(edges, key=order.__getitem__):
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            here, rest = work[-1]
            following = next((to for to in rest if to not in index or to in on_stack), None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[here])
                if low[here] == index[here]:
                    members = {stack.pop()}
                    while here not in members:
                        members.add(stack.pop())
                    on_stack -= members
                    if len(members) > 1 or here in edges[here]:
                        found.append(frozenset(members))
            elif following in on_stack:
                low[here] = min(low[here], index[following])
            else:
                index[following] = low[following] = len(index)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(edges[following])))
    return found


def own_calls(built: Built, *, certain: bool) -> Iterator[str]:
    """Steps that call the process itself. `certain`: only those that each run comes to before
    anything is waited for or decided."""
    key = built.process.key
    if not certain:
        for each in built.steps:
            if each.call is not None and literal(each.call.process) == key:
                yield each.id
        return
    by_graph = {id(ways.graph): ways for ways in built.ways}
    todo = [(built.ways[0], start) for start in built.ways[0].starts[:1]]
    seen: set[tuple[int, str]] = set()
    while todo:
        ways, here = todo.pop()
        step = ways.steps.get(here)
        if step is None or (id(ways), here) in seen:
            continue
        seen.add((id(ways), here))
        if step.call is not None and literal(step.call.process) == key:
            yield here
        if step.inner is not None and id(step.inner) in by_graph:
            inner = by_graph[id(step.inner)]
            todo += [(inner, start) for start in inner.starts[:1]]
        if never_waits(step):
            todo += [(ways, flow.target) for flow in ways.out[here] if ways.is_certain(flow)]
