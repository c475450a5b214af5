"""What can't be done to many tasks at once (K4)."""

from engine.refusals import NotYours
from web.api.state import known_task, seen_task
from web.pages import here


class NotInBatch(NotYours):
    """This task has to be decided by itself, not among others."""

    zh = "这项任务须单独处理，不能批量。"


def protected(id: str) -> bool:
    """Whether a task's node is protected: what binds, goes out or pays. Raises `Unknown`."""
    with here.reading() as reader:
        request, ordinal, _ = known_task(reader, id)
        words = seen_task(reader, request, ordinal).words
    return words is not None and words.protected
