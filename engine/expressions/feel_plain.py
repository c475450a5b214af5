"""Texts so plain that no grammar is needed to read them: most cells of decision tables.

What is not plain is left to the grammar; what is, gives the very tree that the grammar would.
"""

import re

from engine.expressions.tree import Among, Literal, Name, Node, Range, Test
from engine.expressions.values import parse_number

_NUMBER = r"[0-9]{1,30}(?:\.[0-9]{1,30})?"
_PLAIN = re.compile(
    rf'\s*(?:(?P<text>"[^"\\]*")|(?P<number>{_NUMBER})(?![\w.])|(?P<word>true|false|null)(?!\w)'
    rf"|(?P<op><=|>=|<|>)\s*(?P<bound>{_NUMBER})(?![\w.])"
    rf"|(?P<opens>[\[(\]])\s*(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})\s*(?P<closes>[\])]))\s*"
)
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None}


def plain_tree(text: str, *, tests: bool) -> Node | None:
    """The tree of `text` where it is one literal, or (`tests`) literals, comparisons with numbers
    and ranges of numbers with commas between; else None."""
    found: list[Node] = []
    place = 0
    while match := _PLAIN.match(text, place):
        found.append(_node(match))
        place = match.end()
        if place == len(text):
            break
        if not tests or text[place] != ",":
            return None
        place += 1
    if not found or place != len(text) or text.endswith(","):
        return None
    if tests:
        return Among(found[0].at, Name(0, "?"), tuple(found))
    return found[0] if isinstance(found[0], Literal) else None


def _node(match: re.Match[str]) -> Node:
    if written := match["text"]:
        return Literal(match.start("text"), written[1:-1])
    if match["number"]:
        return Literal(match.start("number"), parse_number(match["number"]))
    if match["word"]:
        return Literal(match.start("word"), _WORDS[match["word"]])
    if match["op"]:
        bound = Literal(match.start("bound"), parse_number(match["bound"]))
        return Test(match.start("op"), match["op"], bound)
    low = Literal(match.start("low"), parse_number(match["low"]))
    high = Literal(match.start("high"), parse_number(match["high"]))
    return Range(match.start("opens"), low, high, match["opens"] != "[", match["closes"] != "]")
