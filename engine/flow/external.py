"""External tasks: work that waits for a worker, who fetches it and says what came of it."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.case import Case
from engine.diagrams.definition import Definition
from engine.diagrams.words import ActionWords
from engine.expressions import ExpressionError, json_value
from engine.flow import incidents
from engine.flow.changing import changed_variables, held_variables
from engine.flow.failures import ActionFailed
from engine.requests import External
from engine.tokens import Open
from engine.world import World

ATTEMPTS = 3
"""How often a task is handed out before it is an administrator's, if nobody says otherwise."""
MOST_ATTEMPTS = 100
MOST_TOPIC = 500
MOST_PRIORITY = 1_000_000_000
MOST_ERROR = 4_000
"""So many characters of what a worker said went wrong are kept."""


def wait(case: Case, token: Open) -> bool:
    """Offer the work of a token to workers, once; whether the token has moved on.

    A row without attempts left whose token is not halted was just retried: it is offered anew
    with its variables as they are now. Where a worker had done it already and only its result
    could not be taken over, that is tried again.

    Raises:
        ExpressionError, ActionFailed: its topic, priority or variables can't be made out.
    """
    row = case.open_externals().get(token.key)
    if row is not None and row.retries != 0:
        return False
    if row is not None and row.given is not None:
        return finish(case, token, row, row.given)
    case.put_external(_offered(case, token))
    return False


def gone(case: Case, keys: Collection[str]) -> None:
    """Tasks whose tokens no longer stand are nobody's any more."""
    if may_wait(case):
        case.remove_externals([key for key in case.open_externals() if key not in keys])


def end(case: Case) -> None:
    """The request was returned or withdrawn, or has ended: nothing is left to work on."""
    if may_wait(case):
        case.remove_externals(list(case.open_externals()))


def may_wait(case: Case) -> bool:
    """Whether the request can have such tasks at all: most processes have none, and their
    commands should not ask the database."""
    return _has_external(case.definition)


@lru_cache(maxsize=1024)
def _has_external(definition: Definition) -> bool:
    """Whether a process has external tasks, or calls others, which may have some."""
    external = any(words.kind == "external" for words in definition.actions.values())
    return external or definition.net.calls


def words_of(case: Case, row: Open | External) -> ActionWords:
    """The diagram's words of an external task."""
    return case.definition_of(row).actions[row.node]  # type: ignore[index]


def topic_of(text: str) -> str:
    """A topic as it is kept and asked for: one line, since another system's expression that stands
    for one may have several."""
    return " ".join(text.split())


def attempts(words: ActionWords) -> int:
    """How often a task is handed out at most: its property `retries`."""
    text = words.properties.get("retries", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 4:
        return min(max(1, int(text)), MOST_ATTEMPTS)
    return ATTEMPTS


def finish(case: Case, token: Open, row: External, given: Mapping[str, Any]) -> bool:
    """Take over what a worker gave and let the token go on; whether it did.

    Where the diagram's outputs can't be made of it, the token is halted and the result is kept.
    """
    before = held_variables(case)
    try:
        writes = _results(case, row, given)
    except (ExpressionError, ValueError) as error:
        row.given, row.retries, row.error = dict(given), 0, str(error)[:MOST_ERROR]
        case.put_external(row)
        incidents.halt(case, token.key, "action", str(error))
        return False
    case.remove_externals([row.key])
    case.run.complete(token.key, writes)
    changed_variables(case, before)
    return True


def give_up(case: Case, row: External, why: str) -> None:
    """No attempts are left: the token is halted, administrators are told."""
    row.retries = 0
    case.put_external(row)
    incidents.halt(case, row.key, "worker", why)


def _offered(case: Case, token: Open) -> External:
    """The task as it is handed out: topic, priority and variables as they are now."""
    words, world = words_of(case, token), case.world(token)
    variables = case.run.variables(token.scope)
    row = External(
        request=case.request.id,
        key=token.key,
        node=token.node,
        scope=token.scope,
        definition=token.definition,
        topic=_topic(words, world, variables),
        priority=_priority(words, world, variables),
        inputs=_inputs(words, world, variables),
        created_at=case.now,
    )
    case.say("waits", token.key, row.topic)
    return row


def _topic(words: ActionWords, world: World, variables: dict[str, Any]) -> str:
    value = world.evaluate(words.topic, variables)
    topic = topic_of(value) if isinstance(value, str) else ""
    if not 0 < len(topic) <= MOST_TOPIC or not topic.isprintable():
        raise ActionFailed(f"the topic of “{words.name or words.id}” is no text: {value!r:.100}")
    return topic


def _priority(words: ActionWords, world: World, variables: dict[str, Any]) -> int:
    if not words.priority.strip():
        return 0
    value = world.evaluate(words.priority, variables)
    try:
        number = Decimal(str(value).strip())
        if not isinstance(value, bool) and number == int(number) and abs(number) <= MOST_PRIORITY:
            return int(number)
    except (ArithmeticError, ValueError):
        pass
    named = words.name or words.id
    raise ActionFailed(f"the priority of “{named}” is no whole number: {value!r:.100}")


def _inputs(words: ActionWords, world: World, variables: dict[str, Any]) -> dict[str, Any]:
    """What is mapped, in the diagram's order: a later one may read those before it."""
    found: dict[str, Any] = {}
    for name, value in words.inputs.items():
        found[name] = _made(value, {**variables, **found}, world)
    return found


def _made(value: object, variables: dict[str, Any], world: World) -> Any:
    """A mapped value: a template, or the lists and maps of templates that modelers write."""
    if isinstance(value, str):
        return json_value(world.evaluate(value, variables))
    if isinstance(value, list | tuple):
        return [_made(item, variables, world) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _made(item, variables, world) for name, item in value.items()}
    return value


def _results(case: Case, row: External, given: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes variables: the diagram's outputs; without any, what the worker gave."""
    words, world = words_of(case, row), case.world(row)
    if not words.outputs:
        return dict(given)
    scope = {**case.run.variables(row.scope), **row.inputs, **given}
    found: dict[str, Any] = {}
    for name, text in words.outputs.items():
        found[name] = _made(text, {**scope, **found}, world)
    return found
