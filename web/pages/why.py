"""Why a task is whose it is, as its reader is told: the rule, and who stands in for whom (P2)."""

from collections.abc import Callable

from engine.requests import Slot
from web.pages import here


def why(slot: Slot, viewer: str, name: Callable[[object], str]) -> str:
    """The reason of a slot, with its substitutes; to one of them, in whose stead he holds it."""
    said = here.said(slot.why.get("zh", ""), slot.why.get("en"))
    return here.said(";", "; ").join(filter(None, [said, *_standing(slot, viewer, name)]))


def _standing(slot: Slot, viewer: str, name: Callable[[object], str]) -> list[str]:
    absent = slot.standing.get(viewer)  # type: ignore[call-overload]
    if absent is not None:
        who = name(absent)
        return [here.said(f"{who}外出,由您代理", f"{who} is away, you stand in")]
    return [
        here.said(f"{name(other)}外出,由{name(person)}代理",
                  f"{name(other)} is away, {name(person)} stands in")
        for person, other in slot.standing.items()
    ]  # fmt: skip
