"""Processes, people and departments: what can be started and who can be named."""

from engine.diagrams.words import ProcessWords
from engine.ids import PersonId
from engine.people.directory import Department, Person
from storage.moments import moment
from storage.organisation import Snapshot
from storage.queries.names import Names
from storage.queries.rows import ProcessRow
from storage.reader import Reader
from storage.search import fold
from storage.transaction import Row
from storage.visibility import Viewer

_VERSION = "process, name, name_en, digest, version, deployed_at, deployed_by"


def processes(reader: Reader) -> tuple[ProcessRow, ...]:
    """The latest version of every process, in the order of first deployment."""
    rows = reader.all(
        f"SELECT {_VERSION} FROM definitions d WHERE version = (SELECT MAX(version)"  # noqa: S608
        " FROM definitions o WHERE o.process = d.process)"
        " ORDER BY (SELECT MIN(place) FROM definitions o WHERE o.process = d.process)"
    )
    names = Names(reader)
    return tuple(_process(names, row) for row in rows)


def startable(reader: Reader, viewer: Viewer) -> tuple[ProcessRow, ...]:
    """The processes that the viewer may start: those of which he is a candidate starter, and
    those that name none."""
    organisation = reader.organisation.current(reader)
    return tuple(
        row
        for row in processes(reader)
        if _may_start(organisation, viewer, reader.definitions.process(reader, row.digest))
    )


def _may_start(organisation: Snapshot, viewer: Viewer, words: ProcessWords) -> bool:
    if not words.starter_users and not words.starter_groups:
        return True
    return viewer.person in words.starter_users or any(
        viewer.person in organisation.written(group) for group in words.starter_groups
    )


def definition_versions(reader: Reader, process: str) -> tuple[ProcessRow, ...]:
    """Every version of a process, the newest first."""
    rows = reader.all(
        f"SELECT {_VERSION} FROM definitions WHERE process = ? ORDER BY version DESC",  # noqa: S608
        (process,),
    )
    names = Names(reader)
    return tuple(_process(names, row) for row in rows)


def owners(reader: Reader, process: str) -> tuple[PersonId, ...]:
    """Whose process it is, sorted."""
    rows = reader.all("SELECT person FROM owners WHERE process = ?", (process,))
    return tuple(sorted(PersonId(row[0]) for row in rows))


def people(
    reader: Reader, q: str = "", limit: int = 50, *, mail: bool = False
) -> tuple[Person, ...]:
    """Active people whose id, name or department contains the text, or whose e-mail address is it
    (with `mail`: contains it), by id."""
    wanted = fold(q)
    everybody = reader.organisation.current(reader).people
    found = (
        everybody[id]
        for id in sorted(everybody)
        if everybody[id].active and has_words(everybody[id], wanted, mail=mail)
    )
    return tuple(person for person, _ in zip(found, range(limit), strict=False))


def person(reader: Reader, id: str) -> Person | None:
    """A person of the organisation, active or not."""
    return reader.organisation.current(reader).person(id)


def viewer(reader: Reader, id: str) -> Viewer | None:
    """The person as the one who looks; None if he is not in the organisation."""
    organisation = reader.organisation.current(reader)
    found = organisation.person(id)
    return None if found is None else Viewer.of(organisation, found)


def departments(reader: Reader) -> tuple[Department, ...]:
    """Every department, by name."""
    units = reader.organisation.current(reader).units
    return tuple(units[name] for name in sorted(units))


def has_words(person: Person, words: str, *, mail: bool) -> bool:
    """Whether a person's id, name or department has these (folded) words, or his address: a part
    of it only with `mail`, else nobody could be kept from guessing addresses."""
    if any(words in fold(text) for text in (person.id, person.name, person.department)):
        return True
    address = fold(person.email)
    return words in address if mail else bool(words) and words == address


def _process(names: Names, row: Row) -> ProcessRow:
    key, name, name_en, digest, version, deployed_at, by = row
    return ProcessRow(
        key=key,
        name=name,
        name_en=name_en,
        digest=digest,
        version=version,
        deployed_at=moment(deployed_at),
        by=names.person(by),
    )
