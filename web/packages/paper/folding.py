"""What a request held, told by its entries alone: no other row of the database is believed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.journal import Entry
from engine.journal.entry import ERASED
from engine.recorded import changed_where

_GIVEN = ("submit", "start")
"""Verbs whose answers are the start form's."""
_RECORDED = "recorded"
_SETTLING = frozenset({"voted", "completed", "returned", "advised", "skipped", "kept"})
_MEANT = {"completed": "completed", "returned": "returned", "skipped": "skipped", "kept": "kept"}


@dataclass(slots=True, kw_only=True)
class Decision:
    """One signature, or one piece of work done."""

    seq: int
    at: datetime
    by: str
    name: str
    on_behalf_of: str
    override: bool
    automatic: bool
    """Whether nobody decided, but a deadline or a rule."""
    meaning: str
    """Of `words.MEANING`."""
    ordinal: int
    """Of the slot; 0: the whole node."""
    node: str
    """Its key."""
    round: int
    comment: Any
    answers: Mapping[str, Any]
    from_round: int = 0
    """Whose signature was kept: the round."""
    undone: str = ""
    """`taken back`, `superseded`: it does not count any more."""


@dataclass(slots=True, kw_only=True)
class Told:
    """A request as its entries tell it."""

    variables: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    """The start form's, as last submitted."""
    decisions: list[Decision] = field(default_factory=list)
    rounds: dict[int, int] = field(default_factory=dict)
    """By entry: the round it stands in."""
    number: str | None = None
    status: str = "running"
    requester: str = ""
    submitted_at: datetime | None = None
    ended_at: datetime | None = None


def erased(value: Any) -> bool:
    """Whether a value is what stands for one that the law had erased."""
    return isinstance(value, Mapping) and value.get(ERASED) is True


def fold(entries: Iterable[Entry], places: Mapping[int, str]) -> Told:
    """Go through the entries; `places` says to which node's key each slot belongs."""
    told, round = Told(), 1
    recorded: dict[int, Entry] = {}
    for entry in entries:
        body, did = entry.body, entry.body.get("did", ())
        round = max([round, *(fact[3] for fact in did if fact[0] == "opened")])
        told.rounds[entry.seq] = int(body.get("round", round))
        if body.get("outcome") != "done":
            continue
        _values(told, entry)
        _course(told, entry, did)
        for fact in did:
            if fact[0] == _RECORDED:
                recorded[fact[1]] = entry
            elif fact[0] in _SETTLING:
                said = entry
                if fact[0] != "skipped":
                    said = recorded.pop(fact[1], entry)
                told.decisions.append(_decision(told, entry, said, fact, places))
            elif fact[0] == "undone":
                recorded.pop(fact[1], None)
            elif fact[0] in ("taken-back", "superseded", "reinstated"):
                _undo(told, fact)
    return told


def _values(told: Told, entry: Entry) -> None:
    private = entry.particulars
    given = private.get("input.answers")
    if entry.body["verb"] in _GIVEN and isinstance(given, Mapping) and not erased(given):
        told.answers = dict(given)
    for path, change in private.items():
        if not path.startswith("changed."):
            continue
        scope, name = changed_where(path.removeprefix("changed."))
        if not scope:
            told.variables[name] = change[1] if isinstance(change, list) else change


def _course(told: Told, entry: Entry, did: Sequence[Any]) -> None:
    body = entry.body
    if body["verb"] in _GIVEN and told.submitted_at is None:
        told.submitted_at, told.requester = entry.at, str(body["actor"])
        told.requester = str(entry.particulars.get("input.requester") or told.requester)
    for fact in did:
        if fact[0] == "numbered":
            told.number = fact[1]
        elif fact[0] == "ended":
            told.status, told.ended_at = fact[1], entry.at


def _undo(told: Told, fact: Sequence[Any]) -> None:
    """A decision that was taken back, or all of a node that a return has undone or restored."""
    for each in reversed(told.decisions):
        if fact[0] == "taken-back" and each.ordinal == fact[1]:
            each.undone = each.undone or "taken back"
            return
        if each.node != fact[1] or each.meaning == "returned":
            continue
        if fact[0] == "superseded":
            each.undone = each.undone or "superseded"
        elif fact[0] == "reinstated" and each.undone == "superseded":
            each.undone = ""


def _decision(
    told: Told, entry: Entry, said: Entry, fact: Sequence[Any], places: Mapping[int, str]
) -> Decision:
    kind, place = fact[0], fact[1]
    ordinal = place if isinstance(place, int) else 0
    name, answers = said.particulars.get("actor.name"), said.particulars.get("input.answers")
    own = kind not in ("kept", "skipped")
    return Decision(
        seq=entry.seq,
        at=said.at,
        by=str(said.body.get("actor", "")),
        name=name if isinstance(name, str) else "",
        on_behalf_of=str(said.body.get("for", "")),
        override=bool(said.body.get("override")),
        automatic=own and str(said.body.get("actor", "")).startswith("system:"),
        meaning=_MEANT.get(kind) or str(fact[2]),
        ordinal=ordinal,
        node=places.get(ordinal, "") if ordinal else str(place),
        round=told.rounds[entry.seq],
        comment=said.particulars.get("input.comment") if own else None,
        answers=answers if own and isinstance(answers, Mapping) else {},
        from_round=fact[3] if kind == "kept" else 0,
    )
