"""From data to PDF: typst with our template and our fonts, nothing of the machine's own."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from web.packages.paper.legible import FONTS, legible
from web.packages.refusing import Unprovable

TEMPLATE = Path(__file__).with_name("request.typ")
STANDARDS: list[Any] = ["a-2a", "ua-1"]
"""An archivable file (ISO 19005-2) whose parts a screen reader names (ISO 14289-1)."""


def typeset(
    requests: Sequence[Mapping[str, Any]], *, entries: str, at: datetime, zone: tzinfo
) -> bytes:
    """The PDF of these requests' data; what the fonts lack stands by its number in it.

    Raises:
        Unprovable: typst can't set it.
    """
    document = {"requests": requests, "entries": entries, "zone": str(zone), "at": at.isoformat()}
    try:
        return _set(_legible(document, zone, plain=False), at)
    except typst.TypstError:
        # A mark that no font can put on the letter before it: each by itself, then.
        try:
            return _set(_legible(document, zone, plain=True), at)
        except typst.TypstError as wrong:
            raise Unprovable(
                f"未生成凭证包：无法排版其 PDF（{wrong}）。",
                f"No package is made: its PDF can't be set: {wrong}",
            ) from wrong


def _set(document: Any, at: datetime) -> bytes:
    made = _compiler().compile(
        input=TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    folders: list[Any] = sorted({str(path.parent) for path in FONTS})
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=folders
    )
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _legible(value: Any, zone: tzinfo, *, plain: bool) -> Any:
    """Every text as it can be shown; moments in the organisation's zone."""
    if isinstance(value, str):
        return legible(value, plain=plain)
    if isinstance(value, Mapping):
        return {
            name: _moment(each, zone)
            if name in ("at", "submitted", "ended")
            else _legible(each, zone, plain=plain)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_legible(each, zone, plain=plain) for each in value]
    return value


def _moment(text: str, zone: tzinfo) -> str:
    """A moment with its zone, e.g. 2030-01-15 09:00:00 UTC+08:00."""
    if not text:
        return ""
    local = datetime.fromisoformat(text).astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"
