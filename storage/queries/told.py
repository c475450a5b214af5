"""Everything that anybody was told: what stories compare before and after a step."""

from dataclasses import dataclass

from storage.packing import unpack
from storage.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice, as it reads in Chinese."""

    request: str
    ordinal: int
    person: str
    text: str


def told(reader: Reader) -> list[Told]:
    """Every notice there is, in no order that means anything. For small databases."""
    rows = reader.all("SELECT request, ordinal, person, text FROM notices")
    return [Told(request=r, ordinal=o, person=p, text=unpack(t)[0]) for r, o, p, t in rows]
