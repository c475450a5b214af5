"""Reading: frozen rows for pages and the API, each page one range of an index.

Owns every list, count and detail that is shown. Each function takes a `Reader` (one snapshot) and,
where it matters who looks, a `Viewer`; storage.visibility is the one predicate. Imports engine and
the storage modules beside it; writes nothing.
"""

from storage.queries.catalogue import (
    definition_versions,
    departments,
    owners,
    people,
    person,
    processes,
    startable,
    viewer,
)
from storage.queries.copied import copies
from storage.queries.cursors import BadCursor
from storage.queries.details import (
    flow,
    history,
    involved,
    kept_history,
    links,
    nodes,
    slots,
    whole_flow,
)
from storage.queries.externals import externals
from storage.queries.incidents import (
    administers,
    incident,
    incidents,
    incidents_of,
    late_timers,
    owns_any,
    unheld,
)
from storage.queries.names import Names
from storage.queries.notices import notices, unread_notices
from storage.queries.requests import every_request, may_see, registers, request, requests
from storage.queries.rows import (
    AttachmentRow,
    CopyRow,
    FlowRow,
    IncidentRow,
    LateTimer,
    LinkRow,
    NoticeRow,
    OpenAt,
    Page,
    PersonRef,
    ProcessRow,
    RegisterRow,
    RequestRow,
    SystemRow,
    TaskRow,
    TokenAt,
)
from storage.queries.system import system
from storage.queries.tasks import COUNTED, open_tasks, task, task_counts, tasks
from storage.queries.uploads import attachment, attachments, attachments_by_id
from storage.queries.versions import Versions
from storage.visibility import Viewer, referable

__all__ = [
    "COUNTED",
    "AttachmentRow",
    "BadCursor",
    "CopyRow",
    "FlowRow",
    "IncidentRow",
    "LateTimer",
    "LinkRow",
    "Names",
    "NoticeRow",
    "OpenAt",
    "Page",
    "PersonRef",
    "ProcessRow",
    "RegisterRow",
    "RequestRow",
    "SystemRow",
    "TaskRow",
    "TokenAt",
    "Versions",
    "Viewer",
    "administers",
    "attachment",
    "attachments",
    "attachments_by_id",
    "copies",
    "definition_versions",
    "departments",
    "every_request",
    "externals",
    "flow",
    "history",
    "incident",
    "incidents",
    "incidents_of",
    "involved",
    "kept_history",
    "late_timers",
    "links",
    "may_see",
    "nodes",
    "notices",
    "open_tasks",
    "owners",
    "owns_any",
    "people",
    "person",
    "processes",
    "referable",
    "registers",
    "request",
    "requests",
    "slots",
    "startable",
    "system",
    "task",
    "task_counts",
    "tasks",
    "unheld",
    "unread_notices",
    "viewer",
    "whole_flow",
]
