"""Where the processes that a request calls run: which version each scope belongs to."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.diagrams.definition import Definition
from engine.recorded import is_own
from engine.requests import Node
from storage import queries
from web.pages import drawn


def root_of(definition: Definition, scope: str) -> str:
    """The scope of the call that runs this version, of which `scope` is a part."""
    parts = scope.split("/")
    for last in range(2, len(parts)):
        root = "/".join(parts[:last])
        if is_own(definition, scope[len(root) :]):
            return root
    return scope


def seen_in(
    versions: queries.Versions,
    scopes: Mapping[str, Mapping[str, Any]],
    digest: str,
    scope: str,
) -> dict[str, Any]:
    """The variables that a scope sees: its own, those around it, and none of who called it."""
    root = root_of(versions.at(digest), scope) if digest else ""
    found: dict[str, Any] = {}
    for path in sorted(scopes, key=len):
        if _within(scope, path) and _within(path, root):
            found.update(scopes[path])
    return found


def scope_of(key: str) -> str:
    """The scope in which a key of a node, token or timer stands."""
    return key.rpartition("/")[0]


def _within(scope: str, outer: str) -> bool:
    return not outer or scope == outer or scope.startswith(f"{outer}/")


class Places:
    """Which version the elements of each scope belong to, as far as desks were opened there or
    tokens stand there now."""

    def __init__(
        self, versions: queries.Versions, nodes: Iterable[Node], tokens: Iterable[queries.TokenAt]
    ) -> None:
        self.versions = versions
        self.roots: dict[str, Definition] = {}
        for node in nodes:
            if node.definition:
                definition = versions.of(node)
                self.roots.setdefault(root_of(definition, node.scope), definition)
        standing = tuple(tokens)
        calls = {f"{token.scope}/{token.element}#": token.runs for token in standing if token.runs}
        for token in standing:
            for call, digest in calls.items():
                if token.scope.startswith(call):
                    number = token.scope[len(call) :].partition("/")[0]
                    self.roots.setdefault(f"{call}{number}", versions.at(digest))

    def root(self, scope: str) -> str | None:
        """The call in which a scope lies, "" for none; None where that is not known."""
        inside = [root for root in self.roots if _within(scope, root)]
        if inside:
            root = max(inside, key=len)
            return root if is_own(self.roots[root], scope[len(root) :]) else None
        return "" if is_own(self.versions.own, scope) else None

    def at(self, scope: str) -> Definition | None:
        """The version that a scope runs; None where that is not known."""
        root = self.root(scope)
        if root is None:
            return None
        return self.roots[root] if root else self.versions.own

    def name(self, scope: str, element: str) -> str:
        """An element's name in the page's language; its id where its version is not known."""
        definition = self.at(scope)
        return drawn.node_name(definition, element) if definition is not None else element
