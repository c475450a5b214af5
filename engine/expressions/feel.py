"""The FEEL grammar: expressions of forms, and unary tests of decision tables."""

import re
from collections.abc import Iterable
from typing import Any

from lark import Token, Transformer

from engine.expressions.errors import ExpressionError
from engine.expressions.feel_grammar import GRAMMAR, named, plain_names
from engine.expressions.feel_plain import plain_tree
from engine.expressions.reading import parser, read
from engine.expressions.tree import (
    Among,
    Arguments,
    Between,
    Binding,
    Chain,
    Choice,
    Definition,
    Entries,
    Group,
    Index,
    InstanceOf,
    Items,
    Kind,
    Literal,
    Logic,
    Loop,
    Member,
    Name,
    Node,
    Path,
    Range,
    Test,
    Unary,
)
from engine.expressions.values import parse_number


def _place(token: Token) -> int:
    return token.start_pos or 0


class _Builder(Transformer[Token, Node]):
    """Each method builds the node of the rule that bears its name."""

    def loop(self, parts: list[Any]) -> Node:
        return Loop(parts[0][0].source.at, "for", parts[0], parts[1])

    def quantified(self, parts: list[Any]) -> Node:
        return Loop(parts[0].at, parts[0].name, parts[1], parts[2])

    def quantifier(self, parts: list[Any]) -> Node:
        return Name(_place(parts[0]), str(parts[0]))

    def bindings(self, parts: list[Any]) -> Any:
        return tuple(parts)

    def binding(self, parts: list[Any]) -> Any:
        return Binding(_place(parts[0]), named(parts[0]), *parts[1:])

    def parameter(self, parts: list[Any]) -> Any:
        return named(parts[0]), parts[1] if len(parts) > 1 else None

    def definition(self, parts: list[Any]) -> Node:
        names, kinds = (
            tuple(name for name, _ in parts[1:-1]),
            tuple(kind for _, kind in parts[1:-1]),
        )
        return Definition(_place(parts[0]), names, parts[-1], kinds)

    def choice(self, parts: list[Any]) -> Node:
        return Choice(_place(parts[0]), *parts[1:])

    def disjunction(self, parts: list[Any]) -> Node:
        return Logic(parts[0].at, "or", tuple(parts))

    def conjunction(self, parts: list[Any]) -> Node:
        return Logic(parts[0].at, "and", tuple(parts))

    def chain(self, parts: list[Any]) -> Node:
        rest = tuple((*op, node) for op, node in zip(parts[1::2], parts[2::2], strict=True))
        return Chain(parts[0].at, parts[0], rest)

    def compared(self, parts: list[Any]) -> Node:
        return Chain(parts[0].at, parts[0], ((*parts[1], parts[2]),))

    def between(self, parts: list[Any]) -> Node:
        return Between(parts[0].at, *parts)

    def among(self, parts: list[Any]) -> Node:
        return Among(parts[0].at, parts[0], parts[1])

    def membership(self, parts: list[Any]) -> Any:
        return tuple(part for part in parts if isinstance(part, Node))

    def instance_of(self, parts: list[Any]) -> Node:
        return InstanceOf(parts[0].at, *parts)

    def type(self, parts: list[Any]) -> Any:
        return Kind(named(parts[0]), tuple(each for each in parts[1:] if isinstance(each, tuple)))

    def type_part(self, parts: list[Any]) -> Any:
        return (named(parts[0]) if len(parts) > 1 else "", parts[-1])

    def _op(self, parts: list[Any]) -> tuple[str, int]:
        return str(parts[0]), _place(parts[0])

    compare_op = sum_op = mul_op = pow_op = _op

    def negative(self, parts: list[Any]) -> Node:
        return Unary(_place(parts[0]), "-", parts[1])

    def path(self, parts: list[Any]) -> Node:
        return Path(parts[0].at, parts[0], tuple(parts[1:]))

    def member(self, parts: list[Any]) -> Node:
        return Member(_place(parts[0]), named(parts[0]))

    def index(self, parts: list[Any]) -> Node:
        return Index(_place(parts[0]), parts[1])

    def arguments(self, parts: list[Any]) -> Node:
        return Arguments(_place(parts[0]), tuple(parts[1:]))

    def named_arguments(self, parts: list[Any]) -> Node:
        names = tuple(name for name, _ in parts[1:])
        return Arguments(_place(parts[0]), tuple(node for _, node in parts[1:]), names)

    def named(self, parts: list[Any]) -> Any:
        return named(parts[0]), parts[1]

    def name(self, parts: list[Any]) -> Node:
        return Name(_place(parts[0]), named(parts[0]))

    def number(self, parts: list[Any]) -> Node:
        text = str(parts[0])
        value = parse_number("0" + text if text.startswith(".") else text)
        if value is None:
            raise ExpressionError("This number has too many digits", _place(parts[0]))
        return Literal(_place(parts[0]), value)

    def string(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), _unescaped(parts[0]))

    def moment(self, parts: list[Any]) -> Node:
        text = Literal(_place(parts[1]), _unescaped(parts[1]))
        base = Name(_place(parts[0]), "@")
        return Path(base.at, base, (Arguments(text.at, (text,)),))

    def true(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), True)

    def false(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), False)

    def null(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), None)

    def group(self, parts: list[Any]) -> Node:
        return Group(_place(parts[0]), parts[1])

    def items(self, parts: list[Any]) -> Node:
        return Items(_place(parts[0]), tuple(parts[1:]))

    def entries(self, parts: list[Any]) -> Node:
        return Entries(parts[0][1].at if parts else 0, tuple(parts))

    def entry(self, parts: list[Any]) -> Any:
        key = _unescaped(parts[0]) if parts[0].type == "STRING" else named(parts[0])
        return key, parts[1]

    def range(self, parts: list[Any]) -> Node:
        return Range(_place(parts[0]), parts[1], parts[2], parts[0] != "[", parts[3] != "]")

    def half_range(self, parts: list[Any]) -> Node:
        op, at = parts[1]
        end, missing = parts[2], Literal(at, None)
        if op == "=":
            return Range(at, end, end, start_open=False, end_open=False)
        if op == "!=":
            raise ExpressionError("“!=” is no range", at)
        if op.startswith(">"):
            return Range(at, end, missing, start_open=op == ">", end_open=True, half=True)
        return Range(at, missing, end, start_open=True, end_open=op == "<", half=True)

    def closer(self, parts: list[Any]) -> Any:
        return str(parts[0])

    def op_test(self, parts: list[Any]) -> Node:
        return Test(parts[0][1], parts[0][0], parts[1])

    def test_list(self, parts: list[Any]) -> Any:
        return tuple(parts)

    def any_test(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), True)

    def test_cell(self, parts: list[Any]) -> Node:
        return Among(parts[0][0].at, Name(0, "?"), parts[0])

    def negated_cell(self, parts: list[Any]) -> Node:
        return Among(parts[0][0].at, Name(0, "?"), parts[0], negated=True)


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def _unescaped(token: Token) -> str:
    """The text between the quotes."""

    def put(match: re.Match[str]) -> str:
        if match[1]:
            return _ESCAPES[match[1]]
        code = int(match[2] or match[3], 16)
        return chr(code) if code < 0x110000 else match[0]

    body = str(token)[1:-1]
    return re.sub(r"""\\(?:([nrt"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6}))""", put, body)


_PARSER = parser(GRAMMAR, _Builder(), ["expression", "tests"])


def parse_feel(text: str, offset: int, names: Iterable[str], *, tests: bool = False) -> Node:
    """The tree of `text`; `names` are variables whose names are not plain words.

    Raises ExpressionError, with places counted from `offset`.
    """
    plain = plain_tree(text, tests=tests)
    return plain if plain is not None else read_feel(text, offset, names, tests=tests)


def read_feel(text: str, offset: int, names: Iterable[str], *, tests: bool) -> Node:
    """As `parse_feel`, always by the grammar."""
    return read(_PARSER, plain_names(text, names), "tests" if tests else "expression", offset)
