"""What is wrong with a file of decisions, and with one decision when it is made."""

from dataclasses import dataclass

from engine.expressions import ExpressionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing about a file of decisions: at which element (or file), by which rule, in words."""

    element: str
    rule: str
    message: str


class UnreadableDecisions(Exception):
    """These decisions cannot be used; `problems` says where and why, every one of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{each.element}: {each.message}" for each in problems))


class DecisionError(ExpressionError):
    """A decision cannot be made with these variables; the message names decision, rule and cell."""


def within(where: str, error: ExpressionError) -> DecisionError:
    """The same error, its sentence begun with where it happened."""
    return DecisionError(f"{where}: {error}")
