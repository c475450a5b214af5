"""One's own password and tokens."""

import secrets

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from storage import accounts, journal
from storage.transaction import Transaction
from web.pages import here
from web.security.passwords import WeakPassword, admit, hashed, is_right

blueprint = Blueprint("credentials", __name__)


@blueprint.get("/account/credentials")
def mine() -> str:
    """My password and my tokens."""
    return _page()


@blueprint.post("/account/password")
def password() -> ResponseReturnValue:
    """A new password for who knows the old one; every session of his ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    demo = current_app.config["COUNTERSIGN"].demo
    with here.reading() as reader:
        tried = accounts.account(reader, here.me().id)
    matches = is_right(tried, old)
    with here.system().database.write() as transaction:
        if not admit(transaction, tried, matches, here.now()):
            problem = gettext("This is not your password.")
        elif new != request.form.get("again", ""):
            problem = gettext("The two new passwords differ.")
        else:
            try:
                kept = hashed(new, demo=demo and len(new) > 7)
            except WeakPassword:
                problem = gettext("A password has 12 to 200 characters.")
            else:
                accounts.set_password(transaction, here.me().id, kept, here.now())
                _record(transaction, "password.changed")
                return redirect(url_for("session.sign_in"), 303)
    return _page(problem=problem), 422


@blueprint.post("/account/tokens")
def add_token() -> ResponseReturnValue:
    """A new token, shown once."""
    name = request.form.get("name", "").replace("\x00", " ").strip()[:100]
    if not name:
        return _page(problem=gettext("Say what the token is for.")), 422
    secret = "cs_" + secrets.token_urlsafe(32)
    with here.system().database.write() as transaction:
        accounts.add_token(transaction, secret, here.me().id, here.now(), name=name)
        _record(transaction, "token.added")
    return _page(secret=secret), 201


@blueprint.post("/account/tokens/<beginning>/revoke")
def revoke(beginning: str) -> ResponseReturnValue:
    """A token is dead at once."""
    with here.system().database.write() as transaction:
        if accounts.revoke_token(transaction, here.me().id, beginning, here.now()):
            _record(transaction, "token.revoked")
            flash(gettext("The token is dead."), "yes")
    return redirect(url_for("credentials.mine"), 303)


def _record(transaction: Transaction, verb: str) -> None:
    """A change of rights leaves an entry (H1)."""
    journal.record(
        transaction,
        at=here.now(),
        body={
            "verb": verb,
            "outcome": "done",
            "actor": here.me().id,
            "via": "page",
            "subject": here.me().id,
        },
        particulars={"actor.name": here.me().name, "actor.origin": request.remote_addr or ""},
    )


def _page(*, problem: str = "", secret: str = "") -> str:
    with here.reading() as reader:
        tokens = accounts.tokens_of(reader, here.me().id, here.now())
    return render_template(
        "session/credentials.html", problem=problem, secret=secret, tokens=tokens
    )
