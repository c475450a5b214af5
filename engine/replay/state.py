"""A request as it stood after an entry, and what the next entry changed of it: rows as commands
leave them, folded one step at a time."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from engine.requests import External, Flow, Incident, Node, Request, Slot, Timer


class _Gone:
    """What is no longer there; there is one of it."""

    def __repr__(self) -> str:
        return "GONE"

    def __copy__(self) -> "_Gone":
        return self

    def __deepcopy__(self, memo: Any) -> "_Gone":
        return self


GONE: Final = _Gone()

Variable = tuple[str, str]
"""(scope, name); the scope of the process itself is ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Where a token stands."""

    element: str
    scope: str = ""
    runs: str = ""
    """Digest of the called process's version that runs here, where it is a call."""
    halted: bool = False


@dataclass(slots=True, kw_only=True)
class State:
    """One request after one entry. What is in it belongs to the replay: it is only read."""

    request: Request | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    slots: dict[int, Slot] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    externals: dict[str, External] = field(default_factory=dict)
    incidents: dict[int, Incident] = field(default_factory=dict)
    variables: dict[Variable, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    """The start form's, as last drafted or submitted."""
    tokens: tuple[Token, ...] = ()
    passed: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often a token has passed: by (scope, element), returns or not."""

    def take(self, delta: "Delta") -> None:
        """Stand as after the step that changed this."""
        if delta.request is not None:
            self.request = delta.request
        if delta.answers is not None:
            self.answers = delta.answers
        if delta.tokens is not None:
            self.tokens = delta.tokens
        for name in GROUPS:
            rows = getattr(self, name)
            for key, row in getattr(delta, name).items():
                if row is GONE:
                    rows.pop(key, None)
                else:
                    rows[key] = row
        for key, times in delta.passed.items():
            self.passed[key] = self.passed.get(key, 0) + times

    def copy(self) -> "State":
        """One of the same, which goes on by itself."""
        return State(
            **{
                each.name: copy.copy(getattr(self, each.name))
                if isinstance(getattr(self, each.name), dict)
                else getattr(self, each.name)
                for each in fields(self)
            }
        )

    def scope(self, path: str = "") -> dict[str, Any]:
        """The variables of one scope."""
        return {name: value for (where, name), value in self.variables.items() if where == path}

    @property
    def scopes(self) -> dict[str, dict[str, Any]]:
        """Variables by scope."""
        found: dict[str, dict[str, Any]] = {"": {}}
        for (where, name), value in self.variables.items():
            found.setdefault(where, {})[name] = value
        return found

    def slots_of(self, key: str) -> list[Slot]:
        """The places of a node, in order."""
        return [slot for _, slot in sorted(self.slots.items()) if slot.node_key == key]

    def open_nodes(self) -> list[Node]:
        """The nodes that are open."""
        return [node for node in self.nodes.values() if node.status == "open"]


GROUPS = ("nodes", "slots", "timers", "externals", "incidents", "variables")
"""What is kept row by row."""


@dataclass(slots=True, kw_only=True)
class Delta:
    """What one entry changed: rows as they are after it, `GONE` for what is there no more."""

    request: Request | None = None
    nodes: dict[str, Any] = field(default_factory=dict)
    slots: dict[int, Any] = field(default_factory=dict)
    timers: dict[str, Any] = field(default_factory=dict)
    externals: dict[str, Any] = field(default_factory=dict)
    incidents: dict[int, Any] = field(default_factory=dict)
    variables: dict[Variable, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] | None = None
    tokens: tuple[Token, ...] | None = None
    passed: dict[tuple[str, str], int] = field(default_factory=dict)

    def put(self, group: str, key: Any, row: Any, state: State) -> None:
        """Note down a row, unless it is the one that stood there before."""
        before = getattr(state, group).get(key, GONE)
        if before is not row and before != row:
            getattr(self, group)[key] = row

    def variables_of(self, flow: Flow, state: State) -> None:
        """Note down what has become of the variables."""
        now = {
            (path, name): value
            for path, scope in flow.scopes.items()
            for name, value in scope.get("values", {}).items()
        }
        for key, value in now.items():
            self.put("variables", key, value, state)
        for key in state.variables:
            if key not in now:
                self.variables[key] = GONE


def tokens_of(flow: Flow) -> tuple[Token, ...]:
    """Where the tokens of a marking stand."""
    kept = flow.marking["tokens"] if flow.marking else ()
    return tuple(
        Token(
            element=str(row["at"]).partition(":")[0],
            scope=str(row.get("in", "")),
            runs=str(row.get("runs", "")),
            halted=bool(row.get("halt")),
        )
        for row in kept
    )


def own(value: Any) -> Any:
    """JSON-native data of one's own."""
    if isinstance(value, dict):
        return {key: own(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [own(inner) for inner in value]
    return value


def fresh(row: Any) -> Any:
    """A row of one's own: its lists and maps are nobody else's."""
    mine = copy.copy(row)
    for each in fields(row):
        value = getattr(mine, each.name)
        if value and isinstance(value, dict | list):
            setattr(mine, each.name, own(value))
    return mine


def changes(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """(key, old, new) of everything that differs between two maps; `GONE` where it is in one."""
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key, GONE), after.get(key, GONE)
        if old != new:
            yield key, old, new
