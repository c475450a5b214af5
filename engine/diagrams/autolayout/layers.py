"""Which layer each node stands in, and in which order within it."""

from collections.abc import Mapping, Sequence

SWEEPS = 3


def layers_of(after: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The nodes in layers, each behind all that lead to it; flows that lead back are passed over.
    In a layer, nodes stand near those before and behind them."""
    forward = _without_circles(after)
    level = _levels(forward)
    found: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for node in after:
        found[level[node]].append(node)
    before: dict[str, list[str]] = {node: [] for node in after}
    for node, others in forward.items():
        for other in others:
            before[other].append(node)
    place = {node: float(n) for layer in found for n, node in enumerate(layer)}
    for sweep in range(SWEEPS):
        near = before if sweep % 2 == 0 else forward
        for layer in found if sweep % 2 == 0 else reversed(found):
            wish = {
                node: (
                    sum(place[each] for each in near[node]) / len(near[node])
                    if near[node]
                    else place[node]
                )
                for node in layer
            }
            layer.sort(key=lambda node: (wish[node], place[node]))
            place.update((node, float(n)) for n, node in enumerate(layer))
    return found


def _without_circles(after: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The flows but those that lead back to where one came from (depth first)."""
    forward: dict[str, list[str]] = {node: [] for node in after}
    entered: dict[str, None] = {}
    done: set[str] = set()
    led_to = {other for others in after.values() for other in others}
    for root in [*(node for node in after if node not in led_to), *after]:
        if root in entered:
            continue
        entered[root] = None
        path = [(root, iter(after[root]))]
        while path:
            here, rest = path[-1]
            for other in rest:
                if other in entered and other not in done:
                    continue
                forward[here].append(other)
                if other not in entered:
                    entered[other] = None
                    path.append((other, iter(after[other])))
                    break
            else:
                done.add(here)
                path.pop()
    return forward


def _levels(forward: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The longest way to each node."""
    waiting = dict.fromkeys(forward, 0)
    for others in forward.values():
        for other in others:
            waiting[other] += 1
    level = {node: 0 for node, count in waiting.items() if not count}
    todo = list(level)
    for here in todo:
        for other in forward[here]:
            level[other] = max(level.get(other, 0), level[here] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                todo.append(other)
    return level
