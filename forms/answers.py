"""What comes out of a form: checked answers, or what is wrong with them."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass

from forms.messages import Message

_MINT = object()


class Invalid(Exception):
    """What was filled in breaks the form's rules; `errors` says where (`documents[0].copies`)."""

    def __init__(self, errors: Mapping[str, Message]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{path}: {said.said('en')}" for path, said in errors.items()))


@dataclass(frozen=True, slots=True)
class Answers:
    """Values that passed a form. Only `forms` makes them, so having one means it was checked.

    `values` are JSON-native and name every field that this person may fill in: what is empty, or
    hidden by its condition, stands as None, False or [], so that a variable is cleared by it and
    never left undefined. Fields that are not his to fill in are not there, computed ones are.
    """

    values: dict[str, object]
    form: str
    """The form's digest."""
    mint: InitVar[object]

    def __post_init__(self, mint: object) -> None:
        if mint is not _MINT:
            raise TypeError("Answers are made by forms.parse")


def minted(values: dict[str, object], form: str) -> Answers:
    """Answers with these values, which the caller (a module of this package) has checked."""
    return Answers(values, form, _MINT)


def recorded(values: Mapping[str, object], form: str) -> Answers:
    """Answers as a journal entry keeps them, for replay: they were checked when they were given."""
    return minted(dict(values), form)
