"""Who acts, and what brought an act about, as entries say it (H1)."""

from dataclasses import dataclass

from engine.ids import PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The entry of another request that brought a command about."""

    request: RequestId
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as the entry will say it (H1)."""

    id: PersonId
    name: str = ""
    on_behalf_of: PersonId | None = None
    override: bool = False
    """By administrator's right, with a reason (K3)."""
    via: str = "api"
    """`page`, `api`, `command line`, `scheduler`, `process`."""
    origin: str = ""
    """Where from: an address, erasable."""
