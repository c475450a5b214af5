"""Working time and the texts of timers: when something is due, given when it began.

Owns China's working days (weekends, public holidays, 调休 make-up days, an organisation's own
days) and ISO 8601 durations and cycles. Imports the standard library and holidays. Never looks at
a clock: every instant is handed in.
"""

from engine.calendars.cron import Cron, is_cron, parse_cron
from engine.calendars.durations import Cycle, Duration, parse_cycle, parse_duration, parse_moment
from engine.calendars.errors import CalendarError
from engine.calendars.work import WORK_BEGINS, WORK_ENDS, WorkCalendar

__all__ = [
    "WORK_BEGINS",
    "WORK_ENDS",
    "CalendarError",
    "Cron",
    "Cycle",
    "Duration",
    "WorkCalendar",
    "is_cron",
    "parse_cron",
    "parse_cycle",
    "parse_duration",
    "parse_moment",
]
