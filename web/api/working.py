"""What workers' calls may say, and what they are answered with."""

from typing import Any

from marshmallow import ValidationError, fields

from engine.flow.external import MOST_TOPIC, topic_of
from forms import Message
from web.api.schemas import NOT_LIST, REQUIRED, UNKNOWN, Given, Text, Values
from web.api.shapes import Ref, Shape, TaskRequestRef

MOST_TOPICS = 50
MOST_TASKS = 100
MOST_SECONDS = 24 * 60 * 60
"""The longest lock: a day."""
MOST_WAIT = 7 * MOST_SECONDS
"""The longest that a task which failed is left alone."""
LOCK, TASKS = 300, 10
"""Seconds of a lock, and tasks at once, where the call names none."""
NOT_PLAIN = Message("含有不允许的控制字符", "Contains control characters, which are not allowed")


class Whole(fields.Field[int]):
    """A whole number between two bounds."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:
        words = {"type": "integer", "minimum": least, "maximum": most}
        super().__init__(metadata=words, **kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        plain = isinstance(value, int) and not isinstance(value, bool)
        if not plain or not self.least <= value <= self.most:
            zh = f"应为{self.least}至{self.most}的整数"
            en = f"Expected a whole number from {self.least} to {self.most}"
            raise ValidationError([Message(zh, en)])
        return int(value)


class Line(Text):
    """One line of text, never empty."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        super().__init__(most, nothing=False, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if not text:
            raise ValidationError([REQUIRED])
        if not text.isprintable():
            raise ValidationError([NOT_PLAIN])
        return text


class Topics(fields.Field[dict[str, int | None]]):
    """Topics by name, each with its own lock's seconds or None: names, or objects of both."""

    def __init__(self, **kwargs: Any) -> None:
        named = {
            "type": "object",
            "properties": {
                "topic": {"type": "string", "maxLength": MOST_TOPIC},
                "lock_seconds": {"type": "integer", "minimum": 1, "maximum": MOST_SECONDS},
            },
            "required": ["topic"],
            "additionalProperties": False,
        }
        items = {"anyOf": [{"type": "string", "maxLength": MOST_TOPIC}, named]}
        words = {"type": "array", "items": items, "minItems": 1, "maxItems": MOST_TOPICS}
        super().__init__(metadata=words, **kwargs)
        self.topic = Line(MOST_TOPIC)
        self.seconds = Whole(1, MOST_SECONDS)

    def _deserialize(
        self, value: Any, attr: Any, data: Any, **kwargs: Any
    ) -> dict[str, int | None]:
        if not isinstance(value, list):
            raise ValidationError([NOT_LIST])
        if not 1 <= len(value) <= MOST_TOPICS:
            message = Message(f"应为1至{MOST_TOPICS}项", f"Expected 1 to {MOST_TOPICS} of them")
            raise ValidationError([message])
        return dict(self._one(each) for each in value)

    def _one(self, each: Any) -> tuple[str, int | None]:
        if isinstance(each, str):
            return self._topic(each), None
        if not isinstance(each, dict):
            raise ValidationError([NOT_LIST])
        if set(each) - {"topic", "lock_seconds"}:
            raise ValidationError([UNKNOWN])
        if "topic" not in each:
            raise ValidationError([REQUIRED])
        seconds = each.get("lock_seconds")
        topic = self._topic(each["topic"])
        if seconds is None:
            return topic, None
        return topic, self.seconds._deserialize(seconds, None, None)

    def _topic(self, value: Any) -> str:
        one_line = topic_of(value) if isinstance(value, str) else value
        return self.topic._deserialize(one_line, None, None)


class Worker(Given):
    """Which worker calls: the name under which he holds what he fetches."""

    worker = Line(100, required=True)


class Fetch(Worker):
    """What a worker asks for."""

    topics = Topics(required=True)
    max = Whole(1, MOST_TASKS, load_default=TASKS)
    lock_seconds = Whole(1, MOST_SECONDS, load_default=LOCK)


class Completed(Worker):
    """The work is done."""

    variables = Values(load_default=dict)


class Failure(Worker):
    """The work could not be done."""

    message = Text(20_000, nothing=False, required=True)
    details = Text(64_000, load_default="")
    retries = Whole(0, 100, load_default=None)
    retry_after_seconds = Whole(0, MOST_WAIT, load_default=0)


class Thrown(Worker):
    """The work came to an error of the diagram's."""

    code = Line(200, required=True)
    message = Text(20_000, load_default="")
    variables = Values(load_default=dict)


class Extension(Worker):
    """Seconds from now for which the worker wants to keep the task."""

    lock_seconds = Whole(1, MOST_SECONDS, required=True)


class ExternalTask(Shape):
    """An external task as the worker who has it gets it."""

    id = fields.String(required=True)
    version = fields.String(required=True)
    topic = fields.String(required=True)
    request = fields.Nested(TaskRequestRef, required=True)
    node = fields.Nested(Ref, required=True)
    worker = fields.String(required=True)
    locked_until = fields.String(required=True, allow_none=True)
    retries = fields.Integer(required=True, strict=True, allow_none=True)
    priority = fields.Integer(required=True, strict=True)
    error = fields.String(required=True)
    variables = fields.Dict(keys=fields.String(), required=True)
    created_at = fields.String(required=True)


class ExternalTasks(Shape):
    """The external tasks that a worker has got."""

    items = fields.List(fields.Nested(ExternalTask), required=True)


class ExternalState(Shape):
    """What became of an external task: `done`, `locked`, `waiting` to be fetched (again), or
    `incident`: it waits for an administrator."""

    id = fields.String(required=True)
    state = fields.String(required=True)
    version = fields.String(required=True, allow_none=True)
    retries = fields.Integer(required=True, strict=True, allow_none=True)
    locked_until = fields.String(required=True, allow_none=True)
