"""The API: everything that a person can do on the pages, as JSON under `/api/v1`.

Owns its routes, what a call may say (marshmallow), the documents that it answers with, problem
documents, and the OpenAPI description. Imports forms, engine, storage, `web.pages.here`,
marshmallow, apispec and Flask. Never decides who may do what: the engine and storage's predicate
do; here their answers are only put into words.
"""

from web.api.wiring import prepare

__all__ = ["prepare"]
