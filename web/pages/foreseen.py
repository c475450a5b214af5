"""The way that a request would take, as people read it: before it is submitted, on the start form's
page and from the API."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.commands.submit import Submit
from engine.diagrams.words import NodeId
from engine.ids import PersonId
from engine.preview import Choice, Preview, Stop, preview
from engine.requests import Place
from storage import queries
from storage.reader import Reader
from web.pages import here, looking
from web.pages.formats import listed
from web.pages.names import Names
from web.pages.values import Texts, fields_of

SECONDS = 1.0
"""So long it is looked for ways."""

NOBODY = "提交后没有需要人办理的环节。", "Nobody has anything to do after it is submitted."
COUNTS_ON = (
    "按各环节都办完、都同意推算；任何一环都可能退回或不同意。",
    "If every desk does its work and agrees; each may return or refuse it.",
)
DATED = (
    "后面环节的日期按前面各环节都在期限到时办完推算。",
    "Later dates count on the desks before taking all the time that they have.",
)
NOT_ALL = (
    "可能的走法太多，没有全部推算，可能还有别的环节。",
    "There are too many ways to try all of them: there may be other desks.",
)
_PLAIN = re.compile(r"P(?:(\d+)([DWMY])|T(\d+)([H]))")
_UNITS = {
    "D": ("日", "days"),
    "W": ("周", "weeks"),
    "M": ("个月", "months"),
    "Y": ("年", "years"),
    "H": ("小时", "hours"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """What it depends on whether, or by whom, a desk comes."""

    kind: str
    """`condition`, `event`, `decision` or `people`."""
    at: tuple[str, str]
    """The gateway, event or desk: its id and name."""
    condition: str
    reads: tuple[tuple[str, str], ...]
    """Each variable with its label."""
    givers: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One desk of the way."""

    id: str
    name: str
    holders: tuple[PersonId, ...]
    candidates: tuple[PersonId, ...]
    groups: tuple[str, ...]
    why: str
    due: datetime | None
    after: str
    after_said: str
    """The same in words."""
    sure: bool
    depends: tuple[Dependence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The desks, and what is to be said of them as a whole."""

    path: tuple[Foreseen, ...]
    notes: tuple[str, ...]


def patience() -> Callable[[], bool]:
    """Says when it has been looked long enough."""
    end = time.monotonic() + SECONDS
    return lambda: time.monotonic() > end


def way(reader: Reader, command: Submit) -> Way:
    """The way that a request would take.

    Raises:
        Refused: it would be refused as it is.
    """
    found = preview(command, looking.unit(reader), here.now(), enough=patience())
    definition = reader.definitions.latest(reader, command.process)
    assert definition is not None
    versions = queries.Versions(reader, definition)
    teller = _Teller(
        versions=versions,
        texts=Texts(names=Names.of_reader(reader), fields=fields_of(definition)),
        found=found,
    )
    return Way(path=tuple(teller.stop(each) for each in found.path), notes=tuple(teller.notes()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    versions: queries.Versions
    texts: Texts
    found: Preview

    def name(self, place: Place) -> str:
        """An element's name; its id where it has none."""
        of = self.versions.at(place.definition)
        node = NodeId(place.node)
        return here.said(of.names.get(node) or place.node, of.names_en.get(node)) or place.node

    def ref(self, place: Place) -> tuple[str, str]:
        """Id and name."""
        return place.node, self.name(place)

    def label(self, name: str) -> str:
        """A variable as its field is called."""
        return self.texts.label(name)

    def stop(self, stop: Stop) -> Foreseen:
        """A desk."""
        depends = [self.choice(each) for each in stop.depends]
        why = here.said(*stop.why)
        if stop.people is not None:
            reads = stop.people.names
            givers = self.givers(reads)
            depends.append(
                Dependence(
                    kind="people",
                    at=self.ref(stop.place),
                    condition="",
                    reads=tuple((name, self.label(name)) for name in reads),
                    givers=tuple(self.ref(each) for each in givers),
                    text=self.unknown(reads, givers),
                )
            )
            why = here.said("现在还无法知道由谁处理", "who it will be can't be known yet")
        return Foreseen(
            id=stop.place.node,
            name=here.said(stop.name, stop.name_en),
            holders=stop.holders,
            candidates=() if stop.holders else stop.candidates,
            groups=stop.groups,
            why=why,
            due=stop.due,
            after=stop.after,
            after_said=self.span(stop),
            sure=stop.sure,
            depends=tuple(depends),
        )

    def span(self, stop: Stop) -> str:
        """The time that a desk has, in words; as the diagram has it where it has several parts."""
        plain = _PLAIN.fullmatch(stop.after)
        if plain is None:
            return stop.after
        of = self.versions.at(stop.place.definition)
        working = of.nodes[NodeId(stop.place.node)].deadline.calendar == "working"
        number, unit = plain[1] or plain[3], plain[2] or plain[4]
        zh, en = _UNITS[unit]
        return here.said(
            f"{number} {'个工作' if working and unit in 'DW' else ''}{zh}",
            f"{number} {'working ' if working and unit in 'DW' else ''}{en}",
        )

    def givers(self, names: tuple[str, ...]) -> tuple[Place, ...]:
        """Who says what."""
        known = self.found.givers or {}
        return tuple(dict.fromkeys(p for name in names for p in known.get(name, ())))

    def choice(self, choice: Choice) -> Dependence:
        """Something that was supposed."""
        name = self.name(choice.at)
        if choice.kind == "decision":
            text = here.said(f"仅当“{name}”不同意时", f"only if “{name}” does not agree")
        elif choice.kind == "event":
            zh, en = f"取决于“{name}”是否先发生", f"depends on whether “{name}” comes first"
            text = here.said(zh, en)
        else:
            text = self.unknown(choice.reads, choice.givers)
        return Dependence(
            kind=choice.kind,
            at=self.ref(choice.at),
            condition=choice.text,
            reads=tuple((each, self.label(each)) for each in choice.reads),
            givers=tuple(self.ref(each) for each in choice.givers),
            text=text,
        )

    def unknown(self, names: tuple[str, ...], givers: tuple[Place, ...]) -> str:
        """What can't be known, and who will say it."""
        said = listed(self._unknown(name) for name in names)
        who = listed(f"“{self.name(place)}”" for place in givers)
        if not who or names == ("number",):
            return here.said(f"取决于{said}", f"depends on {said}")
        return here.said(f"取决于{who}时给出的{said}", f"depends on {said}, given at {who}")

    def _unknown(self, name: str) -> str:
        if name in ("now()", "today()"):
            return here.said("到那时的日期", "the date then")
        if name == "number":
            return here.said("提交后的编号", "the number that it gets")
        if name.startswith("actor("):
            return here.said("实际办理人", "who does it")
        return f"“{self.label(name)}”"

    def notes(self) -> list[str]:
        """What is to be said of the whole."""
        found = self.found
        said = [here.said(*(COUNTS_ON if found.path else NOBODY))]
        if found.dated:
            said.append(here.said(*DATED))
        said += [self._stands(place, why, un is not None) for place, why, un in found.stands]
        for place in found.waits:
            name = self.name(place)
            zh = f"在“{name}”要等外部的消息或系统，何时到来无法知道。"
            en = f"At “{name}” it waits for something from outside; when that comes is not known."
            said.append(here.said(zh, en))
        if not found.all_ways:
            said.append(here.said(*NOT_ALL))
        return said

    def _stands(self, place: Place, why: str, unknown: bool) -> str:
        name = self.name(place)
        if unknown:
            zh, en = f"“{name}”之后的路径现在无法知道", f"What comes after “{name}” can't be known"
            return f"{here.said(zh, en)}{here.said(':', ': ')}{why}"
        zh, en = f"会停在“{name}”，等管理员处理", f"It would stand still at “{name}”"
        return f"{here.said(zh, en)}{here.said(':', ': ')}{why}"
