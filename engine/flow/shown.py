"""What a desk shows its signers, as values and as a digest (K5)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from engine.diagrams.definition import Definition
from engine.diagrams.words import NodeId, NodeWords
from engine.journal.canonical import digest, encode


def fields_shown(definition: Definition, words: NodeWords | None) -> tuple[str, ...]:
    """Keys of the fields a desk shows: the start form's and its own; an approval's desk, and one
    without a form of its own, shows every form of the process. Hidden ones left out."""
    return _fields_shown(definition, None if words is None else words.id)


@lru_cache(maxsize=4096)
def _fields_shown(definition: Definition, node: NodeId | None) -> tuple[str, ...]:
    words = None if node is None else definition.nodes[node]
    forms = definition.forms
    keys: dict[str, None] = {}
    start = forms.get(definition.process.start_form)
    if start is not None:
        keys.update(dict.fromkeys(field.key for field in start.fields))
    own = forms.get(words.form) if words is not None and words.form else None
    if own is not None:
        keys.update(dict.fromkeys(field.key for field in own.fields))
    if words is None or words.approval is not None or own is None:
        for other in definition.nodes.values():
            form = forms.get(other.form)
            for field in form.fields if form is not None else ():
                if other.approval is None or field.key in other.field_variables:
                    keys.setdefault(field.key)
    hidden = set(words.fields_hide) if words is not None else set()
    return tuple(key for key in keys if key not in hidden)


def values_shown(
    definition: Definition, words: NodeWords | None, variables: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of those fields, as they are now; null ones left out."""
    return {
        key: variables[key]
        for key in fields_shown(definition, words)
        if variables.get(key) is not None
    }


def digest_of(definition: Definition, words: NodeWords | None, variables: Mapping[str, Any]) -> str:
    """Digest of what a desk shows: changes exactly when that changes."""
    return digest(encode(values_shown(definition, words, variables))).hex()[:32]
