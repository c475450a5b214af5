"""What one person's rights come to on one form: which fields and columns are his to fill in."""

from functools import lru_cache

from forms.model import Field, Form, Rights


class Entitlement:
    """Rights applied to a form."""

    __slots__ = ("_rights", "editable", "hidden")

    def __init__(self, form: Form, rights: Rights) -> None:
        self._rights = rights
        self.hidden = rights.hide
        """Keys (and `table.column`) that are not shown."""
        edit = rights.edit
        named = None if edit is None else {key.partition(".")[0] for key in edit}
        self.editable = frozenset(
            each.key
            for each in form.fields
            if each.readonly is not True
            and each.key not in rights.hide
            and (named is None or each.key in named)
        )
        """Keys of the fields that may be filled in, as far as the file itself does not change
        that by a condition."""

    def computes(self, field: Field, mine: frozenset[str]) -> bool:
        """Whether filling in the form here, where only `mine` can be filled in by hand, gives
        this read-only field its value anew."""
        edit = self._rights.edit
        return (
            bool(field.default)
            and field.readonly is not False
            and field.key not in mine
            and (edit is None or field.key in edit)
        )

    def hidden_columns(self, table: Field) -> frozenset[str]:
        """Columns of this table that are not shown."""
        return frozenset(
            column.key for column in table.columns if f"{table.key}.{column.key}" in self.hidden
        )

    def locked_columns(self, table: Field) -> frozenset[str]:
        """Columns of this table that stay as they are, for everybody or for this person."""
        edit = self._rights.edit
        if edit is None or table.key in edit:
            return table.columns_readonly
        others = {c.key for c in table.columns if f"{table.key}.{c.key}" not in edit}
        return table.columns_readonly | others


@lru_cache(maxsize=4096)
def entitlement_of(form: Form, rights: Rights) -> Entitlement:
    """The same for the same form and rights, which do not change: a node's are asked for with every
    decision."""
    return Entitlement(form, rights)
