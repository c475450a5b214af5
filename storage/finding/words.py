"""Words and signs of an entry as tokens of an index, and what a query wants of them.

A run of letters and digits is one token, found by its beginning from three characters on; a run of
Chinese characters gives its overlapping pairs and its last character. Signs (who, which verb, which
request) are tokens that no word can be: they begin with `§`.
"""

import re
from collections.abc import Iterator

from storage.search import fold

LONGEST_QUERY = 200
MOST_WORDS = 8
LONGEST_WORD = 60
"""Characters of a word that the index has; the row's text has all."""
SHORTEST_BEGINNING = 3
"""A shorter word is found where it stands by itself: too much begins with it."""
SIGN = "§"
# What is written without spaces between words: Chinese, kana, hangul.
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_WIDE}]+|[^\\W_{_WIDE}]+")
_PLAIN = re.compile("[a-z0-9]+")
_CODED = "¤"
_IS_WIDE = re.compile(f"[{_WIDE}]")


def sign(kind: str, value: str) -> str:
    """The token of a sign; after its first character small ASCII letters and digits alone."""
    if _PLAIN.fullmatch(value):
        return f"{SIGN}{kind}{value}"
    return f"{SIGN}{kind}{_CODED}{value.encode('utf-8', 'surrogatepass').hex()}"


def signed(token: str) -> tuple[str, str]:
    """The kind and value of a sign's token."""
    kind, value = token[1], token[2:]
    if value.startswith(_CODED):
        value = bytes.fromhex(value[1:]).decode("utf-8", "surrogatepass")
    return kind, value


def tokens(text: str) -> Iterator[str]:
    """The tokens of a folded text."""
    for run in _RUN.findall(text):
        if _IS_WIDE.match(run):
            yield from (run[at : at + 2] for at in range(len(run)))
        else:
            yield run[:LONGEST_WORD]


def characters(text: str) -> Iterator[str]:
    """The Chinese characters of a folded text, for an index that is slow to find beginnings."""
    yield from _IS_WIDE.findall(text)


def wanted(query: str) -> list[str]:
    """The words that a query asks for, folded; each has to occur as it is."""
    return [word for word in fold(query[:LONGEST_QUERY]).split(" ")[:MOST_WORDS] if word]


def terms(word: str) -> list[tuple[str, bool]]:
    """What the index is asked for one word: tokens, each perhaps only the beginning of one."""
    found: list[tuple[str, bool]] = []
    for run in _RUN.findall(word):
        if not _IS_WIDE.match(run):
            found.append((run[:LONGEST_WORD], len(run) >= SHORTEST_BEGINNING))
        elif len(run) == 1:
            found.append((run, True))
        else:
            found.extend((run[at : at + 2], False) for at in range(len(run) - 1))
    return list(dict.fromkeys(found))
