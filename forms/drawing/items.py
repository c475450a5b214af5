"""What a template gets to draw a form: frozen items, already in one language, only visible ones."""

from dataclasses import dataclass
from typing import Literal

from forms.markdown import Block
from forms.messages import Locale
from forms.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnOption:
    """One thing to choose; `label` in the drawing's language, `zh` and `en` as they are."""

    value: str
    label: str
    chosen: bool
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnField:
    """A field, or a cell of a table, or (without a row) a table's column for its heading."""

    item: Literal["field"] = "field"
    id: str
    """The component's id in the file."""
    key: str
    name: str
    """Of the HTML control: `title`, `documents.0.copies`."""
    label: str
    description: str
    kind: Kind
    required: bool
    readonly: bool
    value: object
    """JSON-native; None, False or [] where nothing is filled in."""
    text: str
    """The value for reading: labels of what was chosen, 是/否, grouped digits."""
    input: str
    """The value for an HTML control that takes one text (a date-time without its offset)."""
    error: str
    visible: bool = True
    """Always true of a field; false of a cell that a condition hides in its row."""
    options: tuple[DrawnOption, ...] = ()
    multiple: bool = False
    accept: str = ""
    min: str = ""
    max: str = ""
    step: str = ""
    pattern: str = ""
    """As HTML's `pattern` attribute reads it, that is, for the whole value."""
    minlength: int | None = None
    maxlength: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRow:
    """A row of a table: a cell for each of its columns, in their order."""

    index: int
    cells: tuple[DrawnField, ...]
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTable:
    """An editable table."""

    item: Literal["table"] = "table"
    id: str
    key: str
    name: str
    label: str
    description: str
    required: bool
    readonly: bool
    fixed: bool
    """Rows can be neither added nor removed."""
    columns: tuple[DrawnField, ...]
    rows: tuple[DrawnRow, ...]
    blank: DrawnRow | None
    """The next row, empty, where one can be added; names in it carry the next index."""
    value: list[object]
    text: str
    error: str
    kind: Kind = "table"
    visible: bool = True
    listing: bool = False
    """Only to be read: no field of the form, its rows are nobody's answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnText:
    """A text to read, as blocks of spans."""

    item: Literal["text"] = "text"
    id: str
    key: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGroup:
    """Items under a heading (which may be empty)."""

    item: Literal["group"] = "group"
    id: str
    key: str
    label: str
    items: tuple["Item", ...]


Item = DrawnField | DrawnTable | DrawnText | DrawnGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A form as one person sees it now."""

    items: tuple[Item, ...]
    locale: Locale
    error: str = ""
    """What is wrong with the form as a whole."""

    @property
    def fields(self) -> tuple[DrawnField | DrawnTable, ...]:
        """Its fields and tables, groups flattened."""
        return tuple(_flat(self.items))

    @property
    def editable(self) -> bool:
        """Whether anything in it can be filled in."""
        return any(not each.readonly for each in self.fields)


def _flat(items: tuple[Item, ...]) -> list[DrawnField | DrawnTable]:
    found: list[DrawnField | DrawnTable] = []
    for item in items:
        if isinstance(item, DrawnGroup):
            found.extend(_flat(item.items))
        elif isinstance(item, DrawnField) or (isinstance(item, DrawnTable) and not item.listing):
            found.append(item)
    return found
