"""What can go wrong while tokens move: incidents of a diagram, and refused returns."""

from typing import ClassVar


class TokensError(Exception):
    """A token cannot go on here. Raised while one moves it halts that token, and `kind` says what
    sort of trouble it is; raised by an act (`NotOpen`, …) nothing has changed."""

    kind: ClassVar[str] = "expression"


class StepBudget(TokensError):
    """The process took more steps in one command, or has more tokens, than any diagram should."""

    kind = "limit"


class TooDeep(StepBudget):
    """Too many processes in one another: perhaps one that calls itself for ever."""


class NoWayOut(TokensError):
    """No outgoing flow's condition holds, and the gateway has no default flow."""

    def __init__(self, node: str) -> None:
        super().__init__(f"no outgoing flow of {node} holds, and it has no default")
        self.node = node


class NoTimer(TokensError):
    """A timer's text does not give a time."""

    kind = "timer"


class NotCallable(TokensError):
    """There is no version of the called process."""

    kind = "call"


class Uncaught(TokensError):
    """An error was thrown that nothing around its thrower catches."""

    kind = "error"

    def __init__(self, code: str, message: str) -> None:
        said = f": {message}" if message else ""
        super().__init__(f"error {code or '(without a code)'} is caught nowhere{said}")


class NotOpen(TokensError):
    """No open token has this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no open token {key}")
        self.key = key


class UnknownStart(TokensError):
    """The process has no start event of this id."""

    def __init__(self, start: str) -> None:
        super().__init__(f"{start} is no start event of the process")


class UnknownMarking(TokensError):
    """The marking was written in a format, or for a diagram, that this code does not know."""


class ReturnRefused(Exception):
    """This return cannot be done; nothing has changed (B7)."""


class NotOnPath(ReturnRefused):
    """The node was not completed on the way that led to this task (B1)."""


class IntoBranch(ReturnRefused):
    """The node lies in a parallel branch that has been joined since (B2)."""


class IntoEnded(ReturnRefused):
    """The node lies in a sub-process that has ended, or beyond one that must not be left (B2)."""
