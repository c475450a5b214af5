"""Tables to read: rows that an expression gives."""

from collections.abc import Mapping

from forms.drawing.cells import Cells
from forms.drawing.display import text_of
from forms.drawing.items import DrawnField, DrawnRow, DrawnTable
from forms.kinds import MOST_ROWS
from forms.messages import Message
from forms.model import Field, Listing
from forms.parsing.checking import Names
from forms.reading.meta import MOST_COLUMNS
from forms.scope import native


def listed(listing: Listing, cells: Cells, told: Names) -> DrawnTable:
    """The table as it is now; what is no list of rows shows none."""
    columns = _columns(listing, cells, told)
    found = native(cells.choices.scope.evaluate(listing.source, told))
    rows = [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
    rows = rows[:MOST_ROWS]
    as_rows = [{column.key: row.get(column.key) for column in columns} for row in rows]
    whole = Field(id=listing.id, key=listing.id, kind="table", label=listing.label)
    return DrawnTable(
        id=listing.id,
        key=listing.id,
        name=listing.id,
        label=cells.said(listing.label, listing.label_told, told),
        description="",
        required=False,
        readonly=True,
        fixed=True,
        listing=True,
        columns=tuple(_cell(column, None, listing, None, cells, told) for column in columns),
        rows=tuple(
            DrawnRow(
                index=index,
                cells=tuple(
                    _cell(column, row[column.key], listing, index, cells, told)
                    for column in columns
                ),
            )
            for index, row in enumerate(as_rows)
        ),
        blank=None,
        value=list(as_rows),
        text=text_of(whole, as_rows, {}, cells.locale, None),
        error="",
    )


def _columns(listing: Listing, cells: Cells, told: Names) -> list[Field]:
    named = list(listing.columns)
    if listing.columns_expression:
        found = native(cells.choices.scope.evaluate(listing.columns_expression, told))
        given = found if isinstance(found, list) else []
        named = [
            (str(each["key"]), str(each.get("label") or each["key"]))
            for each in given[:MOST_COLUMNS]
            if isinstance(each, Mapping) and each.get("key")
        ]
    return [
        Field(id=f"{listing.id}.{key}", key=key, kind="text", label=Message(label))
        for key, label in dict(named).items()
    ]


def _cell(
    column: Field,
    value: object,
    listing: Listing,
    index: int | None,
    cells: Cells,
    told: Names,
) -> DrawnField:
    shown = value if value is None or isinstance(value, str) else _text(value)
    return cells.drawn(
        column,
        shown,
        names=told,
        told=told,
        name=f"{listing.id}.{'' if index is None else index}.{column.key}",
        path="",
        readonly=True,
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    return str(value)
