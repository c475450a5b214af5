"""A call that is wrong in itself, whoever makes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from forms import Message


class Wrong(Exception):
    """The call can't be understood or accepted: a status, a sentence, and errors by field."""

    def __init__(
        self,
        status: int,
        message: Message,
        errors: Mapping[str, Message] | None = None,
        *,
        problems: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.status = status
        self.message = message
        self.errors = dict(errors or {})
        self.problems = tuple(problems)
        super().__init__(message.en)
