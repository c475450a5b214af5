"""A request's history as people read it: who did what, what followed, by sign and word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext

from engine.diagrams.definition import Definition
from engine.requests import INCIDENT_WORDS
from web.pages import drawn, here, words
from web.pages.called import Places, scope_of
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.progress import Change
from web.pages.wording import gettext
from web.pages.words import Sign

CAUSES = (
    lazy_gettext("a sibling's decision settled it"),
    lazy_gettext("the process went another way"),
    lazy_gettext("the request ended"),
    lazy_gettext("the request was returned"),
    lazy_gettext("the request was withdrawn"),
    lazy_gettext("its signers were looked up anew"),
    lazy_gettext("taken out by whoever may"),
    lazy_gettext("another of the added signers has decided"),
    lazy_gettext("the decision was taken back"),
)
"""Why slots are cancelled, as entries say it: named here so that they are translated."""


def cause(text: str) -> str:
    """Why a place was ended without a decision, in this page's language."""
    return gettext(text) if text else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the journal."""

    seq: int
    at: datetime
    round: int
    sign: Sign
    who: str
    on_behalf_of: str
    override: bool
    refused: str
    what: str
    node: str
    pass_: int
    comment: str
    then: tuple[tuple[str, str], ...]
    """What followed: (icon, sentence)."""
    changes: tuple[Change, ...]
    idle: bool
    """A timer that came due and moved nothing: one of many, day after day."""


MANY = 3
"""So many idle timers in a row are one line that can be opened."""


def folded(events: Sequence[Event]) -> list[tuple[Event, ...]]:
    """The events in order: each by itself, but a long run of idle timers of a round together."""
    found: list[tuple[Event, ...]] = []
    for idle, group in groupby(events, key=lambda event: event.idle and event.round):
        run = tuple(group)
        found.extend([run] if idle and len(run) >= MANY else [(event,) for event in run])
    return found


@dataclass(slots=True, kw_only=True)
class Teller:
    """Tells the entries of one request."""

    places: Places
    slots: Mapping[int, Any]
    names: Names
    changed: Callable[[Any], tuple[Change, ...]]
    hidden: frozenset[str] = frozenset()

    def told(self, entries: Sequence[Any]) -> tuple[Event, ...]:
        """Every entry, oldest first, with the round it stands in."""
        found, round = [], 1
        for entry in entries:
            event = self._event(entry, round)
            found.append(event)
            round = max([round, *(f[3] for f in entry.body.get("did", ()) if f[0] == "opened")])
        return tuple(found)

    def _event(self, entry: Any, round: int) -> Event:
        body, private = entry.body, entry.particulars
        verb = str(body.get("verb", ""))
        done = body.get("outcome") == "done"
        node = body.get("node")
        sign = words.sign(words.VERB, verb)
        if any(fact[0] == "advised" for fact in body.get("did", ())):
            sign = words.VERB["advise"]
        if not done:
            sign = Sign(sign.word, "gone", "gone")
        zh, en = private.get("refusal.zh", ""), private.get("refusal.en", "")
        return Event(
            seq=entry.seq,
            at=entry.at,
            round=int(body.get("round", round)),
            sign=sign,
            who=self._actor(body, private),
            on_behalf_of=self.names.of(body.get("for")),
            override=bool(body.get("override")),
            refused="" if done else here.said(str(zh), str(en)),
            what=str(sign.word),
            node=drawn.node_name(self._version(body), node) if node else "",
            pass_=int(body.get("pass", 1)),
            comment=_text(private.get("input.comment")),
            then=tuple(self._then(body, private)),
            changes=self.changed(entry) if verb != "submit" else (),
            idle=done and verb == "timer" and all(f[0] == "fired" for f in body.get("did", ())),
        )

    def _actor(self, body: Mapping[str, Any], private: Mapping[str, Any]) -> str:
        name = private.get("actor.name")
        return name if isinstance(name, str) else self.names.of(body.get("actor"))

    def _then(self, body: Mapping[str, Any], private: Mapping[str, Any]) -> list[tuple[str, str]]:
        lines: list[tuple[str, str]] = []
        if body.get("to"):
            lines.append(
                ("back", gettext("back to %(node)s", node=self._target(body, str(body["to"]))))
            )
        if body.get("verb") == "copy":
            lines.append(
                ("eye", gettext("to %(names)s", names=self._people(private.get("input.to"))))
            )
        for fact in _together(body.get("did", ()), self._node_of):
            teller = _FACTS.get(fact[0])
            line = teller(self, *fact[1:]) if teller is not None else None
            if line is not None and line not in lines:
                lines.append(line)
        return lines

    # ---- what followed, a line each

    def _numbered(self, number: str, *_: Any) -> tuple[str, str]:
        return "files", gettext("given the number %(number)s", number=number)

    def _assigned(
        self, ordinal: int, holders: Sequence[str], candidates: Sequence[str], *_: Any
    ) -> tuple[str, str]:
        people = self._people(holders or candidates)
        node = self._node_of(ordinal)
        if holders:
            return "right", gettext("now at %(node)s: %(names)s", node=node, names=people)
        return "right", gettext("now at %(node)s, for one of: %(names)s", node=node, names=people)

    def _settled(
        self, key: str, verdict: str | None, yes: int, no: int, total: int, *_: Any
    ) -> tuple[str, str] | None:
        node = self._node_of_key(key)
        if verdict is None:
            return None
        word = words.sign(words.OUTCOME, verdict)
        return word.icon, gettext(
            "%(node)s: %(verdict)s (%(yes)s for, %(no)s against, of %(total)s)",
            node=node,
            verdict=word.word,
            yes=yes,
            no=no,
            total=total,
        )

    def _kept(self, ordinal: int, _earlier: int, round: int, *_: Any) -> tuple[str, str]:
        slot = self.slots.get(ordinal)
        return "check", gettext(
            "%(name)s's signature is kept from round %(round)s",
            name=self.names.of(slot.decided_by if slot else None),
            round=round,
        )

    def _superseded(self, key: str, *_: Any) -> tuple[str, str]:
        return "undone", gettext("%(node)s no longer counts", node=self._node_of_key(key))

    def _reinstated(self, key: str, *_: Any) -> tuple[str, str]:
        return "check", gettext("%(node)s counts again", node=self._node_of_key(key))

    def _straight(self, key: str, *_: Any) -> tuple[str, str]:
        node = self._node_of_key(key)
        return "right", gettext("straight back to %(node)s, who returned it", node=node)

    def _roundabout(self, why: str, names: Sequence[str], *_: Any) -> tuple[str, str]:
        if why == "gone":
            return "back", gettext("everyone again: it can't go back to where it came from")
        known = self.places.versions.own.forms.values()
        labels = {f.key: f.label.said(here.locale()) for form in known for f in form.fields}
        fields = listed(labels.get(name, name) for name in names if name not in self.hidden)
        if why == "shown":
            return "back", gettext(
                "everyone again: what approvers were shown has changed (%(fields)s)", fields=fields
            )
        return "back", gettext(
            "everyone again: what the way depends on has changed (%(fields)s)", fields=fields
        )

    def _cancelled(self, ordinal: int, cause: str, *_: Any) -> tuple[str, str]:
        slot = self.slots.get(ordinal)
        name = self._people((slot.holders or slot.candidates) if slot else [])
        return "gone", gettext(
            "cancelled at %(node)s: %(names)s (%(cause)s)",
            node=self._node_of(ordinal),
            names=name,
            cause=gettext(cause) if cause else "",
        )

    def _added(
        self, _ordinal: int, mode: str, group: str, people: Sequence[str], *_: Any
    ) -> tuple[str, str]:
        how = {
            "before": gettext("before: %(names)s", names=self._people(people)),
            "after": gettext("after: %(names)s", names=self._people(people)),
            "parallel": gettext("beside: %(names)s", names=self._people(people)),
        }[mode]
        together = f" ({words.TOGETHER[group]})" if len(people) > 1 else ""
        return "plus", f"{how}{together}"

    def _transferred(self, old: int, _new: int, person: str, *_: Any) -> tuple[str, str]:
        slot = self.slots.get(old)
        former = self.names.of(slot.decided_by or slot.signer if slot else None)
        return "right", gettext(
            "from %(former)s to %(name)s", former=former, name=self.names.of(person)
        )

    def _delegated(self, _owner: int, _new: int, person: str, *_: Any) -> tuple[str, str]:
        return "say", gettext(
            "%(name)s gives an opinion; the decision stays", name=self.names.of(person)
        )

    def _advised(self, _ordinal: int, opinion: str, *_: Any) -> tuple[str, str]:
        word = words.sign(words.ADVICE, opinion)
        return word.icon, gettext("only an opinion: %(word)s", word=word.word)

    def _removed(self, ordinal: int, why: str, *_: Any) -> tuple[str, str]:
        slot = self.slots.get(ordinal)
        name = self._people(slot.holders if slot else [])
        return "gone", gettext("no longer asked: %(names)s", names=name)

    def _effective(self, ordinal: int, status: str, *_: Any) -> tuple[str, str]:
        slot = self.slots.get(ordinal)
        word = words.sign(words.SLOT, status)
        return word.icon, gettext(
            "the decision of %(name)s counts now: %(word)s",
            name=self.names.of(slot.decided_by or slot.signer if slot else None),
            word=word.word,
        )

    def _taken_back(self, _ordinal: int, status: str, *_: Any) -> tuple[str, str]:
        word = words.sign(words.SLOT, status)
        return "undone", gettext("it was: %(word)s", word=word.word)

    def _skipped(self, key: str, *_: Any) -> tuple[str, str]:
        return "right", gettext("%(node)s was skipped", node=self._node_of_key(key))

    def _blocked(self, key: str, what: str = "", *_: Any) -> tuple[str, str]:
        return "alert", gettext(
            "nobody found for %(node)s; an administrator has to name someone",
            node=self._node_of_key(key),
        )

    def _copied(self, people: Sequence[str], *_: Any) -> tuple[str, str]:
        return "eye", gettext("copies: %(names)s", names=self._people(people))

    def _fired(self, key: str, element: str = "", *_: Any) -> tuple[str, str] | None:
        if key.startswith(("remind:", "due:")):
            return None  # the entry names the node already
        name = self.places.name(scope_of(key), element)
        return "clock", gettext("timer: %(name)s", name=name)

    def _moved(self, _ordinal: int, before: str, after: str, *_: Any) -> tuple[str, str]:
        return "people", gettext(
            "from %(before)s to %(after)s",
            before=self.names.of(before),
            after=self.names.of(after),
        )

    def _standing_in(
        self, ordinal: int, standing: Sequence[Sequence[str]], *_: Any
    ) -> tuple[str, str]:
        if not standing:
            slot = self.slots.get(ordinal)
            own = [p for p in slot.holders if p not in slot.standing] if slot else []
            return "people", gettext("nobody stands in for %(names)s", names=self._people(own))
        return "people", gettext(
            "%(names)s may act for %(absent)s",
            names=self._people([person for person, _ in standing]),
            absent=self._people(list(dict.fromkeys(absent for _, absent in standing))),
        )

    def _turns_back(self, line: Sequence[str], *_: Any) -> tuple[str, str]:
        return "alert", gettext(
            "substitution goes round in a circle: %(names)s", names=self._people(line)
        )

    def _reminded(self, *ordinals: int) -> tuple[str, str]:
        slots = [self.slots[ordinal] for ordinal in ordinals if ordinal in self.slots]
        people = [person for slot in slots for person in slot.holders or slot.candidates]
        return "bell", gettext("reminded: %(names)s", names=self._people(people))

    def _escalated(self, _ordinal: int, above: Sequence[str], *_: Any) -> tuple[str, str]:
        return "bell", gettext("told the superior: %(names)s", names=self._people(above))

    def _notified(self, people: Sequence[str], *_: Any) -> tuple[str, str]:
        return "bell", gettext("told: %(names)s", names=self._people(people))

    def _amended(self, fields: Sequence[str], cited: str = "", *_: Any) -> tuple[str, str]:
        return "link", gettext("by %(number)s", number=cited) if cited else gettext("amended")

    def _revoked(self, status: str, cited: str = "", *_: Any) -> tuple[str, str]:
        word = words.sign(words.STATUS, status).word
        return "gone", f"{word} · {gettext('by %(number)s', number=cited)}" if cited else str(word)

    def _sent(self, message: str, *_: Any) -> tuple[str, str]:
        return "link", gettext("told a linked request: %(message)s", message=message)

    def _waits(self, _key: str, topic: str, *_: Any) -> tuple[str, str]:
        return "clock", gettext("waits for an outside system: %(topic)s", topic=topic)

    def _worked(self, _key: str, worker: str, *_: Any) -> tuple[str, str]:
        return "check", gettext("the outside system has answered (%(worker)s)", worker=worker)

    def _unworked(self, _key: str, left: int, *_: Any) -> tuple[str, str]:
        return "alert", gettext("the outside system failed; attempts left: %(left)s", left=left)

    def _threw(self, thrower: str | int, code: str, *_: Any) -> tuple[str, str]:
        if isinstance(thrower, int):  # a task, by its ordinal
            return "alert", gettext("what happened: %(code)s", code=code)
        return "alert", gettext("the outside system reports: %(code)s", code=code)

    def _raised(self, _ordinal: int, code: str, *_: Any) -> tuple[str, str]:
        return "bell", gettext("what happened: %(code)s", code=code)

    def _incident(self, _ordinal: int, kind: str, key: str, *_: Any) -> tuple[str, str]:
        place = key if key.startswith("/") else key.partition(":")[2]
        zh, en = INCIDENT_WORDS.get(kind, ("", ""))
        return "alert", gettext(
            "%(node)s stands still: %(why)s", node=self._node_of_key(place), why=here.said(zh, en)
        )

    def _not_effective(self, *_: Any) -> tuple[str, str]:
        return "alert", gettext("it could not take effect; the task is open again")

    def _resolved(self, *_: Any) -> tuple[str, str]:
        return "right", gettext("goes on")

    def _ended(
        self, status: str, outcome: Any = None, ends: Sequence[str] | None = None, *_: Any
    ) -> tuple[str, str]:
        word = words.sign(words.STATUS, status)
        name = drawn.node_name(self.places.versions.own, ends[0]) if ends else ""
        return word.icon, f"{word.word}{': ' + name if name else ''}"

    # ---- names

    def _node_of(self, ordinal: int) -> str:
        slot = self.slots.get(ordinal)
        if slot is None:
            return ""
        return drawn.node_name(self.places.versions.of(slot), slot.node)

    def _node_of_key(self, key: str) -> str:
        return self.places.name(scope_of(key), key.rpartition("/")[2].partition("#")[0])

    def _target(self, body: Mapping[str, Any], target: str) -> str:
        if target == "initiator":
            return gettext("the requester")
        return drawn.node_name(self._version(body), target)

    def _version(self, body: Mapping[str, Any]) -> Definition:
        """The version whose node an entry is about."""
        return self.places.versions.beginning(str(body.get("called", "")))

    def _people(self, ids: Any) -> str:
        return listed(self.names.all(ids)) if isinstance(ids, list | tuple) else ""


def _text(value: Any) -> str:
    """A comment; what the law had erased says so."""
    if isinstance(value, Mapping):
        return gettext("(erased by law)")
    return str(value or "")


def _together(did: Sequence[Any], node_of: Callable[[int], str]) -> list[list[Any]]:
    """What followed, with the signers of one node in one line rather than a line each."""
    found: list[list[Any]] = []
    places: dict[tuple[str, str], list[Any]] = {}
    for fact in did:
        if fact[0] == "assigned":
            known = places.get(("assigned", node_of(fact[1])))
            if known is not None and bool(known[2]) == bool(fact[2]):
                known[2], known[3] = [*known[2], *fact[2]], [*known[3], *fact[3]]
                continue
            places[("assigned", node_of(fact[1]))] = fresh = list(fact)
            found.append(fresh)
        elif fact[0] == "reminded":
            known = places.get(("reminded", ""))
            if known is not None:
                known.append(fact[1])
                continue
            places[("reminded", "")] = fresh = list(fact)
            found.append(fresh)
        else:
            found.append(list(fact))
    return found


_FACTS: dict[str, Callable[..., tuple[str, str] | None]] = {
    name: getattr(Teller, f"_{name.replace('-', '_')}")
    for name in (
        "numbered",
        "assigned",
        "settled",
        "kept",
        "superseded",
        "reinstated",
        "straight",
        "roundabout",
        "cancelled",
        "added",
        "transferred",
        "delegated",
        "advised",
        "removed",
        "effective",
        "taken-back",
        "not-effective",
        "skipped",
        "blocked",
        "copied",
        "fired",
        "moved",
        "standing-in",
        "turns-back",
        "reminded",
        "escalated",
        "notified",
        "amended",
        "revoked",
        "sent",
        "incident",
        "resolved",
        "waits",
        "worked",
        "unworked",
        "threw",
        "raised",
        "ended",
    )
}
