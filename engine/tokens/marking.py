"""The marking: where tokens stand and what caused them, as a small JSON-native value.

It is the whole state between commands. Tokens are listed oldest first; each names its node (`at`)
and its causes (`by`), its scope (`in`, when not the process itself) and what its kind of node must
keep. A halted token says why (`halt`), and whether it was on its way in or out (`state`).
`entries` counts, per scope, how often each node was entered. `passages` is the last id given.
"""

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

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
    if token.halt:
        row.update(_halted(token))
    if row.get("state") != "arriving":
        row.update(token.task_spec.remember(token))
    return row


STATES = {"arriving": TaskState.FUTURE, "leaving": TaskState.READY}


def _halted(token: Token) -> dict[str, Any]:
    """What must be kept of a halted token whatever its node is, as it may be on its way."""
    row: dict[str, Any] = {"halt": token.halt, "trouble": token.trouble, "no": token.number}
    if token.on_its_way:
        row["state"] = token.on_its_way
    kept = {name: getattr(token, name) for name in ("rivals", "host", "inner", "each")}
    row.update({name: value for name, value in kept.items() if value})
    if token.used:
        row["used"] = [list(each) for each in token.used]
    if token.caught is not None:
        row["caught"] = token.caught
    return row


def _recall(token: Token, row: dict[str, Any]) -> None:
    """The reverse of `_halted`."""
    token.halt, token.trouble, token.number = row["halt"], row["trouble"], row["no"]
    token.rivals, token.host = row.get("rivals", 0), row.get("host", 0)
    token.inner = row.get("inner", 0)
    token.each, token.caught = row.get("each"), row.get("caught")
    token.used = tuple((cause, node) for cause, node in row.get("used", ()))


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
        state = STATES.get(row.get("state", ""), node.rest)
        token = Token(scope, node, scope.task_tree, state, causes=tuple(row["by"]))
        if row.get("state") != "arriving":
            node.restore(token, row)
        if "halt" in row:
            _recall(token, row)
    for path, entries in marking["entries"].items():
        run.scopes[path].entries = dict(entries)
