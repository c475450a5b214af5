"""A family of diagrams, one for each thing that diagrams in the wild have."""

from collections.abc import Iterator

from tests.wild.drawing import drawn, line
from tests.wild.features.calls import calls
from tests.wild.features.events import BESIDE, events
from tests.wild.features.gateways import gateways
from tests.wild.features.leftovers import rest
from tests.wild.features.oddities import odd
from tests.wild.features.people import people
from tests.wild.features.services import services
from tests.wild.features.several import several

KINDS = {
    "events": events,
    "gateways": gateways,
    "several": several,
    "calls": calls,
    "services": services,
    "people": people,
    "rest": rest,
    "odd": odd,
}
"""The family's branches, by what they are about."""


def family(kind: str, style: str) -> Iterator[tuple[str, bytes]]:
    """A name and a diagram for each of that branch, as a vendor's modeler writes it."""
    for name, body in KINDS[kind]():
        yield name, drawn(body, style, beside=BESIDE)


def child(style: str) -> bytes:
    """The process that the family's callers call."""
    return drawn(line("inner"), style, key="child")


__all__ = ["KINDS", "child", "family"]
