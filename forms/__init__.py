"""What a form file means: form-js JSON, read once, is the server's word on every rule in it.

Owns: reading and checking form files, field rights, conditions and rules (evaluated by a function
that the caller hands in), posted values to `Answers` or `Invalid`, and what a page or the API
needs to show a form. Imports: marshmallow and the standard library.
Never imports: engine, storage, web; it knows no process, no person and no database.
"""

from forms.answers import Answers, Invalid, recorded
from forms.drawing import draw
from forms.drawing.export import as_json
from forms.drawing.items import (
    Drawing,
    DrawnField,
    DrawnGroup,
    DrawnOption,
    DrawnRow,
    DrawnTable,
    DrawnText,
    Item,
)
from forms.drawing.view import shown
from forms.formdata import DataField, from_form_data
from forms.generated import Wanted, generated
from forms.inventory import expressions, sources
from forms.markdown import Block, Span
from forms.messages import Message
from forms.model import Evaluate, Field, Form, Group, Lookup, Option, Rights, Rule, Text
from forms.parsing import parse
from forms.picking import with_choice
from forms.posting import from_html
from forms.problems import FormProblem
from forms.reading import read

__all__ = [
    "Answers",
    "Block",
    "DataField",
    "Drawing",
    "DrawnField",
    "DrawnGroup",
    "DrawnOption",
    "DrawnRow",
    "DrawnTable",
    "DrawnText",
    "Evaluate",
    "Field",
    "Form",
    "FormProblem",
    "Group",
    "Invalid",
    "Item",
    "Lookup",
    "Message",
    "Option",
    "Rights",
    "Rule",
    "Span",
    "Text",
    "Wanted",
    "as_json",
    "draw",
    "expressions",
    "from_form_data",
    "from_html",
    "generated",
    "parse",
    "read",
    "recorded",
    "shown",
    "sources",
    "with_choice",
]
