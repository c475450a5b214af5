"""Boxes, choices, attachments and rows."""

import json
from typing import Any

from marshmallow import fields

from forms import messages
from forms.kinds.errors import refuse
from forms.kinds.texts import MOST_TEXT

MOST_ROWS = 200
MOST_CHOICES = 200
MOST_FILES = 100
_LONGEST_ID = 200


class Box(fields.Field[Any]):
    """True or false and nothing that merely looks like it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        raise refuse(messages.NOT_BOOLEAN)


class One(fields.Field[Any]):
    """One option's value; whether it is offered is checked where options are known."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str):
            raise refuse(messages.NOT_OPTION)
        return value or None


class Many(fields.Field[Any]):
    """A list of options' values, each once."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str]:
        if not isinstance(value, list):
            raise refuse(messages.NOT_LIST)
        if len(value) > MOST_CHOICES:
            raise refuse(messages.TOO_MANY_CHOICES)
        if not all(isinstance(each, str) and each for each in value):
            raise refuse(messages.NOT_OPTION)
        return list(dict.fromkeys(value))


class Files(fields.Field[Any]):
    """A list of attachment ids, each once."""

    def __init__(self, *, multiple: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._multiple = multiple

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str]:
        if not isinstance(value, list):
            raise refuse(messages.NOT_ATTACHMENTS)
        if len(value) > MOST_FILES:
            raise refuse(messages.TOO_MANY_FILES)
        if not all(isinstance(each, str) and 0 < len(each) <= _LONGEST_ID for each in value):
            raise refuse(messages.NOT_ATTACHMENTS)
        ids = list(dict.fromkeys(value))
        if len(ids) > 1 and not self._multiple:
            raise refuse(messages.ONE_FILE)
        return ids


class Rows(fields.List[Any]):
    """A table: rows, each checked by the schema of its columns."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise refuse(messages.NOT_LIST)
        if len(value) > MOST_ROWS:
            raise refuse(messages.TOO_MANY_ROWS)
        return super()._deserialize(value, attr, data, **kwargs)


class Computed(fields.Field[Any]):
    """What an expression gave, as JSON has it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if len(json.dumps(value, ensure_ascii=False, default=str).encode()) > MOST_TEXT:
            raise refuse(messages.TOO_MUCH)
        return value
