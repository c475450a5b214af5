"""Whatever is posted wherever, by whomever: an answer below 500, as documented, and a journal that
replays to the same state."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import Database
from tests.api.callers import Caller
from tests.api.conftest import As
from tests.api.examples import ACCESS, asked, task_of
from web.api.calls import CALLS, Call
from web.replaying import replayed

PEOPLE = ("business.officer", "fulfilment.manager", "sales.manager", "admin", "auditor", "owner")
FUZZED = [call for call in CALLS if call.name != "deploy"]

words = st.one_of(
    st.sampled_from(
        ["", "approve", "initiator", "gm", "mine", "todo", "csv", "0", "1", "200", "\x00",
         "\ud800", "〇", "=1+1", "../..", "%", "approval_verdict", "_x", "execution"]
    ),
    st.text(max_size=20),
)  # fmt: skip
numbers = st.one_of(st.integers(), st.sampled_from([2**63, -(2**53), 10**400]))
scalars = st.one_of(st.none(), st.booleans(), numbers, words)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
)


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Sensible answers with some of them spoilt, left out or added."""
    found: dict[str, Any] = dict(ACCESS)
    spoilt = [name for name in ACCESS if name != "from"]
    for name in draw(st.lists(st.sampled_from([*spoilt, "copy_consent", "x"]), max_size=3)):
        if draw(st.booleans()):
            found.pop(name, None)
        else:
            found[name] = draw(values)
    return found


bodies = st.one_of(
    values,
    st.fixed_dictionaries(
        {},
        optional={
            "process": st.sampled_from(["document-access", "work-order"]) | words,
            "answers": answers() | values,
            "draft": st.booleans() | values,
            "comment": words | values,
            "to": words | values,
            "verb": st.sampled_from(["approve", "claim", "return"]) | values,
            "tasks": st.lists(words, max_size=3) | values,
            "ids": values,
            "nonsense": values,
        },
    ),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Idempotency-Key": st.sampled_from(["a", "b", "c d", "x" * 201]),
        "If-Match": st.sampled_from(["*", '"1.x"', 'W/"2"', "\u00e9"]),
        "Accept-Language": st.sampled_from(["en", "zh", "xx;q=rubbish"]),
        "Content-Type": st.sampled_from(["application/json", "text/plain", "multipart/form-data"]),
    },
)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Call, str, bytes, dict[str, str], dict[str, str]]:
    """Who calls what, about which of what is there, saying what."""
    call = draw(st.sampled_from(FUZZED))
    names = [*call.query().load_fields] if call.query else ["q"]
    query = draw(st.dictionaries(st.sampled_from(names), words, max_size=3))
    written = json.dumps(draw(bodies)).encode()
    body = draw(st.one_of(st.just(written), st.just(written[:-1]), st.binary(max_size=40)))
    id = draw(st.sampled_from(["request", "task", "claimable", "draft", "x-1"]))
    return draw(st.sampled_from(PEOPLE)), call, id, body, draw(headers), query


def _prepared(as_: As) -> tuple[dict[str, Caller], dict[str, str]]:
    """People, and one of each thing to call about."""
    people = {person: as_(person) for person in PEOPLE}
    made = asked(people["business.officer"])
    draft = people["business.officer"].post(
        "/requests", {"process": "document-access", "draft": True}
    )
    second = asked(people["business.officer"])
    task = task_of(second, "approval")
    handed = people["fulfilment.manager"].post(f"/tasks/{task}/approve", {}).ok()
    ids = {
        "request": made["id"],
        "task": task_of(made, "approval"),
        "claimable": handed["request"]["open_tasks"][0]["id"],
        "draft": draft["id"],
        "x-1": "x-1",
    }
    return people, ids


def test_anything_posted_anywhere(home: Database, as_: As) -> None:
    people, ids = _prepared(as_)

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(calls())
    def post(case: tuple[str, Call, str, bytes, dict[str, str], dict[str, str]]) -> None:
        person, call, about, body, sent, query = case
        path = call.path.replace("<id>", ids[about]).replace("<key>", "document-access")
        kind = sent.pop("Content-Type", "application/json")
        safe = {name: each.encode().decode("latin-1") for name, each in sent.items()}
        asked_for = {name: each.encode("utf-8", "replace") for name, each in query.items()}
        people[person].call(
            call.method, path, data=body, content_type=kind, headers=safe, **asked_for
        )

    post()
    assert list(replayed(home)) == []


def test_a_date_that_is_missing_is_the_answers_mistake(as_: As) -> None:
    given = {name: each for name, each in ACCESS.items() if name != "from"}
    body = {"process": "document-access", "answers": given}
    assert as_("business.officer").post("/requests", body).no(422)["errors"].keys() >= {"from"}


def test_answers_of_any_shape(home: Database, as_: As) -> None:
    officer = as_("business.officer")

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(answers())
    def submit(given: dict[str, Any]) -> None:
        said = officer.post("/requests", {"process": "document-access", "answers": given})
        assert said.status in (201, 400, 422)

    submit()
    assert list(replayed(home)) == []
