"""What a role keeps from, whatever a diagram says: whoever watches does not take part.

Asked of the organisation as it is now, at the door; a replay, which comes in behind it, does not
ask again.
"""

from engine.commands.base import Command
from engine.commands.submit import SaveDraft, Submit
from engine.refusals import OnlyReads, Unknown
from engine.unit_of_work import UnitOfWork


def check(command: Command, uow: UnitOfWork) -> None:
    """Raise what a role may never do: an auditor anything.

    Raises:
        Unknown: it is about a request that he may not know of.
        OnlyReads: it is not his part.
    """
    person = uow.directory.person(command.actor.id)
    if person is None or person.role != "auditor":
        return
    if command.chain is not None and not isinstance(command, Submit | SaveDraft):
        request = uow.request(command.chain)
        if request is None or request.status == "draft":
            raise Unknown()
    raise OnlyReads()
