"""Who signs a node: the diagram's words resolved, step by step, each step named in `why`.

Order (approval-rules.md): resolve the words; who has left is replaced by whom he handed over to
(T7); leave out inactive people, and auditors, who only read; the self policy; one slot per person;
if none is left, `approval.empty`; the repeat policy (in flow.opening). Substitutes join when a slot
opens (flow.standing): they are further holders of it, never further slots.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.diagrams.texts import is_expression
from engine.diagrams.words import NodeWords
from engine.people.reasons import Reason, of_groups, of_text
from engine.world import World

MOST_SIGNERS = 5_000
"""More signers than this in one node is a mistake of the diagram."""


class CannotResolve(Exception):
    """The diagram's words give no people: what is wrong with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """One slot to be opened."""

    signer: str | None
    """Whose place; None: to be claimed by one of the candidates."""
    holders: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    element: Any = None
    why: tuple[str, str] = ("", "")
    """The reasons, Chinese and English (P2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The slots of a node, and whether an empty list is what its words gave (V7)."""

    signers: tuple[Signer, ...] = ()
    skipped: bool = False
    none: bool = False
    """Work for nobody: an empty collection of plain work is done at once, as in BPMN."""
    notes: tuple[str, ...] = field(default_factory=tuple)


def resolve(
    words: NodeWords, requester: str, variables: Mapping[str, Any], world: World
) -> Resolved:
    """The signers of a node that is being entered."""
    if words.collection or words.cardinality:
        found = _collection(words, variables, world)
        if not found and words.approval is None:
            return Resolved(none=True)
    else:
        found = _one_place(words, variables, world)
    found = [_handed_over(signer, world) for signer in found]
    found = [kept for signer in found if (kept := _active(signer, world)) is not None]
    skipped = False
    if words.approval is not None:
        found, skipped = _not_himself(found, words, requester, world)
    found = _one_each(found)
    if found:
        return Resolved(signers=tuple(found))
    return _empty(words, skipped, requester, world)


def _collection(words: NodeWords, variables: Mapping[str, Any], world: World) -> list[Signer]:
    if words.collection:
        value = world.evaluate(words.collection, variables)
        elements = _flat(value)
    else:
        elements = list(range(_count(world.evaluate(words.cardinality, variables))))
    if len(elements) > MOST_SIGNERS:
        raise CannotResolve(f"{len(elements)} signers are too many")
    return [_element(words, element, i, variables, world) for i, element in enumerate(elements)]


def _element(
    words: NodeWords, element: Any, index: int, variables: Mapping[str, Any], world: World
) -> Signer:
    local = {**variables, (words.element_variable or "element"): element, "loopCounter": index}
    if words.assignee or words.candidate_users or words.candidate_groups:
        places = _one_place(words, local, world)
        if places:
            return replace(places[0], element=element)
        return Signer(signer=None, element=element)
    if not words.collection:
        return Signer(signer=None, element=element)  # so many places, for an administrator to fill
    if not isinstance(element, str):
        raise CannotResolve(f"{element!r} in the collection is no person's id")
    why = world.reasons.of(element) or of_text(words.collection, world.definition)
    return Signer(signer=element, holders=(element,), element=element, why=why)


def _one_place(words: NodeWords, variables: Mapping[str, Any], world: World) -> list[Signer]:
    """An assignee, or one place offered to candidates."""
    if words.assignee:
        people = _people(words.assignee, variables, world)
        if not people:
            return []
        found = world.reasons.of(people[0])
        why = found or of_text(words.assignee, world.definition)
        return [Signer(signer=people[0], holders=tuple(people), why=why)]
    candidates = [p for text in words.candidate_users for p in _people(text, variables, world)]
    groups: list[str] = []
    for text in words.candidate_groups:
        for group in _flat(world.evaluate(text, variables) if is_expression(text) else text):
            groups.append(str(group))
            candidates.extend(group_members(str(group), world))
    candidates = list(dict.fromkeys(candidates))
    if not candidates:
        return []
    why = _why_candidates(words, groups, candidates, world)
    if len(candidates) == 1:
        only = candidates[0]
        return [Signer(signer=only, holders=(only,), groups=tuple(groups), why=why)]
    return [Signer(signer=None, candidates=tuple(candidates), groups=tuple(groups), why=why)]


