"""The one place where everything is wired together."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from storage import Database
from web import api, draining, pages, security
from web.door import Clock, Door, open_database, wall_clock
from web.settings import Settings

FOLDER = Path(__file__).parent


def create_app(
    settings: Settings, *, database: Database | None = None, clock: Clock = wall_clock
) -> Flask:
    """The web application: pages and API over one database. Starts no scheduler."""
    app = Flask("web", root_path=str(FOLDER))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.body_bytes,
        UNDO_SECONDS=settings.undo_seconds,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_NAME="__Host-state" if settings.secure_cookies else "countersign-state",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        COUNTERSIGN=settings,
        PROPAGATE_EXCEPTIONS=None,
    )
    app.extensions["countersign"] = Door(database or open_database(settings), clock)
    if settings.secure_cookies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    draining.prepare(app, 2 * settings.body_bytes)
    security.prepare(app, settings)
    pages.prepare(app)
    for blueprint in pages.blueprints:
        app.register_blueprint(blueprint)
    api.prepare(app)
    return app
