"""The FEEL grammar: expressions of forms, and unary tests of decision tables."""

import re
from collections.abc import Iterable
from typing import Any

from lark import Token, Transformer

from engine.expressions.errors import ExpressionError
from engine.expressions.feel_functions import FUNCTIONS
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

_GRAMMAR = r"""
?expression: "for" bindings "return" expression -> loop
           | quantifier bindings "satisfies" expression -> quantified
           | IF expression "then" expression "else" expression -> choice
           | FUNCTION "(" [parameter ("," parameter)*] ")" expression -> definition
           | disjunction
!quantifier: "some" | "every"
bindings: binding ("," binding)*
binding: NAME "in" expression [".." expression]
parameter: NAME [":" type]

?disjunction: conjunction ("or" conjunction)*
?conjunction: comparison ("and" comparison)*
?comparison: sum
           | comparison compare_op sum -> compared
           | comparison "between" sum "and" sum -> between
           | comparison "in" membership -> among
           | comparison "instance" "of" type -> instance_of
membership: sum
          | "(" test ("," test)+ ")"
          | "(" op_test ")"
          | op_test
?sum: product
     | product (sum_op product)+ -> chain
?product: power
     | power (mul_op power)+ -> chain
?power: unary
     | unary (pow_op unary)+ -> chain
?unary: MINUS unary -> negative
      | path
?path: primary trailer*
trailer: "." NAME -> member
       | LSQB expression "]" -> index
       | LPAR [expression ("," expression)*] ")" -> arguments
       | LPAR named ("," named)* ")" -> named_arguments
named: NAME ":" expression
primary: NAME -> name
       | QUESTION -> name
       | NUMBER -> number
       | STRING -> string
       | AT STRING -> moment
       | TRUE -> true
       | FALSE -> false
       | NULL -> null
       | LPAR expression ")" -> group
       | LSQB [expression ("," expression)*] "]" -> items
       | "{" [entry ("," entry)*] "}" -> entries
       | LSQB sum ".." sum closer -> range
       | LPAR sum ".." sum closer -> range
       | RSQB sum ".." sum closer -> range
entry: (NAME | STRING) ":" expression
!closer: "]" | ")" | OPEN_END
type: NAME ["<" type_part ("," type_part)* ">" ["->" type]]
type_part: [NAME ":"] type

tests: MINUS -> any_test
     | test_list -> test_cell
     | "not" "(" test_list ")" -> negated_cell
test_list: test ("," test)*
?test: op_test | expression
op_test: compare_op sum

!compare_op: "=" | "!=" | "<" | "<=" | ">" | ">="
!sum_op: "+" | "-"
!mul_op: "*" | "/"
!pow_op: "**"

MINUS: "-"
LPAR: "("
LSQB: "["
RSQB: "]"
AT: "@"
QUESTION: "?"
IF: "if"
FUNCTION: "function"
TRUE: "true"
FALSE: "false"
NULL: "null"
OPEN_END.2: /\[(?=\s*(?:$|[,)\]}]|(?:and|or|then|else|return|satisfies)\b))/
NAME: /[^\W0-9][\w\uE000-\uE0FF]*/
NUMBER: /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?/
STRING: /"(\\.|[^"\\])*"/s
COMMENT: /\/\/[^\n]*|\/\*(.|\n)*?\*\//
%ignore /\s+/
%ignore COMMENT
"""


def _place(token: Token) -> int:
    return token.start_pos or 0


def _named(token: Token) -> str:
    """The name as written, stand-ins replaced (see `_plain_names`)."""
    return re.sub("[\ue000-\ue0ff]", lambda m: chr(ord(m[0]) - _STAND_IN), str(token))


