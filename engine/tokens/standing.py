"""Tokens that stand open, as those who act on them see them."""

from dataclasses import dataclass
from datetime import datetime

from engine.diagrams.words import NodeId
from engine.tokens.catching import Boundary
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
