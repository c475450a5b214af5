"""What the rows of all steps are made with: names, versions, what is hidden, who is told what."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g

from engine.diagrams.definition import Definition
from engine.journal import Entry
from engine.replay import Replayed
from storage import queries
from storage.reader import Reader
from web.pages import drawn, here
from web.pages.called import Places
from web.pages.names import Names
from web.pages.values import Texts, fields_of
from web.undoing import veil, veiled


@dataclass(kw_only=True)
class Knowing:
    """One request as its reader may see it."""

    reader: Reader
    row: queries.RequestRow
    steps: Replayed
    names: Names
    versions: queries.Versions
    shown: Any
    """A `Disclosure`."""

    @classmethod
    def of(cls, reader: Reader, row: queries.RequestRow, steps: Replayed) -> "Knowing":
        """For these steps."""
        from web.api.disclosure import disclosure

        return cls(
            reader=reader,
            row=row,
            steps=steps,
            names=Names.of_reader(reader),
            versions=queries.Versions.of_request(reader, row.definition),
            shown=disclosure(reader, g.viewer, row),
        )

    @cached_property
    def last(self) -> Any:
        """How the request stands at the end: every node and slot that there ever was is in it."""
        return self.steps.at(len(self.steps))

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Its own version and those it called."""
        return self.versions.all([*self.last.slots.values(), *self.last.nodes.values()])

    @cached_property
    def texts(self) -> Texts:
        """How values are said."""
        return Texts(names=self.names, fields=fields_of(*self.definitions))

    @cached_property
    def places(self) -> Places:
        """Which version each scope runs, at whatever step."""
        tokens = {token for step in self.steps.steps for token in step.delta.tokens or ()}
        return Places(self.versions, self.last.nodes.values(), tokens)  # type: ignore[arg-type]

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """The entries, as this reader may read them."""
        found = [step.entry for step in self.steps.steps]
        hidden = veiled(found, here.me())
        return [veil(each) if each.seq in hidden else each for each in found]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The process's versions by digest."""
        found = queries.definition_versions(self.reader, self.row.process)
        return {each.digest: each.version for each in found}

    @cached_property
    def tells(self) -> bool:
        """Whether this reader is told why something stands still."""
        administers = queries.administers(self.reader, g.viewer, self.row.process)
        return here.me().role == "auditor" or administers

    def node_name(self, row: Any) -> str:
        """A node's name in the page's language."""
        return drawn.node_name(self.versions.of(row), row.node)

    def called(self, row: Any) -> str:
        """The name of the called process that a row stands in; empty: the request's own."""
        if not row.definition:
            return ""
        definition = self.versions.of(row)
        return here.said(definition.name, definition.process.name_en)
