"""Signing in and out: a session of ours, of which only a digest is kept."""

import re
import secrets
from datetime import datetime, timedelta

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.ids import PersonId
from storage import accounts, journal
from storage.transaction import Transaction
from web.pages import here
from web.security.identity import cookie_name
from web.security.passwords import admit, is_right
from web.settings import Settings

blueprint = Blueprint("session", __name__)

_OURS = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
"""A path of this host. Browsers and libraries drop tabs and line ends and take `\\` for `/`, so
that `/<tab>/elsewhere` would lead elsewhere."""


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The page to sign in on."""
    if g.person is not None:
        return redirect(_next(), 303)
    return _page(wrong=False), 200


@blueprint.post("/sign-in")
def signed_in() -> ResponseReturnValue:
    """A session for who gives the right password; the same answer for every wrong one."""
    settings: Settings = current_app.config["COUNTERSIGN"]
    # A NUL is in nobody's id, and can't be looked for on PostgreSQL.
    person = request.form.get("person", "").replace("\x00", "\ufffd").strip()
    password = request.form.get("password", "")
    now = here.now()
    database = here.system().database
    with here.reading() as reader:
        tried = accounts.account(reader, person)
    matches = is_right(tried, password)
    with database.write() as transaction:
        organisation = database.organisation.current(transaction)
        found = organisation.person(person)
        right = admit(transaction, tried, matches, now)
        right = right and found is not None and found.active
        _record(transaction, person, right, now)
        secret = secrets.token_urlsafe(32)
        if right:
            accounts.open_session(
                transaction,
                secret,
                PersonId(person),
                now,
                ip=request.remote_addr or "",
                agent=request.headers.get("User-Agent", ""),
                expires_at=now + timedelta(hours=settings.session_hours),
            )
    if not right:
        return _page(wrong=True), 422
    session.pop("csrf_token", None)
    response = redirect(_next(), 303)
    response.set_cookie(
        cookie_name(),
        secret,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    secret = request.cookies.get(cookie_name())
    if secret:
        with here.system().database.write() as transaction:
            accounts.close_session(transaction, secret, here.now())
    response = redirect(url_for("session.sign_in"), 303)
    response.delete_cookie(
        cookie_name(), path="/", secure=current_app.config["COUNTERSIGN"].secure_cookies
    )
    return response


def _record(transaction: Transaction, person: str, right: bool, now: datetime) -> None:
    """A sign-in leaves an entry in the system chain (H1); a wrong name is not repeated there."""
    known = accounts.account(transaction, person) is not None
    if not known:
        return
    journal.record(
        transaction,
        at=now,
        body={
            "verb": "sign-in",
            "outcome": "done" if right else "refused",
            "actor": person,
            "via": "page",
        },
        particulars={"actor.origin": request.remote_addr or ""},
    )


def _page(*, wrong: bool) -> str:
    settings: Settings = current_app.config["COUNTERSIGN"]
    demo = []
    if settings.demo:
        with here.reading() as reader:
            organisation = reader.organisation.current(reader)
            demo = [
                (person, secret, organisation.person(person))
                for person, secret in settings.demo_passwords.items()
                if organisation.person(person) is not None
            ]
    return render_template(
        "session/sign_in.html",
        wrong=wrong,
        given=request.form.get("person", ""),
        next=request.values.get("next", ""),
        demo=demo,
    )


def _next() -> str:
    """A page of ours to go to: never an address from elsewhere."""
    to = request.values.get("next", "")
    return to if _OURS.fullmatch(to) else url_for("inbox.home")
