"""The built-in actions of service tasks: carried out at once, in the same commit.

`countersign.set`, `.amend`, `.start`, `.notify`: see docs/coupling.md. Any other topic is an
external task, which the next version of the compiler lets through; until then it is refused at
deployment.
"""

from typing import Any

from engine.case import Case
from engine.diagrams.words import ActionWords
from engine.expressions import ExpressionError, json_value
from engine.flow import changing, incidents, others
from engine.flow.failures import FAILURES, ActionFailed
from engine.ids import PersonId, RequestId
from engine.people.signers import people_of
from engine.requests import IncidentKind
from engine.tokens import Open
from engine.world import World


def perform(case: Case, token: Open) -> bool:
    """Carry out an action and let its token go on with the outputs; whether it did. What fails
    halts the token."""
    try:
        outputs = _outputs(case, token)
    except FAILURES as failure:
        kind: IncidentKind = "expression" if isinstance(failure, ExpressionError) else "action"
        incidents.halt(case, token.key, incidents.kind_of(failure, kind), str(failure))
        return False
    words = case.definition_of(token).actions[token.node]
    before = changing.held_variables(case)
    case.run.complete(token.key, outputs)
    case.say("acted", words.id, words.topic)
    changing.changed_variables(case, before)
    return True


def _outputs(case: Case, token: Open) -> dict[str, Any]:
    """Do it; what becomes variables."""
    words, world = case.definition_of(token).actions[token.node], case.world(token)
    variables = case.run.variables(token.scope)
    inputs = {name: _evaluated(value, variables, world) for name, value in words.inputs.items()}
    result = _carry_out(case, words, inputs)
    return {
        name: json_value(world.evaluate(text, {**variables, "result": result}))
        for name, text in words.outputs.items()
    }


def _carry_out(case: Case, words: ActionWords, inputs: dict[str, Any]) -> dict[str, Any]:
    match words.topic:
        case "countersign.set":
            return {}
        case "countersign.notify":
            return _notify(case, inputs)
        case "countersign.amend":
            return _amend(case, inputs)
        case "countersign.start":
            return _start(case, inputs)
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
