"""The kinds of field as marshmallow fields: what a value must be by itself, and how it is kept.

Imports the form's model and marshmallow; never conditions, options or anything of other fields.
"""

from forms.kinds.choices import MOST_ROWS
from forms.kinds.errors import flattened, refuse
from forms.kinds.numbers import written
from forms.kinds.sheets import checker, column_checker, schema_of
from forms.kinds.texts import MOST_TEXT, plain

__all__ = [
    "MOST_ROWS",
    "MOST_TEXT",
    "checker",
    "column_checker",
    "flattened",
    "plain",
    "refuse",
    "schema_of",
    "written",
]
