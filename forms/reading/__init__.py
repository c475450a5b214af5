"""Reading a form file: JSON to a `Form`, every problem in it reported at once.

The meta-schema (`meta`) says what a file may contain, `components` walks through it, `words` makes
fields of it. Imports the model and marshmallow; never a posted value.
"""

import hashlib
import json
from collections.abc import Sequence

from forms.kinds import schema_of
from forms.model import Component, Field, Form, Group
from forms.problems import FormProblem
from forms.reading.components import Reader
from forms.reading.meta import file_words

LARGEST_FILE = 256 * 1024
"""Bytes of the largest form file read."""
MOST_PROBLEMS = 100
"""So many are told of one file."""


def read(data: bytes) -> Form:
    """The form that this file describes; raises `FormProblem` with all that is wrong with it."""
    raw = _json(data)
    words, wrong = file_words(raw)
    where = str(words.get("id", "form"))
    problems = [(where, sentence) for sentence in wrong]
    reader = Reader(problems=problems)
    components = reader.components(words.get("components", []), depth=1, hides=())
    form_fields = tuple(flat(components))
    if problems:
        raise FormProblem(_told(problems))
    return Form(
        key=words["id"],
        fields=form_fields,
        components=components,
        digest=hashlib.sha256(data).hexdigest(),
        schema=schema_of(form_fields),
        raw=raw if isinstance(raw, dict) else {},
        warnings=tuple(reader.warnings),
    )


def flat(components: Sequence[Component]) -> list[Field]:
    """The fields among these components and in their groups, in order."""
    found: list[Field] = []
    for component in components:
        if isinstance(component, Field):
            found.append(component)
        elif isinstance(component, Group):
            found.extend(flat(component.components))
    return found


def _told(problems: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The problems as they are told: not too many, and none too long."""
    told = [(where[:100], sentence[:400]) for where, sentence in problems[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        told.append(("form", f"and {len(problems) - MOST_PROBLEMS} more problems"))
    return tuple(told)


def _json(data: bytes) -> object:
    if len(data) > LARGEST_FILE:
        raise FormProblem((("form", f"larger than {LARGEST_FILE // 1024} KB"),))
    try:
        raw: object = json.loads(
            data, object_pairs_hook=_unambiguous, parse_constant=_not_json, parse_int=_small
        )
    except RecursionError:
        raise FormProblem((("form", "nested too deeply"),)) from None
    except ValueError as error:
        raise FormProblem((("form", f"not JSON: {error}"),)) from None
    return raw


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("an object has the same name twice")
    return made


def _not_json(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _small(digits: str) -> int:
    if len(digits) > 40:
        raise ValueError("a number is too long")
    return int(digits)
