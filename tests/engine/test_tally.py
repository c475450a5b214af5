"""Votes make verdicts: V1-V3 as arithmetic, for every order of votes."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagrams.words import NodeId, NodeWords
from engine.requests import Node
from engine.voting import count, needed, verdict
from tests.engine.live import START

VOTES = st.lists(st.sampled_from(["approved", "rejected"]), min_size=1, max_size=12)
SHARES = st.fractions(min_value=Fraction(1, 20), max_value=1)


def a_node(total: int, weights: list[int] | None = None) -> Node:
    return Node(
        request="r",  # type: ignore[arg-type]
        key="/n#1",
        node="n",
        scope="",
        round=1,
        pass_=1,
        opened_at=START,
        total=total,
        pending=total,
        weight_open=sum(weights or [1] * total),
    )


def words(approval: str, rejection: str = "veto", threshold: Fraction | None = None) -> NodeWords:
    return NodeWords(
        id=NodeId("n"),
        name="n",
        approval=approval,  # type: ignore[arg-type]
        rejection=rejection,  # type: ignore[arg-type]
        threshold=threshold,
    )


def voted(
    node_words: NodeWords, votes: list[str], weights: list[int] | None = None
) -> tuple[str | None, int]:
    """The verdict, and after how many votes it came."""
    node = a_node(len(votes), weights)
    assert verdict(node_words, node) is None
    for number, vote in enumerate(votes, 1):
        count(node, vote, (weights or [1] * len(votes))[number - 1])
        found = verdict(node_words, node)
        if found is not None:
            return found, number
    return None, len(votes)


@given(votes=VOTES)
def test_all_sign_passes_when_all_approve_and_one_veto_ends_it(votes: list[str]) -> None:
    """V1, V3 veto."""
    found, after = voted(words("all"), votes)
    if "rejected" in votes:
        assert (found, after) == ("rejected", votes.index("rejected") + 1)
    else:
        assert (found, after) == ("approved", len(votes))


@given(votes=VOTES)
def test_collect_hears_everyone_before_one_rejection_rejects(votes: list[str]) -> None:
    """V3 collect."""
    found, after = voted(words("all", "collect"), votes)
    assert after == len(votes)
    assert found == ("rejected" if "rejected" in votes else "approved")


@given(votes=VOTES)
def test_any_sign_ends_at_the_first_decision_either_way(votes: list[str]) -> None:
    """V1 any."""
    assert voted(words("any"), votes) == (votes[0], 1)


@given(votes=VOTES, share=SHARES)
def test_a_ratio_passes_early_and_fails_early_and_is_never_left_open(
    votes: list[str], share: Fraction
) -> None:
    """V2: M = ceil(N·p), 1..N; early pass at M, early fail when rejections exceed N - M."""
    node_words = words("ratio", "tally", share)
    total = len(votes)
    required = needed(node_words, total)
    assert required == min(max(ceil(total * share), 1), total)
    found, after = voted(node_words, votes)
    heard = votes[:after]
    assert found is not None
    assert (found == "approved") == (heard.count("approved") >= required)
    assert (found == "rejected") == (heard.count("rejected") > total - required)


@given(votes=VOTES, data=st.data())
def test_weights_pass_at_the_threshold_and_fail_when_it_is_out_of_reach(
    votes: list[str], data: st.DataObject
) -> None:
    """V2 weights."""
    size = len(votes)
    weights = data.draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    threshold = data.draw(st.integers(1, sum(weights)))
    found, after = voted(words("weight", "tally", Fraction(threshold)), votes, weights)
    approving = sum(
        w for w, v in zip(weights[:after], votes[:after], strict=True) if v == "approved"
    )
    still_open = sum(weights[after:])
    assert found == ("approved" if approving >= threshold else "rejected")
    assert approving >= threshold or approving + still_open < threshold


@pytest.mark.parametrize("approval", ["all", "any", "single", "ratio", "weight", "sequential"])
def test_nobody_at_all_is_never_a_verdict(approval: str) -> None:
    """V7: an empty list of signers approves nothing."""
    assert verdict(words(approval, "collect", Fraction(1, 2)), a_node(0)) is None
