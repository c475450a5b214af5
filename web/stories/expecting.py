"""What a story expects after a step and at its end, compared with what is there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.ids import RequestId
from engine.refusals import Invalid, Refused
from storage.queries.told import Told, told

if TYPE_CHECKING:
    from web.stories.playing import Player
    from web.stories.reading import Step, Story


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
        with self._player.database.read() as reader:
            self._known = set(told(reader))

    def turned(self) -> None:
        """Remember the versions, once what was due has fired."""
        with self._player.database.unit_of_work() as uow:
            for id in self._player.aliases.values():
                row = uow.request(id, lock=False)
                self._before[id] = row.version if row is not None else 0

    def after(self, step: "Step", refused: Refused | None) -> None:
        """Check a step's expectations."""
        wanted = dict(step.expect)
        if refused is not None and "refused" not in wanted:
            detail = errors_of(refused)
            raise Unexpected(f"refused: {refused.sentence('zh')} {detail}")
        if "refused" in wanted:
            self._refusal(wanted.pop("refused"), wanted.pop("says", ""), refused, step)
            if refused is not None and not wanted:
                return
        if "notices" in wanted or "quiet" in wanted:
            self._told(wanted.pop("notices", {}), wanted.pop("quiet", ()))
        if wanted:
            of = step.of or step.alias
            self._state(self._player.request_of(of), wanted)

    def end(self, story: "Story") -> None:
        """Check what stands at the end."""
        wanted = dict(story.end)
        if wanted and set(wanted) <= set(self._player.aliases):
            for alias, each in wanted.items():
                self._state(self._player.aliases[alias], dict(each))
        elif wanted:
            self._state(self._player.request_of(""), wanted)

    def _refusal(
        self, status: Any, says: str, refused: Refused | None, step: "Step"
    ) -> None:
        from web.stories.playing import status_of

        if refused is None:
            raise Unexpected(f"it was not refused, {status} was expected")
        sentence = f"{refused.sentence('zh')} {errors_of(refused)}"
        got = status_of(refused)
        if got != int(status) and str(status) != refused.reason:
            raise Unexpected(f"refused with {got} instead of {status}: {sentence}")
        if says and says not in sentence:
            raise Unexpected(f"the refusal says “{sentence}”, not “{says}”")
        with self._player.database.unit_of_work() as uow:
            for id, version in self._before.items():
                row = uow.request(id, lock=False)
                if row is not None and row.version != version:
                    raise Unexpected("a refused step has changed the request")

    def _told(self, wanted: Mapping[str, str], quiet: Any) -> None:
        with self._player.database.read() as reader:
            fresh = [row for row in told(reader) if row not in self._known]
        for row in fresh:
            if row.person in _people(quiet):
                raise Unexpected(f"{row.person} was told “{row.text}”, nothing was expected")
        for person, text in wanted.items():
            mine = [row.text for row in fresh if row.person == person]
            if not any(str(text) in row for row in mine):
                raise Unexpected(f"{person} was told {mine!r}, not “{text}”")

    def _state(self, id: RequestId, wanted: dict[str, Any]) -> None:
        with self._player.database.unit_of_work() as uow:
            request = uow.request(id, lock=False)
            if request is None:
                raise Unexpected("there is no such request")
            slots = uow.slots(id)
            nodes = {node.key: node for node in uow.nodes(id)}
            flow = uow.flow(id)
            entries = uow.entries(id)
            copied = uow.involved(id)
        opened: dict[str, list[str]] = {}
        whys: dict[str, str] = {}
        for slot in slots:
            if slot.status == "open":
                opened.setdefault(slot.node, []).extend(slot.holders or slot.candidates)
                whys[slot.node] = whys.get(slot.node, "") + slot.why.get("zh", "")
        for what, value in wanted.items():
            match what:
                case "open":
                    expected = {n: sorted(_people(p)) for n, p in (value or {}).items()}
                    _same("open", expected, {n: sorted(p) for n, p in opened.items()})
                case "why":
                    for node, text in value.items():
                        if text not in whys.get(node, ""):
                            raise Unexpected(f"why at {node}: {whys.get(node)!r}, not “{text}”")
                case "status" | "number" | "round" | "title":
                    _same(what, value, getattr(request, what))
                case "outcome":
                    got = request.outcome
                    if isinstance(got, Mapping) and not isinstance(value, Mapping):
                        got = got["id"]
                    _same(what, value, got)
                case "ends":
                    missing = [end for end in value if end not in request.ends]
                    if missing or request.ends[-1:] != list(value)[-1:]:
                        raise Unexpected(f"ends: {request.ends!r}, expected {value!r}")
                case "variables":
                    now = flow.root
                    for name, wish in value.items():
                        _same(f"variable {name}", plain(wish), now.get(name))
                case "copied":
                    absent = set(_people(value)) - set(copied)
                    if absent:
                        raise Unexpected(f"not copied: {sorted(absent)}")
                case "not_copied":
                    if set(_people(value)) & set(copied):
                        raise Unexpected(f"copied: {sorted(set(_people(value)) & set(copied))}")
                case "votes":
                    for node, text in value.items():
                        last = [n for n in nodes.values() if n.node == node][-1]
                        _same(f"votes at {node}", str(text), f"{last.approved}/{last.total}")
                case "kept":
                    for node, people in value.items():
                        kept = [s.signer for s in slots if s.node == node and s.kept_from and s.round == request.round]
                        _same(f"kept at {node}", sorted(_people(people)), sorted(str(k) for k in kept))
                case "history":
                    _subsequence(value, entries)
                case _:
                    raise Unexpected(f"a story can't expect “{what}”")


def errors_of(refused: Refused) -> str:
    """The errors by field of an invalid answer, as text."""
    if not isinstance(refused, Invalid):
        return ""
    return "; ".join(f"{path}: {getattr(said, 'zh', said)}" for path, said in refused.errors.items())


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
