"""Putting the API on an app."""

from flask import Flask

from web.api import (
    account,
    attachments,
    deployments,
    entries,
    events,
    exports,
    fetching,
    incidents,
    notes,
    organisation,
    problems,
    releasing,
    replay,
    requests,
    snoozing,
    starting,
    statistics,
    substitutions,
    tasks,
    workers,
)
from web.api.calls import blueprint
from web.api.openapi import describe

PARTS = (
    account, starting, requests, replay, exports, statistics, tasks, attachments, deployments,
    releasing, fetching, workers, incidents, events, substitutions, organisation, snoozing, entries,
    notes,
)  # fmt: skip
"""The modules whose calls stand on the blueprint: importing them puts them there."""


def prepare(app: Flask) -> None:
    """Put the API on an app, under /api/v1."""
    problems.prepare(app)
    app.register_blueprint(blueprint, url_prefix="/api/v1")
    app.extensions["openapi"] = describe()
