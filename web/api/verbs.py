"""What each verb on a task takes, and the command that it stands for."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from marshmallow import Schema

from engine.commands.add_signer import AddSigner
from engine.commands.approve import Approve
from engine.commands.assign import Assign
from engine.commands.base import TaskCommand
from engine.commands.claim import Claim, Release
from engine.commands.complete import Complete
from engine.commands.delegate import Delegate
from engine.commands.reject import Reject
from engine.commands.remove_signer import RemoveSigner
from engine.commands.return_ import Return
from engine.commands.take_back import TakeBack
from engine.commands.throw import Escalate, ThrowError
from engine.commands.transfer import Transfer
from engine.commands.undo import Undo, Waive
from forms import Message
from web.api import bodies
from web.api.schemas import Act, Adding, Moving, Nothing, Saying
from web.api.wrong import Wrong

OVERRIDES = ("assign", "remove-signer")
"""What an administrator does by his right, with a reason (K3)."""
_ONE = Message("只能给一个", "Only one can be given")
_NOT_HERE = Message("这个动作不接受这一项", "This verb does not take it")

Make = Callable[[dict[str, Any], Mapping[str, Any]], TaskCommand]


def _decision(kind: Callable[..., TaskCommand]) -> Make:
    def made(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
        _nothing(given, "to")
        return kind(
            **on,
            answers=given["answers"],
            comment=given["comment"],
            window=given.get("undo_seconds", 0),
        )

    return made


def _claiming(kind: Callable[..., TaskCommand]) -> Make:
    def made(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
        _nothing(given, "to", "answers", "undo_seconds")
        return kind(**on)

    return made


def _return(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
    to = _single(given)
    return Return(
        **on,
        answers=given["answers"],
        comment=given["comment"],
        to=to or None,
        window=given.get("undo_seconds", 0),
    )


def _assign(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
    _nothing(given, "answers", "undo_seconds")
    return Assign(**on, to=_single(given), comment=given["comment"])


def _throw(kind: Callable[..., TaskCommand]) -> Make:
    def made(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
        return kind(**on, **given)

    return made


def _moving(kind: Callable[..., TaskCommand]) -> Make:
    """One person in the place of, or asked by, the holder (T1, T3)."""

    def made(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
        return kind(**on, to=_single(given), comment=given["comment"])

    return made


def _add(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
    if given["mode"] != "after":  # only then is it a decision as well (A1)
        _nothing(given, "answers")
    return AddSigner(**on, **{**given, "to": tuple(given["to"])})


def _remove(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
    return RemoveSigner(**on, to=tuple(given["to"]), comment=given["comment"])


def _take_back(on: dict[str, Any], given: Mapping[str, Any]) -> TaskCommand:
    return TakeBack(**on, comment=given["comment"])


def _undoing(kind: Callable[..., TaskCommand]) -> Make:
    def made(on: dict[str, Any], _: Mapping[str, Any]) -> TaskCommand:
        return kind(**on)

    return made


def _single(given: Mapping[str, Any]) -> str:
    named: list[str] = given["to"] or []
    if len(named) > 1:
        raise Wrong(422, bodies.NOT_RIGHT, {"to": _ONE})
    return named[0] if named else ""


def _nothing(given: Mapping[str, Any], *names: str) -> None:
    """What a verb does not take is an error, not passed over."""
    wrong = {name: _NOT_HERE for name in names if given.get(name)}
    if wrong:
        raise Wrong(422, bodies.NOT_RIGHT, wrong)


KINDS: dict[str, Callable[..., TaskCommand]] = {
    "complete": Complete,
    "approve": Approve,
    "reject": Reject,
    "return": Return,
    "claim": Claim,
    "release": Release,
    "assign": partial(Assign, to=""),
    "transfer": Transfer,
    "delegate": Delegate,
    "add-signer": AddSigner,
    "remove-signer": RemoveSigner,
    "take-back": TakeBack,
    "undo": Undo,
    "waive": Waive,
    "error": partial(ThrowError, code=""),
    "escalate": partial(Escalate, code=""),
}
"""A command of each verb of which only who and on what is known: for a refused attempt's entry."""

COMMANDS: dict[str, Make] = {
    "complete": _decision(Complete),
    "approve": _decision(Approve),
    "reject": _decision(Reject),
    "return": _return,
    "claim": _claiming(Claim),
    "release": _claiming(Release),
    "assign": _assign,
    "transfer": _moving(Transfer),
    "delegate": _moving(Delegate),
    "add-signer": _add,
    "remove-signer": _remove,
    "take-back": _take_back,
    "undo": _undoing(Undo),
    "waive": _undoing(Waive),
    "error": _throw(ThrowError),
    "escalate": _throw(Escalate),
}

BODIES: dict[str, type[Schema]] = {
    "complete": Act,
    "approve": Act,
    "reject": Act,
    "return": Act,
    "claim": Act,
    "release": Act,
    "assign": Act,
    "transfer": Moving,
    "delegate": Moving,
    "add-signer": Adding,
    "remove-signer": Moving,
    "take-back": Saying,
    "undo": Nothing,
    "waive": Nothing,
}
"""The body of each verb that has the plain form of a call."""

SAYS = {
    "complete": "A piece of work is done; the answers become the request's.",
    "approve": "Agree.",
    "reject": "Refuse, with the reason as comment.",
    "return": "Send it back `to` a node or `initiator`, with the reason as comment.",
    "claim": "Take a task of my group.",
    "release": "Give a claimed task back to the group.",
    "assign": "Put it into someone's hands: an administrator, with the reason as comment (K3).",
    "transfer": "Another takes the responsibility for my task (T1).",
    "delegate": "Ask another for his opinion; I still decide (T3).",
    "add-signer": "Have others sign before me, after me or beside me (A1)."
    " With `after` it is also my approval: `answers` and comment are the decision's.",
    "remove-signer": "Take added signers who have not decided out again (A5);"
    " an administrator with the reason as comment.",
    "take-back": "Take my decision back while nothing has come of it (W2).",
    "undo": "Undo my decision while its window is open; my task opens again (U).",
    "waive": "Give the rest of my window up: my decision takes effect now (U).",
}
