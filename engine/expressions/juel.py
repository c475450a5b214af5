"""The JUEL grammar: what stands between `${` and `}`."""

from typing import Any

from lark import Token, Transformer

from engine.expressions.errors import ExpressionError
from engine.expressions.reading import parser, read
from engine.expressions.tree import (
    Arguments,
    Chain,
    Choice,
    Group,
    Index,
    Literal,
    Logic,
    Member,
    Name,
    Node,
    Path,
    Unary,
)
from engine.expressions.values import parse_number

_GRAMMAR = r"""
?start: ternary
?ternary: disjunction
        | disjunction "?" ternary ":" ternary -> choice
?disjunction: conjunction (_or conjunction)*
?conjunction: equality (_and equality)*
?equality: relation
     | relation (eq_op relation)+ -> chain
?relation: sum
     | sum (rel_op sum)+ -> chain
?sum: product
     | product (sum_op product)+ -> chain
?product: unary
     | unary (mul_op unary)+ -> chain
?unary: path
      | MINUS unary -> negative
      | not_op unary -> negation
      | EMPTY unary -> empty_test
?path: primary trailer*
trailer: "." NAME -> member
       | "[" ternary "]" -> index
       | "(" [ternary ("," ternary)*] ")" -> arguments
primary: NAME -> name
       | PREFIXED -> name
       | NUMBER -> number
       | STRING -> string
       | TRUE -> true
       | FALSE -> false
       | NULL -> null
       | LPAR ternary ")" -> group

_or: "||" | "or"
_and: "&&" | "and"
!eq_op: "==" | "!=" | "eq" | "ne"
!rel_op: "<" | ">" | "<=" | ">=" | "lt" | "gt" | "le" | "ge"
!sum_op: "+" | "-"
!mul_op: "*" | "/" | "%" | "div" | "mod"
!not_op: "!" | "not"

MINUS: "-"
LPAR: "("
EMPTY: "empty"
TRUE: "true"
FALSE: "false"
NULL: "null"
PREFIXED.2: /(?:variables|vars|var|fn):[a-zA-Z]+(?=\s*\()/
NAME: /[^\W0-9][\w$]*/
NUMBER: /[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?/
STRING: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/s
%ignore /\s+/
"""

_SYMBOLS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "div": "/",
    "mod": "%",
}


def _place(token: Token) -> int:
    return token.start_pos or 0


class _Builder(Transformer[Token, Node]):
    """Each method builds the node of the rule that bears its name."""

    def choice(self, parts: list[Any]) -> Node:
        return Choice(parts[0].at, *parts)

    def disjunction(self, parts: list[Any]) -> Node:
        return Logic(parts[0].at, "or", tuple(parts))

    def conjunction(self, parts: list[Any]) -> Node:
        return Logic(parts[0].at, "and", tuple(parts))

    def chain(self, parts: list[Any]) -> Node:
        rest = tuple((*op, node) for op, node in zip(parts[1::2], parts[2::2], strict=True))
        return Chain(parts[0].at, parts[0], rest)

    def _op(self, parts: list[Any]) -> tuple[str, int]:
        return _SYMBOLS.get(parts[0], str(parts[0])), _place(parts[0])

    eq_op = rel_op = sum_op = mul_op = not_op = _op

    def negative(self, parts: list[Any]) -> Node:
        return Unary(_place(parts[0]), "-", parts[1])

    def negation(self, parts: list[Any]) -> Node:
        return Unary(parts[0][1], "!", parts[1])

    def empty_test(self, parts: list[Any]) -> Node:
        return Unary(_place(parts[0]), "empty", parts[1])

    def path(self, parts: list[Any]) -> Node:
        return Path(parts[0].at, parts[0], tuple(parts[1:]))

    def member(self, parts: list[Any]) -> Node:
        return Member(_place(parts[0]), str(parts[0]))

    def index(self, parts: list[Any]) -> Node:
        return Index(parts[0].at, parts[0])

    def arguments(self, parts: list[Any]) -> Node:
        return Arguments(parts[0].at if parts else 0, tuple(parts))

    def name(self, parts: list[Any]) -> Node:
        return Name(_place(parts[0]), str(parts[0]))

    def number(self, parts: list[Any]) -> Node:
        text = str(parts[0])
        whole, _, rest = text.partition(".")
        value = parse_number(text if not _ or rest[:1].isdigit() else f"{whole}.0{rest}")
        if text.startswith("."):
            value = parse_number("0" + text)
        if value is None:
            raise ExpressionError("This number has too many digits", _place(parts[0]))
        return Literal(_place(parts[0]), value)

    def string(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), _unescaped(parts[0]))

    def true(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), True)

    def false(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), False)

    def null(self, parts: list[Any]) -> Node:
        return Literal(_place(parts[0]), None)

    def group(self, parts: list[Any]) -> Node:
        return Group(_place(parts[0]), parts[1])


def _unescaped(token: Token) -> str:
    """The text between the quotes; a backslash stands before a quote or another backslash."""
    out: list[str] = []
    rest = iter(token[1:-1])
    for char in rest:
        if char == "\\":
            char = next(rest)
            if char not in "\\'\"":
                raise ExpressionError(
                    f"“\\{char}” is not known: a backslash stands before a quote or a backslash",
                    _place(token),
                )
        out.append(char)
    return "".join(out)


_PARSER = parser(_GRAMMAR, _Builder(), ["start"])


def parse_juel(text: str, offset: int) -> Node:
    """The tree of the expression `text`; places are counted from its own beginning, errors from
    `offset`. Raises ExpressionError."""
    return read(_PARSER, text, "start", offset)
