"""What is asked while tokens move; everything else is known beforehand."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from engine.diagrams.words import EventWords
from engine.tokens.graph import Call

if TYPE_CHECKING:
    from engine.tokens.net import Net


class World(Protocol):
    """Answers about expressions, times and called processes, for the diagram of one version.

    What it raises from `failures` halts the token that it was asked for; anything else is a fault
    of the program.
    """

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """The exceptions that are a diagram's or its data's fault."""

    def evaluate(self, expression: str, variables: Mapping[str, Any]) -> Any:
        """The value of an expression, JSON-native: it may become a variable."""

    def holds(self, expression: str, variables: Mapping[str, Any]) -> bool:
        """Whether a condition holds."""

    def awaited(self, expression: str, variables: Mapping[str, Any]) -> bool:
        """Whether a condition that a token waits for holds. It does not yet where it reads a
        variable that nothing has set."""

    def due(self, event: EventWords, variables: Mapping[str, Any]) -> datetime | None:
        """When a timer that is armed now ends; None: never."""

    def called(self, call: Call, variables: Mapping[str, Any]) -> str:
        """The digest of the version that a call which begins now runs."""

    def net(self, digest: str) -> "Net":
        """The net of the version with this digest."""

    def within(self, digest: str) -> "World":
        """The world as a called process of this version sees it; "": the request's own."""
