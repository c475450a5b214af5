"""The process element and its start event as `ProcessWords`."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.diagrams import source
from engine.diagrams.findings import Findings
from engine.diagrams.formdata import form_key
from engine.diagrams.properties import Properties, split_list
from engine.diagrams.source import Element
from engine.diagrams.words import EventWords, NodeId, ProcessWords, Withdrawal


def read_process(
    process: Element,
    start: Element,
    starts: Mapping[NodeId, EventWords],
    findings: Findings,
) -> ProcessWords:
    """The words of a process where a person's request begins at `start`; `starts` are its other
    start events.

    A property of the request as a whole may stand on the process or on its start event.
    """
    key = source.identity(process)
    own = source.properties(process)
    at_start = source.properties(start)
    whole = Properties(key, {**at_start, **own}, findings)
    first = Properties(source.identity(start), at_start, findings)
    return ProcessWords(
        key=key,
        name=source.title(process) or key,
        name_en=Properties(key, own, findings).text("name.en"),
        documentation=source.documentation(process),
        start=NodeId(source.identity(start)),
        starts=MappingProxyType(dict(starts)),
        start_form=form_key(start),
        starter_users=split_list(source.attribute(process, "candidateStarterUsers")),
        starter_groups=split_list(source.attribute(process, "candidateStarterGroups")),
        initiator_variable=source.attribute(start, "initiator") or "initiator",
        number_pattern=whole.number_pattern(),
        withdraw=whole.choice("withdraw", Withdrawal, "until-decision"),
        withdraw_guard=whole.guards("withdraw.guard"),
        rounds_max=whole.number("rounds.max", 3),
        title=whole.expression("title"),
        key_field=whole.text("summary"),
        guards=first.guards(),
        copies=first.copies(),
        links=whole.names("links"),
        properties=own,
    )
