"""What both grammars share: building a parser, and saying in words where a text goes wrong."""

from typing import Any

from lark import Lark, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from engine.expressions.errors import ExpressionError
from engine.expressions.limits import TEXT_LENGTH
from engine.expressions.tree import Node


def parser(grammar: str, builder: Transformer[Any, Node], starts: list[str]) -> Lark:
    """An LALR parser that builds the tree while it reads, so that nothing recurses."""
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        transformer=builder,
        start=starts,
        maybe_placeholders=False,
    )


def read(lark: Lark, text: str, start: str, offset: int = 0) -> Node:
    """The tree of `text`, which begins at `offset` of what the author wrote."""
    try:
        tree: object = lark.parse(text, start=start)
    except VisitError as error:
        if isinstance(error.orig_exc, ExpressionError):
            raise _moved(error.orig_exc, offset) from None
        raise
    except ExpressionError as error:
        raise _moved(error, offset) from None
    except UnexpectedInput as error:
        raise _unexpected(error, text, offset) from None
    if not isinstance(tree, Node):
        raise ExpressionError("This is not an expression", offset)
    return tree


def _moved(error: ExpressionError, offset: int) -> ExpressionError:
    return ExpressionError(error.message, (error.position or 0) + offset)


_SLIPS = {
    "===": "==",
    "=>": ">=",
    "=<": "<=",
    "<>": "!=",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "AND": "and",
    "OR": "or",
    "NOT": "not",
}
"""What people write instead of what is meant."""


def _slip(text: str, place: int, offset: int) -> ExpressionError | None:
    """The error that names what was meant, where `place` lies in one of the usual slips."""
    for wrong, right in _SLIPS.items():
        for start in range(max(place - len(wrong) + 1, 0), place + 1):
            if text.startswith(wrong, start):
                message = f"“{wrong}” can't stand here: write {right}"
                return ExpressionError(message, offset + start)
    return None


def _unexpected(error: UnexpectedInput, text: str, offset: int) -> ExpressionError:
    if isinstance(error, UnexpectedToken):
        if error.token.type == "$END":
            return ExpressionError("The expression ends too early", offset + len(text))
        place = error.token.start_pos or 0
        slip = _slip(text, place, offset)
        if slip is not None:
            return slip
        return ExpressionError(f"“{_shown(str(error.token))}” can't stand here", offset + place)
    if isinstance(error, UnexpectedCharacters):
        place = _offset(error)
        slip = _slip(text, place, offset)
        if slip is not None:
            return slip
        rest = text[place:]
        if rest[:1] in "\"'":
            return ExpressionError("This text has no closing quote", offset + place)
        if rest[:1] == "=":
            return ExpressionError("“=” can't stand here: to compare, write “==”", offset + place)
        return ExpressionError(f"“{_shown(rest[:1])}” can't stand here", offset + place)
    return ExpressionError("This can't be read", offset)


def _offset(error: Any) -> int:
    """Where lark stopped (the class declares it as None and always sets a number)."""
    return int(error.pos_in_stream or 0)


def _shown(text: str) -> str:
    return text if len(text) <= 20 else text[:19] + "…"


def check_length(text: str) -> None:
    """Raises ExpressionError where `text` is longer than an expression may be."""
    if len(text) > TEXT_LENGTH:
        raise ExpressionError(f"An expression has at most {TEXT_LENGTH} characters")
