"""A node's tally, and the verdict that it gives, if it gives one yet."""

from fractions import Fraction
from math import ceil
from typing import Literal

from engine.diagrams.words import NodeWords
from engine.requests.state import Node

Verdict = Literal["approved", "rejected"]


def needed(words: NodeWords, total: int) -> int:
    """M: how many approvals pass a node of `total` valid slots (V1, V2: ceil(N*p), 1..N)."""
    if words.approval == "ratio":
        share = words.threshold if words.threshold is not None else Fraction(1)
        return min(max(ceil(total * share), 1), max(total, 1))
    if words.approval == "any":
        return 1
    return total


def verdict(words: NodeWords, node: Node, *, beside: int = 0) -> Verdict | None:
    """The node's verdict now, or None while it is open (V1-V3).

    `beside`: of the approvals, those of signers added before or after another (A1); under `any`
    they decide nothing by themselves, a rejection of theirs does (A4).
    An empty node has none: the policy for empty lists stands before it (V7).
    """
    if node.total <= 0:
        return None
    if words.approval == "any":
        return _first(node, beside)
    if words.rejection == "collect":
        return _heard(node)
    if words.approval == "weight":
        return _weighed(words, node)
    if words.rejection == "veto" and node.rejected:
        return "rejected"
    required = needed(words, node.total)
    if node.approved >= required:
        return "approved"
    if node.rejected > node.total - required:
        return "rejected"
    return None


def _first(node: Node, beside: int) -> Verdict | None:
    if node.approved > beside:
        return "approved"
    return "rejected" if node.rejected else None


def _heard(node: Node) -> Verdict | None:
    """Everyone is heard, then one rejection rejects (V3)."""
    if node.pending:
        return None
    return "rejected" if node.rejected else "approved"


def _weighed(words: NodeWords, node: Node) -> Verdict | None:
    threshold = int(words.threshold or 0)
    if words.rejection == "veto" and node.rejected:
        return "rejected"
    if node.weight_approved >= threshold:
        return "approved"
    if node.weight_approved + node.weight_open < threshold:
        return "rejected"
    return None


def count(node: Node, status: str, weight: int = 1) -> None:
    """Count one pending slot of the node as decided: `approved` or `rejected`."""
    node.pending -= 1
    node.weight_open -= weight
    if status == "approved":
        node.approved += 1
        node.weight_approved += weight
    elif status == "rejected":
        node.rejected += 1


def uncount(node: Node, weight: int = 1) -> None:
    """Take one pending slot out of the node (cancelled before it decided)."""
    node.pending -= 1
    node.weight_open -= weight


def recount(node: Node, status: str, weight: int = 1) -> None:
    """Take a vote that was counted back: its slot is pending again (W2)."""
    node.pending += 1
    node.weight_open += weight
    if status == "approved":
        node.approved -= 1
        node.weight_approved -= weight
    elif status == "rejected":
        node.rejected -= 1
