"""A request ends: at an end event, by a rejection that ends it, or because it was withdrawn."""

from typing import Any

from engine.case import Case
from engine.diagrams.words import EndWords
from engine.flow import copying, messages
from engine.flow.cancelling import cancel_everything

STATUS_ZH = {
    "completed": "办结",
    "cancelled": "取消",
    "void": "作废",
    "withdrawn": "撤回",
    "draft": "为草稿",
    "returned": "退回",
    "suspended": "暂停",
    "running": "在办",
}


def finish(case: Case) -> None:
    """No token is left: the last end event says what became of the request."""
    ends = [str(end) for end in case.run.ended]
    case.request.ends.extend(end for end in ends if end in case.definition.ends)
    last = next((e for e in reversed(case.request.ends) if e in case.definition.ends), None)
    words = case.definition.ends[last] if last is not None else None  # type: ignore[index]
    variables = case.run.variables()
    if words is not None:
        copying.send(case, words.copies, "settled", variables)
        copying.send(case, words.copies, "entered", variables)
    close(case, words.status if words is not None else "completed", _outcome(case, words))


def note_ends(case: Case) -> None:
    """Keep the end events that this command reached while other tokens go on."""
    if case.running and not case.run.done():
        case.request.ends.extend(str(e) for e in case.run.ended if e in case.definition.ends)


def end_rejected(case: Case) -> None:
    """`approval.onRejected=end`: nothing goes on."""
    cancel_everything(case, "the request ended")
    set_aside_tokens(case)
    close(case, "completed", "rejected")


def close(case: Case, status: str, outcome: Any) -> None:
    """The request has ended; those who depend on it hear of it."""
    request = case.request
    cancel_everything(case, "the request ended")
    request.status = status  # type: ignore[assignment]
    request.outcome = outcome
    request.ended_at = case.now
    case.say("ended", status, outcome, request.ends[-1:] or None)
    zh = STATUS_ZH.get(status, status)
    named = f"({outcome['name']})" if isinstance(outcome, dict) else ""
    # One notice says both the decision that ended it and that it has ended.
    said = case.take_back(request.requester, "decided")
    case.notify(
        [request.requester],
        "ended",
        f"{said.text},已{zh}{named}" if said else f"“{case.label}”已{zh}{named}",
        f"{said.text_en}, and it is {status}" if said else f"“{case.label}” is {status}",
    )
    if status in ("cancelled", "void"):
        messages.tell_dependants(case, "")


def set_aside_tokens(case: Case) -> None:
    """Keep the variables, let go of the tokens."""
    if case.running:
        _, case.flow.scopes = case.run.save()
        case.set_run(None)
    case.flow.marking = None


def _outcome(case: Case, words: EndWords | None) -> Any:
    if words is not None and words.outcome:
        return words.outcome
    if words is not None and words.name:
        return {"id": words.id, "name": words.name}
    settled = [n for n in case.uow.nodes(case.request.id, status="settled") if n.verdict]
    settled += [n for n in case.nodes.values() if n.status == "settled" and n.verdict]
    last = max(settled, key=lambda n: (n.settled_at, n.key), default=None)
    return last.verdict if last is not None else None
