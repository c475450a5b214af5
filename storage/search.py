"""Search by overlapping pairs of characters, so that a Chinese word of two characters is found.

What is searched: a request's number, title, requester's name, department, summary and the text of
its start form's answers; fields that the diagram hides from some signer are left out for
everybody. The index finds candidates by pairs; `searched.text` confirms them.
"""

import re
from collections.abc import Iterator
from typing import Any

from engine.people.directory import Directory
from storage.definitions import Definitions
from storage.packing import unpack
from storage.transaction import Transaction

LONGEST = 4000
"""Characters of a request that are searched."""
LONGEST_QUERY = 200
_WORD = re.compile(r"[^\W_]+")
_SPACE = re.compile(r"\s+")
_SOURCE = (
    "SELECT r.place, r.definition, r.number, r.title, r.requester, r.department, r.rest, f.flow"
    " FROM requests r LEFT JOIN flows f ON f.request = r.id WHERE r.id = ?"
)
_OLD = "SELECT text FROM searched WHERE place = ?"
_PUT = (
    "INSERT INTO searched (place, text) VALUES (?, ?)"
    " ON CONFLICT (place) DO UPDATE SET text = excluded.text"
)
_FORGET = "INSERT INTO search_index (search_index, rowid, pairs) VALUES ('delete', ?, ?)"
_INDEX = {
    "sqlite": "INSERT INTO search_index (rowid, pairs) VALUES (?, ?)",
    "postgresql": (
        "INSERT INTO search_index (place, pairs) VALUES (?, array_to_tsvector(?::text[]))"
        " ON CONFLICT (place) DO UPDATE SET pairs = excluded.pairs"
    ),
}


def refresh(
    transaction: Transaction, request: str, definitions: Definitions, directory: Directory
) -> None:
    """Bring the index to what the request says now; nothing is written where nothing changed."""
    row = transaction.one(_SOURCE, (request,))
    if row is None:
        return
    hidden = definitions.hidden(transaction, row[1])
    person = directory.person(row[4])
    text = fold(" ".join(_words(row, hidden, person.name if person else "")))[:LONGEST]
    place, old = row[0], transaction.value(_OLD, (row[0],))
    if text != old:
        keep(transaction, place, text, old=old)


def keep(transaction: Transaction, place: int, text: str, *, old: str | None = None) -> None:
    """Have the index say `text` of the request at this place, instead of `old`."""
    if transaction.dialect == "sqlite":
        if old is not None:
            transaction.execute(_FORGET, (place, " ".join(pairs(old))))
        transaction.execute(_INDEX["sqlite"], (place, " ".join(pairs(text))))
    else:
        transaction.execute(_INDEX["postgresql"], (place, pairs(text)))
    transaction.execute(_PUT, (place, text))


def index_again(transaction: Transaction) -> None:
    """Fill an empty index from what is searched (after a restore)."""
    for place, text in list(transaction.stream("SELECT place, text FROM searched")):
        found = pairs(text)
        value = " ".join(found) if transaction.dialect == "sqlite" else found
        transaction.execute(_INDEX[transaction.dialect], (place, value))


def _words(row: tuple[Any, ...], hidden: frozenset[str], name: str) -> Iterator[str]:
    _, _, number, title, _, department, rest, flow = row
    yield from (word for word in (number, title, name, department) if word)
    summary = unpack(rest).get("summary", {})
    answers = {} if flow is None else unpack(flow).get("answers", {})
    for key, value in {**summary, **answers}.items():
        if key not in hidden:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)


def fold(text: str) -> str:
    """The text as it is compared: without case, NULs and the width of its spaces."""
    return _SPACE.sub(" ", text.replace("\x00", " ")).strip().casefold()


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring characters in each word, and the last character by itself."""
    found = {word[at : at + 2] for word in _WORD.findall(text) for at in range(len(word))}
    return sorted(found)


def find(transaction: Transaction, query: str, most: int) -> list[str] | None:
    """Ids of requests in which every word of the query (parted by spaces) occurs, at most `most`.

    None for a query without a letter or a digit: it finds nothing.
    """
    wanted = [run for word in _wanted(query) for run in _WORD.findall(word)]
    if not wanted:
        return None
    checks, words = contained(transaction, query)
    # In this order, so that SQLite ends with the last row that is asked for.
    source = "search_index x CROSS JOIN searched w CROSS JOIN requests r"
    if transaction.dialect == "sqlite":
        where = "search_index MATCH ? AND w.place = x.rowid"
        argument = " ".join(_fts(run) for run in wanted)
    else:
        where = "x.pairs @@ ?::tsquery AND w.place = x.place"
        argument = " & ".join(_tsquery(run) for run in wanted)
    rows = transaction.all(
        f"SELECT r.id FROM {source} WHERE {where} AND r.place = w.place AND {checks} LIMIT ?",  # noqa: S608
        (argument, *words, most),
    )
    return [row[0] for row in rows]


def contained(transaction: Transaction, query: str) -> tuple[str, list[str]]:
    """SQL that is true of a row `w` of `searched` that has every word, and its arguments."""
    words = _wanted(query)
    contains = "instr" if transaction.dialect == "sqlite" else "strpos"
    return " AND ".join([f"{contains}(w.text, ?) > 0"] * len(words)), words


def _wanted(query: str) -> list[str]:
    return fold(query[:LONGEST_QUERY]).split(" ")[:8]


def _wanted_pairs(run: str) -> list[str]:
    return sorted({run[at : at + 2] for at in range(len(run) - 1)})


def _fts(run: str) -> str:
    if len(run) == 1:
        return f'"{run}"*'
    return " ".join(f'"{pair}"' for pair in _wanted_pairs(run))


def _tsquery(run: str) -> str:
    if len(run) == 1:
        return f"'{run}':*"
    return " & ".join(f"'{pair}'" for pair in _wanted_pairs(run))
