"""The OpenAPI document names every call, and nothing that is not there."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask

from web.api import prepare


def _described() -> tuple[Flask, Any]:
    app = Flask("described")
    prepare(app)
    return app, app.extensions["openapi"]


def _references(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for name, each in document.items():
            if name == "$ref":
                yield each
            yield from _references(each)
    elif isinstance(document, list):
        for each in document:
            yield from _references(each)


def test_every_call_is_described() -> None:
    app, document = _described()
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(method, path) for path, all_ in document["paths"].items() for method in all_}
    assert described == routes
    assert len(
        {each["operationId"] for path in document["paths"].values() for each in path.values()}
    ) == len(routes)


def test_every_reference_leads_somewhere() -> None:
    _, document = _described()
    for reference in set(_references(document)):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_every_call_says_what_it_is_for() -> None:
    _, document = _described()
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["summary"].endswith(".")
            assert operation["responses"]
            assert "security" in operation
