"""Dates, times of day, and moments with their offset."""

import re
from datetime import date, datetime, time
from typing import Any

from marshmallow import fields

from forms import messages
from forms.kinds.errors import refuse

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{2}:\d{2}(:\d{2})?", re.ASCII)
_DATETIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


class Date(fields.Field[Any]):
    """A real calendar date."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            raise refuse(messages.NOT_DATE)
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise refuse(messages.NOT_DATE) from None
        if not 1900 <= day.year <= 2999:
            raise refuse(messages.NOT_DATE)
        return value


class Time(fields.Field[Any]):
    """A time of day, to the minute where it has no seconds."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or not _TIME.fullmatch(value):
            raise refuse(messages.NOT_TIME)
        try:
            of_day = time.fromisoformat(value)
        except ValueError:
            raise refuse(messages.NOT_TIME) from None
        return of_day.isoformat() if of_day.second else of_day.isoformat("minutes")


class DateTime(fields.Field[Any]):
    """A moment: date and time with its offset, kept to the second."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or not _DATETIME.fullmatch(value):
            raise refuse(messages.NOT_DATETIME)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise refuse(messages.NOT_DATETIME) from None
        if not 1900 <= moment.year <= 2999:
            raise refuse(messages.NOT_DATETIME)
        return moment.isoformat(timespec="seconds")
