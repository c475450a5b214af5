"""Who a message or signal is for, among the requests that wait for one of its name."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.ids import RequestId
from engine.requests import Flow, Subscription
from engine.unit_of_work import UnitOfWork

MOST_RECEIVERS = 500
"""So many requests hear a signal at once; one that more wait for is refused."""
MOST_CANDIDATES = 2_000
"""So many waiting tokens are looked at for variables that match."""

Receivers = dict[RequestId, list[str]]
"""The keys of the tokens that are meant, by request, in the order of the requests."""


class TooMany(Exception):
    """More wait for a name than are looked at."""


def everyone(uow: UnitOfWork, kind: str, name: str, *, but: RequestId | None = None) -> Receivers:
    """Every request that waits for it, `but` one.

    Raises:
        TooMany: more than `MOST_RECEIVERS`.
    """
    found = _grouped(
        row for row in uow.waiting(kind, name, limit=MOST_CANDIDATES + 1) if row.request != but
    )
    if len(found) > MOST_RECEIVERS:
        raise TooMany(f"more than {MOST_RECEIVERS} requests wait for the {kind} “{name}”")
    return found


def by_key(uow: UnitOfWork, name: str, key: str) -> Receivers:
    """Those whose own `message.correlation` gives this key; else the request of this id or number,
    as far as its tokens have no key of their own."""
    found = uow.waiting("message", name, limit=MOST_CANDIDATES, correlation=key)
    if found:
        return _grouped(found)
    for request in (RequestId(key), uow.find_number(key)):
        if request is not None:
            rows = uow.waiting("message", name, limit=MOST_CANDIDATES, request=request)
            if rows:
                return _grouped(row for row in rows if not row.correlation)
    return {}


def by_variables(uow: UnitOfWork, name: str, where: Mapping[str, Any]) -> Receivers:
    """Those whose variables, as their tokens see them, are equal to these.

    Raises:
        TooMany: more than `MOST_CANDIDATES` tokens wait for the name.
    """
    rows = uow.waiting("message", name, limit=MOST_CANDIDATES + 1)
    if len(rows) > MOST_CANDIDATES:
        raise TooMany(
            f"more than {MOST_CANDIDATES} wait for the message “{name}”: name the receiver by its"
            " id, its number, or a key (message.correlation)"
        )
    flows: dict[RequestId, Flow] = {}
    found = []
    for row in rows:
        flow = flows.setdefault(row.request, uow.flow(row.request))
        seen = variables_at(flow, row.key.rpartition("/")[0])
        if all(name in seen and equal(seen[name], value) for name, value in where.items()):
            found.append(row)
    return _grouped(found)


def variables_at(flow: Flow, scope: str) -> dict[str, Any]:
    """What a scope sees, as it was saved."""
    chain: list[Mapping[str, Any]] = []
    here: str | None = scope
    while here is not None and here in flow.scopes:
        chain.append(flow.scopes[here]["values"])
        here = flow.scopes[here]["parent"]
    return {name: value for values in reversed(chain) for name, value in values.items()}


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same; a number and its text are."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float | str) and isinstance(other, int | float | str):
        return str(one) == str(other)
    return bool(one == other)


def kept_to(found: Receivers, allowed: Callable[[RequestId], bool]) -> Receivers:
    """Those of them that are allowed."""
    return {request: keys for request, keys in found.items() if allowed(request)}


def _grouped(rows: Iterable[Subscription]) -> Receivers:
    found: Receivers = {}
    for row in rows:
        found.setdefault(row.request, []).append(row.key)
    return found
