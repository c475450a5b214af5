"""A drawing for a diagram that has none, or for what its drawing leaves out.

Layers from left to right (`layers`), stacked in lanes (`placing`), lines that run between the
layers and around them (`routes`), pools under one another (`pools`), and what is `missing`. The
same diagram always gives the same drawing. Imports `source` and `boxes` only.
"""

from engine.diagrams.autolayout.missing import missing
from engine.diagrams.autolayout.plan import Plan
from engine.diagrams.autolayout.pools import pools
from engine.diagrams.source import Element

__all__ = ["Plan", "lay_out", "missing"]


def lay_out(root: Element) -> Plan:
    """Where everything of a diagram stands: every flow node, lane, pool, note and data object, and
    every line. No two nodes overlap but an event and the activity on whose edge it stands, and a
    sub-process and what is in it.
    """
    return pools(root)
