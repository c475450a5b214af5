"""How large an expression, its work and its results may be; the counter that ends a long one."""

from engine.expressions.errors import ExpressionError

TEXT_LENGTH = 4_000
"""Characters of an expression's text."""
DEPTH = 60
"""Levels of nesting, parentheses included; also of nested data that is compared or printed."""
STEPS = 10_000
"""Steps of one evaluation: one for each part of the expression, again for each item of a loop,
and one for each item of a list that a function is given."""
RESULT_TEXT = 200_000
"""Characters of a text that an expression builds."""
RESULT_ITEMS = 10_000
"""Items of a list that an expression builds."""


class Budget:
    """The steps that one evaluation has left."""

    __slots__ = ("left", "most")

    def __init__(self, left: int, most: int = STEPS) -> None:
        self.left = left
        self.most = most

    def spend(self, steps: int) -> None:
        """Take `steps`; raises ExpressionError when they do not last."""
        self.left -= steps
        if self.left < 0:
            raise ExpressionError(
                f"This takes more than {self.most} steps: shorten the lists it goes through"
            )


def charge_text(value: object, budget: Budget) -> object:
    """`value` itself; a long text that an expression builds costs steps, so that many of them
    can't fill the memory."""
    if isinstance(value, str) and len(value) > 1_000:
        budget.spend(len(value) // 200)
    return value


def check_text(text: str) -> str:
    """`text` itself, unless it is longer than an expression may make one."""
    if len(text) > RESULT_TEXT:
        raise ExpressionError(f"The text would be longer than {RESULT_TEXT} characters")
    return text


def check_items(items: list[object]) -> list[object]:
    """`items` itself, unless there are more than an expression may put into a list."""
    if len(items) > RESULT_ITEMS:
        raise ExpressionError(f"The list would have more than {RESULT_ITEMS} items")
    return items
