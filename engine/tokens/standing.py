"""Tokens that stand open, as those who act on them see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.diagrams.words import NodeId
from engine.tokens.board import Board
from engine.tokens.catching import Boundary
from engine.tokens.errors import NotOpen
from engine.tokens.joins import Join
from engine.tokens.nodes import OpenKind
from engine.tokens.token import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A token that stands until a command moves it.

    `kind` says which: *complete* for task, action, external and throw, *fire* for timer, *deliver*
    for message and signal; a condition moves by itself; *halted* is a token that was stopped on its
    way into or out of its node. `trouble` says why a token is halted, "": it is not, and
    `trouble_kind` what sort of trouble that is; *retry* tries again. `attached_to` is the key of
    the activity that a boundary event watches over. `definition` is the digest of the called
    process's version to which `node` belongs, "" for the process itself.
    """

    key: str
    node: NodeId
    scope: str
    kind: OpenKind
    attached_to: str | None = None
    due: datetime | None = None
    definition: str = ""
    trouble: str = ""
    trouble_kind: str = ""


def row_of(token: Token) -> Open:
    """The row of a token at a node where tokens stand."""
    spec = token.task_spec
    watches = isinstance(spec, Boundary) and token.host
    return Open(
        key=token.key,
        node=spec.shown,
        scope=token.workflow.path,
        kind="halted" if token.on_its_way or spec.open_kind is None else spec.open_kind,
        attached_to=spec.host_of(token).key if watches else None,
        due=token.due,
        definition=token.workflow.definition,
        trouble=token.halt,
        trouble_kind=token.trouble,
    )


class Standing(Board):
    """A board on which one can look up what stands where."""

    def standing(self) -> Iterator[Token]:
        """Every token that stands open or is halted, oldest first."""
        return (t for t in self.live() if t.halt or t.task_spec.open_kind is not None)

    def open(self) -> tuple[Open, ...]:
        """Every open token, oldest first; the halted ones, too."""
        return tuple(row_of(token) for token in self.standing())

    def halted(self) -> tuple[Open, ...]:
        """Every halted token, oldest first."""
        return tuple(row_of(token) for token in self.live() if token.halt)

    def find(self, key: str) -> Token:
        """The open token with this key.

        Raises:
            NotOpen: there is none.
        """
        scope = self.scopes.get(key.rpartition("/")[0])
        for token in scope.live.values() if scope is not None else ():
            if (token.halt or token.task_spec.open_kind is not None) and token.key == key:
                found: Token = token
                return found
        raise NotOpen(key)

    def done(self) -> bool:
        """Whether no live token is left."""
        return not self.root.live

    def stuck(self) -> tuple[NodeId, ...]:
        """The joins that wait for tokens which can no longer come: nothing else is left in their
        scope. An incident of the diagram."""
        return tuple(node for _, node in self.stuck_joins())

    def stuck_joins(self) -> tuple[tuple[str, NodeId], ...]:
        """Those of `stuck`, each with its scope."""
        found: list[tuple[str, NodeId]] = []
        for path, scope in self.scopes.items():
            tokens = [token for token in scope.live.values() if not token.task_spec.idle]
            if all(isinstance(t.task_spec, Join) and not t.halt for t in tokens):
                found += dict.fromkeys((path, token.task_spec.shown) for token in tokens)
        return tuple(found)
