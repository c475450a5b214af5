"""The triggers that keep history from being changed: whether they are there, as they were made."""

from collections.abc import Mapping

from storage.transaction import Transaction
from storage.verifying.report import Report

_SQLITE = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL = (
    "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid) || p.prosrc || t.tgenabled::text"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
    " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
)
EXPECTED = {
    "journal": {
        "journal_is_never_changed", "journal_is_never_shortened", "journal_is_erased_by_account",
    },
    "erasures": {"erasures_are_never_changed", "erasures_are_never_removed"},
}  # fmt: skip
SEALED = ("leaves", "tree", "heads", "stamps")


def expected(dialect: str) -> dict[str, str]:
    """The triggers that there have to be, and the table of each."""
    found = {name: table for table, names in EXPECTED.items() for name in names}
    for table in SEALED:
        ends = (
            ("only_grow",)
            if dialect == "postgresql"
            else ("are_never_changed", "are_never_removed")
        )
        found.update({f"{table}_{end}": table for end in ends})
    return found


def texts(reader: Transaction) -> Mapping[str, str]:
    """The triggers of an SQLite database, as they were made, by name."""
    return {name: text for name, _, text in reader.all(_SQLITE)}


def check(reader: Transaction, model: Mapping[str, str], report: Report) -> None:
    """Name the triggers that are missing, switched off or not as they were made. `model`: those of
    an SQLite database that was just made."""
    sql = _SQLITE if reader.dialect == "sqlite" else _POSTGRESQL
    there = {name: (table, text) for name, table, text in reader.all(sql)}
    for name, table in sorted(expected(reader.dialect).items()):
        found = there.get(name)
        if found is None or found[0] != table:
            report.bad("triggers", f"{name} on {table} is not there: somebody has dropped it")
        elif reader.dialect == "sqlite" and found[1] != model.get(name):
            report.bad("triggers", f"{name} on {table} is not as it was made")
        elif reader.dialect == "postgresql" and not _is_guarding(found[1]):
            report.bad("triggers", f"{name} on {table} is switched off or refuses nothing")
    report.count("triggers", len(expected(reader.dialect)))


def _is_guarding(text: str) -> bool:
    """Whether a trigger of PostgreSQL still refuses, and is switched on."""
    return "RAISE EXCEPTION" in text and text[-1] in "OA"
