"""`erase`: what the law wants forgotten, with an account of it."""

from collections.abc import Mapping

import click

from engine.ids import PersonId
from storage import Database, forgetting
from storage.forgetting import NothingThere, Plan
from storage.organisation_files import read_file
from storage.organising import import_file
from web.cli.frame import fail, home, print_json, say, settings
from web.door import wall_clock

BY = PersonId("system:command line")
GONE = "(已删除)"
"""The name of a person who was forgotten."""


@click.command()
@click.argument("request", required=False)
@click.argument("seq", required=False, type=click.IntRange(min=1))
@click.argument("paths", nargs=-1)
@click.option("--reason", default="", help="Why: it stands in the account.")
@click.option("--person", help="Everything that is this person's own, instead.")
@click.option("--pattern", "patterns", multiple=True, help="Answers of his that go (repeat).")
@click.option("--apply", "apply_it", is_flag=True, help="With --person: do it, not only list it.")
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
def erase(
    request: str | None,
    seq: int | None,
    paths: tuple[str, ...],
    reason: str,
    person: str | None,
    patterns: tuple[str, ...],
    apply_it: bool,
    dry_run: bool,
    as_document: bool,
) -> None:
    """Erase PATHS (as `input.comment` or `input.answers.phone`) of entry SEQ of REQUEST (its id or
    number, or `system`), and whatever repeats them; tombstones stay, and every digest holds."""
    if (person is None) == (request is None):
        fail("Name a request, an entry and what of it, or say --person.", 2)
    database = home(settings(need_secret=False))
    only_listed = dry_run or (person is not None and not apply_it)
    if not only_listed and not reason.strip():
        fail("Say why, with --reason: it stands in the account.", 2)
    if person is not None:
        if apply_it and not dry_run:
            _rename(database, person)
        with database.read() as reader:
            what = forgetting.of_person(reader, person, patterns or forgetting.PERSONAL)
    else:
        assert request is not None
        if seq is None or not paths:
            fail("Name an entry by its number, and at least one path of it.", 2)
        what = {(_chain(database, request), seq): set(paths)}
    try:
        with database.read() as reader:
            plan = forgetting.plan(reader, what)
    except NothingThere as missing:
        fail(f"Nothing was erased: {missing.args[0]}.", 2)
    number = None
    if not only_listed and plan.what:
        number = forgetting.forget(database, plan, by=BY, at=wall_clock(), reason=reason)
    _tell(plan, number, as_document)


def _chain(database: Database, named: str) -> str:
    if named == "system":
        return named
    with database.unit_of_work() as uow:
        found = uow.find_number(named)
        return named if found is None else str(found)


def _rename(database: Database, person: str) -> None:
    """The organisation knows him by his id alone from now on, with an entry as any change has."""
    import yaml

    with database.read() as reader:
        known = database.organisation.current(reader).person(person)
    if known is None:
        fail(f"There is nobody of the id {person}.", 2)
    document = {"people": [{"id": person, "name": GONE, "email": ""}]}
    content = yaml.safe_dump(document, allow_unicode=True).encode()
    with database.write() as transaction:
        file = read_file(content, "erased.yaml")
        import_file(transaction, file, by=BY, by_name="", at=wall_clock())


def _tell(plan: Plan, number: int | None, as_document: bool) -> None:
    listed: Mapping[tuple[str, int], set[str]] = plan.what
    if as_document:
        print_json(
            {
                "erased": number is not None,
                "entry": number,
                "particulars": [
                    {"chain": chain, "seq": seq, "paths": sorted(paths)}
                    for (chain, seq), paths in sorted(listed.items())
                ],
                "attachments": sorted(plan.uploads),
            }
        )
    for (chain, seq), paths in sorted(listed.items()):
        say(f"{chain} {seq}: {', '.join(sorted(paths))}")
    if number is None:
        say(f"{plan.paths()} particulars would be erased; nothing was.")
    else:
        say(f"{plan.paths()} particulars were erased; entry {number} of the system chain says so.")
