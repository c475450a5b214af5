"""What a leaver holds goes to whom he handed over, else to his superior, else to the process's
owner: the first who exists, is not the requester and has no place in the node yet (T7, P1)."""

from collections.abc import Iterator

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.flow import incidents, signing, standing
from engine.ids import PersonId
from engine.people.newcomers import stands
from engine.people.signers import superiors_of
from engine.requests import Node, Slot

_Reason = tuple[str, str]


def leave(case: Case, node: Node, words: NodeWords | None, slot: Slot) -> bool:
    """Take out of a pending slot whoever is not active any more or has handed over; whether
    anybody was."""
    if not slot.holders:
        return _candidates(case, node, words, slot)
    own = [p for p in slot.holders if p not in slot.standing]
    gone = [p for p in own if _has_left(case, p)]
    if not gone:
        return False
    rest = [p for p in own if p not in gone]
    if rest:
        _share(case, node, words, slot, gone, rest)
        return True
    heir = _heir(case, node, slot, gone[0])
    if heir is not None:
        _move(case, node, words, slot, gone[0], heir)
        return True
    if slot.status != "open" or case.world().is_active(gone[0]):
        return False
    _block(case, node, slot, gone[0])
    return True


def _has_left(case: Case, person: str) -> bool:
    world = case.world()
    row = world.person(person)
    return bool(row and row.get("inactive")) or world.heir(person) != person


def _taken(case: Case, node: Node, but: Slot) -> set[str]:
    """Who can't take a place: those who have one in this node, round and pass (T2), and the
    requester (T6)."""
    taken = {
        p
        for s in case.slots_of(node.key)
        if s.ordinal != but.ordinal and (stands(s) or s.status == "transferred")
        for p in [*s.holders, s.decided_by]
        if p
    }
    return {*taken, case.request.requester}


def _heir(case: Case, node: Node, slot: Slot, person: PersonId) -> tuple[PersonId, _Reason] | None:
    never = _taken(case, node, slot)
    world = case.world()
    for who, why in _heirs(case, person, never):
        if who not in never and who != person and world.takes_part(who):
            return PersonId(who), why
    return None


def _heirs(case: Case, person: str, never: set[str]) -> Iterator[tuple[str, _Reason]]:
    world = case.world()
    name = _name(case, person)
    yield _named(case, person), (f"{name}已交接给他", f"handed over by {name}")
    for above in superiors_of(person, {*never, person}, world) or ():
        yield above, (f"{name}已离职,由其上级处理", f"{name} has left: his superior")
    for owner in world.owners():
        yield owner, (f"{name}已离职,由流程负责人处理", f"{name} has left: the process's owner")


def _named(case: Case, person: str) -> str:
    """Whom he has handed over to; himself where that was never, or where the administrator who
    acts would so name who decides on a request of his own (T6)."""
    if case.actor.override and case.actor.id == case.request.requester:
        return person
    return case.world().heir(person)


def _move(
    case: Case,
    node: Node,
    words: NodeWords | None,
    slot: Slot,
    person: PersonId,
    heir: tuple[PersonId, _Reason],
) -> None:
    """An open task ends as transferred and stands anew in the other's hands (T1); a place whose
    turn has not come, and a desk outside the diagram, only change hands."""
    to, why = heir
    case.say("moved", slot.ordinal, person, to)
    if slot.status != "open" or words is None:
        _change(case, slot, to, why)
        if slot.status == "open":
            standing.refresh(case, slot, node, words)
            case.notify([to], "held", f"“{case.label}”交由您处理",
                        f"“{case.label}” is in your hands now", slot.id)  # fmt: skip
        return
    new = signing.placed(case, node, slot, to, _because(slot, why))
    new.origin = "delegated" if slot.origin == "delegated" else "transferred"
    if slot.origin == "delegated":
        new.parent = slot.parent
    new.group, new.mode, new.group_mode = slot.group, slot.mode, slot.group_mode
    new.level, new.groups = slot.level, list(slot.groups)
    before = list(slot.holders)
    slot.status, slot.decided_at, slot.decided_by = "transferred", case.now, case.actor.id
    slot.version += 1
    case.touch(slot, node)
    case.uow.drop_task_draft(slot.request, slot.ordinal)
    case.notify(
        [p for p in before if p != to],
        "cancelled",
        f"“{case.label}”不再需要您处理",
        f"“{case.label}” no longer needs you: it was handed over",
    )
    signing.enter(case, new, words, now=True)


