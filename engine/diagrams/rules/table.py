"""A list that is not among the files gives no options and no rows."""

import re
from collections.abc import Iterator

from engine.diagrams.reads import texts
from engine.diagrams.subjects import Built, Finding, Severity
from forms import sources

NAME = "table"
SEVERITY: Severity = "warn"

LISTED = re.compile(r"\blisted\(\s*['\"]([^'\"]{1,200})['\"]")


def check(built: Built) -> Iterator[Finding]:
    """Lists that forms and expressions name and that are not there."""
    lists = built.known.lists
    if lists is None:
        return
    for form in built.forms.values():
        for key, where in sources(form):
            name = where.removeprefix("list:")
            if where.startswith("list:") and name not in lists:
                yield Finding(
                    element=form.key, message=f"{key}: the list {name} is not among the files"
                )
    for element, text in texts(built):
        for name in LISTED.findall(text):
            if name not in lists:
                yield Finding(element=element, message=f"the list {name} is not among the files")
