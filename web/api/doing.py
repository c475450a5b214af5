"""Commands through the one door, each call's key with the digest of what the call says."""

from collections.abc import Mapping
from typing import Any, cast

from engine.commands.base import Command
from engine.handle import Outcome, refuse
from engine.refusals import Refused
from web.api import bodies
from web.door import Door
from web.pages import here


def done(command: Command, given: Mapping[str, Any], *, of: str = "") -> Outcome:
    """Carry a command out. `of` tells the commands of one call apart.

    Raises:
        Refused: nothing has changed.
    """
    door = cast(Door, here.system())
    return door.handle(command, body=bodies.call_digest({"of": of, "given": dict(given)}))


def record(command: Command, no: Refused) -> None:
    """Record an attempt that was refused before the command could be made of it (R2)."""
    door = cast(Door, here.system())
    door.database.run(lambda uow: refuse(command, no, uow, door.clock()))
