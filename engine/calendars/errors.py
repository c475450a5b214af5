"""What goes wrong when a text that means a time is read."""


class CalendarError(ValueError):
    """A text means no duration, cycle, date or time of day, or one out of bounds; `str()` is a
    sentence for the diagram's author."""
