"""Substitutes hold an absent person's slots beside him while he is away (T4-T6)."""

from engine.case import Case
from engine.diagrams.words import NodeWords
from engine.ids import PersonId
from engine.people.substitution import LONGEST_LINE, MOST_FOLLOWED
from engine.requests import AMEND_NODE, ROUNDS_NODE, Node, Slot

_GONE = ("cancelled", "superseded", "skipped", "removed")


def votes(node: Node, words: NodeWords | None) -> bool:
    """Whether what is done at a node is a decision on the request."""
    return words.approval is not None if words is not None else node.node == ROUNDS_NODE


def line(case: Case, person: str, *, tell: bool = False) -> list[PersonId]:
    """Who stands in for a person, nearest first: three at most. A line that turns back on itself
    gives nobody: it falls back to the first person; `tell`: administrators (T5)."""
    world = case.world()
    found: list[PersonId] = []
    at: str | None = person
    while len(found) < MOST_FOLLOWED and (at := world.standing_in(str(at))) is not None:
        if at == person or at in found:
            if tell:
                _tell(case, [person, *found, at])
            return []
        found.append(PersonId(at))
    return found[:LONGEST_LINE]


def on_his_own(case: Case, slot: Slot, person: PersonId) -> bool:
    """Whether he holds the slot as a substitute, and the request is one that he, or somebody whom
    he stands in for, has made (T6)."""
    if person not in slot.standing:
        return False
    return case.request.requester in (person, slot.standing[person]) or person in line(
        case, case.request.requester
    )


def no_longer(case: Case, slot: Slot, person: PersonId) -> bool:
    """Whether he holds the slot only in another's stead, and that is over: half-open, however late
    open tasks follow (T4)."""
    return person in slot.standing and person not in line(case, slot.standing[person])


def refresh(case: Case, slot: Slot, node: Node, words: NodeWords | None) -> list[PersonId]:
    """Bring who stands in at an open slot to what is so now; who has come and who has gone."""
    if slot.node == AMEND_NODE:
        return []
    own = [p for p in slot.holders if p not in slot.standing]
    lines = {p: found for p in own if (found := line(case, p, tell=True))}
    standing = _fit(case, slot, own, lines, votes=votes(node, words)) if lines else {}
    if standing == slot.standing:
        return []
    changed = sorted(set(standing).symmetric_difference(slot.standing))
    changed += [p for p in standing if p in slot.standing and standing[p] != slot.standing[p]]
    slot.standing = standing
    slot.holders = [*own, *standing]
    slot.version += 1
    case.touch(slot)
    case.involve.extend(standing)
    case.say("standing-in", slot.ordinal, [[p, standing[p]] for p in standing])
    return changed


def _fit(
    case: Case,
    slot: Slot,
    own: list[PersonId],
    lines: dict[PersonId, list[PersonId]],
    *,
    votes: bool,
) -> dict[PersonId, PersonId]:
    """Passed over is who is not active, appears in this node, round and pass already, or may not
    decide on this request."""
    never = _appearing(case, slot) | set(own)
    if votes:
        requester = case.request.requester
        never |= {requester, *line(case, requester)}
    world = case.world()
    found: dict[PersonId, PersonId] = {}
    for absent, people in lines.items():
        for person in people:
            if person not in never and person not in found and world.takes_part(person):
                found[person] = absent
    return found


def _appearing(case: Case, slot: Slot) -> set[PersonId]:
    """Everybody in the node's other slots, as actor or as principal."""
    return {
        person
        for other in case.slots_of(slot.node_key)
        if other.ordinal != slot.ordinal and other.status not in _GONE
        for person in [other.signer, *other.holders, other.decided_by, other.on_behalf_of]
        if person
    }


def tell_substitutes(case: Case, slot: Slot, people: list[PersonId], name: str, en: str) -> None:
    """Those who hold a slot in another's stead are told whose."""
    for person in people:
        absent = slot.standing.get(person)
        if absent is None:
            continue
        who = (case.world().person(absent) or {}).get("name", absent)
        case.notify(
            [person],
            "held",
            f"“{case.label}”在“{name}”等您代{who}处理",
            f"“{case.label}” waits for you at “{en}”, standing in for {who}",
            slot.id,
        )


def _tell(case: Case, people: list[str]) -> None:
    if ("substitution", people[0]) in case.told:
        return
    case.told.add(("substitution", people[0]))
    names = [str((case.world().person(p) or {}).get("name", p)) for p in people]
    case.say("turns-back", list(people))
    case.notify(
        case.uow.directory.administrators(),
        "administrator",
        f"代理成环:{' → '.join(names)};“{case.label}”仍由{names[0]}处理",
        f"Substitution goes round in a circle: {' → '.join(names)}; “{case.label}” stays with "
        f"{names[0]}",
    )
