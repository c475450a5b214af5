"""The arrows between the rooms, read off the imports themselves, and what no room may contain.

`make lint` checks the arrows a second time with import-linter (`setup.cfg`).
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("forms", "engine", "storage", "web")  # each may import those before it
FLASK = {"flask", "flask_babel", "flask_login", "flask_smorest", "flask_wtf", "werkzeug"}
DATABASE = {"alembic", "psycopg", "psycopg_pool", "sqlalchemy", "sqlite3"}
NOT_BELOW = {"storage": FLASK, "engine": FLASK | DATABASE, "forms": FLASK | DATABASE}
PROCESS_KEYS = ("work-order", "change-request", "document-access", "go-live")
PROCESS_KEY = re.compile("|".join(PROCESS_KEYS))
MACHINE_PATH = re.compile(r"(?<![\w./:])/(work|root|home)/\w")
PICTURES = {".png", ".ico", ".woff2", ".gz", ".pdf", ".docx", ".xlsx", ".mo"}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def every_module() -> list[Path]:
    return [path for room in ROOMS for path in modules(room)]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def imports(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, wherever in it the import stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative imports hide the arrow"
            assert node.module
            yield node.module


def calls(path: Path) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def top(name: str) -> str:
    return name.partition(".")[0]


def committed_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.fail("git can't list what is committed here.")
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_those_below_it(room: str) -> None:
    above = set(ROOMS[ROOMS.index(room) + 1 :])
    wrong = [
        (name_of(path), name)
        for path in modules(room)
        for name in imports(path)
        if top(name) in above
    ]
    assert wrong == []


@pytest.mark.parametrize("room", NOT_BELOW)
def test_no_flask_below_web_and_no_database_below_storage(room: str) -> None:
    wrong = [
        (name_of(path), name)
        for path in modules(room)
        for name in imports(path)
        if top(name) in NOT_BELOW[room]
    ]
    assert wrong == []


def test_only_the_tokens_know_spiffworkflow() -> None:
    knowing = {
        name_of(path)
        for path in every_module()
        for name in imports(path)
        if top(name) == "SpiffWorkflow"
    }
    assert {
        name for name in knowing if not name.startswith(("engine.tokens", "web.bench"))
    } == set()


def test_forms_import_nothing_but_marshmallow_and_the_standard_library() -> None:
    known = {*sys.stdlib_module_names, "forms", "marshmallow"}
    assert {top(name) for path in modules("forms") for name in imports(path)} - known == set()


def test_nothing_of_the_tests_is_in_the_product() -> None:
    for path in every_module():
        assert not {"tests", "pytest", "hypothesis"} & {top(name) for name in imports(path)}, path


def test_no_code_is_made_at_run_time() -> None:
    for path in every_module():
        assert not {"pickle", "marshal", "shelve", "dill"} & set(imports(path)), path
        for call in calls(path):
            if isinstance(call.func, ast.Name):
                assert call.func.id not in {"eval", "exec", "compile", "__import__"}, path
            shell = [word for word in call.keywords if word.arg == "shell"]
            assert not shell, f"{name_of(path)}:{call.lineno} hands a line to a shell"


def test_there_is_one_commit_in_the_code_base() -> None:
    """One line says COMMIT to a database, and only the one door for commands asks for it."""
    product = [path for path in every_module() if not name_of(path).startswith("web.bench")]
    saying = [
        f"{name_of(path)}:{node.lineno}"
        for path in product
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and node.value == "COMMIT"
    ]
    asking = {name_of(path) for path in product for call in calls(path) if _is_commit(call)}
    assert len(saying) == 1, saying
    assert asking == {"engine.handle"}


def _is_commit(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "commit"


@pytest.mark.parametrize("room", ["engine", "storage", "web"])
def test_no_process_is_known_by_its_key(room: str) -> None:
    naming = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for suffix in ("py", "html", "js", "css")
        for path in sorted((ROOT / room).rglob(f"*.{suffix}"))
        if "vendor" not in path.parts
        for found in PROCESS_KEY.finditer(path.read_text())
    ]
    assert naming == []


def test_migrations_know_no_tables_but_their_own() -> None:
    for path in (ROOT / "storage" / "migrations").rglob("*.py"):
        if path.name != "env.py":
            assert {top(name) for name in imports(path)} <= {"alembic", "sqlalchemy", "collections"}


@pytest.mark.parametrize("room", ROOMS)
def test_the_rooms_are_ours(room: str) -> None:
    """Another package of the name (web.py is one) would be installed over ours."""
    found = find_spec(room)
    assert found
    assert found.origin == str(ROOT / room / "__init__.py")


@pytest.mark.parametrize("room", ROOMS)
def test_a_package_says_what_it_owns(room: str) -> None:
    for path in modules(room):
        assert ast.get_docstring(tree_of(path)) or not path.read_text(), f"{path} has no docstring"


def test_no_path_of_one_machine_is_committed() -> None:
    for path in committed_files():
        if path.suffix not in PICTURES and path != Path(__file__):
            found = MACHINE_PATH.search(path.read_text(errors="replace"))
            assert not found, f"{path.relative_to(ROOT)}: {found}"


def test_the_lock_files_carry_hashes_and_no_addresses() -> None:
    locks = sorted(ROOT.glob("requirements*.txt"))
    assert locks
    for path in locks:
        text = path.read_text()
        assert "://" not in text, path
        assert text.count("==") <= text.count("--hash=sha256:"), path
    for path in committed_files():
        if path.name == "package-lock.json":
            assert "://" not in re.sub(r'"url": "[^"]*"', "", path.read_text()), path
