"""Straight back after a return (B5): what the return dropped is put back as it was, and what its
target, entered anew, has caused is dropped instead. The net does not run in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.tokens.errors import IntoEnded, NotOpen
from engine.tokens.net import Net
from engine.tokens.nodes import Stop
from engine.tokens.passages import Passage, caused
from engine.tokens.run import Run
from engine.tokens.token import Token
from engine.tokens.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """The run to save; passages of the target's second pass, which count no more; and the tasks
    that stand open again: the key of each before the return, by its key now."""

    run: Run
    undone: frozenset[int]
    keys: Mapping[str, str]


def put_back(
    net: Net,
    marking: dict[str, Any],
    scopes: Mapping[str, Any],
    passages: Sequence[Passage],
    key: str,
    dropped: Mapping[str, Any],
    world: World,
) -> PutBack:
    """Go on where a return came from: `key` is the target, still open, that the return entered
    anew, `dropped` what the return let go of (`Rewound.dropped`).

    Neither `marking` nor `scopes` is changed.

    Raises:
        NotOpen: the target is not open any more.
        IntoEnded: a scope is over to which something would have to be put back.
    """
    row = next((r for r in marking["tokens"] if _key(r) == key), None)
    if row is None:
        raise NotOpen(key)
    entered = {p.id for p in passages if p.id in row["by"] and p.node == f"{row['at']}:entered"}
    undone = frozenset(id for first in entered for id in caused(passages, first))
    left = [r for r in marking["tokens"] if r is not row and undone.isdisjoint(r["by"])]
    inside = {_path(r) for r in marking["tokens"] if r not in left and _path(r)}
    gone = {p for p in scopes if any(p == one or p.startswith(f"{one}/") for one in inside)}
    left = [r for r in left if r.get("in", "") not in gone]
    return _resumed(
        net,
        {**marking, "tokens": left, "entries": _without(marking["entries"], gone)},
        _without(scopes, gone),
        dropped,
        undone,
        world,
    )


def put_back_all(
    net: Net, marking: dict[str, Any], scopes: Mapping[str, Any], world: World
) -> PutBack:
    """Go on with a marking that was set aside as a whole (a return to the requester)."""
    empty = {**marking, "tokens": [], "entries": {}}
    dropped = {"tokens": marking["tokens"], "entries": marking["entries"], "scopes": {}}
    return _resumed(net, empty, scopes, dropped, frozenset(), world)


def _resumed(
    net: Net,
    kept: dict[str, Any],
    scopes: Mapping[str, Any],
    dropped: Mapping[str, Any],
    undone: frozenset[int],
    world: World,
) -> PutBack:
    entries = {**kept["entries"], **dropped["entries"]}
    every = {**scopes, **dropped["scopes"]}
    if any(row.get("in", "") not in every for row in dropped["tokens"]):
        raise IntoEnded("what it came from")
    number = len(kept["tokens"])
    tokens = [*kept["tokens"], *dropped["tokens"]]
    run = Run.resume(net, {**kept, "tokens": tokens, "entries": entries}, every, world)
    keys = {}
    for token in run.live()[number:]:
        if isinstance(token.task_spec, Stop) and token.task_spec.open_kind == "task":
            before = token.key
            _enter_again(run, token)
            keys[token.key] = before
    run.settle()
    return PutBack(run=run, undone=undone, keys=keys)


def _enter_again(run: Run, token: Token) -> None:
    """A task stands open under a new number; what watches over it begins to count anew."""
    scope, spec, number = token.workflow, token.task_spec, token.number
    token.number = scope.count(spec.shown)
    for other in scope.live.values():
        if other.host == number and other.task_spec in spec.watchers:
            other.host = token.number
            if other.task_spec.open_kind == "timer" and not other.halt:
                run._strike(other, other.task_spec.again)


def _key(row: Mapping[str, Any]) -> str:
    return f"{row.get('in', '')}/{row['at']}#{row.get('no', 0)}"


def _path(row: Mapping[str, Any]) -> str:
    """The scope that the token of an activity opened, if it is one."""
    if "no" not in row or "items" in row.get("each", ()):
        return ""
    return f"{row.get('in', '')}/{row['at'].removesuffix(':each')}#{row['no']}"


def _without(paths: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    return {path: each for path, each in paths.items() if path not in gone}
