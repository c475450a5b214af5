"""The one exception that reading or evaluating an expression raises."""


class ExpressionError(Exception):
    """An expression can't be read, or can't be evaluated with these values.

    `message` is a sentence for the author of the diagram; `position` is the offset (from 0) in the
    expression's text of what it speaks about, None where no place is known.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        if self.position is None:
            return self.message
        return f"{self.message} (at character {self.position + 1})"

    def located(self, position: int) -> "ExpressionError":
        """The same error at `position`, unless it names a place already."""
        return self if self.position is not None else ExpressionError(self.message, position)
