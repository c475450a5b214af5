"""Event logs in XES (IEEE 1849-2016), written request by request.

`complete` (the default) has one event for each pass of an activity that counts: what a mining tool
takes as it is, and replays on the process's own diagram. `full` has the whole lifecycle.

The standard's schema has no target namespace, so what is valid against it stands in none.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Literal

from lxml import etree

from engine.ids import ORGANISATION, PROCESS, TIMER
from engine.journal.entry import stamp
from storage import queries
from storage.queries import RequestRow
from web.exports.lifecycle import every_mark
from web.exports.tracing import Life, Mark, completed

Lifecycle = Literal["complete", "full"]
VERSION = "1849.2016"
"""The standard's schema takes a decimal."""
EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
UNSET = "__INVALID__"
"""What a global attribute says that its every bearer says better."""
_EPOCH = "1970-01-01T00:00:00.000000+00:00"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SYSTEM = {str(TIMER), str(PROCESS), str(ORGANISATION)}
Value = str | int | bool | datetime


class Log:
    """An event log being written into `file`; leave its context to finish it."""

    def __init__(self, file: IO[bytes], names: queries.Names, lifecycle: Lifecycle) -> None:
        self._file = file
        self._names = names
        self._lifecycle = lifecycle
        self._seen: set[str] = set()
        self._xml: Any = None

    @contextmanager
    def written(self, head: Mapping[str, Any]) -> Iterator["Log"]:
        """The log's element around whatever is added inside; `head` states the export."""
        with etree.xmlfile(self._file, encoding="UTF-8") as xml:
            self._xml = xml
            xml.write_declaration()
            attributes = {"xes.version": VERSION, "xes.features": ""}
            with xml.element("log", attributes):
                xml.write("\n")
                self._begin(head)
                yield self

    def add(self, row: RequestRow, life: Life) -> None:
        """One trace."""
        trace = etree.Element("trace")
        name = row.number or row.id
        if name in self._seen:
            name = f"{name} ({row.id})"
        self._seen.add(name)
        _put(trace, "concept:name", name)
        for key, value in _of_request(row).items():
            _put(trace, key, value)
        _put(trace, "whole", life.whole)
        marks = completed(life) if self._lifecycle == "complete" else every_mark(life)
        for mark in marks:
            self._event(trace, mark)
        self._write(trace)

    def _begin(self, head: Mapping[str, Any]) -> None:
        for name, prefix, uri in EXTENSIONS:
            self._write(etree.Element("extension", name=name, prefix=prefix, uri=uri))
        trace = etree.Element("global", scope="trace")
        _put(trace, "concept:name", UNSET)
        _put(trace, "process", UNSET)
        event = etree.Element("global", scope="event")
        _put(event, "concept:name", UNSET)
        etree.SubElement(event, "date", key="time:timestamp", value=_EPOCH)
        _put(event, "lifecycle:transition", "complete")
        self._write(trace)
        self._write(event)
        for name, keys in (
            ("Activity", "concept:name"),
            ("Transition", "concept:name lifecycle:transition"),
        ):
            self._write(etree.Element("classifier", name=name, scope="event", keys=keys))
        for key, value in {
            "concept:name": "countersign",
            "lifecycle:model": "standard",
            "lifecycle": self._lifecycle,
            **head,
        }.items():
            around = etree.Element("log")
            if isinstance(value, Mapping):
                value = json.dumps(value, ensure_ascii=False, sort_keys=True)
            _put(around, key, value)
            for each in around:
                self._write(each)

    def _event(self, trace: Any, mark: Mark) -> None:
        event = etree.SubElement(trace, "event")
        _put(event, "concept:name", mark.name)
        _put(event, "lifecycle:transition", mark.transition)
        _put(event, "time:timestamp", mark.at)
        _put(event, "concept:instance", mark.instance)
        for key, value in self._who(mark).items():
            _put(event, key, value)
        for key, value in _about(mark).items():
            _put(event, key, value)

    def _who(self, mark: Mark) -> dict[str, Value | None]:
        slot = mark.slot
        id = str((slot.decided_by or slot.signer or "") if slot is not None else mark.by)
        if not id:
            return {}
        person = self._names.organisation.person(id)
        department = slot.department if slot is not None else ""
        return {
            "org:resource": id,
            "org:role": "; ".join(person.posts) if person is not None else "",
            "org:group": department or (person.department if person is not None else ""),
            "resource_name": person.name if person is not None else "",
            "on_behalf_of": slot.on_behalf_of if slot is not None else None,
            "automatic": True if id in _SYSTEM else None,
        }

    def _write(self, element: Any) -> None:
        etree.indent(element, "\t")
        self._xml.write(element)
        self._xml.write("\n")


def _of_request(row: RequestRow) -> dict[str, Value | None]:
    outcome: Any = row.outcome
    end = None
    if isinstance(outcome, Mapping):
        outcome, end = outcome.get("name"), outcome.get("id")
    return {
        "id": row.id,
        "process": row.process,
        "process_name": row.process_name,
        "version": row.definition_version,
        "definition": row.definition,
        "title": row.title,
        "requester": row.requester,
        "requester_name": row.requester_name,
        "department": row.department,
        "status": row.status,
        "outcome": outcome,
        "outcome_end": end,
        "round": row.round,
        "submitted_at": row.submitted_at,
        "ended_at": row.ended_at,
    }


def _about(mark: Mark) -> dict[str, Value | None]:
    """What is our own: no extension's prefix."""
    node, slot = mark.node, mark.slot
    found: dict[str, Value | None] = {
        "element": mark.activity.id if mark.activity is not None else None,
        "kind": mark.activity.kind if mark.activity is not None else None,
        "entry": mark.seq,
        "passage": mark.passage or None,
        "comment": slot.comment if slot is not None else mark.comment,
    }
    if slot is not None:
        found |= {"vote": slot.status, "kept_from": slot.kept_from}
    if node is not None:
        found |= {"round": node.round, "pass": node.pass_, "opened_at": node.opened_at}
        if mark.transition == "complete":
            found |= {
                "verdict": node.verdict,
                "approved": node.approved,
                "rejected": node.rejected,
                "signers": node.total,
            }
    return found


def _put(element: Any, key: str, value: Value | None) -> None:
    """An attribute; none for what says nothing."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        etree.SubElement(element, "boolean", key=key, value="true" if value else "false")
    elif isinstance(value, int):
        etree.SubElement(element, "int", key=key, value=str(value))
    elif isinstance(value, datetime):
        etree.SubElement(element, "date", key=key, value=stamp(value))
    else:
        etree.SubElement(element, "string", key=key, value=fit(str(value)))


def fit(text: str) -> str:
    """What XML can hold of a text: characters that it has no place for are replaced."""
    return _UNFIT.sub("\ufffd", text)
