"""Amend: another request's process changes this one's variables, citing its number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.case import Case
from engine.commands.base import Command, go_on
from engine.flow import changing
from engine.ids import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend(Command):
    """Variables to set, if those expected still hold."""

    verb: ClassVar[str] = "amend"
    request: RequestId
    values: Mapping[str, Any] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    because: str = ""
    cited: str = ""

    def kept(self) -> dict[str, Any]:
        """Values, expectations, the reason, and the number that is cited."""
        return {
            "values": dict(self.values),
            "expect": dict(self.expect),
            "comment": self.because,
            "cited": self.cited,
        }


def act(command: Amend, case: Case) -> dict[str, Any] | None:
    """The variables as expected are amended, old -> new in the entry; else nothing is changed.

    A request that has ended is not opened again: it only gains history (processes.md 1.9).

    Returns:
        None if it was amended, otherwise what stands instead of what was expected.
    """
    live = case.flow.marking is not None and case.request.status in ("running", "suspended")
    variables = case.run.variables() if live else dict(case.flow.root)
    current = {name: variables.get(name) for name in command.expect}
    if any(current[name] != value for name, value in command.expect.items()):
        return current
    case.inputs.update(command.kept())
    if live:
        before = changing.held_variables(case)
        case.run.write(command.values)
        changing.changed_variables(case, before)
    else:
        case.flow.root.update(command.values)
        for name, value in command.values.items():
            if variables.get(name) != value:
                case.changes[name] = [variables.get(name), value]
    case.say("amended", sorted(command.values), command.cited)
    for name in case.request.summary:
        if name in command.values:
            case.request.summary[name] = command.values[name]
    if live:
        go_on(case)
    return None
