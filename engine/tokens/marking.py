"""The marking: where tokens stand and what caused them, as a small JSON-native value.

It is the whole state between commands. Tokens are listed oldest first; each names its node (`at`)
and its causes (`by`), its scope (`in`, when not the process itself) and what its kind of node must
keep. `entries` counts, per scope, how often each node was entered. `passages` is the last id given.
"""

from typing import TYPE_CHECKING, Any

from engine.tokens.errors import UnknownMarking
from engine.tokens.token import Token

if TYPE_CHECKING:
    from engine.tokens.board import Board

FORMAT = 1


def save(run: "Board") -> dict[str, Any]:
    """The marking of `run`, which must be settled."""
    return {
        "format": FORMAT,
        "passages": run.last_passage,
        "tokens": [_written(token) for token in run.live()],
        "entries": {path: dict(scope.entries) for path, scope in sorted(run.scopes.items())},
    }


def _written(token: Token) -> dict[str, Any]:
    row = {"at": token.task_spec.name, "by": list(token.causes)}
    if token.workflow.path:
        row["in"] = token.workflow.path
    row.update(token.task_spec.remember(token))
    return row


def load(run: "Board", marking: dict[str, Any]) -> None:
    """Put the tokens of `marking` where they stood.

    Raises:
        UnknownMarking: it has another format, or names a node that the net does not have.
    """
    if marking.get("format") != FORMAT:
        raise UnknownMarking(f"marking of format {marking.get('format')!r}, expected {FORMAT}")
    run.last_passage = marking["passages"]
    for row in marking["tokens"]:
        scope = run.scopes.get(row.get("in", ""))
        node = scope.spec.task_specs.get(row["at"]) if scope is not None else None
        if scope is None or node is None:
            raise UnknownMarking(f"no place for a token at {row['at']} in {row.get('in', '')!r}")
        token = Token(scope, node, scope.task_tree, node.rest, causes=tuple(row["by"]))
        node.restore(token, row)
    for path, entries in marking["entries"].items():
        run.scopes[path].entries = dict(entries)
