"""Passages and state as entries keep them, and back."""

from collections.abc import Sequence
from typing import Any

from engine.diagrams.definition import Definition
from engine.journal.canonical import digest, encode
from engine.requests import Flow
from engine.tokens import Graph, Passage


def state_digest(flow: Flow) -> str:
    """Digest of where the tokens stand and what the variables are, to compare replays by.

    It is a particular, since it is taken over values that may have to be erased.
    """
    return digest(encode(flow.marking), encode(flow.scopes)).hex()[:32]


def row_of(passage: Passage) -> list[Any]:
    """A passage as entries keep it: [id, element, scope, causes, key, used]."""
    row: list[Any] = [passage.id, passage.node, passage.scope, list(passage.causes)]
    if passage.key is not None or passage.used:
        row.append(passage.key)
    if passage.used:
        row.append([list(pair) for pair in passage.used])
    return row


def changed_name(path: str, name: str) -> str:
    """How entries name a variable that has changed: one of a called process with its scope."""
    return f"{path}:{name}" if path else name


def changed_where(name: str) -> tuple[str, str]:
    """The scope and the variable that `changed_name` named: what hides it goes by its own name."""
    path, _, own = name.rpartition(":")
    return path, own


def is_own(definition: Definition, scope: str) -> bool:
    """Whether the elements that passed in a scope are the request's own process's, rather than a
    called one's (which may have the same ids)."""
    graph: Graph | None = definition.net.graph
    for part in scope.split("/")[1:]:
        steps = graph.steps if graph is not None else ()
        name = part.rpartition("#")[0]
        graph = next((step.inner for step in steps if step.id == name), None)
    return graph is not None


def passage_of(row: Sequence[Any]) -> Passage:
    """The passage that `row_of` wrote."""
    used = tuple((int(cause), str(flow)) for cause, flow in row[5]) if len(row) > 5 else ()
    return Passage(
        id=row[0],
        node=row[1],
        scope=row[2],
        causes=tuple(row[3]),
        key=row[4] if len(row) > 4 else None,
        used=used,
    )
