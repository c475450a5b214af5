"""What calls answer with, as marshmallow schemas: for the OpenAPI document, and for tests, which
load every answer with them."""

from marshmallow import RAISE, Schema, fields


class Shape(Schema):
    """A document."""

    class Meta:
        unknown = RAISE


def _text() -> fields.String:
    return fields.String(required=True)


def _maybe() -> fields.String:
    return fields.String(required=True, allow_none=True)


def _whole() -> fields.Integer:
    return fields.Integer(required=True, strict=True)


def _texts() -> fields.List[str]:
    return fields.List(fields.String(), required=True)


def _data() -> fields.Dict:
    return fields.Dict(keys=fields.String(), required=True)


class Alive(Shape):
    """The system answers."""

    alive = fields.Boolean(required=True)


class Ref(Shape):
    """A person, a node: what it is called beside its id."""

    id = _text()
    name = _text()


class Counts(Shape):
    """How many wait; none counts beyond 1000."""

    todo = _whole()
    group = _whole()
    copied_unread = _whole()
    overdue = _whole()
    snoozed = _whole()
    notices_unread = _whole()


class Me(Shape):
    """Who calls."""

    id = _text()
    name = _text()
    department = _text()
    posts = _texts()
    groups = _texts()
    superiors = _texts()
    role = _text()
    counts = fields.Nested(Counts, required=True)


class Person(Shape):
    """Somebody to name."""

    id = _text()
    name = _text()
    department = _text()
    posts = _texts()


class Process(Shape):
    """A process, in its latest version."""

    key = _text()
    name = _text()
    version = _whole()
    description = _text()


class StartForm(Shape):
    """A start form (form-js) as the caller gets it."""

    process = fields.Nested(Process, required=True)
    form = _data()
    values = _data()


class RequestRef(Shape):
    """The request of a task or notice."""

    id = _text()
    number = _maybe()
    title = _text()


class TaskRequestRef(RequestRef):
    """The same with its process's key."""

    process = _text()


class TaskRow(Shape):
    """A task in a list."""

    id = _text()
    version = _text()
    request = fields.Nested(TaskRequestRef, required=True)
    node = fields.Nested(Ref, required=True)
    round = _whole()
    pass_ = fields.Integer(required=True, strict=True, data_key="pass")
    holders = fields.List(fields.Nested(Ref), required=True)
    candidates = fields.List(fields.Nested(Ref), required=True)
    due = _maybe()
    status = _text()
    opened_at = _maybe()
    decided_at = _maybe()
    decided_by = fields.Nested(Ref, required=True, allow_none=True)


class Signer(Shape):
    """One signer's place in a node, round and pass. `origin`: null (the diagram's), `added`,
    `transferred`, `delegated`; `of`: the task that it was made from; `waits`: `added` (for those
    before it), `delegate`, `undo` (decided, and can be undone until `undo_until`), null; `held`:
    decided, and counted when those after it have finished; `advice`: what a delegate advised."""

    task = _text()
    status = _text()
    person = fields.Nested(Ref, required=True, allow_none=True)
    holders = fields.List(fields.Nested(Ref), required=True)
    on_behalf_of = fields.Nested(Ref, required=True, allow_none=True)
    decided_at = _maybe()
    comment = _text()
    origin = _maybe()
    by = fields.Nested(Ref, required=True, allow_none=True)
    of = _maybe()
    mode = _maybe()
    group = _maybe()
    level = _whole()
    waits = _maybe()
    undo_until = _maybe()
    held = fields.Boolean(required=True)
    advice = _maybe()
    kept_from = fields.Integer(required=True, strict=True, allow_none=True)


class Task(TaskRow):
    """One task."""

    form = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    values = _data()
    can = _data()
    why_not = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    why = _text()
    organisation = _maybe()
    banner = _text()
    verdict = _maybe()
    votes = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    comment = _text()
    undo_until = _maybe()
    snoozed_until = _maybe()
    signers = fields.List(fields.Nested(Signer), required=True)


class Dependence(Shape):
    """What it depends on whether a desk comes (`condition`: a gateway's reads what a later desk
    gives; `event`: which comes first; `decision`: a desk does not agree), or who it is
    (`people`)."""

    kind = _text()
    at = fields.Nested(Ref, required=True)
    condition = _maybe()
    reads = fields.List(fields.Nested(Ref), required=True)
    given_by = fields.List(fields.Nested(Ref), required=True)
    text = _text()


class Foreseen(Shape):
    """A desk that a request would come to. `sure`: on every way, if all desks agree. `due_after`:
    the time that it has from when the request comes to it, where no date can be told."""

    node = fields.Nested(Ref, required=True)
    holders = fields.List(fields.Nested(Ref), required=True)
    candidates = fields.List(fields.Nested(Ref), required=True)
    groups = _texts()
    due = _maybe()
    due_after = _maybe()
    why = _text()
    sure = fields.Boolean(required=True)
    depends_on = fields.List(fields.Nested(Dependence), required=True)


class Preview(Shape):
    """The path that a request would take; `notes`: what it counts on, and what can't be known."""

    path = fields.List(fields.Nested(Foreseen), required=True)
    notes = _texts()


