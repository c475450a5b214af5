"""The API: everything that a person can do on the pages, as JSON under `/api/v1`.

Owns its routes, what a call may say (marshmallow), the documents that it answers with, problem
documents, and the OpenAPI description. Imports forms, engine, storage, `web.pages.here`,
marshmallow, apispec and Flask. Never decides who may do what: the engine and storage's predicate
do; here their answers are only put into words.
"""

from flask import Flask

from web.api import account, attachments, deployments, exports, requests, starting, tasks
from web.api import problems as problem_documents
from web.api.calls import blueprint
from web.api.openapi import describe

__all__ = ["prepare"]

PARTS = (account, starting, requests, exports, tasks, attachments, deployments)
"""The modules whose calls stand on the blueprint."""


def prepare(app: Flask) -> None:
    """Put the API on an app."""
    problem_documents.prepare(app)
    app.register_blueprint(blueprint, url_prefix="/api/v1")
    app.extensions["openapi"] = describe()
