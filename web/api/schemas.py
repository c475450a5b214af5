"""What calls may say: bodies and queries as marshmallow schemas; unknown names are errors."""

from collections.abc import Collection
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from engine.flow.windows import LONGEST
from forms import Message

REQUIRED = Message("此项必填", "This field is required")
UNKNOWN = Message("没有这个字段", "There is no such field")
NOT_TEXT = Message("应为文字", "Expected text")
NOT_BOOLEAN = Message("应为 true 或 false", "Expected true or false")
NOT_OBJECT = Message("应为一个对象", "Expected an object")
NOT_LIST = Message("应为列表", "Expected a list")
NOT_WHOLE = Message("应为1至200的整数", "Expected a whole number from 1 to 200")
NOT_SECONDS = Message("应为0至60的整数(秒)", "Expected a whole number of seconds from 0 to 60")
NOT_STEP = Message("应为大于0的整数", "Expected a whole number above 0")
NOT_KEY = Message("应为文字，或变量的对象", "Expected text, or an object of variables")
MOST_COMMENT = 4_000
MOST_KEY = 400
MOST_PEOPLE = 100
MOST_BATCH = 200


def _too_long(most: int) -> Message:
    return Message(f"最多{most}个字", f"At most {most} characters")


class Text(fields.Field[str]):
    """Text of a bounded length; `nothing` says whether it may be empty."""

    def __init__(self, most: int, *, nothing: bool = True, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "maxLength": most}, **kwargs)
        self.most = most
        self.nothing = nothing

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError([NOT_TEXT])
        if len(value) > self.most:
            raise ValidationError([_too_long(self.most)])
        if not value and not self.nothing:
            raise ValidationError([REQUIRED])
        return value


class OneOf(fields.Field[str]):
    """One of a few words."""

    def __init__(self, words: Collection[str], **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "enum": list(words)}, **kwargs)
        self.words = tuple(words)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if value not in self.words:
            listed = ", ".join(self.words)
            raise ValidationError([Message(f"应为其中之一:{listed}", f"Expected one of: {listed}")])
        return str(value)


class Flag(fields.Field[bool]):
    """True or false, as JSON or (in a query) as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "boolean"}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value in ("true", "1"):
            return True
        if value in ("false", "0"):
            return False
        raise ValidationError([NOT_BOOLEAN])


class Limit(fields.Field[int]):
    """Rows of a page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "integer", "minimum": 1, "maximum": 200}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= 200):
            raise ValidationError([NOT_WHOLE])
        return int(text)


class StepNumber(fields.Field[int]):
    """A step of a history."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "integer", "minimum": 1}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0):
            raise ValidationError([NOT_STEP])
        return int(text)


class Seconds(fields.Field[int]):
    """A short time."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "integer", "minimum": 0, "maximum": LONGEST}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LONGEST:
            raise ValidationError([NOT_SECONDS])
        return value


class Values(fields.Field[dict[str, Any]]):
    """An object whose names a form checks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "object", "additionalProperties": True}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError([NOT_OBJECT])
        return value


class Names(fields.Field[list[str]]):
    """An id or a list of ids."""

    def __init__(self, most: int = MOST_PEOPLE, *, single: bool = True, **kwargs: Any) -> None:
        several = {"type": "array", "items": {"type": "string"}, "maxItems": most}
        words = {"anyOf": [{"type": "string"}, several]} if single else several
        super().__init__(metadata=words, **kwargs)
        self.most = most
        self.single = single

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str]:
        if isinstance(value, str) and self.single:
            value = [value]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValidationError([NOT_LIST])
        if len(value) > self.most or any(len(each) > 200 for each in value):
            message = Message(f"最多{self.most}项", f"At most {self.most} of them")
            raise ValidationError([message])
        return list(dict.fromkeys(value))


_TOLD: Any = {"required": REQUIRED, "null": REQUIRED}


class Given(Schema):
    """What a call says."""

    class Meta:
        unknown = RAISE

    error_messages: Any = {"unknown": UNKNOWN, "type": NOT_OBJECT}  # noqa: RUF012 - as marshmallow has it

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Every field says in our words that it is missing."""
        field_obj.error_messages.update(_TOLD)


class NewRequest(Given):
    """A request to be made."""

    process = Text(200, nothing=False, required=True)
    answers = Values(load_default=dict)
    draft = Flag(load_default=False)


class Asked(Given):
    """A request that is not made yet."""

    process = Text(200, nothing=False, required=True)
    answers = Values(load_default=dict)


class Draft(Given):
    """A draft's answers; what is left out stays as it is, null empties."""

    answers = Values(required=True)


class Submission(Given):
    """Answers to submit with; without them, as the draft stands."""

    answers = Values(load_default=None)


class Nothing(Given):
    """A call that says everything by its address."""


