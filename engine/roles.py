"""What a role keeps from, whatever a diagram says: whoever watches does not take part.

Asked of the organisation as it is now, at the door; a replay, which comes in behind it, does not
ask again.
"""

from engine.commands.base import Command
from engine.commands.submit import SaveDraft, Submit
from engine.refusals import MayNotStart, OnlyReads, Unknown
from engine.unit_of_work import UnitOfWork


def check(command: Command, uow: UnitOfWork) -> None:
    """Raise what a role may never do: an auditor anything, an administrator start a request.

    Raises:
        Unknown: it is about a request that he may not know of.
        OnlyReads, MayNotStart: it is not his part.
    """
    person = uow.directory.person(command.actor.id)
    role = person.role if person is not None else ""
    if role == "auditor":
        if command.chain is not None and not isinstance(command, Submit | SaveDraft):
            request = uow.request(command.chain)
            if request is None or request.status == "draft":
                raise Unknown()
        raise OnlyReads()
    if role == "administrator" and isinstance(command, Submit | SaveDraft):
        raise MayNotStart()
