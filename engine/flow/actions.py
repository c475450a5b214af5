"""What the process does by itself, at once, in the same commit: built-in actions
(docs/coupling.md), decisions, and expressions over provided functions."""

from typing import Any

from engine.case import Case
from engine.decisions import decide, decide_value, result_value
from engine.diagrams.definition import Definition
from engine.diagrams.words import ActionWords
from engine.expressions import ExpressionError, json_value
from engine.flow import calling, changing, incidents, others
from engine.flow.failures import FAILURES, ActionFailed
from engine.ids import PersonId, RequestId
from engine.people.signers import people_of
from engine.requests import IncidentKind
from engine.tokens import Open
from engine.world import World

EVERY = "*"
"""As the name of the variable for a result: each of its entries becomes a variable."""


def perform(case: Case, token: Open) -> bool:
    """Carry out an action and let its token go on with the outputs; whether it did. What fails
    halts the token."""
    words = case.definition_of(token).actions[token.node]
    try:
        writes = _writes(case, token, words)
    except FAILURES as failure:
        incidents.halt(case, token.key, _kind_of(words, failure), str(failure))
        return False
    before = changing.held_variables(case)
    case.run.complete(token.key, writes)
    case.say("acted", words.id, words.topic or words.kind)
    changing.changed_variables(case, before)
    return True


def _kind_of(words: ActionWords, failure: Exception) -> IncidentKind:
    usual: IncidentKind = "expression" if isinstance(failure, ExpressionError) else "action"
    if words.kind == "decision":
        usual = "decision"
    return incidents.kind_of(failure, usual)


def _writes(case: Case, token: Open, words: ActionWords) -> dict[str, Any]:
    """Do it; what becomes variables."""
    world, variables = case.world(token), case.run.variables(token.scope)
    if words.kind == "built-in":
        inputs = {name: _evaluated(value, variables, world) for name, value in words.inputs.items()}
        result: Any = _carry_out(case, words, inputs)
        return _outputs(words, world, {**variables, "result": result})
    seen = dict(variables)
    for name, value in words.inputs.items():
        seen[name] = _evaluated(value, seen, world)
    result = _found(case.definition_of(token), words, world, seen)
    writes: dict[str, Any] = {}
    if words.result == EVERY and isinstance(result, dict):
        writes = dict(result)
    elif words.result and words.result != EVERY:
        writes = {words.result: result}
    return {**writes, **_outputs(words, world, {**seen, "result": result, **writes})}


def _found(
    definition: Definition, words: ActionWords, world: World, variables: dict[str, Any]
) -> Any:
    """What an expression or a decision gives."""
    if words.kind == "function":
        return json_value(world.evaluate(words.expression, variables))
    id = str(world.evaluate(words.decision, variables) or "")
    if words.result_map == "value":
        return decide_value(definition.decisions, id, variables, world.functions)
    rows = decide(definition.decisions, id, variables, world.functions)
    return result_value(rows, words.result_map)


def _outputs(words: ActionWords, world: World, variables: dict[str, Any]) -> dict[str, Any]:
    return {
        name: json_value(world.evaluate(text, variables)) for name, text in words.outputs.items()
    }


def _carry_out(case: Case, words: ActionWords, inputs: dict[str, Any]) -> dict[str, Any]:
    match words.topic:
        case "countersign.set":
            return {}
        case "countersign.notify":
            return _notify(case, inputs)
        case "countersign.amend":
            return _amend(case, inputs)
        case "countersign.cancel":
            return _cancel(case, inputs)
        case "countersign.start":
            return _start(case, inputs)
        case "countersign.webhook":
            return calling.post(case, inputs)
    raise ActionFailed(f"nobody carries out “{words.topic}” of “{words.name}”")


def _notify(case: Case, inputs: dict[str, Any]) -> dict[str, Any]:
    world = World(case)
    to = inputs.get("to")
    people = [
        PersonId(p)
        for text in (to if isinstance(to, list) else [to])
        if text
        for p in people_of(str(text), {}, world)
    ]
    zh = str(inputs.get("text") or "")
    case.notify(people, "process", zh, str(inputs.get("text_en") or zh))
    case.say("notified", list(dict.fromkeys(people)), zh if len(zh) < 200 else zh[:200])
    return {"to": list(people)}


def _amend(case: Case, inputs: dict[str, Any]) -> dict[str, Any]:
    """Amend other requests' variables under their locks; each gets an entry that cites this."""
    from engine.commands.amend import Amend

    targets = inputs.get("request")
    results: list[dict[str, Any]] = []
    for target in targets if isinstance(targets, list) else [targets]:
        if not target:
            continue
        command = Amend(
            request=RequestId(str(target)),
            values=dict(inputs.get("values") or {}),
            expect=dict(inputs.get("expect") or {}),
            because=str(inputs.get("because") or ""),
            cited=case.request.number or "",
        )
        if target == case.request.id:
            raise ActionFailed("a request sets its own variables by countersign.set")
        results.append(others.do(case, ["amend", str(target), dict(command.values)], command))
    current = results[0].get("current", {}) if results else {}
    return {"amended": all(r["amended"] for r in results) and bool(results), "current": current}


def _cancel(case: Case, inputs: dict[str, Any]) -> dict[str, Any]:
    """Take an ended request out of force; its history gets an entry that cites this one (W1)."""
    from engine.commands.cancel import STATUSES, Cancel

    target, status = str(inputs.get("request") or ""), str(inputs.get("status") or "cancelled")
    if status not in STATUSES:
        raise ActionFailed(f"a request is cancelled or void, not {status!r:.40}")
    if not target or target == case.request.id:
        raise ActionFailed("a request is cancelled by another one")
    command = Cancel(
        request=RequestId(target),
        status=status,
        because=str(inputs.get("because") or ""),
        cited=case.request.number or "",
    )
    result = others.do(case, ["cancel", target, status], command)
    return {"cancelled": "status" not in result, "status": result.get("status", status)}


def _start(case: Case, inputs: dict[str, Any]) -> dict[str, Any]:
    """Start another request on behalf of someone, submitted or as his prefilled draft."""
    from engine.commands.start import Start

    process = str(inputs.get("process") or "")
    known = case.facts.ask(["deployed", process], lambda: case.uow.latest(process) is not None)
    if not known:
        if inputs.get("if_deployed"):
            return {"id": None, "number": None}
        raise ActionFailed(f"there is no process “{process}” to start")
    command = Start(
        process=process,
        requester=PersonId(str(inputs.get("requester") or case.request.requester)),
        answers=dict(inputs.get("answers") or {}),
        variables=dict(inputs.get("variables") or {}),
        submit=bool(inputs.get("submit")),
        number_in_cause=len(case.did),
    )
    return others.do(case, ["start", process, command.number_in_cause], command)


def _evaluated(value: object, variables: dict[str, Any], world: World) -> Any:
    """An input's template, or the lists and maps of templates that the modeler wrote."""
    if isinstance(value, str):
        return json_value(world.evaluate(value, variables))
    if isinstance(value, list | tuple):
        return [_evaluated(item, variables, world) for item in value]
    if isinstance(value, dict):
        return {name: _evaluated(item, variables, world) for name, item in value.items()}
    return value
