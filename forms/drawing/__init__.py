"""A form as one person sees it now: what is visible, what he may fill in, what can be chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from forms.drawing.cells import Cells
from forms.drawing.display import text_of
from forms.drawing.items import (
    Drawing,
    DrawnField,
    DrawnGroup,
    DrawnRow,
    DrawnTable,
    DrawnText,
    Item,
)
from forms.drawing.listings import listed
from forms.drawing.view import Look, View
from forms.entitlement import Entitlement
from forms.kinds import MOST_ROWS
from forms.markdown import blocks
from forms.messages import Locale, Message
from forms.model import Component, Evaluate, Field, Form, Group, Listing, Lookup, Rights, Text
from forms.options import Choices
from forms.parsing.checking import Names
from forms.scope import Scope, without

_NO_ERRORS: Mapping[str, Message] = {}


def draw(
    form: Form,
    *,
    values: Mapping[str, object],
    rights: Rights,
    context: Mapping[str, object],
    evaluate: Evaluate,
    lookup: Lookup,
    locale: Locale,
    errors: Mapping[str, Message] = _NO_ERRORS,
    zone: tzinfo | None = None,
    today: date | None = None,
) -> Drawing:
    """What a template needs to draw the form for this person.

    `values` may be what was posted and refused. Fields that stand in no `values` start with their
    default. `zone` is the organisation's, in which date-times are shown; `today` is what
    expressions see under that name (unless the context has it).
    """
    outer = dict(context) if today is None else {"today": today.isoformat(), **context}
    entitlement = Entitlement(form, rights)
    scope = Scope(outer, evaluate)
    view = View(form, entitlement, scope)
    choices = Choices(scope, lookup)
    current = view.started(values, choices)
    cells = Cells(
        choices=choices,
        locale=locale,
        errors=errors,
        zone=zone,
        today="" if today is None else today.isoformat(),
    )
    work = _Draw(view=view, cells=cells, values=current, look=view.look(current))
    overall = errors.get("")
    return Drawing(
        items=work.items(form.components),
        locale=locale,
        error=overall.said(locale) if overall else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draw:
    """Walks the components of one form."""

    view: View
    cells: Cells
    values: Mapping[str, object]
    look: Look

    def items(self, components: Iterable[Component]) -> tuple[Item, ...]:
        drawn = (self._item(each) for each in components)
        return tuple(each for each in drawn if each is not None)

    def _item(self, component: Component) -> Item | None:
        if isinstance(component, Field):
            if component.key in self.look.hidden or component.kind == "computed":
                return None
            return self._table(component) if component.kind == "table" else self._field(component)
        if any(self.view.scope.is_true(hide, self.look.names) for hide in component.hides):
            return None
        if isinstance(component, Group):
            return self._group(component)
        if isinstance(component, Listing):
            return listed(component, self.cells, self.look.told)
        return self._text(component)

    def _group(self, group: Group) -> DrawnGroup | None:
        inner = self.items(group.components)
        label = self.cells.said(group.label, group.label_told, self.look.told)
        return DrawnGroup(id=group.id, key=group.id, label=label, items=inner) if inner else None

    def _text(self, text: Text) -> DrawnText | None:
        made = blocks(text.text.said(self.cells.locale), self._told)
        return DrawnText(id=text.id, key=text.id, blocks=made) if made else None

    def _told(self, expression: str) -> str:
        return self.cells.told(expression, self.look.told)

    def _field(self, field: Field) -> DrawnField:
        return self.cells.drawn(
            field,
            self.values.get(field.key),
            names=self.look.names,
            told=self.look.told,
            name=field.key,
            path=field.key,
            readonly=field.key not in self.look.editable,
        )

    def _table(self, table: Field) -> DrawnTable:
        readonly = table.key not in self.look.editable
        locked = self.view.entitlement.locked_columns(table)
        secret = self.view.entitlement.hidden_columns(table)
        columns = [
            column
            for column in table.columns
            if column.key not in secret and column.kind != "computed"
        ]
        fixed = table.fixed or bool(locked)
        value = self.values.get(table.key)
        rows = [r if isinstance(r, Mapping) else {} for r in _list(value)[:MOST_ROWS]]
        if not rows and not readonly:
            rows = [{} for _ in range(table.rows)]
        drawn = _Table(draw=self, table=table, columns=columns, locked=locked, readonly=readonly)
        can_grow = not (readonly or fixed or len(rows) >= MOST_ROWS)
        locale = self.cells.locale
        return DrawnTable(
            id=table.id,
            key=table.key,
            name=table.key,
            label=self.cells.said(table.label, table.label_told, self.look.told),
            description=self.cells.said(table.description, table.description_told, self.look.told),
            required=not readonly and self.cells.is_required(table, self.look.names),
            readonly=readonly,
            fixed=fixed,
            columns=drawn.headings(),
            rows=tuple(drawn.row(index, row) for index, row in enumerate(rows)),
            blank=drawn.row(len(rows), {}) if can_grow else None,
            value=[without(row, secret) for row in rows],
            text=text_of(table, rows, {}, locale, None),
            error=self.cells.error(table.key),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Draws the rows of one table."""

    draw: _Draw
    table: Field
    columns: Sequence[Field]
    locked: frozenset[str]
    readonly: bool

    def headings(self) -> tuple[DrawnField, ...]:
        return tuple(
            self.draw.cells.drawn(
                column,
                None,
                names=self.draw.look.names,
                told=self.draw.look.told,
                name=f"{self.table.key}..{column.key}",
                path="",
                readonly=self._is_readonly(column, {}),
            )
            for column in self.columns
        )

    def row(self, index: int, row: Mapping[str, object]) -> DrawnRow:
        scope, look = self.draw.view.scope, self.draw.look
        names = scope.row_names(look.names, self.table.columns, row)
        told = scope.row_names(look.told, self.columns, row)
        hidden = scope.hidden(self.table.columns, row, names)
        path = f"{self.table.key}[{index}]"
        cells = tuple(
            self.draw.cells.drawn(
                column,
                None if column.key in hidden else row.get(column.key),
                names=names,
                told=told,
                name=f"{self.table.key}.{index}.{column.key}",
                path=f"{path}.{column.key}",
                readonly=self._is_readonly(column, names),
                visible=column.key not in hidden,
            )
            for column in self.columns
        )
        return DrawnRow(index=index, cells=cells, error=self.draw.cells.error(path))

    def _is_readonly(self, column: Field, names: Names) -> bool:
        if self.readonly or column.key in self.locked or column.readonly is True:
            return True
        conditional = isinstance(column.readonly, str) and bool(names)
        return conditional and self.draw.view.scope.is_true(str(column.readonly), names)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