_STAND_IN = 0xE000
"""Where the characters begin (private use) that stand for those no plain name has."""


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
        return Binding(_place(parts[0]), _named(parts[0]), *parts[1:])

    def parameter(self, parts: list[Any]) -> Any:
        return _named(parts[0])

    def definition(self, parts: list[Any]) -> Node:
        return Definition(_place(parts[0]), tuple(parts[1:-1]), parts[-1])

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
        return tuple(parts)

    def instance_of(self, parts: list[Any]) -> Node:
        return InstanceOf(parts[0].at, *parts)

    def type(self, parts: list[Any]) -> Any:
        return _named(parts[0])

    def type_part(self, parts: list[Any]) -> Any:
        return parts[-1]

    def _op(self, parts: list[Any]) -> tuple[str, int]:
        return str(parts[0]), _place(parts[0])

    compare_op = sum_op = mul_op = pow_op = _op

    def negative(self, parts: list[Any]) -> Node:
        return Unary(_place(parts[0]), "-", parts[1])

    def path(self, parts: list[Any]) -> Node:
        return Path(parts[0].at, parts[0], tuple(parts[1:]))

    def member(self, parts: list[Any]) -> Node:
        return Member(_place(parts[0]), _named(parts[0]))

    def index(self, parts: list[Any]) -> Node:
        return Index(_place(parts[0]), parts[1])

    def arguments(self, parts: list[Any]) -> Node:
        return Arguments(_place(parts[0]), tuple(parts[1:]))

    def named_arguments(self, parts: list[Any]) -> Node:
        names = tuple(name for name, _ in parts[1:])
        return Arguments(_place(parts[0]), tuple(node for _, node in parts[1:]), names)

    def named(self, parts: list[Any]) -> Any:
        return _named(parts[0]), parts[1]

    def name(self, parts: list[Any]) -> Node:
        return Name(_place(parts[0]), _named(parts[0]))

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
        key = _unescaped(parts[0]) if parts[0].type == "STRING" else _named(parts[0])
        return key, parts[1]

    def range(self, parts: list[Any]) -> Node:
        return Range(_place(parts[0]), parts[1], parts[2], parts[0] != "[", parts[3] != "]")

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


_PARSER = parser(_GRAMMAR, _Builder(), ["expression", "tests"])


def parse_feel(text: str, offset: int, names: Iterable[str], *, tests: bool = False) -> Node:
    """The tree of `text`; `names` are variables whose names are not plain words.

    Raises ExpressionError, with places counted from `offset`.
    """
    return read(_PARSER, _plain_names(text, names), "tests" if tests else "expression", offset)


_BUILT_IN = [name for name in FUNCTIONS if " " in name] + ["is defined"]
_PARTS = ["time offset", "start included", "end included"]
_TYPES = ["days and time duration", "years and months duration", "date and time"]
_SKIPPED = r'"(?:\\.|[^"\\])*"?|//[^\n]*|/\*(?:.|\n)*?\*/'
_KEY = re.compile(rf"{_SKIPPED}|[{{,(]\s*([^\W0-9]\w*(?: +\w+)+)\s*(?=:)", re.DOTALL)


def _plain_names(text: str, names: Iterable[str]) -> str:
    """`text` with names of several words written as one, each character in its place."""
    keys = {match[1] for match in _KEY.finditer(text) if match[1]}
    known = sorted({*names, *keys} - {""}, key=len, reverse=True)
    known = [name for name in known if not re.fullmatch(r"\w+", name)]
    choices = [rf"\b(?:{_spaced(_BUILT_IN)})(?=\s*\()", rf"(?<=\bof )(?:{_spaced(_TYPES)})\b"]
    choices.append(rf"(?<=\.)(?:{_spaced(_PARTS)})\b")
    choices.extend(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known)
    pattern = re.compile(rf"{_SKIPPED}|({'|'.join(choices)})", re.DOTALL)
    return pattern.sub(lambda m: _stood_in(m[1]) if m[1] else m[0], text)


def _stood_in(name: str) -> str:
    """`name` with a character of private use for each that is not of a plain name."""
    return re.sub(r"[^\w]", lambda m: chr(_STAND_IN + min(ord(m[0]), 0xFF)), name)


def _spaced(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
