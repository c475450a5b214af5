"""What `setup.cfg` declares is what the rooms import."""

import configparser
import re
import sys
from importlib.metadata import packages_distributions

from tests.test_arrows import ROOMS, ROOT, every_module, imports, top


def test_what_is_imported_is_declared_with_its_exact_version() -> None:
    """And nothing else is: what is declared is imported, or named here with its reason."""
    behind_others = {
        "gunicorn",  # serves the application; started, not imported
        "psycopg",  # SQLAlchemy's driver
        "tzdata",  # the time zones, where the machine brings none
    }
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lines = setup["options"]["install_requires"].split("\n")
    lines += setup["options.extras_require"]["timestamps"].split("\n")
    declared = {_normal(re.split(r"[\[=]", line)[0]) for line in lines if "==" in line}
    assert len(declared) == len([line for line in lines if line])

    providers = packages_distributions()
    imported = {
        _normal(provider)
        for path in every_module()
        for name in imports(path)
        if top(name) not in {*sys.stdlib_module_names, *ROOMS}
        for provider in providers.get(top(name), [top(name)])
    }
    assert imported - declared == set()
    assert declared - imported - behind_others == set()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
