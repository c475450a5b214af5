"""Why a task is whose it is, as its reader is told: the rule, and who stands in for whom (P2);
and how its deadline is counted (X5)."""

from collections.abc import Callable

from engine.requests import Slot
from web.pages import here


def why(
    slot: Slot,
    viewer: str,
    name: Callable[[object], str],
    worded: Callable[[str], str] = lambda text: text,
) -> str:
    """The reason of a slot, with its substitutes; to one of them, in whose stead he holds it.
    `worded`: what names posts and departments instead of their ids."""
    said = worded(here.said(slot.why.get("zh", ""), slot.why.get("en")))
    return here.said("；", "; ").join(
        filter(None, [said, *_standing(slot, viewer, name), *counted(slot)])
    )


def then(slot: Slot) -> dict[str, str]:
    """What an address of the organisation carries to show it as of when the task was opened: to
    administrators and auditors; to others nothing, since they may see that of now."""
    if slot.opened_at is None or here.me().role not in ("auditor", "administrator"):
        return {}
    return {"at": slot.opened_at.astimezone(here.zone()).isoformat()}


def counted(slot: Slot) -> list[str]:
    """In whose working days its deadline is counted, and whether they are certain yet (X5)."""
    if "calendar" not in slot.why or slot.due is None:
        return []
    department = slot.why["calendar"]
    zh = f"期限按{department or '本单位'}的工作日历计"
    whose = f"of {department}" if department else "of the organisation"
    en = f"its deadline counts working days {whose}"
    calendar = here.system().database.calendar
    day = slot.due.astimezone(calendar.zone).date()
    if calendar.provisional(day):
        zh += f",{day.year}年放假安排尚未公布，日期为暂定"
        en += f"; the holidays of {day.year} are not decreed yet, so the date is provisional"
    return [here.said(zh, en)]


def _standing(slot: Slot, viewer: str, name: Callable[[object], str]) -> list[str]:
    absent = slot.standing.get(viewer)  # type: ignore[call-overload]
    if absent is not None:
        who = name(absent)
        return [here.said(f"{who}外出，由您代理", f"{who} is away, you stand in")]
    return [
        here.said(f"{name(other)}外出，由{name(person)}代理",
                  f"{name(other)} is away, {name(person)} stands in")
        for person, other in slot.standing.items()
    ]  # fmt: skip
