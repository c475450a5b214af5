"""What happens to a node that is overdue (X1, X2, X4, X7): it acts on what is pending, as the
system, never as a person; votes given stand."""

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.flow import returning, signing, timing
from engine.flow.advance import advance
from engine.ids import TIMER, PersonId
from engine.people.newcomers import stands
from engine.people.signers import CannotResolve, people_of
from engine.requests import AMEND_NODE, Node, Slot
from engine.voting import count, groups

AUTOMATIC = {"approve": "approved", "reject": "rejected"}
ADVICE = "the clock has decided"
OVERDUE = ("已超期,按规则处理", "overdue, by rule")


def act(case: Case, node: Node) -> None:
    """Do what `deadline.then` says."""
    words = case.words(node)
    what, _, who = words.deadline.then.partition(":")
    match what:
        case "escalate":
            timing.escalate(case, node)
        case "handover":
            _hand_over(case, node, words, who.strip())
        case "return" if AMEND_NODE in returning.possible(case, node):
            returning.go_back(case, node, AMEND_NODE)
            _go_on(case)
        case "approve" | "reject" if words.approval is not None and not words.protected:
            _decide(case, node, words, AUTOMATIC[what])
        case _:
            timing.remind(case, node)


def _pending(case: Case, node: Node) -> list[Slot]:
    return [s for s in case.slots_of(node.key) if s.status == "open" and s.counted]


def _hand_over(case: Case, node: Node, words: NodeWords, who: str) -> None:
    """Pending places pass to the named people, who do not stand in the node yet; where none of
    them may take one, an administrator is told and it stays where it is."""
    try:
        named = people_of(who, case.run.variables(node.scope), case.world(node))
    except CannotResolve:
        named = []
    for slot in _pending(case, node):
        fit = _fit(case, node, words, named)
        if fit is None:
            case.notify(
                case.uow.directory.administrators(),
                "administrator",
                f"“{case.label}”的“{words.name}”已超期,没有可移交的人",
                f"“{words.name_en or words.name}” of “{case.label}” is overdue, and there is "
                "nobody to hand it over to",
                slot.id,
            )
            continue
        _replace(case, node, words, slot, fit)


def _fit(case: Case, node: Node, words: NodeWords, named: list[str]) -> PersonId | None:
    taken = {
        p for s in case.slots_of(node.key) if stands(s) for p in [*s.holders, s.decided_by] if p
    }
    if words.approval is not None:
        taken.add(case.request.requester)
    return next((PersonId(p) for p in named if p not in taken), None)


def _replace(case: Case, node: Node, words: NodeWords, old: Slot, person: PersonId) -> None:
    slot = signing.placed(case, node, old, person, OVERDUE)
    slot.origin, slot.made_by = "transferred", TIMER
    slot.group, slot.mode, slot.group_mode = old.group, old.mode, old.group_mode
    slot.level = old.level
    old.status, old.decided_at, old.decided_by = "transferred", case.now, TIMER
    old.version += 1
    case.touch(old, node)
    case.say("transferred", old.ordinal, slot.ordinal, person)
    case.notify(
        old.holders,
        "cancelled",
        f"“{case.label}”已超期,移交他人",
        f"“{case.label}” is overdue and was handed over",
    )
    signing.enter(case, slot, words, now=True)


def _decide(case: Case, node: Node, words: NodeWords, status: str) -> None:
    """Every pending place is decided by the clock, one after the other, those too whose turn comes
    by that, and who waits for advice; then the tally is made anew (X1)."""
    while (slot := _next(case, node)) is not None:
        for asked in groups.asked_by(case.slots_of(node.key), slot):
            signing.drop(case, node, asked, "cancelled", ADVICE)
        slot.status, slot.waits = status, ""  # type: ignore[assignment]
        slot.decided_at, slot.decided_by = case.now, TIMER
        slot.comment = OVERDUE[0]
        slot.shown = node.shown
        slot.version += 1
        case.touch(slot, node)
        case.uow.drop_task_draft(slot.request, slot.ordinal)
        count(node, status, slot.weight)
        case.say("voted", slot.ordinal, status, node.approved, node.rejected, node.total)
        if signing.went_on(case, node, words, slot):
            _go_on(case)
            return


def _next(case: Case, node: Node) -> Slot | None:
    slots = case.slots_of(node.key)
    open_now = (s for s in groups.in_line(slots, slots) if s.counted and _overdue(s))
    return next(open_now, None)


def _overdue(slot: Slot) -> bool:
    return slot.status == "open" or (slot.status == "waiting" and slot.waits == "delegate")


def _go_on(case: Case) -> None:
    if case.running and case.request.status in ("running", "suspended"):
        advance(case)
