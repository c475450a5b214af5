"""FEEL's grammar, and how names of several words pass through it."""

import re
from collections.abc import Iterable

from engine.expressions.feel_functions import FUNCTIONS

GRAMMAR = r"""
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
          | LPAR test ("," test)+ ")"
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
       | LPAR compare_op sum ")" -> half_range
       | LSQB expression ("," expression)* "]" -> items
       | NO_ITEMS -> items
       | "{" [entry ("," entry)*] "}" -> entries
       | LSQB sum ".." sum closer -> range
       | LPAR sum ".." sum closer -> range
       | RSQB sum ".." sum closer -> range
entry: (NAME | STRING) ":" expression
!closer: "]" | ")" | OPEN_END
type: NAME ["<" [type_part ("," type_part)*] ">" ["->" type]]
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
NO_ITEMS.2: /\[\s*\]/
OPEN_END.2: /\[(?=\s*(?:$|[,)\]}]|\.[^\W0-9]|(?:and|or|then|else|return|satisfies)\b))/
NAME: /[^\W0-9][\w\uE000-\uE0FF]*/
NUMBER: /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|\.[0-9]+([eE][+-]?[0-9]+)?/
STRING: /"(\\.|[^"\\])*"/s
COMMENT: /\/\/[^\n]*|\/\*(.|\n)*?\*\//
%ignore /\s+/
%ignore COMMENT
"""
"""For lark, LALR with a contextual lexer."""


def named(token: str) -> str:
    """The name as written, stand-ins replaced (see `plain_names`)."""
    return re.sub("[\ue000-\ue0ff]", lambda m: chr(ord(m[0]) - _STAND_IN), token)


_STAND_IN = 0xE000
"""Where the characters begin (private use) that stand for those no plain name has."""


_BUILT_IN = [name for name in FUNCTIONS if " " in name] + ["is defined"]
_PARTS = ["time offset", "start included", "end included"]
_TYPES = ["days and time duration", "years and months duration", "date and time"]
_SKIPPED = r'"(?:\\.|[^"\\])*"?|//[^\n]*|/\*(?:.|\n)*?\*/'
_KEY = re.compile(
    rf"{_SKIPPED}|[{{,(]\s*([^\W0-9]\w*(?:(?: *[-+*/.'] *| +)\w+)+)\s*(?=:)", re.DOTALL
)


def plain_names(text: str, names: Iterable[str]) -> str:
    """`text` with names of several words written as one, each character in its place."""
    keys = {match[1] for match in _KEY.finditer(text) if match[1]}
    known = sorted({*names, *keys} - {""}, key=len, reverse=True)
    known = [name for name in known if not re.fullmatch(r"\w+", name)]
    choices = [rf"\b(?:{_spaced(_BUILT_IN)})(?=\s*\()"]
    of_type = r"(?:(?<=\bof )|(?<=[<:,>])|(?<=[<:,>] ))"
    choices.append(rf"{of_type}(?:{_spaced(_TYPES)})\b(?!\s*\()")
    choices.append(rf"(?<=\.)(?:{_spaced(_PARTS)})\b")
    choices.extend(rf"(?<!\w){re.escape(name)}(?!\w)" for name in known)
    pattern = re.compile(rf"{_SKIPPED}|({'|'.join(choices)})", re.DOTALL)
    return pattern.sub(lambda m: _stood_in(m[1]) if m[1] else m[0], text)


def _stood_in(name: str) -> str:
    """`name` with a character of private use for each that is not of a plain name."""
    return re.sub(r"[^\w]", lambda m: chr(_STAND_IN + min(ord(m[0]), 0xFF)), name)


def _spaced(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
