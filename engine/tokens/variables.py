"""Variables by scope: one dictionary per (sub-)process, found through the chain of parents."""

from collections.abc import Iterator, Mapping
from typing import Any


class Variables:
    """The variables of one request while a command runs.

    A scope is named by its path: `""` is the process itself, `/sub#2` the sub-process that the
    second entry of `sub` opened. The chain of parents ends at the process, or at a call activity,
    whose variables are its own.
    """

    def __init__(self, scopes: Mapping[str, Mapping[str, Any]]) -> None:
        self._values: dict[str, dict[str, Any]] = {}
        self._parent: dict[str, str | None] = {}
        for path, scope in scopes.items():
            self.open(path, scope["parent"], scope["values"])

    def open(self, path: str, parent: str | None, values: Mapping[str, Any]) -> None:
        """Begin scope `path` with `values`; its chain goes on at `parent` (None: ends here)."""
        self._values[path] = dict(values)
        self._parent[path] = parent

    def close(self, path: str) -> None:
        """Forget scope `path`."""
        del self._values[path], self._parent[path]

    def chain(self, path: str) -> Iterator[dict[str, Any]]:
        """The dictionaries that `path` sees, innermost first."""
        here: str | None = path
        while here is not None:
            yield self._values[here]
            here = self._parent[here]

    def own(self, path: str) -> Mapping[str, Any]:
        """What scope `path` holds itself."""
        return self._values[path]

    def view(self, path: str) -> Mapping[str, Any]:
        """Everything that `path` sees; not to be changed."""
        if self._parent[path] is None:
            return self._values[path]
        merged: dict[str, Any] = {}
        for values in reversed(list(self.chain(path))):
            merged.update(values)
        return merged

    def write(self, path: str, values: Mapping[str, Any]) -> None:
        """Set each value where the chain of `path` defines it, else at the chain's root."""
        if not values:
            return
        chain = list(self.chain(path))
        for name, value in values.items():
            next((each for each in chain if name in each), chain[-1])[name] = value

    def write_local(self, path: str, values: Mapping[str, Any]) -> None:
        """Set each value in scope `path` itself."""
        self._values[path].update(values)

    def save(self) -> dict[str, Any]:
        """The scopes as JSON-native values."""
        return {
            path: {"parent": self._parent[path], "values": dict(values)}
            for path, values in sorted(self._values.items())
        }
