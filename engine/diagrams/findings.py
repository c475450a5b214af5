"""Where the compiler's steps put what they find."""

from collections.abc import Mapping

from engine.diagrams.definition import Problem, Undeployable
from engine.expressions import ExpressionError, Template, compile_template


class Findings:
    """Problems and warnings, in the order in which they were found."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def refuse(self, element: str, rule: str, message: str) -> None:
        """This keeps the diagram from being deployed."""
        self._add(self.problems, Problem(element=element, rule=rule, message=message))

    def warn(self, element: str, rule: str, message: str) -> None:
        """This should be known to whoever deploys it."""
        self._add(self.warnings, Problem(element=element, rule=rule, message=message))

    @staticmethod
    def _add(where: list[Problem], problem: Problem) -> None:
        if problem not in where:
            where.append(problem)

    def raise_if_any(self) -> None:
        """Stop where going on would only find consequences.

        Raises:
            Undeployable: there are problems.
        """
        if self.problems:
            raise Undeployable(tuple(self.problems))

    def template(self, element: str, what: str, text: str) -> Template | None:
        """The expression in `text`, or None after saying what is wrong with it."""
        try:
            return compile_template(text)
        except ExpressionError as error:
            self.refuse(element, "expression", f"{what} {text!r}: {error}")
            return None

    def templates(self, element: str, what: str, value: object) -> None:
        """Check every expression in a nested value of lists and maps."""
        if isinstance(value, str):
            if value:
                self.template(element, what, value)
        elif isinstance(value, Mapping):
            for each in value.values():
                self.templates(element, what, each)
        elif isinstance(value, list | tuple):
            for each in value:
                self.templates(element, what, each)