class RequestRow(Shape):
    """A request in a list."""

    id = _text()
    number = _maybe()
    process = _text()
    process_name = _text()
    version = _whole()
    title = _text()
    requester = fields.Nested(Ref, required=True)
    department = _text()
    status = _text()
    outcome = fields.Raw(required=True, allow_none=True)
    round = _whole()
    summary = _data()
    created_at = _text()
    submitted_at = _maybe()
    ended_at = _maybe()
    ends = _texts()


class Request(RequestRow):
    """One request."""

    variables = _data()
    open_tasks = fields.List(fields.Nested(TaskRow), required=True)
    can = _data()
    why_not = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Done(Shape):
    """A task and its request as they are now."""

    task = fields.Nested(Task, required=True)
    request = fields.Nested(Request, required=True)


class Change(Shape):
    """A field, old and new; `erased` where the law had it removed."""

    field = _text()
    old = fields.Raw(allow_none=True)
    new = fields.Raw(allow_none=True)
    erased = fields.Boolean()


class Refusal(Shape):
    """Why an attempt was refused."""

    reason = _maybe()
    sentence = _text()


class Entry(Shape):
    """One entry of the journal."""

    seq = _whole()
    at = _text()
    verb = _text()
    actor = fields.Nested(Ref, required=True)
    on_behalf_of = fields.Nested(Ref, required=True, allow_none=True)
    to = fields.List(fields.Nested(Ref), required=True)
    mode = _maybe()
    group = _maybe()
    override = fields.Boolean(required=True)
    via = _maybe()
    task = _maybe()
    node = _maybe()
    round = fields.Integer(required=True, strict=True, allow_none=True)
    pass_ = fields.Integer(required=True, strict=True, allow_none=True, data_key="pass")
    outcome = _text()
    undo_until = _maybe()
    decision = _maybe()
    comment = _maybe()
    answers = _data()
    changes = fields.List(fields.Nested(Change), required=True)
    reached = fields.List(fields.List(fields.Raw(allow_none=True)), required=True)
    digest = _text()
    refusal = fields.Nested(Refusal)


class History(Shape):
    """Every entry of a request."""

    entries = fields.List(fields.Nested(Entry), required=True)


class Incident(Shape):
    """Something that stands still."""

    id = _text()
    kind = _text()
    request = fields.Nested(TaskRequestRef, required=True)
    node = fields.Nested(Ref, required=True)
    message = _text()
    since = _text()
    attempts = _whole()


class Incidents(Shape):
    """A page of incidents."""

    items = fields.List(fields.Nested(Incident), required=True)
    next = _maybe()


class Retried(Shape):
    """What became of it, and the request as it is now."""

    incident = fields.Nested(Incident, required=True, allow_none=True)
    request = fields.Nested(Request, required=True)


class Reached(Shape):
    """Ids of the requests that a message or signal reached, and of those that it started."""

    requests = _texts()
    started = _texts()


class Attachment(Shape):
    """An upload that was kept."""

    id = _text()
    sha256 = _text()
    name = _text()
    size = _whole()


class Version(Shape):
    """A deployed version; null where it waits for a second owner."""

    key = _text()
    version = fields.Integer(required=True, strict=True, allow_none=True)


class Finding(Shape):
    """A problem or warning about a diagram."""

    element = _text()
    rule = _text()
    message = _text()


class Deployed(Shape):
    """What a deployment came to."""

    processes = fields.List(fields.Nested(Version), required=True)
    warnings = fields.List(fields.Nested(Finding), required=True)
    proposal = _maybe()


class Notice(Shape):
    """Something that the caller was told."""

    id = _text()
    kind = _text()
    request = fields.Nested(RequestRef, required=True)
    task = _maybe()
    text = _text()
    at = _text()
    read_at = _maybe()


class Read(Shape):
    """How many notices were marked."""

    read = _whole()


class Changed(Shape):
    """A field that has changed since the version that was named."""

    field = _text()
    old = fields.Raw(required=True, allow_none=True)
    new = fields.Raw(required=True, allow_none=True)


class Problem(Shape):
    """What went wrong (RFC 9457)."""

    type = _text()
    title = _text()
    status = _whole()
    detail = _text()
    reason = fields.String()
    errors = fields.Dict(keys=fields.String(), values=fields.String())
    problems = fields.List(fields.Nested(Finding))
    state = fields.Dict(keys=fields.String(), allow_none=True)
    version = fields.String(allow_none=True)
    changed = fields.List(fields.Nested(Changed))


class BatchResult(Shape):
    """What became of one task of a batch."""

    task = _text()
    status = _whole()
    problem = fields.Nested(Problem, required=True, allow_none=True)


class BatchResults(Shape):
    """A result for each task."""

    results = fields.List(fields.Nested(BatchResult), required=True)


class People(Shape):
    """People."""

    items = fields.List(fields.Nested(Person), required=True)
    next = _maybe()


class Processes(Shape):
    """Processes."""

    items = fields.List(fields.Nested(Process), required=True)
    next = _maybe()


class Requests(Shape):
    """A page of requests."""

    items = fields.List(fields.Nested(RequestRow), required=True)
    next = _maybe()


class Tasks(Shape):
    """A page of tasks."""

    items = fields.List(fields.Nested(TaskRow), required=True)
    next = _maybe()


class Notices(Shape):
    """A page of notices."""

    items = fields.List(fields.Nested(Notice), required=True)
    next = _maybe()
