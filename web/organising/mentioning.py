"""Which deployed processes name a department, post or group in their files."""

import re
from html import unescape

from storage import queries
from storage.definitions import files_of
from storage.reader import Reader

KIND = {"departments": "dept", "posts": "post", "groups": "group"}
_DIAGRAMS = (".bpmn", ".xml", ".dmn")


def processes_naming(reader: Reader, table: str, key: str) -> list[tuple[str, str]]:
    """(name, English name) of the processes whose latest version names it, as diagrams write it:
    `dept:产品部`, `post:manager@产品部`, as a candidate group, or as a text in an expression."""
    found = []
    for process in queries.processes(reader):
        for name, content in files_of(reader, process.digest).items():
            if _names(name, content.decode(errors="replace"), table, key):
                found.append((process.name or process.key, process.name_en or process.name))
                break
    return found


def _names(file: str, content: str, table: str, key: str) -> bool:
    if key not in content and key not in (content := unescape(content)):
        return False
    text, word = unescape(content), re.escape(key)
    patterns = [rf"\b{KIND[table]}:{word}(?![\w.-])"]
    if table == "departments":
        patterns.append(rf"@{word}(?![\w.-])")
    if file.endswith(_DIAGRAMS):
        # As a text of an expression or one of several groups; a drawing's labels are names.
        patterns.append(rf"(?<!name=)(['\"]){word}\1")
        patterns.append(rf"andidateGroups=\"[^\"]*(?<![\w.:@-]){word}(?![\w.-])[^\"]*\"")
    return any(re.search(pattern, text) for pattern in patterns)
