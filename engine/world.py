"""What expressions may ask: people, dates, this request, other requests. Every answer that comes
from outside the request is a recorded fact."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from engine.calendars import WorkCalendar
from engine.diagrams.definition import Definition
from engine.diagrams.words import EventWords, NodeId
from engine.expressions import (
    ExpressionError,
    compile_template,
    json_value,
    standard_functions,
)
from engine.flow.due import event_due
from engine.ids import RequestId
from engine.lists import list_rows
from engine.people.reasons import Reasons
from engine.tokens import Call, Net, TokensError

if TYPE_CHECKING:
    from engine.case import Case

OPEN = frozenset({"running", "returned", "suspended"})


class NothingToCall(TokensError):
    """A called process is not deployed."""

    def __init__(self, process: str, version: str) -> None:
        which = f" in version {version}" if version else ""
        super().__init__(f"the called process “{process}”{which} is not deployed")


class World:
    """The functions of interface.md ("Functions in expressions"), bound to one command."""

    def __init__(self, case: "Case", definition: Definition | None = None) -> None:
        self._case = case
        self._definition = definition
        self.reasons = Reasons()
        self._calendar: WorkCalendar | None = None

    @cached_property
    def _functions(self) -> dict[str, Callable[..., Any]]:
        """Made when an expression is first evaluated: most commands evaluate none."""
        case = self._case
        return {
            **standard_functions,
            "superior": self.superior,
            "superiors": self.superiors,
            "superiors_to": self.superiors_to,
            "head": self.head,
            "department": self.department,
            "holders": self.holders,
            "now": lambda: case.now.astimezone(self.calendar.zone),
            "today": self.today,
            "workdays": self.workdays,
            "workdays_between": self.workdays_between,
            "endOf": lambda day: self.calendar.end_of(_day(day)),
            "at": lambda day, time: self.calendar.at(_day(day), time),
            "participants": self.participants,
            "actor": self.actor,
            "request": self.request,
            "requests": lambda ids: [self.request(id) for id in _listed(ids)],
            "linked": self.linked,
            "draft": self.draft,
            "listed": self.listed,
        }

    @property
    def calendar(self) -> WorkCalendar:
        """The organisation's working calendar, or the department's for which it counts (X5)."""
        return self._calendar or self._case.uow.calendar

    def count_for(self, department: str) -> bool:
        """Count working days as a department does from now on; whether it has a calendar of its
        own."""

        def live() -> dict[str, bool] | None:
            found = self._case.uow.directory.department(department)
            return dict(found.days) or None if found is not None else None

        # The organisation's is the usual one: only another one is kept with the entry.
        days = self._case.facts.remark(["calendar of", department], live, None)
        if days:
            known = {date.fromisoformat(day): worked for day, worked in days.items()}
            self._calendar = self._case.uow.calendar.with_days(known)
        return bool(days)

    @property
    def definition(self) -> Definition:
        """The version of the process whose expressions are evaluated: the request's own, or one
        that it calls."""
        return self._definition or self._case.definition

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """By name, as expressions call them."""
        return self._functions

    # ---- what tokens ask while they move (engine.tokens.World)

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What halts a token, beside what tokens raise themselves."""
        from engine.flow.failures import FAILURES

        return FAILURES

    def evaluate(self, expression: str, variables: Mapping[str, object]) -> object:
        """The value of a template."""
        return compile_template(expression).evaluate(self._seen(variables), self._functions)

    def holds(self, expression: str, variables: Mapping[str, object]) -> bool:
        """Whether a condition holds; null does not."""
        return compile_template(expression).holds(self._seen(variables), self._functions)

    def awaited(self, expression: str, variables: Mapping[str, object]) -> bool:
        """Whether a condition that is waited for holds: not while what it reads is not set."""
        try:
            return self.holds(expression, variables)
        except ExpressionError:
            if compile_template(expression).reads <= self._seen(variables).keys():
                raise
            return False

    def _seen(self, variables: Mapping[str, object]) -> Mapping[str, object]:
        """Who asks is known in a called process too, whatever it was handed."""
        if "initiator" in variables or self._case is None:
            return variables
        request = self._case.request
        own = {"initiator": request.requester, "me": request.id}
        return {**own, self.definition.process.initiator_variable: request.requester, **variables}

    def due(self, event: EventWords, variables: Mapping[str, object]) -> datetime | None:
        """When a timer event is due, by the command's clock."""
        due = event_due(event, variables, self, self._case.now)
        return None if due is None else due.astimezone(UTC)

    def called(self, call: Call, variables: Mapping[str, object]) -> str:
        """The digest of the version that a call which begins now runs: a recorded fact.

        Raises:
            NothingToCall: there is no such process or version.
        """
        process = str(self.evaluate(call.process, variables) or "")
        version = str(self.evaluate(call.version, variables) or "") if call.version else ""
        of = self.definition.digest
        question = ["called", process, call.binding, version, of[:16]]

        def live() -> str | None:
            found = self._case.uow.called(process, call.binding, version, of)
            return None if found is None else found.digest

        digest: str | None = self._case.facts.ask(question, live)
        if digest is None:
            raise NothingToCall(process, version)
        return digest

    def net(self, digest: str) -> Net:
        """The compiled net of that version."""
        return self._case.version(digest).net

    def within(self, digest: str) -> "World":
        """The world of a called process's scope: its own lists, nodes and names."""
        return World(self._case, self._case.version(digest)) if digest else self

    # ---- people

    def person(self, id: Any) -> dict[str, Any] | None:
        """A person as a map, or null."""
        if not isinstance(id, str) or not id:
            return None

        def live() -> dict[str, Any] | None:
            found = self._case.uow.directory.person(id)
            if found is None:
                return None
            row: dict[str, Any] = {"name": found.name, "department": found.department}
            if found.superiors:
                row["superiors"] = list(found.superiors)
            if not found.active:
                row["inactive"] = True
            if found.role == "auditor":
                row["watches"] = True  # and takes no part: nobody puts a task into his hands
            return row

        found = self._case.facts.ask(["person", id], live)
        return None if found is None else dict(found)

    def superior(self, id: Any) -> Any:
        """The superior of a person: an id, a list where there are several, or null."""
        person = self.person(id)
        superiors = (person or {}).get("superiors", [])
        if not superiors:
            return None
        name = (person or {})["name"]
        self.reasons.note(superiors, f"{name}的上级", f"superior of {name}")
        return superiors[0] if len(superiors) == 1 else list(superiors)

    def superiors(self, id: Any, levels: Any) -> list[str]:
        """The superiors of a person, so many levels up, the nearest first; a line that ends before
        counts as empty."""
        line: list[str] = []
        below = [id]
        for _ in range(max(int(levels), 0)):
            below = self._above(below, line)
            if not below:
                return []
            line += below
        return line

    def superiors_to(self, id: Any, post: str) -> list[str]:
        """The superiors of a person up to the first who holds a post, the nearest first; a line
        that ends before counts as empty."""
        holders = set(self.members("post", post))
        line: list[str] = []
        below = [id]
        while below := self._above(below, line):
            line += below
            if not holders.isdisjoint(below):
                return line
        return []

    def _above(self, people: list[Any], seen: list[str]) -> list[str]:
        """The superiors of these, without those already met: the line may turn back on itself."""
        found = [each for one in people for each in _listed(self.superior(one))]
        return [each for each in dict.fromkeys(found) if each not in seen and each not in people]

    def department_row(self, name: str) -> dict[str, Any] | None:
        """A department's short name, head and deputy."""

        def live() -> dict[str, Any] | None:
            found = self._case.uow.directory.department(name)
            if found is None:
                return None
            row: dict[str, Any] = {"short": found.short}
            if found.head:
                row["head"] = found.head
            if found.deputy:
                row["deputy"] = found.deputy
            return row

        row: dict[str, Any] | None = self._case.facts.ask(["department", name], live)
        return row

    def head(self, name: Any) -> Any:
        """The head of a department, or null; of several, those that there are."""
        if isinstance(name, list | tuple):
            return [head for one in name if (head := self.head(one)) is not None]
        row = self.department_row(name) if isinstance(name, str) and name else None
        head = (row or {}).get("head")
        self.reasons.note(head, f"{name}负责人", f"head of {name}")
        return head

    def department(self, id: Any) -> Any:
        """The name of a person's department, or null; of several people, each once."""
        if isinstance(id, list | tuple):
            found = [self.department(one) for one in id]
            return [name for name in dict.fromkeys(found) if name]
        return (self.person(id) or {}).get("department") or None

    def holders(self, post: str, department: str = "") -> list[str]:
        """Who holds a post, in a department if one is named."""
        found = self.members("post", post, department)
        where = f"{department}的 {post}" if department else f"岗位 {post}"
        self.reasons.note(found, where, f"{post} in {department}" if department else f"post {post}")
        return found

    def members(self, kind: str, name: str, department: str = "") -> list[str]:
        """Active members of a department, post or group."""
        question = ["members", kind, name] + ([department] if department else [])
        members = self._case.facts.ask(
            question, lambda: list(self._case.uow.directory.members(kind, name, department))
        )
        return list(members)

    def group_kind(self, name: str) -> str:
        """What a bare group name means."""
        kind: str = self._case.facts.ask(
            ["group", name], lambda: self._case.uow.directory.resolve_group(name)
        )
        return kind

    def standing_in(self, id: str) -> str | None:
        """Who stands in for a person in requests of this process now (T4)."""
        case = self._case
        process = case.request.process

        def live() -> str | None:
            return case.uow.directory.standing_in(id, process, case.now)

        found: str | None = case.facts.remark(["stands in", id], live, None)
        return found

    def heir(self, id: str) -> str:
        """Who has what a person would have: himself, or whom he has handed over to (T7), and so
        on along the line to somebody who is active."""
        line = [id]
        while (after := self._handed_over(line[-1])) is not None and after not in line:
            line.append(after)
        return next((p for p in reversed(line) if self.is_active(p)), id) if line[1:] else id

    def _handed_over(self, id: str) -> str | None:
        case = self._case
        found: str | None = case.facts.remark(
            ["handed over", id], lambda: case.uow.directory.heir(id), None
        )
        return found

    def is_active(self, id: str) -> bool:
        """Whether there is such a person and he is active."""
        row = self.person(id)
        return row is not None and not row.get("inactive")

    def takes_part(self, id: str) -> bool:
        """Whether a task can come into his hands: he is active, and no auditor, who only reads."""
        row = self.person(id)
        return row is not None and not row.get("inactive") and not row.get("watches")

    def owners(self) -> list[str]:
        """Whom the process belongs to."""
        case = self._case
        process = case.request.process
        found = case.facts.ask(["owners", process], lambda: list(case.uow.owned_by(process)))
        return list(found)

    # ---- days

    def today(self) -> date:
        """Today in the organisation's zone."""
        return self._case.now.astimezone(self.calendar.zone).date()

    def workdays(self, day: Any, n: Any) -> date:
        """`n` working days after (or before) a date."""
        return self.calendar.add_workdays(_day(day), int(n))

    def workdays_between(self, a: Any, b: Any) -> int:
        """How many working days `b` is after `a`."""
        return self.calendar.workdays_between(_day(a), _day(b))

    # ---- this request and others

    def participants(self, ids: Any = None) -> list[str]:
        """Everyone who holds or held a task of a request, or of any of several."""
        found: list[str] = []
        for target in _listed(ids) or [self._case.request.id]:
            found += self._case.facts.ask(
                ["participants", target], partial(self._participants, target)
            )
        return list(dict.fromkeys(found))

    def _participants(self, target: str) -> list[str]:
        return list(self._case.uow.participants(RequestId(target)))

    def actor(self, node: str) -> Any:
        """Who ended a node of this request (in a called process: of that) last: completed,
        approved or rejected it."""
        here = self._definition.digest if self._definition is not None else ""
        slots = [*self._case.uow.slots(self._case.request.id), *self._case.slots.values()]
        found = [s for s in slots if (s.node, s.definition) == (node, here) and s.decided_by]
        last = max(found, key=lambda slot: (slot.decided_at, slot.ordinal), default=None)
        if last is None:
            return None
        name = self.definition.names.get(NodeId(node)) or node
        self.reasons.note(last.decided_by, f"“{name}”的办理人", f"who did “{name}”")
        return last.decided_by

    def request(self, id: Any) -> Any:
        """A request as a map: its own fields, and its variables."""
        if not isinstance(id, str) or not id:
            return None
        if id == self._case.request.id:
            raise ValueError("a request reads its own variables by their names")
        return self._case.facts.ask(["request", id], lambda: read_request(self._case, id))

    def linked(self, field: str, ids: Any = None) -> list[Any]:
        """The open requests that refer to this one (or those named) through a field of theirs."""
        targets = _listed(ids) or [self._case.request.id]
        found = [source for target in targets for source in self._sources(field, target)]
        me = self._case.request.id
        rows = [self.request(id) for id in dict.fromkeys(found) if id != me]
        return [row for row in rows if row is not None and row["status"] in OPEN]

    def _sources(self, field: str, target: str) -> list[str]:
        sources = self._case.facts.ask(
            ["linked", field, target],
            lambda: [
                link.source
                for link in self._case.uow.linked(RequestId(target))
                if link.field == field
            ],
        )
        return list(sources)

    def draft(self, node: str, field: str) -> Any:
        """What the saved draft of the open task at a node holds under a field, or null."""

        def live() -> Any:
            for slot in self._case.uow.slots(self._case.request.id, status="open"):
                if slot.node == node:
                    saved = self._case.uow.task_draft(self._case.request.id, slot.ordinal)
                    return (saved or {}).get(field)
            return None

        return self._case.facts.ask(["draft", node, field], live)

    def listed(self, name: str, key: Any) -> Any:
        """A row of a list that was deployed beside the diagram, as a map, or null; for a list of
        keys the rows that there are."""
        rows = list_rows(self.definition, name)
        if isinstance(key, list | tuple):
            return [rows[str(one)] for one in key if str(one) in rows]
        return rows.get(str(key))


