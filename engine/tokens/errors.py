"""What can go wrong while tokens move: incidents of a diagram, and refused returns."""


class TokensError(Exception):
    """The diagram cannot go on here; the command is rolled back and becomes an incident."""


class StepBudget(TokensError):
    """The process took more steps in one command than any diagram should."""


class CallsTooDeep(TokensError):
    """Too many called processes in one another: perhaps one that calls itself for ever."""


class NoWayOut(TokensError):
    """No outgoing flow's condition holds, and the gateway has no default flow."""

    def __init__(self, node: str) -> None:
        super().__init__(f"no outgoing flow of {node} holds, and it has no default")
        self.node = node


class NotOpen(TokensError):
    """No open token has this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no open token {key}")
        self.key = key


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
