"""Messages of ours inside marshmallow's errors, and out of them again."""

from collections.abc import Mapping

from marshmallow import ValidationError

from forms.messages import Message


def refuse(message: Message) -> ValidationError:
    """The error by which marshmallow carries a message of ours."""
    return ValidationError([message])


def flattened(errors: object, path: str = "") -> dict[str, Message]:
    """marshmallow's nested errors as one message per path, such as `documents[0].copies`."""
    if isinstance(errors, Message):
        return {path: errors}
    if isinstance(errors, Mapping):
        flat: dict[str, Message] = {}
        for key, inner in errors.items():
            flat.update(flattened(inner, _below(path, key)))
        return flat
    if isinstance(errors, list) and errors:
        return flattened(errors[0], path)
    # What marshmallow says by itself is English only; no check of ours comes to it.
    return {path: Message("填写的内容不正确", str(errors))}


def _below(path: str, key: object) -> str:
    if key == "_schema":
        return path
    if isinstance(key, int) and not isinstance(key, bool):
        return f"{path}[{key}]"
    name = str(key)[:100]
    return f"{path}.{name}" if path else name