class TokensWorld(World):
    """The same, as tokens ask it: what they are given becomes variables and is kept, as data."""

    def evaluate(self, expression: str, variables: Mapping[str, object]) -> object:
        """The value of a template, JSON-native."""
        return json_value(super().evaluate(expression, variables))

    def due(self, event: EventWords, variables: Mapping[str, object]) -> datetime | None:
        """When a timer event is due; its text is read as it is."""
        return World(self._case, self._definition).due(event, variables)

    def within(self, digest: str) -> "World":
        """The world of a called process's scope."""
        return TokensWorld(self._case, self._case.version(digest)) if digest else self


def function_names() -> frozenset[str]:
    """Every function that a diagram's expressions may call."""
    return frozenset(World(cast("Case", None)).functions)


def read_request(case: "Case", id: str) -> dict[str, Any] | None:
    """Another request as expressions see it."""
    other = case.uow.request(RequestId(id), lock=False)
    if other is None or other.status == "draft":
        return None
    flow = case.uow.flow(other.id)
    variables = flow.root
    return {
        **variables,
        "id": other.id,
        "number": other.number,
        "process": other.process,
        "title": other.title,
        "status": other.status,
        "outcome": other.outcome,
        "requester": other.requester,
        "department": other.department,
    }


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    raise ValueError(f"{value!r} is not a date")


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
