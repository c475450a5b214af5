"""Departments, posts and groups: lists, and a page of each."""

from flask import abort

from storage import past
from web.pages import here
from web.pages.organisation.common import Then, blueprint, page, people_to_choose, then, watches
from web.pages.organisation.told import history

FEW = 12
_ROUTE = "/organisation/<any(departments, posts, groups):table>"


@blueprint.get(_ROUTE)
def units(table: str) -> str:
    """Every department, post or group."""
    with here.reading() as reader:
        of = then(reader)
        return page(
            "units.html",
            of,
            table=table,
            rows=[(key, of.inside(table, key)) for key in keys(of, table)],
        )


@blueprint.get(_ROUTE + "/<path:key>")
def unit(table: str, key: str) -> str:
    """One department, post or group."""
    with here.reading() as reader:
        of = then(reader)
        if key not in keys(of, table):
            abort(404)
        members = [each for each in of.inside(table, key) if each.active or watches()]
        return page(
            "unit.html",
            of,
            table=table,
            key=key,
            members=members,
            found=of.snapshot.units.get(key) if table == "departments" else None,
            named=table != "posts" or key in of.snapshot.posts,
            others=_others(of, {each.id for each in members}),
            version=past.version(reader, table, key),
            told=history(reader, of, table=table, key=key, most=FEW) if watches() else None,
        )


def keys(of: Then, table: str) -> list[str]:
    """What there is, sorted."""
    match table:
        case "departments":
            return sorted(of.snapshot.units)
        case "groups":
            return sorted(of.snapshot.groups)
    held = {post for person in of.snapshot.people.values() for post in person.posts}
    return sorted({*held, *of.snapshot.posts})


def _others(of: Then, members: set[str]) -> list[tuple[str, str]]:
    return [(id, name) for id, name in people_to_choose(of.snapshot) if id not in members]
