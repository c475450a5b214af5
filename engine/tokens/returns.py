"""Returns: undo the passage that entered the target and everything that it caused, nothing else.

What a return undoes is never read off the drawing: in a rework loop the sibling branch *is*
reachable from the target, but was not caused by it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.tokens.errors import IntoBranch, IntoEnded, NotOnPath, NotOpen, TokensError
from engine.tokens.net import Net
from engine.tokens.passages import Passage, caused, past
from engine.tokens.run import Run
from engine.tokens.world import World

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewound:
    """A return that was done: the run to save, and the passages that it undid.

    `entered` is the key under which the target stands open now; `dropped` is what was let go of
    the marking and of the scopes, as `engine.tokens.straight` puts it back.
    """

    run: Run
    undone: frozenset[int]
    entered: str
    dropped: dict[str, Any]


def targets(
    passages: Sequence[Passage], marking: Mapping[str, Any], key: str
) -> tuple[Passage, ...]:
    """The tasks that the open token `key` could be returned to (B1), oldest first.

    They are the user tasks in its causal past, each node's latest pass, without those that B2
    forbids. `passages` are those of the request that no return has undone.

    Raises:
        NotOpen: the marking has no token of that key.
    """
    token = _token(marking, key)
    found = []
    for passage in _latest(passages, token):
        if _obstacle(passages, marking, token, passage) is None:
            found.append(passage)
    return tuple(found)


def rewind(
    net: Net,
    marking: dict[str, Any],
    scopes: Mapping[str, Any],
    passages: Sequence[Passage],
    key: str,
    node: str,
    world: World,
) -> Rewound:
    """Return from the open token `key` to the latest pass of `node` (B1-B4, B7).

    Neither `marking` nor `scopes` is changed.

    Raises:
        NotOnPath, IntoBranch, IntoEnded: it cannot be done.
        NotOpen: the marking has no token of that key.
    """
    token = _token(marking, key)
    passes = [passage for passage in _latest(passages, token) if passage.node == node]
    if not passes:
        raise NotOnPath(node)
    target = max(passes, key=lambda passage: (_within(token, passage), passage.id))
    obstacle = _obstacle(passages, marking, token, target)
    if obstacle is not None:
        raise obstacle
    return _again(net, marking, scopes, passages, target, world)


def take_back(
    net: Net,
    marking: dict[str, Any],
    scopes: Mapping[str, Any],
    passages: Sequence[Passage],
    key: str,
    world: World,
) -> Rewound:
    """Undo that the task `key` has ended, where no other task has ended because of it (W2).

    Neither `marking` nor `scopes` is changed.

    Raises:
        NotOnPath: no such task has ended, or another has because of it.
        IntoBranch, IntoEnded: a join has used its token, or its scope is over.
    """
    target = next((passage for passage in passages if passage.key == key), None)
    if target is None:
        raise NotOnPath(key)
    if target.scope and target.scope not in scopes:
        raise IntoEnded(target.node)
    undone = caused(passages, _entry(passages, target).id)
    for passage in passages:
        if passage.id in undone and passage.key not in (None, key):
            raise NotOnPath(passage.node)
        if passage.id in undone and any(cause not in undone for cause, _ in passage.used):
            raise IntoBranch(target.node)
    return _again(net, marking, scopes, passages, target, world)


def _again(
    net: Net,
    marking: dict[str, Any],
    scopes: Mapping[str, Any],
    passages: Sequence[Passage],
    target: Passage,
    world: World,
) -> Rewound:
    """The target is entered anew; everything that its pass caused is gone."""
    entry = _entry(passages, target)
    undone = caused(passages, entry.id)
    kept, left = _without(marking, scopes, undone)
    run = Run.resume(net, kept, left, world)
    scope = run.scopes[entry.scope]
    run.place(scope, target.node, entry.causes)
    entered = f"{scope.path}/{target.node}#{scope.entries[target.node]}"
    run.settle()
    if any(not undone.isdisjoint(each.causes) for each in run.live()):
        raise TokensError(f"{target.node} was entered anew, and a token of its pass is left")
    dropped = {
        "tokens": [row for row in marking["tokens"] if row not in kept["tokens"]],
        "entries": {p: each for p, each in marking["entries"].items() if p not in kept["entries"]},
        "scopes": {path: each for path, each in scopes.items() if path not in left},
    }
    return Rewound(run=run, undone=undone, entered=entered, dropped=dropped)


def _token(marking: Mapping[str, Any], key: str) -> Row:
    for row in marking["tokens"]:
        if "no" in row and f"{row.get('in', '')}/{row['at']}#{row['no']}" == key:
            found: Row = row
            return found
    raise NotOpen(key)


def _latest(passages: Sequence[Passage], token: Row) -> Iterator[Passage]:
    """The latest pass of each user task in the causal past of `token`, oldest first."""
    before = past(passages, token["by"])
    latest: dict[tuple[str, str], Passage] = {}
    for passage in sorted(passages, key=lambda each: each.id):
        if passage.id in before and passage.key is not None:
            latest[passage.scope, passage.node] = passage
    return iter(sorted(latest.values(), key=lambda each: each.id))


def _within(token: Row, passage: Passage) -> bool:
    """Whether the passage lies in the scope of `token`, or in one around it."""
    scope = token.get("in", "")
    return bool(scope == passage.scope or scope.startswith(f"{passage.scope}/"))


def _obstacle(
    passages: Sequence[Passage], marking: Mapping[str, Any], token: Row, target: Passage
) -> IntoBranch | IntoEnded | None:
    """Why a return from `token` to `target` is refused (B2); None: it is not."""
    if not _within(token, target):
        return IntoEnded(target.node)
    for host in _hosts(marking, token.get("in", ""), target.scope):
        ended = "cut" in host and host.get("in", "") == target.scope
        if ended or "border" in host or "each" in host:
            return IntoEnded(target.node)
    undone = caused(passages, _entry(passages, target).id)
    for passage in passages:
        if passage.id in undone and any(cause not in undone for cause, _ in passage.used):
            return IntoBranch(target.node)
    return None


def _hosts(marking: Mapping[str, Any], inner: str, outer: str) -> Iterator[Row]:
    """The tokens of the activities whose scopes lie below `outer` and hold `inner`."""
    for row in marking["tokens"]:
        path = _path(row) or ""
        if path.startswith(f"{outer}/") and f"{inner}/".startswith(f"{path}/"):
            yield row


def _path(row: Row) -> str | None:
    """The scope that the token of an activity opened, or would have opened."""
    if "no" not in row or "items" in row.get("each", ()):
        return None
    return f"{row.get('in', '')}/{row['at'].removesuffix(':each')}#{row['no']}"


def _entry(passages: Sequence[Passage], target: Passage) -> Passage:
    """The passage that entered the target: its own, or that of its entry where it marks one."""
    for passage in passages:
        if passage.id in target.causes and passage.node == f"{target.node}:entered":
            return passage
    return target


def _without(
    marking: Mapping[str, Any], scopes: Mapping[str, Any], undone: frozenset[int]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Marking and scopes without what the undone passages caused."""
    tokens = [row for row in marking["tokens"] if undone.isdisjoint(row["by"])]
    paths = {"", *(_path(row) for row in tokens)}
    kept = {
        **marking,
        "tokens": tokens,
        "entries": {path: each for path, each in marking["entries"].items() if path in paths},
    }
    return kept, {path: each for path, each in scopes.items() if path in paths}
