"""What every business is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

Ways = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A process with what is deployed beside it, and the ways through it."""

    key: str
    files: Mapping[str, bytes]
    ways: Ways
    beside: tuple[Mapping[str, bytes], ...] = ()
    """The file sets of processes that it calls."""


def who(person: str) -> str:
    return f'v:assignee="{person}"'


ME = who("${initiator}")


START = '<startEvent id="start" />'


END = '<endEvent id="end" />'
