"""The people: a list to find them in, and a page of each."""

from flask import abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.refusals import Refused
from storage import handing_over, past, standing_in
from storage.reader import Reader
from web import organising
from web.organising import Accounts, listing
from web.organising.holding import Holding
from web.pages import here
from web.pages.failures import status_of
from web.pages.organisation.common import (
    TABLE_WORDS,
    administrators_only,
    blueprint,
    desk,
    page,
    then,
    watchers_only,
    watches,
)
from web.pages.organisation.told import history
from web.pages.wording import gettext

MOST = 200
FEW = 12


@blueprint.get("/people")
def people() -> str:
    """The directory; with filters and a past for who keeps or watches it."""
    with here.reading() as reader:
        of = then(reader)
        asked = _asked()
        accounts = Accounts.of_reader(reader)
        found = listing.people(of.snapshot, asked, accounts, mail=watches())
        after = request.args.get("after", "")
        left = [person for person in found if person.id > after]
        return page(
            "people.html",
            of,
            people=left[:MOST],
            total=len(found),
            after=left[MOST - 1].id if len(left) > MOST else "",
            asked=asked,
            accounts=accounts,
            departments=sorted(of.snapshot.units),
            posts=_posts(of.snapshot.people.values(), of.snapshot.posts),
            groups=sorted(of.snapshot.groups),
        )


def _asked() -> listing.Wanted:
    args = request.args
    state = args.get("state", "active")
    allowed = listing.STATES if watches() else ("active",)
    return listing.Wanted(
        q=args.get("q", "").strip()[:100],
        department=args.get("department", "")[:200],
        post=args.get("post", "")[:200],
        group=args.get("group", "")[:200],
        role=args.get("role", "")[:20],
        state=state if state in allowed else "active",
    )


def _posts(people: object, named: object) -> list[str]:
    held = {post for person in people for post in person.posts}  # type: ignore[attr-defined]
    return sorted({*held, *named})  # type: ignore[misc]


@blueprint.get("/people/<id>")
def person(id: str) -> str:
    """One person, as of now or of a moment."""
    return shown(id)


@blueprint.post("/people/<id>/account")
def account(id: str) -> ResponseReturnValue:
    """Disable or open an account, or set a password for once, which is shown only now."""
    administrators_only()
    act = request.form.get("act", "")
    try:
        match act:
            case "disable":
                organising.close_account(desk(), id)
                flash(gettext("The account is disabled: he is signed out everywhere."), "yes")
            case "enable":
                organising.open_account(desk(), id)
                flash(gettext("He can sign in again."), "yes")
            case "password":
                return make_response(shown(id, organising.new_password(desk(), id)), 201)
            case _:
                abort(400)
    except Refused as refused:
        if status_of(refused) == 404:
            raise
        flash(refused.sentence(here.locale()), "no")
    return redirect(url_for("organisation.person", id=id), 303)


def shown(id: str, secret: str = "") -> str:
    """The page of one person; `secret`: the password that he has just been given."""
    with here.reading() as reader:
        of = then(reader)
        found = of.snapshot.person(id)
        if found is None or not (found.active or watches()):
            abort(404)
        keeps = watches() and not of.is_past
        return page(
            "person.html",
            of,
            one=found,
            secret=secret,
            below=[p for p in of.snapshot.people.values() if p.active and id in p.superiors],
            heads=sorted(
                name for name, unit in of.snapshot.units.items() if id in (unit.head, unit.deputy)
            ),
            heir=of.snapshot.heir(id),
            standing=_standing(reader, id) if keeps else _stood(of.snapshot, id),
            handover=_handover(reader, id) if keeps else None,
            holding=Holding.of(reader, id) if keeps else None,
            account=Accounts.of_reader(reader).state(id) if keeps else "",
            version=past.version(reader, "people", id),
            told=history(reader, of, table="people", key=id, most=FEW) if watches() else None,
        )


def _standing(reader: Reader, id: str) -> list[standing_in.Kept]:
    return standing_in.in_force(reader, id, here.now())


def _stood(snapshot: object, id: str) -> list[object]:
    found = snapshot.substitutions  # type: ignore[attr-defined]
    return [
        each for some in found.values() for each in some if id in (each.person, each.substitute)
    ]


def _handover(reader: Reader, id: str) -> handing_over.Handover | None:
    return next(
        (
            each
            for each in handing_over.every(reader)
            if each.person == id and each.cancelled_at is None
        ),
        None,
    )


@blueprint.get("/organisation/changes")
def changes() -> str:
    """What was changed of the organisation, by whom and when."""
    watchers_only()
    table = request.args.get("kind", "")
    key = request.args.get("subject", "").replace("\x00", "")[:200]  # nothing has a NUL
    before = request.args.get("before", "")
    with here.reading() as reader:
        of = then(reader)
        table = table if table in TABLE_WORDS else ""
        return page(
            "changes.html",
            of,
            told=history(
                reader, of, table=table, key=key if table else "",
                before=int(before) if before.isascii() and before.isdigit() and len(before) < 18
                else None,
            ),
            kind=table,
            subject=key if table else "",
        )  # fmt: skip
