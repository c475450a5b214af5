"""Straight back to the one who returned it (B5): only where nothing has changed that an approver
was shown, or that the way has read; else everyone is asked again, and the entry says why."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from engine.case import Case
from engine.diagrams.definition import Definition
from engine.diagrams.ways import graphs, template
from engine.diagrams.words import NodeWords
from engine.flow import shown
from engine.recorded import passage_of
from engine.requests import Node, is_virtual
from engine.tokens import IntoEnded, NotOpen, PutBack, Rewound, put_back, put_back_all

Held = dict[str, dict[str, Any]]
"""Variables by the scope that holds them."""

OUR_OWN = frozenset({"round", "filed_on"})
"""Variables that say when it was submitted: they are not what anybody fills in."""
VOTES = frozenset({"approved", "rejected", "completed"})
"""What stands of a node that is put back; who has rejected, and so returned it, decides again."""


# ---- a return


def wanted(case: Case, key: str) -> bool:
    """Whether the node that returns is to get it straight back."""
    node = case.node(key)
    return not is_virtual(node) and case.words(node).resubmit == "straight"


def held(case: Case) -> Held:
    """The variables as they are now."""
    scopes = case.run.vars.save() if case.running else case.flow.scopes
    return {path: dict(scope["values"]) for path, scope in scopes.items()}


def keep(
    case: Case, key: str, target: str, before: Held, superseded: list[str], back: Rewound | None
) -> None:
    """Keep what this return from `key` has undone; `target`: the key under which whoever is to
    amend has it now; `back`: of a return to a node."""
    flow = case.flow
    if not flow.straight or flow.straight[-1]["target"] != key:
        flow.straight.clear()
    if not wanted(case, key):
        flow.straight.clear()
        return
    node = case.node(key)
    flow.straight.append(
        {
            "target": target,
            "from": key,
            "before": before,
            "superseded": superseded,
            "rejected": node.verdict == "rejected",
            "undone": sorted(back.undone) if back is not None else [],
            "dropped": back.dropped if back is not None else None,
        }
    )


# ---- whoever was to amend it has done so


def settled(
    case: Case,
    node: Node,
    verdict: str | None,
    writes: Mapping[str, Any],
    local: Mapping[str, Any],
) -> bool:
    """A node is settled to which a return may have led: go straight back, if that is to be;
    whether it did. Else tokens are as they were."""
    record = _due(case, node)
    if record is None:
        return False
    if verdict == "rejected":
        case.flow.straight.clear()
        return False
    case.run.write(dict(writes), node.scope)
    case.run.write_local(dict(local), node.scope)
    now, again = held(case), _second(case, record, node)
    if not _may(case, record, _restored(case, record, now, again), again):
        return False
    marking, scopes = case.run.save()
    try:
        back = put_back(
            case.definition.net,
            marking,
            scopes,
            case.passages(),
            node.key,
            record["dropped"],
            case.tokens_world(),
        )
    except (NotOpen, IntoEnded):
        return _not_straight(case, "gone", [])
    case.set_run(back.run)
    case.undo(sorted(back.undone))
    for old in again:
        case.flow.instead[old] = node.key
    _resume(case, record, back, again)
    return True


def resubmitted(case: Case, node: Node, answers: Mapping[str, Any]) -> bool:
    """The requester has amended it: his answers are variables, and it goes straight back, if that
    is to be; whether it did."""
    record, aside = _due(case, node), (case.flow.aside or {}).get("marking")
    if record is None or aside is None:
        return False
    now = held(case)
    now.setdefault("", {}).update(answers)
    if not _may(case, record, _restored(case, record, now, set()), set()):
        return False
    case.flow.root.update({**answers, "round": case.request.round})
    back = put_back_all(case.definition.net, aside, case.flow.scopes, case.tokens_world())
    case.flow.aside = None
    case.request.status = "running"
    case.set_run(back.run)
    _resume(case, record, back, set())
    return True


def _due(case: Case, node: Node) -> dict[str, Any] | None:
    records = case.flow.straight
    return records[-1] if records and records[-1]["target"] == node.key else None


def _second(case: Case, record: Mapping[str, Any], node: Node) -> set[str]:
    """The keys of the target's pass that the return has undone: the one now stands for it."""
    undone = set(record["undone"])
    found = [
        p.key
        for p in _every_passage(case)
        if p.id in undone and p.node == node.node and p.scope == node.scope and p.key
    ]
    return set(found[:1])


def _may(case: Case, record: Mapping[str, Any], now: Held, again: set[str]) -> bool:
    """Whether nothing has changed that keeps it from going straight back."""
    changed = {
        name
        for path, before in record["before"].items()
        for name in {*before, *now.get(path, before)} - OUR_OWN
        if before.get(name) != now.get(path, before).get(name)
    }
    seen = {name for node in _standing(case, record, again) for name in _shown(case, node)}
    if hit := sorted(changed & seen):
        return _not_straight(case, "shown", hit)
    if hit := sorted(changed & _read(case, record)):
        return _not_straight(case, "read", hit)
    return True


def _not_straight(case: Case, why: str, names: list[str]) -> bool:
    case.flow.straight.clear()
    case.say("roundabout", why, names)
    return False