def _why_candidates(
    words: NodeWords, groups: list[str], candidates: list[str], world: World
) -> Reason:
    """Candidates hold a place together: by their groups, and by what each was found as."""
    zh, en = of_groups(words.candidate_users, groups)
    found = [world.reasons.of(person) for person in candidates]
    texts = [of_text(t, world.definition) for t in words.candidate_users if is_expression(t)]
    more = [r for r in dict.fromkeys(found) if r is not None] or texts
    parts_zh = dict.fromkeys(filter(None, [zh, *(r[0] for r in more)]))
    parts_en = dict.fromkeys(filter(None, [en, *(r[1] for r in more)]))
    return "、".join(parts_zh), ", ".join(parts_en)


def _people(text: str, variables: Mapping[str, Any], world: World) -> list[str]:
    """A person's id, a list of ids, a comma-separated text, or an expression giving these."""
    value = world.evaluate(text, variables) if is_expression(text) else text
    people: list[str] = []
    for item in _flat(value):
        if not isinstance(item, str):
            raise CannotResolve(f"{item!r} is no person's id (from {text})")
        people.extend(part.strip() for part in item.split(",") if part.strip())
    return list(dict.fromkeys(people))


def group_members(name: str, world: World) -> list[str]:
    """Active members of `dept:…`, `post:…[@…]`, `group:…`, or a bare name."""
    kind, colon, rest = name.partition(":")
    if colon and kind in ("dept", "post", "group"):
        post, _, department = rest.partition("@")
        return world.members(
            kind, post if kind == "post" else rest, department if kind == "post" else ""
        )
    found = world.group_kind(name)
    return world.members(found, name) if found else []


def people_of(text: str, variables: Mapping[str, Any], world: World) -> list[str]:
    """People or groups, as `copy.to` and the like name them."""
    value = world.evaluate(text, variables) if is_expression(text) else text
    people: list[str] = []
    for item in _flat(value):
        for part in str(item).split(","):
            part = part.strip()
            if not part:
                continue
            if ":" not in part and world.person(part) is not None:
                people.append(part)
            else:
                people.extend(group_members(part, world))
    heirs = dict.fromkeys(world.heir(p) for p in people)
    return [p for p in heirs if not (world.person(p) or {}).get("inactive")]


def _handed_over(signer: Signer, world: World) -> Signer:
    """What would come to somebody who has handed over comes to whom he named (T7)."""
    held = signer.candidates if signer.signer is None else signer.holders
    people = tuple(dict.fromkeys(world.heir(p) for p in held))
    if people == held:
        return signer
    left = "、".join(str((world.person(p) or {}).get("name", p)) for p in held if p not in people)
    why = (f"{signer.why[0]};{left}已交接", f"{signer.why[1]}; {left} has handed over")
    if signer.signer is None:
        return replace(signer, candidates=people, why=why)
    return replace(signer, signer=people[0], holders=people, why=why)


def _active(signer: Signer, world: World) -> Signer | None:
    if signer.signer is None:
        candidates = tuple(p for p in signer.candidates if _takes_part(p, world))
        if not candidates:
            return None if signer.element is None else replace(signer, candidates=(), groups=())
        if len(candidates) == 1:
            return replace(signer, signer=candidates[0], holders=candidates, candidates=())
        return signer if candidates == signer.candidates else replace(signer, candidates=candidates)
    holders = tuple(p for p in signer.holders if _takes_part(p, world))
    if not holders:
        return None
    if holders == signer.holders:
        return signer
    return replace(signer, signer=holders[0], holders=holders)


