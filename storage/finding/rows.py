"""An entry as a row that can be searched: its signs, and its words while they are not erased."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from engine.ids import ORGANISATION, PROCESS, SYSTEM_CHAIN, TIMER, split_task_id
from engine.journal import Entry
from storage.finding.words import characters, sign, tokens
from storage.search import fold

LONGEST = 4_000
"""Characters of what was said that are searched."""
WATCHING = frozenset({"export", "exported", "read", "look", "note", "note.withdrawn"})
"""Verbs of reading and exporting, and of the auditor's own notes."""
SIGN_IN = "sign-in"
SYSTEM = frozenset({TIMER, PROCESS, ORGANISATION})
MOST_REQUESTS = 200
"""An export of more requests than this is not found by each of them."""
_OUT_OF_FORCE = frozenset({"superseded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of an entry's request, now."""

    number: str = ""
    title: str = ""
    process: str = ""
    department: str = ""


NOTHING = About()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The columns of `found`, in the order of the table."""

    place: int
    seq: int
    at: int
    chain: str
    verb: str
    outcome: str
    actor: str
    behalf: str
    subject: str
    request: str
    process: str
    department: str
    node: str
    task: int
    override: int
    substitution: int
    timer: int
    superseded: int
    change: int
    watching: int
    sign_in: int
    veiled: int
    text: str

    @property
    def values(self) -> tuple[Any, ...]:
        """As the table has them."""
        found: tuple[Any, ...] = _values(self)
        return found


COLUMNS = tuple(each.name for each in fields(Row))
_values = attrgetter(*COLUMNS)
FLAGS = ("override", "substitution", "timer", "superseded", "change", "watching", "sign_in")


def row_of(entry: Entry, place: int, at: int, about: About) -> Row:
    """The row of an entry. `about`: the request that it is part of or about."""
    body, system = entry.body, entry.chain == SYSTEM_CHAIN
    verb, actor = str(body.get("verb", "")), str(body.get("actor", ""))
    behalf = str(body.get("for") or "")
    requests = requests_of(entry)
    task = split_task_id(str(body.get("task") or ""))
    watching = verb in WATCHING
    done = str(body.get("outcome", "done"))
    return Row(
        place=place,
        seq=entry.seq,
        at=at,
        chain=entry.chain,
        verb=verb,
        outcome=done,
        actor=actor,
        behalf=behalf,
        subject=_subject(body) if system else "",
        request=requests[0] if len(requests) == 1 else "",
        process=about.process or (_process(body) if system else ""),
        department=about.department,
        node=_text(body.get("node")),
        task=task[1] if task is not None else 0,
        override=int(bool(body.get("override"))),
        substitution=int(bool(behalf) or verb.startswith("substitution.")),
        timer=int(actor in SYSTEM or verb == "timer"),
        superseded=int(any(fact and fact[0] in _OUT_OF_FORCE for fact in body.get("did", ()))),
        change=int(system and not watching and verb != SIGN_IN),
        watching=int(watching),
        sign_in=int(verb == SIGN_IN),
        veiled=int(done == "done" and "undo_until" in body),
        text=f"{head(about)}\n{fold(' '.join(_said(entry)))[:LONGEST]}",
    )


def head(about: About) -> str:
    """How a row's text begins: the request's number and title."""
    return fold(f"{about.number} {about.title}")


def requests_of(entry: Entry) -> list[str]:
    """The requests that an entry is part of, or that an entry of the system chain names."""
    if entry.chain != SYSTEM_CHAIN:
        return [entry.chain]
    one, several = entry.body.get("request"), entry.body.get("requests")
    if isinstance(one, str):
        return [one]
    if isinstance(several, list | tuple):
        return [each for each in several if isinstance(each, str)]
    return []


def index_tokens(row: Row, requests: Iterable[str], *, single: bool) -> list[str]:
    """What the index has of a row; `single`: also each Chinese character by itself, for an index
    that is slow to find beginnings."""
    found = set(tokens(row.text))
    if single:
        found.update(characters(row.text))
    few = list(requests)[: MOST_REQUESTS + 1]
    if len(few) <= MOST_REQUESTS:
        found.update(sign("r", each) for each in few)
    found.update(sign("p", each) for each in (row.actor, row.behalf, row.subject) if each)
    about = (
        ("v", row.verb), ("o", row.outcome), ("c", row.process),
        ("n", row.node), ("d", row.department),
    )  # fmt: skip
    found.update(sign(kind, each) for kind, each in about if each)
    found.update(sign("k", flag) for flag in FLAGS if getattr(row, flag))
    if row.outcome != "done":
        found.add(sign("k", "refused"))
    return sorted(found)


def _said(entry: Entry) -> Iterable[str]:
    """What was said with it: comments and reasons; in the system chain also what it is about."""
    private = entry.particulars
    yield from (each for each in (private.get("input.comment"), private.get("input.text"))
                if isinstance(each, str))  # fmt: skip
    if entry.chain == SYSTEM_CHAIN:
        for name in ("subject", "process", "format", "what"):
            yield _text(entry.body.get(name))
        kept = private.get("row")
        if isinstance(kept, Mapping):
            yield _text(kept.get("name"))


def _process(body: Mapping[str, Any]) -> str:
    """The process that an entry is about; the first of those that a proposal is."""
    several = body.get("processes")
    if isinstance(several, list | tuple) and several and "kind" in body:
        return _text(several[0])
    return _text(body.get("process"))


def _subject(body: Mapping[str, Any]) -> str:
    return _text(body.get("subject")) or _text(body.get("person"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
