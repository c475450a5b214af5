"""Who asks: a bearer token, or the session cookie; and CSRF for whoever comes with a cookie."""

from datetime import timedelta

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from engine.people.directory import Person
from storage import accounts
from storage.visibility import Viewer
from web.pages import here
from web.settings import Settings

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OPEN = frozenset(
    {
        "static",
        "style.sheet",
        "account.looks",
        "session.sign_in",
        "session.signed_in",
        "api.openapi",
        "api.alive",
    }
)
"""Endpoints that need nobody to be signed in."""
CHANGING = frozenset({"credentials.mine", "credentials.password", "session.sign_out"})
"""Endpoints for who has to choose a password of his own first."""
SEEN_EVERY = timedelta(minutes=5)

csrf = CSRFProtect()


def prepare(app: Flask) -> None:
    """Find out who asks before every view; refuse what needs somebody and has nobody."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)
    app.before_request(_can_be_kept)
    app.before_request(_who)
    app.before_request(_trusted)
    app.before_request(_own_password)


def cookie_name() -> str:
    """The session cookie's name: bound to this host where there is TLS."""
    settings: Settings = current_app.config["COUNTERSIGN"]
    return "__Host-countersign" if settings.secure_cookies else "countersign"


def _can_be_kept() -> None:
    """Nothing has a NUL in its address, and PostgreSQL would not even look for it."""
    if "\x00" in request.path:
        abort(404)


def _who() -> None:
    """g.person and g.viewer, or None; a disabled or inactive person is nobody at once."""
    g.person = g.viewer = g.by = None
    g.must_change = False
    secret, by = _secret()
    if secret is None:
        return
    now = here.now()
    with here.reading() as reader:
        find = accounts.token if by == "token" else accounts.session
        found: accounts.Token | accounts.Session | None = find(reader, secret, now)
        if found is None:
            return
        organisation = reader.organisation.current(reader)
        person: Person | None = organisation.person(found.person)
        if person is None or not person.active:
            return
        g.person, g.by = person, by
        g.must_change = isinstance(found, accounts.Session) and found.must_change
        g.viewer = Viewer.of(organisation, person)
    if isinstance(found, accounts.Session) and now - found.seen_at > SEEN_EVERY:
        settings: Settings = current_app.config["COUNTERSIGN"]
        until = now + timedelta(hours=settings.session_hours)
        with here.system().database.write() as transaction:
            accounts.touch_session(transaction, secret, now, expires_at=until)


def _secret() -> tuple[str | None, str]:
    header = request.headers.get("Authorization", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip() or None, "token"
    return request.cookies.get(cookie_name()), "session"


def _trusted() -> None:
    """Everybody but a pure bearer call brings the CSRF token; everything but the door needs a
    signed-in person."""
    endpoint = request.endpoint or ""
    pure_bearer = g.by == "token" and cookie_name() not in request.cookies
    if request.method in UNSAFE and not pure_bearer and (g.person is not None or endpoint in OPEN):
        csrf.protect()
    if g.person is None and endpoint and endpoint not in OPEN:
        abort(401)


def _own_password() -> ResponseReturnValue | None:
    """Who signed in with a password that he was given chooses his own before anything else."""
    endpoint = request.endpoint or ""
    if not g.must_change or not endpoint or endpoint in OPEN or endpoint in CHANGING:
        return None
    if request.path.startswith("/api/"):
        abort(403)
    return redirect(url_for("credentials.mine"), 303)