def _resume(case: Case, record: dict[str, Any], back: PutBack, again: set[str]) -> None:
    """What the return had undone counts again; who had to decide then decides now."""
    flow = case.flow
    restored = _restored(case, record, held(case), again)
    for path, values in restored.items():
        if path in case.run.scopes:
            case.run.write_local(values, path)
    flow.undone = sorted(set(flow.undone) - set(record["undone"]))
    for node in _reinstated(case, record, again):
        node.status, node.cause = "settled", ""
        case.touch(node)
        case.say("reinstated", node.key)
    for key, old in back.keys.items():
        votes = VOTES - {"rejected"} if record["rejected"] and old == record["from"] else VOTES
        case.standing[key] = [s for s in case.slots_of(old) if s.status in votes and s.signer]
    flow.straight.pop()
    for other in flow.straight:
        other["target"] = next((k for k, o in back.keys.items() if o == other["target"]), "")
    case.say("straight", record["from"])


# ---- what stands


def _open_before(case: Case, record: Mapping[str, Any]) -> list[Node]:
    """The nodes that were open when it was returned, and are put back."""
    dropped = record["dropped"] or (case.flow.aside or {})["marking"]
    rows = dropped["tokens"]
    keys = {f"{row.get('in', '')}/{row['at']}#{row.get('no', 0)}" for row in rows}
    return [node for node in case.all_nodes() if node.key in keys]


def _reinstated(case: Case, record: Mapping[str, Any], again: set[str]) -> list[Node]:
    """The nodes whose decisions count again."""
    keys = set(record["superseded"]) - again - {record["from"]}
    return [n for n in case.all_nodes() if n.key in keys and n.status == "superseded"]


def _standing(case: Case, record: Mapping[str, Any], again: set[str]) -> Iterator[Node]:
    """Every node at which somebody's vote is to stand."""
    yield from (n for n in _reinstated(case, record, again) if not is_virtual(n))
    for node in _open_before(case, record):
        if any(slot.status in ("approved", "rejected") for slot in case.slots_of(node.key)):
            yield node


def _shown(case: Case, node: Node) -> tuple[str, ...]:
    words = case.words(node)
    return shown.fields_shown(case.definition_of(node), words) if words.approval else ()


def _restored(case: Case, record: Mapping[str, Any], now: Held, again: set[str]) -> Held:
    """The variables with the verdicts and answers that the return has cleared; nothing of what
    the target's second pass says."""
    after = {path: dict(values) for path, values in now.items()}
    for path, values in ((record["dropped"] or {}).get("scopes") or {}).items():
        after.setdefault(path, dict(values["values"]))
    for node in _reinstated(case, record, again):
        if is_virtual(node) or (words := case.words(node)).approval is None:
            continue
        for path, before in record["before"].items():
            if path in after and _sees(node.scope, path):
                after[path].update({n: before[n] for n in _outcome(words) if n in before})
    return after


def _outcome(words: NodeWords) -> list[str]:
    """The variables that a return clears."""
    name = words.verdict or f"{words.id}_verdict"
    return [name, f"{words.id}_answers", *words.field_variables]


def _sees(scope: str, path: str) -> bool:
    return not path or scope == path or scope.startswith(f"{path}/")


# ---- what the way has read


def _read(case: Case, record: Mapping[str, Any]) -> set[str]:
    """The variables that conditions, tables, collections and assignments have read on the way that
    is not gone again."""
    ids = set(record["undone"])
    every = _every_passage(case)
    passed = [p for p in every if p.id in ids] if ids else case.passages()
    found: set[str] = set()
    for passage in passed:
        for definition in _definitions(case, passage.scope):
            name = passage.node.partition(":")[0]
            found |= _reads(definition).get(name, frozenset())
    for node in _open_before(case, record):
        found |= _reads(case.definition_of(node)).get(node.node, frozenset())
    return found


def _every_passage(case: Case) -> list[Any]:
    entries = case.uow.entries(case.request.id)
    return [passage_of(row) for entry in entries for row in entry.body.get("reached", ())]


def _definitions(case: Case, scope: str) -> list[Definition]:
    """The versions that may run in a scope: the request's own, and those called in it."""
    called = {n.definition for n in case.all_nodes() if n.definition and _sees(scope, n.scope)}
    return [case.definition, *(case.version(digest) for digest in sorted(called))]


@lru_cache(maxsize=1024)
def _reads(definition: Definition) -> dict[str, frozenset[str]]:
    """By element: what is read where a token enters or leaves it."""
    texts: dict[str, list[str]] = {}
    for graph in graphs(definition.net.graph):
        for flow in graph.flows:
            texts.setdefault(flow.source, []).append(flow.condition)
        for step in graph.steps:
            known = texts.setdefault(step.id, [])
            if step.each is not None:
                known += [step.each.collection, step.each.cardinality, step.each.done_when]
            if step.call is not None:
                known += [step.call.process, *(rule.expression for rule in step.call.ins)]
            if step.event is not None and step.event.kind == "condition":
                known.append(step.event.expression)
    for words in definition.nodes.values():
        who = [words.assignee, *words.candidate_users, *words.candidate_groups]
        texts.setdefault(words.id, []).extend([*who, words.collection, words.cardinality])
    found = {id: set(_names(each)) for id, each in texts.items()}
    for action in definition.actions.values():
        known_names = found.setdefault(action.id, set())
        known_names |= set(_names([action.expression, action.decision, *_flat(action.inputs)]))
        decision = definition.decisions.get(action.decision)
        known_names |= decision.reads if decision is not None else set()
    return {id: frozenset(names) for id, names in found.items()}


def _names(texts: list[str]) -> Iterator[str]:
    for text in texts:
        made = template(text)
        yield from made.reads if made is not None else ()


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _flat(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _flat(each)
