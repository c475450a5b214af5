"""Values as a person reads them, and as an HTML control takes them."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from forms.messages import Locale
from forms.model import CHOICES, Field, Option

_YES = {"zh": ("是", "否"), "en": ("Yes", "No")}


def text_of(
    field: Field,
    value: object,
    options: Mapping[str, Option],
    locale: Locale,
    zone: tzinfo | None,
) -> str:
    """The value for reading; empty where nothing is filled in (an unticked box says no)."""
    if field.kind == "checkbox":
        yes, no = _YES[locale]
        return yes if value is True else no
    if value is None or value == "" or value == []:
        return ""
    if field.kind in CHOICES:
        chosen = value if isinstance(value, list) else [value]
        return ("、" if locale == "zh" else ", ").join(
            _label(each, options, locale) for each in chosen
        )
    if field.kind == "table":
        count = len(value) if isinstance(value, list) else 0
        return f"{count} 行" if locale == "zh" else f"{count} rows"
    if field.kind in ("integer", "decimal"):
        return _grouped(str(value))
    if field.kind == "datetime":
        return _moment(str(value), zone)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def input_of(field: Field, value: object, zone: tzinfo | None) -> str:
    """The value for a control that takes one text."""
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    moment = _read(str(value)) if field.kind == "datetime" else None
    if moment is None:
        return str(value)
    local = _local(moment, zone).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def _label(value: object, options: Mapping[str, Option], locale: Locale) -> str:
    option = options.get(value) if isinstance(value, str) else None
    if option is None:
        return str(value)
    return option.label_en if locale == "en" and option.label_en else option.label


def _grouped(number: str) -> str:
    sign = "-" if number.startswith("-") else ""
    whole, point, rest = number.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdigit()):
        return number
    return f"{sign}{int(whole):,}{point}{rest}" if len(whole) <= 40 else number


def _moment(text: str, zone: tzinfo | None) -> str:
    moment = _read(text)
    if moment is None:
        return text
    local = _local(moment, zone)
    precise = "seconds" if local.second else "minutes"
    offset = local.isoformat()[-6:]
    return f"{local.replace(tzinfo=None).isoformat(' ', precise)} (UTC{offset})"


def _read(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    try:
        return moment.astimezone(zone) if zone is not None else moment
    except OverflowError:
        return moment
