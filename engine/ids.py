"""Typed ids. A task's id begins with its request's, so that all its rows can be placed together."""

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

SYSTEM_CHAIN = "system"
"""The chain of deployments, organisation, rights, keys, exports and sign-ins (H1)."""


def task_id(request: RequestId, ordinal: int) -> TaskId:
    """The id of a request's n-th slot."""
    return TaskId(f"{request}-{ordinal}")


def split_task_id(task: str) -> tuple[RequestId, int] | None:
    """The request and ordinal of a task's id; None where the text is no task id."""
    request, dash, ordinal = task.rpartition("-")
    if not dash or not request or not ordinal.isascii() or not ordinal.isdigit():
        return None
    if len(ordinal) > 9 or str(int(ordinal)) != ordinal:
        return None
    return RequestId(request), int(ordinal)
