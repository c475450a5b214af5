"""Passages: which engine node was passed, and what caused it. The journal keeps them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """One completed engine node.

    `id` counts from 1 within a request and is never given twice. `node` is the element's id;
    `<id>:entered` is the entry of a sub-process or of a node with boundary events, `<id>:each` one
    instance of a multi-instance. `scope` is the path of the scope that held the token, `causes`
    are the passages that led here, all with smaller ids. `key` is set for user tasks only: the key
    under which the task stood open. `used` is set for joins: the (cause, node it came from) of
    each token that was consumed.
    """

    id: int
    node: str
    scope: str
    causes: tuple[int, ...]
    key: str | None = None
    used: tuple[tuple[int, str], ...] = ()


def past(passages: Iterable[Passage], causes: Collection[int]) -> frozenset[int]:
    """The ids of `causes` and of everything that led to them."""
    by_id = {passage.id: passage for passage in passages}
    seen: set[int] = set()
    todo = list(causes)
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo.extend(by_id[here].causes)
    return frozenset(seen)


def caused(passages: Sequence[Passage], first: int) -> frozenset[int]:
    """The id of passage `first` and of everything that it led to."""
    found = {first}
    for passage in sorted(passages, key=lambda each: each.id):
        if not found.isdisjoint(passage.causes):
            found.add(passage.id)
    return frozenset(found)
