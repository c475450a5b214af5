"""My account: language, theme, keys, and who I am here. Passwords and tokens are web.security's."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import refresh

from web.pages import here, language
from web.pages.wording import gettext

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
def account() -> str:
    """Who I am here, and how I like it."""
    return render_template("account/account.html", me=here.me())


@blueprint.post("/account/looks")
def looks() -> ResponseReturnValue:
    """Language, theme and keys."""
    tongue, theme = request.form.get("language"), request.form.get("theme")
    if tongue is not None:
        if tongue not in language.LANGUAGES:
            abort(400)
        session["language"] = tongue
    if theme is not None:
        if theme not in language.THEMES:
            abort(400)
        session["theme"] = theme
    if "keys" in request.form:
        session["keys"] = "off" if request.form["keys"] == "off" else "on"
    refresh()
    flash(gettext("Saved."), "yes")
    return redirect(_back(), 303)


def _back() -> str:
    """A page of ours to go back to: never an address from elsewhere."""
    to = request.form.get("next", "")
    return (
        to
        if to.startswith("/") and not to.startswith(("//", "/\\"))
        else url_for("account.account")
    )
