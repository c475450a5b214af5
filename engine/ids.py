"""Typed ids. A task's id begins with its request's, so that all its rows can be placed together."""

import re
from hashlib import sha256
from typing import NewType

PersonId = NewType("PersonId", str)
"""A sign-in id, any text to 100 characters without control characters or `/`."""

RequestId = NewType("RequestId", str)
"""A request (an instance of a process)."""

TaskId = NewType("TaskId", str)
"""`<request>-<ordinal>`: the n-th slot of a request, equal in every replay."""

TIMER = PersonId("system:timer")
"""The actor of what a timer does (X2)."""

PROCESS = PersonId("system:process")
"""The actor of what another request's process, or this one's own, does."""

ORGANISATION = PersonId("system:organisation")
"""The actor of what a change of the organisation brings about: substitutes, leavers (T4, P1)."""

SYSTEM_CHAIN = "system"
"""The chain of deployments, organisation, rights, keys, exports and sign-ins (H1)."""


def task_id(request: RequestId, ordinal: int) -> TaskId:
    """The id of a request's n-th slot."""
    return TaskId(f"{request}-{ordinal}")


def incident_id(request: RequestId, ordinal: int) -> str:
    """The id of a request's n-th incident."""
    return f"{request}-i{ordinal}"


def split_incident_id(id: str) -> tuple[RequestId, int] | None:
    """The request and ordinal of an incident's id; None where the text is none."""
    request, mark, ordinal = id.rpartition("-i")
    found = split_task_id(f"{request}-{ordinal}") if mark else None
    return found if found is not None and found[1] > 0 else None


def split_task_id(task: str) -> tuple[RequestId, int] | None:
    """The request and ordinal of a task's id; None where the text is no task id."""
    request, dash, ordinal = task.rpartition("-")
    if not dash or not request or not ordinal.isascii() or not ordinal.isdigit():
        return None
    if len(ordinal) > 9 or str(int(ordinal)) != ordinal:
        return None
    return RequestId(request), int(ordinal)


_EXTERNAL = re.compile(r"([0-9A-Za-z_-]{1,79})-(x[0-9a-f]{20})", re.ASCII)


def external_name(key: str) -> str:
    """How a token's key is named in the id of the external task that it stands at."""
    return "x" + sha256(key.encode()).hexdigest()[:20]


def external_id(request: RequestId, key: str) -> str:
    """The id of an external task, made of its request and its token's key."""
    return f"{request}-{external_name(key)}"


def split_external_id(id: str) -> tuple[RequestId, str] | None:
    """The request and the name of an external task's id; None where the text is none."""
    found = _EXTERNAL.fullmatch(id)
    return None if found is None else (RequestId(found[1]), found[2])
