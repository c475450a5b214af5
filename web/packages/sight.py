"""What of an entry its exporter may be shown: the rest is withheld, and the proof still holds.

A particular that he may not see becomes its leaf. A body is told only in part where it would give
away what he may not know: a decision that can still be undone, or a digest over values that are
hidden from him, which he could find by trying. Nothing of such an entry that would let him try is
given either: no root, no leaf, no salt.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.diagrams.definition import Definition
from engine.flow.shown import fields_shown
from engine.ids import PersonId
from engine.journal import Particulars
from engine.journal.canonical import decode, encode
from engine.people.directory import Person
from engine.proof import lines
from engine.proof.lines import Line
from engine.recorded import changed_where
from storage.journal import Kept
from storage.visibility import Viewer
from web.api.disclosure import Disclosure
from web.api.variables import told
from web.undoing import veil, veiled

_TOLD = frozenset(
    {
        "actor.name", "input.cited", "input.comment", "input.due", "input.group", "input.mode",
        "input.timer", "input.to", "refusal.en", "refusal.zh",
    }
)  # fmt: skip
"""Particulars that everybody is told who may see the request: what its history shows."""
_ANSWERS = "input.answers"
_VALUES = frozenset({_ANSWERS, "input.values"})
"""Particulars that are fields by name."""
_FILES = "input.files"
_CHANGED = "changed."
_TELLING = frozenset({"blocked", "notified", "shown"})
"""What followed, where it may tell of values: as a sentence, or as a digest over them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Who exports, and what he may see."""

    viewer: Viewer
    name: str = ""
    via: Literal["page", "api", "command line"] = "api"
    origin: str = ""
    """His address, for the entry."""

    @property
    def everything(self) -> bool:
        """Whether he may see whatever there is: an auditor, and who has the machine."""
        return self.viewer.role == "auditor"

    @property
    def person(self) -> Person:
        """Him as somebody of the organisation."""
        return Person(id=self.viewer.person, name=self.name, role=self.viewer.role)


COMMAND_LINE = Exporter(
    viewer=Viewer(person=PersonId("system:command line"), role="auditor"), via="command line"
)
"""Whoever has the home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one exporter sees of the entries of one request."""

    everything: bool
    shown: Disclosure
    files: frozenset[str] | None
    """The ids of the attachments that he may see; None: all of them."""
    undecided: frozenset[int]
    """Entries that tell a decision which he may not know yet."""
    version: Callable[[str], Definition]
    """The process version whose digest begins so; "": the request's own."""

    def line(self, kept: Kept, previous: bytes) -> Line:
        """An entry as he may have it."""
        whole, own = Particulars.load(kept.particulars), decode(kept.body)
        body = self._body(kept, own)
        place: dict[str, Any] = {
            "chain": kept.chain, "seq": kept.seq, "previous": previous, "digest": kept.digest,
        }  # fmt: skip
        if body is not own:
            told = {path: each for path, each in whole.values.items() if self._told(path, each)}
            if kept.seq in self.undecided:
                told = {path: each for path, each in told.items() if not _decides(path)}
            del body["private"]
            return Line(**place, body=None, part={"body": body, "particulars": told})
        given, withheld = {}, {}
        for path, value in whole.values.items():
            salt = lines.salt(whole.secret, path)
            if self._told(path, value):
                given[path] = (salt, value)
            else:
                withheld[path] = lines.leaf(salt, path, value)
        return Line(
            **place, body=kept.body, given=given, withheld=withheld, erased=dict(whole.erased)
        )

    def _told(self, path: str, value: Any) -> bool:
        """Whether he is given a particular: only if all of it is his to see."""
        if self.everything or path in _TOLD:
            return True
        if path == _FILES:
            return self.files is None or (isinstance(value, Mapping) and self.files >= set(value))
        if path in _VALUES:
            return isinstance(value, Mapping) and same(self.shown.values(value), value)
        if path.startswith(f"{_ANSWERS}."):
            return self._field(path.removeprefix(f"{_ANSWERS}."), value)
        if path.startswith(_CHANGED):
            name = changed_where(path.removeprefix(_CHANGED))[1]
            pair = value if isinstance(value, list) else [value]
            return told(name) and all(self._field(name, each) for each in pair)
        return False

    def _field(self, name: str, value: Any) -> bool:
        return self.shown.shows(name) and same(self.shown.value(name, value), value)

    def _body(self, kept: Kept, own: dict[str, Any]) -> dict[str, Any]:
        """The body itself where all of it may be told; else a copy of what may."""
        if kept.seq in self.undecided:
            return {**veil(kept.entry).body, **_framed(own), "private": own["private"]}
        if self.everything or not self.shown.hidden:
            return own
        body = dict(own)
        if "shown" in body and self._covers(body):
            del body["shown"]
        did = body.get("did", [])
        if any(fact[0] in _TELLING for fact in did):
            body["did"] = [fact for fact in did if fact[0] not in _TELLING]
        return own if body == own else body

    def _covers(self, body: Mapping[str, Any]) -> bool:
        """Whether what its desk shows its signers has something that is hidden from him."""
        definition = self.version(str(body.get("called", "")))
        words = definition.nodes.get(body.get("node", ""))
        hidden = {name.partition(".")[0] for name in self.shown.hidden}
        return not hidden.isdisjoint(fields_shown(definition, words))


def undecided(history: Iterable[Kept], exporter: Exporter) -> frozenset[int]:
    """The entries that record a decision which its exporter may not know yet."""
    return veiled((kept.entry for kept in history), exporter.person)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same, and of the same kind."""
    return encode(one) == encode(other)


def _decides(path: str) -> bool:
    """Whether a particular belongs to a decision."""
    return path.startswith(("input.", _CHANGED))


def _framed(own: Mapping[str, Any]) -> dict[str, Any]:
    """What every body begins with."""
    return {name: own[name] for name in ("v", "chain", "seq", "at")}