def _change(case: Case, slot: Slot, to: PersonId, why: _Reason) -> None:
    zh, en = _because(slot, why)
    slot.why = {**slot.why, "zh": zh, "en": en}
    slot.signer, slot.holders, slot.standing = to, [to], {}
    slot.department = case.world().department(to) or ""
    slot.version += 1
    case.touch(slot)
    case.involve.append(to)


def _because(slot: Slot, why: _Reason) -> _Reason:
    """The reason that the place stood for, and who came to it how (P2)."""
    before = slot.why.get("zh", ""), slot.why.get("en", "")
    return ";".join(filter(None, (before[0], why[0]))), "; ".join(filter(None, (before[1], why[1])))


def _share(
    case: Case,
    node: Node,
    words: NodeWords | None,
    slot: Slot,
    gone: list[PersonId],
    rest: list[PersonId],
) -> None:
    """Of several holders some have left: whom they named joins the others."""
    never = _taken(case, node, slot)
    world = case.world()
    named = [PersonId(_named(case, p)) for p in gone]
    come = [p for p in named if p not in gone and p not in rest and p not in never]
    come = [p for p in dict.fromkeys(come) if world.takes_part(p)]
    slot.holders = [*rest, *come]
    slot.standing = {}
    slot.signer = slot.holders[0] if slot.signer in gone else slot.signer
    slot.version += 1
    case.touch(slot)
    case.involve.extend(come)
    for person in gone:
        case.say("moved", slot.ordinal, person, slot.signer)
    if slot.status == "open":
        standing.refresh(case, slot, node, words)
        case.notify(come, "held", f"“{case.label}”交由您处理",
                    f"“{case.label}” is in your hands now", slot.id)  # fmt: skip


def _candidates(case: Case, node: Node, words: NodeWords | None, slot: Slot) -> bool:
    """Nobody has claimed it: leavers are no candidates any more, whom they named are."""
    gone = [p for p in slot.candidates if _has_left(case, p)]
    if not gone:
        return False
    never = _taken(case, node, slot) if standing.votes(node, words) else set()
    world = case.world()
    heirs = {p: _named(case, p) for p in gone}
    people = [heirs.get(p, p) for p in slot.candidates]
    fit = [PersonId(p) for p in dict.fromkeys(people) if p not in never and world.takes_part(p)]
    if fit == slot.candidates:
        return False
    last = slot.candidates[0]
    slot.candidates = fit
    slot.version += 1
    case.touch(slot)
    case.involve.extend(p for p in fit if p in heirs.values())
    case.say("candidates", slot.ordinal, list(fit))
    for person, named in heirs.items():
        if named in fit:
            case.say("moved", slot.ordinal, person, named)
    if not fit and slot.status == "open":
        heir = _heir(case, node, slot, last)
        if heir is None:
            _block(case, node, slot, last)
        else:
            case.say("moved", slot.ordinal, last, heir[0])
            _change(case, slot, *heir)
            case.notify([heir[0]], "held", f"“{case.label}”交由您处理",
                        f"“{case.label}” is in your hands now", slot.id)  # fmt: skip
    return True


def _block(case: Case, node: Node, slot: Slot, person: PersonId) -> None:
    """Nobody may take it: an administrator has to name somebody (V7)."""
    name = _name(case, person)
    zh, en = f"{name}已离职,等管理员指定", f"{name} has left, an administrator has to name someone"
    slot.why = {**slot.why, "zh": zh, "en": en}
    slot.signer, slot.holders, slot.standing, slot.candidates = None, [], {}, []
    slot.version += 1
    case.touch(slot)
    case.say("blocked", node.key, en)
    if node.total == 1:
        incidents.note(case, f"people:{node.key}", node, "people", "nobody found", tell=False)
    case.notify(
        case.uow.directory.administrators(),
        "administrator",
        f"“{case.label}”找不到处理人:{zh}",
        f"Nobody found for “{case.label}”: {en}",
        slot.id,
    )


def _name(case: Case, person: str) -> str:
    return str((case.world().person(person) or {}).get("name", person))
