"""Start: a process begins another request on behalf of someone, linked to what its answers name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, ClassVar

from engine.case import Case, Cause
from engine.commands.base import Command
from engine.commands.submit import begin, check_start, starting_answers
from engine.desk import answer, desk_of
from engine.flow import receiving
from engine.given import variables_of
from engine.ids import PersonId, RequestId
from engine.refusals import AlreadySubmitted, PersonUnknown, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Command):
    """A new request of another process, submitted or left as a prefilled draft."""

    verb: ClassVar[str] = "start"
    request: RequestId | None = None
    process: str
    requester: PersonId
    answers: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    submit: bool = False
    by: tuple[str, str] | None = None
    """What starts it instead of a form: (`message` or `signal`, its name) or (`timer`, the start
    event); `variables` are what came with it."""
    raw: bool = False
    """As of `Deliver`."""
    number_in_cause: int = 0
    definition: str | None = None

    def kept(self) -> dict[str, Any]:
        """Variables beyond the form, and whether it was submitted at once."""
        found: dict[str, Any] = {
            "requester": self.requester,
            "variables": dict(self.variables),
            "submitted": self.submit,
        }
        if self.by is not None:
            found["by"] = list(self.by)
        if self.raw:
            found["raw"] = True
        return found


def _by_event(command: Start, case: Case) -> None:
    """A message or signal starts it: its event's outputs say what becomes variables."""
    starts = case.definition.process.starts
    named = {(str(e.kind), e.message or str(e.id)): e for e in reversed([*starts.values()])}
    event = named.get(command.by) if command.by is not None else None
    if event is None:
        raise Unknown()
    person = case.world().person(command.requester)
    if person is None or person.get("inactive"):
        raise PersonUnknown(person=command.requester)
    if command.raw:
        variables_of(case, case.definition, command.variables, mapped=bool(event.outputs))
    case.inputs.update(command.kept())
    given = {"initiator": case.request.requester}
    case.flow.extra = receiving.mapped(case, None, event, command.variables, given, raw=command.raw)
    case.request.submitted_at = case.now
    begin(case, {}, event=event.id)


def new_id(cause: Cause, ordinal: int) -> RequestId:
    """The id of a request that another one starts: the same in every replay."""
    text = f"{cause.request}/{cause.seq}/{ordinal}"
    return RequestId("s" + sha256(text.encode()).hexdigest()[:23])


def act(command: Start, case: Case) -> None:
    """As if the requester had filled it in himself; his form's rules bind."""
    if not case.fresh:
        raise AlreadySubmitted()
    if command.by is not None:
        _by_event(command, case)
        return
    case.flow.extra = dict(command.variables)
    case.inputs.update(command.kept())
    if command.submit:
        answers = starting_answers(case, command.answers)
        check_start(case, answers)
        case.inputs["answers"] = answers
        case.request.submitted_at = case.now
        begin(case, answers)
        return
    answers = answer(
        case,
        desk_of(case.definition, None),
        command.answers,
        variables=case.flow.extra,
        kept={},
        require=False,
    )
    case.inputs["answers"] = answers
    case.flow.answers = answers
    title = answers.get("title") or case.definition.process.name
    case.request.title = str(title)[:200]
    case.notify(
        [command.requester],
        "process",
        f"已为您预填一份“{case.definition.name}”,请补充后提交",
        f"A “{case.definition.process.name_en or case.definition.name}” was prepared for you: "
        "complete and submit it",
    )
