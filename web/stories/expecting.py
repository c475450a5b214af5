"""What a story expects after a step and at its end, compared with what is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.ids import PersonId, RequestId
from engine.journal import Entry
from engine.refusals import Invalid, Refused
from engine.requests import Node, Request, Slot
from storage.queries.told import Told

if TYPE_CHECKING:
    from web.stories.playing import Player
    from web.stories.reading import Step, Story
    from web.stories.stage import Stage


class Unexpected(AssertionError):
    """Something else happened than the story says."""


class Expecting:
    """Compares; knows what had been written before the present step."""

    def __init__(self, player: "Player") -> None:
        self._player = player
        self._known: set[Told] = set()
        self._before: dict[RequestId, int] = {}

    def begin(self) -> None:
        """Remember where notices stand."""
        self._known = set(self._player.stage.told())

    def turned(self) -> None:
        """Remember the versions, once what was due has fired."""
        with self._player.stage.unit_of_work() as uow:
            for id in self._player.aliases.values():
                row = uow.request(id, lock=False)
                self._before[id] = row.version if row is not None else 0

    def after(self, step: "Step", refused: Refused | None) -> None:
        """Check a step's expectations."""
        wanted = dict(step.expect)
        if refused is not None and "refused" not in wanted:
            detail = errors_of(refused)
            raise Unexpected(f"refused: {refused.sentence('zh')} {detail}")
        self._stands_still(wanted.pop("incidents", []))
        if "refused" in wanted:
            self._refusal(wanted.pop("refused"), wanted.pop("says", ""), refused, step)
            if refused is not None and not wanted:
                return
        if "notices" in wanted or "quiet" in wanted:
            self._told(wanted.pop("notices", {}), wanted.pop("quiet", ()))
        if wanted:
            of = step.of or step.alias
            self._state(self._player.request_of(of), wanted)

    def _stands_still(self, wanted: Any) -> None:
        """Nothing does that a story does not name; who is to sign may well be open."""
        with self._player.stage.unit_of_work() as uow:
            found = [
                incident
                for id in self._player.aliases.values()
                for incident in uow.incidents(id)
                if incident.kind != "people"
            ]
        if sorted(incident.kind for incident in found) != sorted(wanted):
            said = "; ".join(f"{each.kind} at {each.node}: {each.message}" for each in found)
            raise Unexpected(f"it stands still: {said or 'nowhere'}")

    def end(self, story: "Story") -> None:
        """Check what stands at the end."""
        wanted = dict(story.end)
        if wanted and set(wanted) <= set(self._player.aliases):
            for alias, each in wanted.items():
                self._state(self._player.aliases[alias], dict(each))
        elif wanted:
            self._state(self._player.request_of(""), wanted)

    def _refusal(self, status: Any, says: str, refused: Refused | None, step: "Step") -> None:
        from web.stories.playing import status_of

        if refused is None:
            raise Unexpected(f"it was not refused, {status} was expected")
        sentence = f"{refused.sentence('zh')} {errors_of(refused)}"
        got = status_of(refused)
        if got != int(status) and str(status) != refused.reason:
            raise Unexpected(f"refused with {got} instead of {status}: {sentence}")
        if says and says not in sentence:
            raise Unexpected(f"the refusal says “{sentence}”, not “{says}”")
        with self._player.stage.unit_of_work() as uow:
            for id, version in self._before.items():
                row = uow.request(id, lock=False)
                if row is not None and row.version != version:
                    raise Unexpected("a refused step has changed the request")

    def _told(self, wanted: Mapping[str, str], quiet: Any) -> None:
        fresh = [row for row in self._player.stage.told() if row not in self._known]
        for row in fresh:
            if row.person in _people(quiet):
                raise Unexpected(f"{row.person} was told “{row.text}”, nothing was expected")
        for person, text in wanted.items():
            mine = [row.text for row in fresh if row.person == person]
            if not any(str(text) in row for row in mine):
                raise Unexpected(f"{person} was told {mine!r}, not “{text}”")

    def _state(self, id: RequestId, wanted: dict[str, Any]) -> None:
        state = State.of(self._player.stage, id)
        for what, value in wanted.items():
            if what in PLAIN:
                _same(what, value, getattr(state.request, what))
            elif what in CHECKS:
                CHECKS[what](state, value)
            else:
                raise Unexpected(f"a story can't expect “{what}”")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How a request stands."""

    request: Request
    slots: list[Slot]
    nodes: list[Node]
    variables: Mapping[str, Any]
    entries: list[Entry]
    involved: list[PersonId]

    @classmethod
    def of(cls, stage: "Stage", id: RequestId) -> "State":
        """Read everything that a story may expect something of."""
        with stage.unit_of_work() as uow:
            request = uow.request(id, lock=False)
            if request is None:
                raise Unexpected("there is no such request")
            return cls(
                request=request,
                slots=uow.slots(id),
                nodes=uow.nodes(id),
                variables=uow.flow(id).root,
                entries=uow.entries(id),
                involved=uow.involved(id),
            )


def _open(state: State, value: Any) -> None:
    opened: dict[str, list[str]] = {}
    for slot in state.slots:
        if slot.status == "open":
            opened.setdefault(slot.node, []).extend(slot.holders or slot.candidates)
    wanted = {node: sorted(_people(people)) for node, people in (value or {}).items()}
    _same("open", wanted, {node: sorted(people) for node, people in opened.items()})


def _why(state: State, value: Any) -> None:
    for node, text in value.items():
        whys = [s.why.get("zh", "") for s in state.slots if s.node == node and s.status == "open"]
        if text not in "".join(whys):
            raise Unexpected(f"why at {node}: {whys!r}, not “{text}”")


def _outcome(state: State, value: Any) -> None:
    got = state.request.outcome
    if isinstance(got, Mapping) and not isinstance(value, Mapping):
        got = got["id"]
    _same("outcome", value, got)


def _ends(state: State, value: Any) -> None:
    ends = state.request.ends
    if any(end not in ends for end in value) or ends[-1:] != list(value)[-1:]:
        raise Unexpected(f"ends: {ends!r}, expected {value!r}")


def _variables(state: State, value: Any) -> None:
    for name, wish in value.items():
        _same(f"variable {name}", plain(wish), state.variables.get(name))


def _copied(state: State, value: Any) -> None:
    absent = set(_people(value)) - set(state.involved)
    if absent:
        raise Unexpected(f"not copied: {sorted(absent)}")


def _not_copied(state: State, value: Any) -> None:
    present = set(_people(value)) & set(state.involved)
    if present:
        raise Unexpected(f"copied: {sorted(present)}")


def _votes(state: State, value: Any) -> None:
    for node, text in value.items():
        last = [one for one in state.nodes if one.node == node][-1]
        _same(f"votes at {node}", str(text), f"{last.approved}/{last.total}")


def _kept(state: State, value: Any) -> None:
    now = state.request.round
    for node, people in value.items():
        kept = [s for s in state.slots if s.node == node and s.kept_from and s.round == now]
        _same(f"kept at {node}", sorted(_people(people)), sorted(str(s.signer) for s in kept))


def _history(state: State, value: Any) -> None:
    _subsequence(value, state.entries)


PLAIN = frozenset({"status", "number", "round", "title"})
CHECKS: dict[str, Callable[[State, Any], None]] = {
    "open": _open,
    "why": _why,
    "outcome": _outcome,
    "ends": _ends,
    "variables": _variables,
    "copied": _copied,
    "not_copied": _not_copied,
    "votes": _votes,
    "kept": _kept,
    "history": _history,
}


def errors_of(refused: Refused) -> str:
    """The errors by field of an invalid answer, as text."""
    if not isinstance(refused, Invalid):
        return ""
    return "; ".join(
        f"{path}: {getattr(said, 'zh', said)}" for path, said in refused.errors.items()
    )


def plain(value: Any) -> Any:
    """A YAML value as JSON-native: dates as text."""
    from datetime import date

    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return value


def _subsequence(wanted: Any, entries: Any) -> None:
    rest = iter(entries)
    for want in wanted:
        for entry in rest:
            comment = entry.particulars.get("input.comment")
            row = {**entry.body, "comment": comment}
            if all(row.get(name) == value for name, value in want.items()):
                break
        else:
            raise Unexpected(f"the history has no {want} (in this order)")


def _same(what: str, wanted: Any, got: Any) -> None:
    if wanted != got:
        raise Unexpected(f"{what}: {got!r}, expected {wanted!r}")


def _people(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])
