"""Every step of a request as it is shown: what stands around the cursor, and what it moves."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from engine.replay import KINDS, Kind, Replayed, State, Step, kinds
from storage import queries
from storage.reader import Reader
from web.pages import here, progress, timeline, words
from web.pages.stepping.desks import Desks
from web.pages.stepping.figures import Figure, Figures, Seen
from web.pages.stepping.knowing import Knowing
from web.pages.stepping.rows import Rows, splice
from web.pages.stepping.saying import differs
from web.pages.stepping.values import Values
from web.pages.wording import gettext

PANELS = ("head", "entry", "desks", "past", "waits", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One entry in the list."""

    event: timeline.Event
    kinds: tuple[Kind, ...]
    said: str
    """The step in one line: when, what, who."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """All steps."""

    knowing: Knowing
    rows: Rows
    told: list[Told]
    panels: dict[str, list[list[int]]] = field(default_factory=dict)
    """By panel: the rows of each step."""
    seen: list[Seen] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.told)

    @property
    def counts(self) -> dict[Kind, int]:
        """How many entries there are of each kind."""
        return {kind: sum(kind in each.kinds for each in self.told) for kind in KINDS}

    def panel(self, name: str, step: int) -> Any:
        """The rows of a panel at a step."""
        return self.rows.joined(self.panels[name][step - 1])

    def data(self) -> Markup:
        """Everything, for the script, as JSON that can stand in a page."""
        text = json.dumps(self._document(), ensure_ascii=False, separators=(",", ":"))
        text = text.replace("</", "<\\/").replace("<!", "<\\u0021")
        # Nothing in it can end a script, or hide its end.
        return Markup(text)  # noqa: S704 # nosec B704

    def _document(self) -> dict[str, Any]:
        """Rows, and how each panel's list of them changes from step to step."""
        return {
            "rows": self.rows.html,
            "panels": {name: _changes(each) for name, each in self.panels.items()},
            "parts": {d: _changes([s.parts[d] for s in self.seen]) for d in self.figures},
            "tables": {d: _changes([s.tables[d] for s in self.seen]) for d in self.figures},
            "there": _changes([each.there for each in self.seen]),
            "said": [
                gettext("Step %(n)s of %(of)s", n=number, of=len(self)) + " · " + each.said
                for number, each in enumerate(self.told, 1)
            ],
        }


def _changes(lists: Sequence[list[Any]]) -> list[Any]:
    before: list[Any] = []
    found = []
    for each in lists:
        found.append(splice(before, each))
        before = each
    return found


def scene(reader: Reader, row: queries.RequestRow, steps: Replayed) -> Scene:
    """Tell every step of a request."""
    knowing = Knowing.of(reader, row, steps)
    rows, told = Rows(), _told(knowing)
    found = Scene(knowing=knowing, rows=rows, told=told, panels={name: [] for name in PANELS})
    values = Values(knowing, rows, [each.event.who for each in told])
    desks, figures = Desks(knowing, rows), Figures(knowing, rows)
    found.figures = figures.figures
    for step, state in knowing.steps.states():
        mine = told[len(found.seen)]
        made = {
            "head": [_head(knowing, rows, step, state)],
            "entry": [rows.made("entry", mine.event, mine.kinds, words.KIND)],
            "desks": desks.at(step, state),
            "past": desks.past(),
            "waits": desks.waits(state),
            "values": values.at(step, state),
        }
        for name in PANELS:
            found.panels[name].append(made[name])
        found.seen.append(figures.at(step, state))
    return found


def _told(knowing: Knowing) -> list[Told]:
    hidden = knowing.shown.hidden
    teller = timeline.Teller(
        places=knowing.places,
        slots=knowing.last.slots,
        names=knowing.names,
        changed=lambda entry: progress.changes([entry], knowing.texts, hidden=hidden),
        hidden=hidden,
    )
    found = []
    for entry, event in zip(knowing.entries, teller.told(knowing.entries), strict=True):
        local = event.at.astimezone(here.zone())
        parts = [f"{local:%Y-%m-%d %H:%M}", event.what, event.who]
        if event.refused:
            parts.insert(2, gettext("refused"))
        mine = kinds(entry)
        found.append(
            Told(
                event=event,
                kinds=tuple(kind for kind in KINDS if kind in mine),
                said=" · ".join(part for part in parts if part),
            )
        )
    return found


def _head(knowing: Knowing, rows: Rows, step: Step, state: State) -> int:
    """Where it stood, in which version, and whether it is what the record says."""
    request = state.request
    assert request is not None
    difference = step.difference
    detail = ""
    if difference is not None and here.me().role == "auditor":
        detail = gettext(
            "recorded: %(recorded)s; replayed: %(replayed)s",
            recorded=str(difference.recorded)[:400],
            replayed=str(difference.replayed)[:400],
        )
    return rows.made(
        "head",
        words.sign(words.STATUS, request.status),
        request.round,
        knowing.numbers.get(request.definition),
        request.definition[:12],
        step.by,
        differs(difference.what) if difference is not None else "",
        detail,
        len(step.erased),
    )
