"""From an entry back to the command that made it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine.case import Actor, Cause
from engine.commands.add_signer import AddSigner
from engine.commands.amend import Amend
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import Command
from engine.commands.cancel import Cancel
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.delegate import Delegate
from engine.commands.deliver import Deliver, Signal
from engine.commands.external import CompleteExternal, FailExternal, ThrowExternal
from engine.commands.fire import FireTimer
from engine.commands.look import Look
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.restaff import Restaff
from engine.commands.retry import Retry
from engine.commands.return_ import Return
from engine.commands.start import Start
from engine.commands.submit import SaveDraft, Submit
from engine.commands.suspend import Resume, Suspend, Terminate
from engine.commands.take_back import TakeBack
from engine.commands.talk import Comment, SendCopy, Urge
from engine.commands.throw import Escalate, ThrowError
from engine.commands.transfer import Transfer
from engine.commands.undo import TakeEffect, Undo, Waive
from engine.commands.withdraw import Withdraw
from engine.ids import PersonId, RequestId, split_external_id, split_task_id
from engine.journal import Entry
from engine.journal.entry import ERASED


class Unreadable(Exception):
    """The entry does not hold what its command needs: it was erased, or altered."""


ERASED_COMMENT = "(已依法删除 / erased by law)"
"""What a replay takes for a comment that was erased: that there was one can matter, never which."""


def inputs_of(entry: Entry) -> dict[str, Any]:
    """What was given, by path."""
    found = {
        path.removeprefix("input."): value
        for path, value in entry.particulars.items()
        if path.startswith("input.")
    }
    if found.get("comment") == {ERASED: True}:
        found["comment"] = ERASED_COMMENT
    return found


def cause_of(entry: Entry) -> Cause | None:
    """The entry of another request that brought this one about."""
    cause = entry.body.get("cause")
    return Cause(request=RequestId(cause[0]), seq=cause[1]) if cause else None


def actor_of(entry: Entry) -> Actor:
    """Who acted."""
    name = entry.particulars.get("actor.name", "")
    origin = entry.particulars.get("actor.origin", "")
    return Actor(
        id=PersonId(entry.body["actor"]),
        name=name if isinstance(name, str) else "",
        override=bool(entry.body.get("override")),
        via=entry.body.get("via", "api"),
        origin=origin if isinstance(origin, str) else "",
    )


def restore(entry: Entry, definition: str, process: str) -> Command:
    """The command of an entry; `definition` is the full digest of its process version.

    Raises:
        Unreadable: the entry lacks what its verb needs.
    """
    try:
        return _VERBS[entry.body["verb"]](entry, inputs_of(entry), definition, process)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"entry {entry.seq} lacks {error}") from error


def _task(entry: Entry) -> dict[str, Any]:
    found = split_task_id(entry.body["task"])
    if found is None:
        raise ValueError("a task")
    return {
        "actor": actor_of(entry),
        "request": found[0],
        "ordinal": found[1],
        "version": None if entry.body.get("unversioned") else "recorded",
    }


def _decision(entry: Entry, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_task(entry),
        "answers": given.get("answers") or {},
        "comment": given.get("comment", ""),
        "window": given.get("window", 0),
    }


def _on(entry: Entry) -> dict[str, Any]:
    return {"actor": actor_of(entry), "request": RequestId(entry.chain)}


def _external(entry: Entry) -> dict[str, Any]:
    found = split_external_id(entry.body["external"])
    if found is None:
        raise ValueError("an external task")
    return {**_on(entry), "task": found[1], "worker": entry.body["worker"]}


def _delivery(entry: Entry, given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_on(entry),
        "message": entry.body["message"],
        "payload": given["payload"],
        "keys": tuple(given["keys"]) if "keys" in given else None,
        "raw": given.get("raw", False),
    }


_Maker = Callable[[Entry, Mapping[str, Any], str, str], Command]

_VERBS: dict[str, _Maker] = {
    "approve": lambda e, i, d, p: Approve(**_decision(e, i)),
    "reject": lambda e, i, d, p: Reject(**_decision(e, i)),
    "complete": lambda e, i, d, p: Complete(**_decision(e, i)),
    "return": lambda e, i, d, p: Return(**_decision(e, i), to=i.get("to")),
    "add-signer": lambda e, i, d, p: AddSigner(
        **_decision(e, i), to=tuple(i["to"]), mode=i["mode"], group=i["group"]
    ),
    "remove-signer": lambda e, i, d, p: RemoveSigner(
        **_task(e), to=tuple(i["to"]), comment=i.get("comment", "")
    ),
    "transfer": lambda e, i, d, p: Transfer(**_decision(e, i), to=i["to"]),
    "delegate": lambda e, i, d, p: Delegate(**_decision(e, i), to=i["to"]),
    "take-back": lambda e, i, d, p: TakeBack(**_task(e), comment=i.get("comment", "")),
    "suspend": lambda e, i, d, p: Suspend(**_on(e), comment=i["comment"]),
    "resume": lambda e, i, d, p: Resume(**_on(e), comment=i["comment"]),
    "terminate": lambda e, i, d, p: Terminate(**_on(e), comment=i["comment"]),
    "undo": lambda e, i, d, p: Undo(**_task(e)),
    "waive": lambda e, i, d, p: Waive(**_task(e)),
    "take-effect": lambda e, i, d, p: TakeEffect(
        **_task(e), refused=tuple(i["refused"]) if "refused" in i else None
    ),
    "claim": lambda e, i, d, p: Claim(**_task(e)),
    "release": lambda e, i, d, p: Release(**_task(e)),
    "assign": lambda e, i, d, p: Assign(**_task(e), to=i["to"], comment=i["comment"]),
    "submit": lambda e, i, d, p: Submit(**_on(e), process=p, answers=i["answers"], definition=d),
    "save": lambda e, i, d, p: SaveDraft(**_on(e), process=p, answers=i["answers"], definition=d),
    "start": lambda e, i, d, p: Start(
        **_on(e),
        process=p,
        requester=PersonId(i["requester"]),
        answers=i.get("answers") or {},
        variables=i["variables"],
        submit=i["submitted"],
        by=tuple(i["by"]) if "by" in i else None,
        raw=i.get("raw", False),
        definition=d,
    ),
    "withdraw": lambda e, i, d, p: Withdraw(**_on(e), comment=i.get("comment", "")),
    "comment": lambda e, i, d, p: Comment(**_on(e), comment=i["comment"]),
    "copy": lambda e, i, d, p: SendCopy(**_on(e), to=tuple(i["to"]), comment=i.get("comment", "")),
    "look": lambda e, i, d, p: Look(**_on(e), comment=i["comment"]),
    "urge": lambda e, i, d, p: Urge(**_on(e), comment=i.get("comment", "")),
    "timer": lambda e, i, d, p: FireTimer(
        **_on(e), timer=i["timer"], due=datetime.fromisoformat(i["due"])
    ),
    "message": lambda e, i, d, p: Deliver(**_delivery(e, i)),
    "signal": lambda e, i, d, p: Signal(**_delivery(e, i)),
    "external-complete": lambda e, i, d, p: CompleteExternal(
        **_external(e), variables=i["variables"]
    ),
    "external-fail": lambda e, i, d, p: FailExternal(
        **_external(e),
        message=i["comment"],
        details=i.get("details", ""),
        retries=i.get("retries"),
        retry_after=i.get("retry_after", 0),
    ),
    "external-error": lambda e, i, d, p: ThrowExternal(
        **_external(e),
        code=i["code"],
        message=i.get("comment", ""),
        variables=i["variables"],
    ),
    "error": lambda e, i, d, p: ThrowError(
        **_task(e), code=i["code"], message=i.get("comment", ""), variables=i["variables"]
    ),
    "escalate": lambda e, i, d, p: Escalate(**_task(e), code=i["code"], variables=i["variables"]),
    "retry": lambda e, i, d, p: Retry(
        **_on(e),
        incident=i["incident"],
        variables=i["variables"],
        comment=i.get("comment", ""),
    ),
    "restaff": lambda e, i, d, p: Restaff(**_on(e), comment=i.get("comment", "")),
    "cancel": lambda e, i, d, p: Cancel(
        **_on(e), status=i["status"], because=i["comment"], cited=i["cited"]
    ),
    "amend": lambda e, i, d, p: Amend(
        **_on(e),
        values=i["values"],
        expect=i["expect"],
        because=i["comment"],
        cited=i["cited"],
    ),
}
