"""The style sheet: the blocks under static/css as one file, named by its content."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, current_app

blueprint = Blueprint("style", __name__)


@lru_cache(maxsize=4)
def _sheet(folder: str) -> tuple[str, str]:
    files = sorted(Path(folder, "css").glob("*.css"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return sha256(text.encode()).hexdigest()[:12], text


def _current() -> tuple[str, str]:
    if current_app.debug:
        _sheet.cache_clear()
    return _sheet(str(current_app.static_folder))


@blueprint.get("/style-<digest>.css")
def sheet(digest: str) -> Response:
    """The style sheet; its name changes with its content, so it may be kept for ever."""
    current, text = _current()
    if digest != current:
        abort(404)
    response = Response(text, mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = 31_536_000
    response.cache_control.immutable = True
    return response


@blueprint.app_template_global("style_digest")
def style_digest() -> str:
    """The style sheet's name."""
    return _current()[0]
