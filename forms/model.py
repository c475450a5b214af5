"""A form as read: its fields with every rule on them, its tree of components, and field rights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from marshmallow import Schema

from forms.messages import NOTHING, Message
from forms.patterns import Pattern

Kind = Literal[
    "text",
    "area",
    "integer",
    "decimal",
    "date",
    "time",
    "datetime",
    "checkbox",
    "radio",
    "select",
    "checklist",
    "taglist",
    "files",
    "table",
    "computed",
]
"""What a field holds and how it is filled in. Values are JSON-native: text for the first two and
for dates and times, int, decimal as text, bool, an option's value, a list of them, a list of
attachment ids, a list of rows; `computed` is whatever an expression gives, and never shown."""

CHOICES: frozenset[Kind] = frozenset({"radio", "select", "checklist", "taglist"})
LISTS: frozenset[Kind] = frozenset({"checklist", "taglist", "files", "table"})

Evaluate = Callable[[str, Mapping[str, object]], object]
"""Value of a FEEL expression (with or without a leading `=`) over these names."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose from: the value kept, and what a person reads."""

    value: str
    label: str
    label_en: str = ""


Lookup = Callable[[str], Sequence[Option]]
"""Options of a source such as `person`, `department`, `list:x`, `request:<process key>`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over the whole form that must be true of a filled-in field (`value`)."""

    condition: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where a choice's options come from; exactly one of the four is given, or none."""

    static: tuple[Option, ...] = ()
    conditions: Mapping[str, str] = field(default_factory=dict)
    """`option.<value>.if`: this option is offered only where the condition is true."""
    source: str = ""
    """`options`: resolved by the caller's lookup."""
    key: str = ""
    """`valuesKey`: the name, in the context or the form, of a list."""
    expression: str = ""
    """`valuesExpression`: FEEL that gives a list."""
    labels_en: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field, or one column of a table (which sees its own row's fields first)."""

    id: str
    key: str
    kind: Kind
    label: Message
    """Its name; the key where `label_told` says it."""
    description: Message = NOTHING
    label_told: str = ""
    """A label that is an expression or has `{{ }}` in it; empty: `label` is the label."""
    description_told: str = ""
    hides: tuple[str, ...] = ()
    """Conditions that hide it: those of the groups around it and its own."""
    readonly: bool | str = False
    """True, or a condition; nobody fills it in then."""
    default: str = ""
    """FEEL. Of a read-only field it gives the value each time (a computed field); otherwise the
    value that a form starts with."""
    initial: object = None
    """The file's `defaultValue`, used where there is no `default`."""
    required: bool = False
    required_if: str = ""
    rules: tuple[Rule, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int | None = None
    """Most decimal places; None: any."""
    step: str = ""
    pattern: Pattern | None = None
    pattern_message: Message | None = None
    from_today: bool = False
    multiple: bool = False
    accept: str = ""
    options: Options = Options()
    columns: tuple["Field", ...] = ()
    columns_readonly: frozenset[str] = frozenset()
    fixed: bool = False
    """A table whose rows can be neither added nor removed."""
    rows: int = 0
    """Rows that a table starts with (`defaultRepetitions`)."""
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def empty(self) -> object:
        """Its value where nothing is filled in: `[]`, `False` or None."""
        if self.kind in LISTS:
            return []
        return False if self.kind == "checkbox" else None

    def is_filled(self, value: object) -> bool:
        """Whether this value is more than its empty one (an unticked box is empty)."""
        return not (value is None or value is False or value == "" or value == [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to read: markdown (a small part of it), a FEEL expression, or with `{{ }}` in it."""

    id: str
    text: Message
    hides: tuple[str, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Components that stand together under a heading."""

    id: str
    label: Message
    label_told: str = ""
    components: tuple["Component", ...]
    hides: tuple[str, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table to read: rows that an expression gives, in columns that are written down or given
    by another expression (a list of `{label, key}`)."""

    id: str
    label: Message
    label_told: str = ""
    source: str
    columns: tuple[tuple[str, str], ...] = ()
    """(key, heading)."""
    columns_expression: str = ""
    hides: tuple[str, ...] = ()
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)


Component = Field | Text | Group | Listing


@dataclass(frozen=True, kw_only=True, eq=False)
class Form:
    """A form file, read and checked once; keep it, reading costs more than parsing."""

    key: str
    """The file's `id`, by which a diagram refers to it."""
    fields: tuple[Field, ...]
    """All of them in the file's order, groups flattened, tables with their columns."""
    components: tuple[Component, ...]
    digest: str
    """SHA-256 of the file's bytes, hexadecimal."""
    schema: Schema = field(repr=False)
    """What marshmallow checks posted values with: types and limits of each field."""
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)
    generated: bool = False
    """Made because the diagram names no form; takes variables of any ordinary name."""
    refused: frozenset[str] = frozenset()
    """Names that a generated form never takes."""
    warnings: tuple[tuple[str, str], ...] = ()
    """What the file has and nobody will see here: (component, sentence)."""

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        """Its fields by key."""
        return {each.key: each for each in self.fields}

    @cached_property
    def with_default(self) -> tuple[Field, ...]:
        """Its fields that start with a value, or are computed."""
        return tuple(each for each in self.fields if each.default or each.initial is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What one person may do with a form at one node (`fields.edit`, `fields.hide`).

    `table.column` names one column: in `edit`, the other columns of that table are read-only and
    its rows fixed, unless the table itself is named as well.
    """

    edit: frozenset[str] | None = None
    """Fields that may be filled in; None: all."""
    hide: frozenset[str] = frozenset()
    """Fields that are not shown, nor admitted to exist."""