class Saying(Given):
    """A comment, or the reason that a rule asks for."""

    comment = Text(MOST_COMMENT, load_default="")


class CopyTo(Saying):
    """Whom to copy."""

    to = Names(required=True)


class Act(Saying):
    """What a verb on a task takes: answers, a comment, a target, a window to undo it in."""

    answers = Values(load_default=dict)
    to = Names(load_default=None)
    undo_seconds = Seconds(load_default=0)


class Moving(Saying):
    """Whom to put beside or in the place of the holder, or to take out."""

    to = Names(required=True)


class Adding(Moving):
    """Whom to add, and how; with `after` also the answers of one's own decision."""

    mode = OneOf(("before", "after", "parallel"), load_default="before")
    group = OneOf(("all", "any", "sequential"), load_default="all")
    answers = Values(load_default=dict)


class Correlation(fields.Field[Any]):
    """A text, or an object of variables."""

    def __init__(self, **kwargs: Any) -> None:
        text = {"type": "string", "maxLength": MOST_KEY}
        several = {"type": "object", "additionalProperties": True}
        super().__init__(metadata={"anyOf": [text, several]}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            return value
        if not isinstance(value, str):
            raise ValidationError([NOT_KEY])
        if len(value) > MOST_KEY:
            raise ValidationError([_too_long(MOST_KEY)])
        return value


class NewMessage(Given):
    """A message from outside."""

    name = Text(MOST_KEY, nothing=False, required=True)
    correlation = Correlation(load_default=None)
    variables = Values(load_default=dict)


class NewSignal(Given):
    """A signal from outside."""

    name = Text(MOST_KEY, nothing=False, required=True)
    variables = Values(load_default=dict)


class Throwing(Given):
    """An error that work came to, by its code in the diagram."""

    code = Text(200, nothing=False, required=True)
    message = Text(1_000, load_default="")
    variables = Values(load_default=dict)


class Escalating(Given):
    """An escalation, by its code in the diagram."""

    code = Text(200, nothing=False, required=True)
    variables = Values(load_default=dict)


class Retrying(Saying):
    """What to set before it is tried again."""

    variables = Values(load_default=dict)


class Batch(Saying):
    """One verb on several tasks; one comment for all counts as each one's."""

    verb = OneOf(("approve", "reject", "return", "complete", "claim", "release"), required=True)
    tasks = Names(MOST_BATCH, single=False, required=True)
    versions = Values(load_default=dict)
    to = Names(load_default=None)


class ReadNotices(Given):
    """Which notices were read; without ids, all."""

    ids = Names(MOST_BATCH, single=False, load_default=None)


class Paged(Given):
    """Where in a list, and how much of it."""

    cursor = Text(1_000, load_default=None)
    limit = Limit(load_default=50)


class PeopleQuery(Given):
    """Words of a name, id, department or e-mail address."""

    q = Text(200, load_default="")
    limit = Limit(load_default=50)


STATUSES = (
    "draft", "running", "returned", "suspended", "completed", "withdrawn", "cancelled", "void",
)  # fmt: skip


class StepQuery(Given):
    """Which step of a history; without it, all."""

    step = StepNumber(load_default=None)


class RequestsQuery(Paged):
    """Which requests."""

    view = OneOf(("mine", "involved", "all"), load_default="mine")
    status = OneOf(STATUSES, load_default=None)
    process = Text(200, load_default=None)
    q = Text(200, load_default=None)
    sort = OneOf(("newest", "oldest"), load_default="newest")


class TasksQuery(Paged):
    """Which tasks."""

    view = OneOf(("todo", "group", "done", "copied", "snoozed"), load_default="todo")
    request = Text(100, load_default=None)
    process = Text(200, load_default=None)
    q = Text(200, load_default=None)
    sort = OneOf(("newest", "oldest", "due"), load_default="newest")


class NoticesQuery(Paged):
    """Which notices."""

    unread = Flag(load_default=False)


class ExportQuery(Given):
    """In which format; `rows` of CSV, `lifecycle` of XES."""

    format = OneOf(("json", "csv", "xes", "package"), load_default="json")
    rows = OneOf(("entries", "tasks"), load_default="entries")
    lifecycle = OneOf(("complete", "full"), load_default="complete")


class ExportsQuery(ExportQuery):
    """Which requests, and in which format; packages are made one by one."""

    format = OneOf(("json", "csv", "xes"), load_default="json")
    view = OneOf(("mine", "involved", "all"), load_default="all")
    status = OneOf(STATUSES, load_default=None)
    process = Text(200, load_default=None)
    outcome = Text(200, load_default=None)
    requester = Text(100, load_default=None)
    department = Text(200, load_default=None)
    q = Text(200, load_default=None)
    since = Text(40, load_default=None)
    until = Text(40, load_default=None)
    unfinished = Flag(load_default=False)