def _takes_part(person: str, world: World) -> bool:
    return world.takes_part(person)


def _not_himself(
    found: list[Signer], words: NodeWords, requester: str, world: World
) -> tuple[list[Signer], bool]:
    """Approver = requester: to the superior, to the department head, or skip; never himself."""
    kept: list[Signer] = []
    skipped = False
    for signer in found:
        if signer.signer is None:
            candidates = tuple(p for p in signer.candidates if p != requester)
            if len(candidates) == 1:
                kept.append(
                    replace(signer, signer=candidates[0], holders=candidates, candidates=())
                )
            else:
                kept.append(replace(signer, candidates=candidates))
        elif requester not in signer.holders:
            kept.append(signer)
        elif len(signer.holders) > 1:
            others = tuple(p for p in signer.holders if p != requester)
            kept.append(replace(signer, signer=others[0], holders=others))
        elif words.self_policy == "skip":
            skipped = True
        else:
            stand_in = _instead(words.self_policy, requester, world)
            if stand_in is not None:
                zh = (
                    f"{signer.why[0]};申请人不得审批自己的申请,转其上级"
                    if words.self_policy == "superior"
                    else (f"{signer.why[0]};申请人不得审批自己的申请,转部门负责人")
                )
                en = f"{signer.why[1]}; the requester himself, so his {words.self_policy}"
                kept.append(replace(signer, signer=stand_in[0], holders=stand_in, why=(zh, en)))
    return kept, skipped


def _instead(policy: str, requester: str, world: World) -> tuple[str, ...] | None:
    """Who signs instead of the requester: up the line until someone active is found."""
    if policy == "head":
        head = world.head(world.department(requester))
        if head and head != requester and _takes_part(head, world):
            return (head,)
    return superiors_of(requester, {requester}, world)


def superiors_of(person: str, never: set[str], world: World) -> tuple[str, ...] | None:
    """The nearest superiors of a person who are active and not among `never`; the line is
    followed upwards, and ends where it turns back on itself."""
    seen = {person}
    line = [person]
    while line:
        above = [s for p in line for s in _flat(world.superior(p)) if s not in seen]
        seen.update(above)
        heirs = dict.fromkeys(world.heir(s) for s in above)
        fit = tuple(s for s in heirs if s not in never and _takes_part(s, world))
        if fit:
            return fit
        line = above
    return None


def _one_each(found: list[Signer]) -> list[Signer]:
    """One slot per person (V6). Those who stand in for one signer share his slot."""
    taken: set[str] = set()
    kept: list[Signer] = []
    for signer in found:
        if signer.signer is None:
            kept.append(signer)
            continue
        holders = tuple(p for p in signer.holders if p not in taken)
        if not holders:
            continue
        taken.update(holders)
        if holders != signer.holders:
            signer = replace(signer, signer=holders[0], holders=holders)
        kept.append(signer)
    return kept


def _empty(words: NodeWords, skipped: bool, requester: str, world: World) -> Resolved:
    """An empty list is never an approval (V7)."""
    if words.approval is not None and (words.empty == "skip" or skipped):
        return Resolved(skipped=True)
    kind, _, named = words.empty.partition(":")
    named = world.heir(named) if kind == "user" and named else named
    if kind == "user" and named and _takes_part(named, world) and named != requester:
        why = (f"无人可签,按规则转{named}", f"nobody else, so by rule {named}")
        return Resolved(signers=(Signer(signer=named, holders=(named,), why=why),))
    return Resolved()


def _flat(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple):
        return [item for part in value for item in _flat(part)]
    return [value]


def _count(value: Any) -> int:
    try:
        count = int(value)
    except (TypeError, ValueError):
        raise CannotResolve(f"{value!r} is no number of signers") from None
    if not 0 <= count <= MOST_SIGNERS:
        raise CannotResolve(f"{count} signers are too many")
    return count
