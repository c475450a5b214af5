"""Which handler carries a command out."""

from typing import Any

from engine.case import Case
from engine.commands import (
    add_signer,
    amend,
    approve,
    assign,
    cancel,
    claim,
    complete,
    delegate,
    deliver,
    external,
    fire,
    look,
    reject,
    remove_signer,
    restaff,
    retry,
    return_,
    start,
    submit,
    suspend,
    take_back,
    talk,
    throw,
    transfer,
    undo,
    withdraw,
)
from engine.commands.base import Command


def dispatch(command: Command, case: Case) -> Any:  # noqa: C901 - one line a command
    """Call the command's handler; the type checker reports a forgotten one."""
    match command:
        case approve.Approve():
            return approve.act(command, case)
        case reject.Reject():
            return reject.act(command, case)
        case return_.Return():
            return return_.act(command, case)
        case complete.Complete():
            return complete.act(command, case)
        case submit.Submit():
            return submit.act(command, case)
        case submit.SaveDraft():
            return submit.save(command, case)
        case withdraw.Withdraw():
            return withdraw.act(command, case)
        case undo.Undo():
            return undo.undo(command, case)
        case undo.Waive():
            return undo.waive(command, case)
        case undo.TakeEffect():
            return undo.take_effect(command, case)
        case claim.Claim():
            return claim.claim(command, case)
        case claim.Release():
            return claim.release(command, case)
        case add_signer.AddSigner():
            return add_signer.act(command, case)
        case remove_signer.RemoveSigner():
            return remove_signer.act(command, case)
        case transfer.Transfer():
            return transfer.act(command, case)
        case delegate.Delegate():
            return delegate.act(command, case)
        case take_back.TakeBack():
            return take_back.act(command, case)
        case suspend.Suspend():
            return suspend.suspend(command, case)
        case suspend.Resume():
            return suspend.resume(command, case)
        case suspend.Terminate():
            return suspend.terminate(command, case)
        case talk.Comment():
            return talk.comment(command, case)
        case talk.SendCopy():
            return talk.copy(command, case)
        case talk.Urge():
            return talk.urge(command, case)
        case assign.Assign():
            return assign.act(command, case)
        case look.Look():
            return look.act(command, case)
        case fire.FireTimer():
            return fire.act(command, case)
        case deliver.Deliver():
            return deliver.act(command, case)
        case external.CompleteExternal():
            return external.complete(command, case)
        case external.FailExternal():
            return external.fail(command, case)
        case external.ThrowExternal():
            return external.throw(command, case)
        case throw.ThrowError():
            return throw.throw(command, case)
        case throw.Escalate():
            return throw.escalate(command, case)
        case retry.Retry():
            return retry.act(command, case)
        case restaff.Restaff():
            return restaff.act(command, case)
        case amend.Amend():
            return amend.act(command, case)
        case cancel.Cancel():
            return cancel.act(command, case)
        case start.Start():
            return start.act(command, case)
    raise AssertionError(f"no handler for {command!r}")
