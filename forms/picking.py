"""A field for choosing people, put into a form that has none for it: the diagram asks for it."""

import hashlib
import json
from dataclasses import replace

from forms.kinds import schema_of
from forms.messages import Message
from forms.model import Field, Form, Options


def with_choice(
    form: Form, key: str, label: Message, *, source: str, many: bool, required: bool
) -> Form:
    """The form with one more field at its end, whose options `source` gives; the same form where
    it has a field of this key."""
    if key in form.by_key:
        return form
    raw = {
        "type": "taglist" if many else "select",
        "id": f"choose_{key}",
        "key": key,
        "label": label.zh,
        "properties": {"options": source, "label.en": label.en},
        **({"validate": {"required": True}} if required else {}),
    }
    field = Field(
        id=f"choose_{key}",
        key=key,
        kind="taglist" if many else "select",
        label=label,
        required=required,
        multiple=many,
        options=Options(source=source),
        raw=raw,
    )
    fields = (*form.fields, field)
    components = form.raw.get("components", ())
    listed = list(components) if isinstance(components, list | tuple) else []
    whole = {**form.raw, "components": [*listed, raw]}
    identity = json.dumps([form.digest, raw], ensure_ascii=False, sort_keys=True)
    return replace(
        form,
        fields=fields,
        components=(*form.components, field),
        schema=schema_of(fields),
        raw=whole,
        digest=hashlib.sha256(identity.encode()).hexdigest(),
    )
