"""Where the compiler's steps put what they find."""

from collections.abc import Mapping

from engine.diagrams.definition import Problem, Undeployable
from engine.expressions import ExpressionError, Template, compile_template

EXPRESSIONS_MAX = 300_000
"""The most characters of all expressions of one diagram: reading them takes time."""


class Findings:
    """Problems and warnings, in the order in which they were found.

    `deployed`: it is, so that requests run by it; what a rule of today would refuse in it is a
    warning.
    """

    def __init__(self, *, deployed: bool = False) -> None:
        self.deployed = deployed
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._said: set[tuple[bool, Problem]] = set()
        self._texts: set[str] = set()
        self._length = 0

    def refuse(self, element: str, rule: str, message: str) -> None:
        """This keeps the diagram from being deployed."""
        if self.deployed:
            self.warn(element, rule, message)
            return
        problem = Problem(element=element, rule=rule, message=message)
        if (True, problem) not in self._said:
            self._said.add((True, problem))
            self.problems.append(problem)

    def warn(self, element: str, rule: str, message: str) -> None:
        """This should be known to whoever deploys it."""
        problem = Problem(element=element, rule=rule, message=message)
        if (False, problem) not in self._said:
            self._said.add((False, problem))
            self.warnings.append(problem)

    def raise_if_any(self) -> None:
        """Stop where going on would only find consequences.

        Raises:
            Undeployable: there are problems.
        """
        if self.problems:
            raise Undeployable(tuple(self.problems))

    def template(self, element: str, what: str, text: str) -> Template | None:
        """The expression in `text`, or None after saying what is wrong with it."""
        if not self.takes(text):
            return None
        try:
            return compile_template(text)
        except ExpressionError as error:
            self.refuse(element, "expression", f"{what} {text!r}: {error}")
            return None

    def takes(self, text: str) -> bool:
        """Whether the expressions read so far and this one are short enough to be read."""
        if text not in self._texts and ("{" in text or text.startswith("=")):
            self._texts.add(text)
            self._length += len(text)
        if self._length > EXPRESSIONS_MAX:
            message = f"all expressions together are longer than {EXPRESSIONS_MAX} characters"
            self.refuse("diagram", "size", message)
        return self._length <= EXPRESSIONS_MAX

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


def _named(element: str) -> str:
    """What to call an element whose id does not say anything."""
    return element if element.strip() else "diagram"
