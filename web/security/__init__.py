"""Who is asking, and whether the call may be trusted: sign-in, sessions, tokens, CSRF, headers.

Owns the cookie, the throttle and the headers; keeps rows through storage.accounts. Imports
storage, Flask, argon2 and Flask-WTF. Decides no approval rule.
"""

from flask import Flask

from web.security import credentials, headers, identity, kept, signing
from web.settings import Settings

__all__ = ["prepare"]


def prepare(app: Flask, settings: Settings) -> None:
    """Ready an app: identity first, then CSRF, then the headers of every answer."""
    kept.prepare(app)
    identity.prepare(app)
    headers.prepare(app, settings)
    app.register_blueprint(signing.blueprint)
    app.register_blueprint(credentials.blueprint)
