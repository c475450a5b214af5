"""Who may be put into a node beside or instead of another: added, transferred to, delegated to,
handed over to (A3, A6, T2)."""

from collections.abc import Sequence

from engine.case import Case
from engine.ids import PersonId
from engine.refusals import Newcomer, PersonUnknown
from engine.requests import Slot
from forms import Message

TAKEN = Message("在本环节本轮已有席位或已作决定", "already has a place or has decided here")
REQUESTER = Message("是申请人,不得审批自己的申请", "is the requester, who never decides on his own")
HIMSELF = Message("就是您本人", "is yourself")
TWICE = Message("被提到两次", "is named twice")
WATCHES = Message("是审计人员,不办理任务", "is an auditor and takes no tasks")
BACK = Message("这项任务已转回过一次", "it has gone back to him once already")
REASON = Message("转回原处理人要写明理由", "a reason is needed to give it back to him")


def check(
    case: Case, slots: Sequence[Slot], people: Sequence[str], *, votes: bool
) -> list[PersonId]:
    """The people, each of whom may take a place in the node of `slots`.

    `votes`: whether the place decides; the requester may well do plain work.

    Raises:
        PersonUnknown: nobody of this id, or not active any more.
        Newcomer: by name, why he may not.
    """
    if not people:
        raise PersonUnknown({"to": Message("请指定人员。", "Please name somebody.")}, person="")
    taken = {p for slot in slots if stands(slot) for p in [*slot.holders, slot.decided_by] if p}
    found: list[PersonId] = []
    for id in people:
        name = active_name(case, id)
        if id == case.actor.id:
            raise _refused(name, HIMSELF)
        if watches(case, id):
            raise _refused(name, WATCHES)
        if votes and id == case.request.requester:
            raise _refused(name, REQUESTER)
        if id in found:
            raise _refused(name, TWICE)
        if id in taken:
            raise _refused(name, TAKEN)
        found.append(PersonId(id))
    return found


def active_name(case: Case, id: str) -> str:
    """The name of an active person. Raises PersonUnknown."""
    person = case.world().person(id)
    if person is None or person.get("inactive"):
        zh, en = f"没有这个在职人员:{id[:100]}", f"There is no active person: {id[:100]}"
        raise PersonUnknown({"to": Message(zh, en)}, person=id[:100])
    return str(person["name"])


def watches(case: Case, id: str) -> bool:
    """Whether he is an auditor, who takes no part."""
    return bool((case.world().person(id) or {}).get("watches"))


def stands(slot: Slot) -> bool:
    """Whether a slot still keeps its person from a second place: he holds it, waits, or has
    decided. What was given away, taken out, or ended without him does not."""
    return slot.status not in ("transferred", "removed", "cancelled", "superseded", "skipped")


def _refused(name: str, why: Message) -> Newcomer:
    zh, en = f"{name}{why.zh}。", f"{name}: {why.en}."
    return Newcomer({"to": Message(zh, en)}, person=name)
