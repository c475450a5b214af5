"""The lint rules, run over a diagram: as drawn (XML), and as built (graph, words, forms)."""

from collections.abc import Collection, Mapping

from engine.diagrams.findings import Findings
from engine.diagrams.nodes import Collected
from engine.diagrams.rules import BUILT, DRAWN
from engine.diagrams.source import Element
from engine.diagrams.subjects import Built, Drawn, Known
from engine.diagrams.ways import graphs
from engine.diagrams.words import ProcessWords
from engine.tokens import Graph
from forms import Form

__all__ = ["Known", "check", "check_elements", "graphs"]


def check_elements(
    root: Element, process: Element, left_out: Collection[str], findings: Findings
) -> None:
    """Say what is wrong with a diagram as it is drawn.

    To be called when its elements were read: what was refused there is not refused again, nor what
    no token reaches.
    """
    drawn = Drawn(root=root, process=process)
    refused = {"", *left_out, *(problem.element for problem in findings.problems)}
    for rule in DRAWN:
        for found in rule.check(drawn):
            if rule.SEVERITY == "warn":
                findings.warn(found.element, rule.NAME, found.message)
            elif found.element not in refused:
                findings.refuse(found.element, rule.NAME, found.message)


def check(
    graph: Graph,
    process: ProcessWords,
    words: Collected,
    forms: Mapping[str, Form],
    known: Known,
    findings: Findings,
) -> None:
    """Say what is wrong with a diagram whose elements could all be read."""
    built = Built(graph=graph, process=process, words=words, forms=forms, known=known)
    for rule in BUILT:
        say = findings.warn if rule.SEVERITY == "warn" else findings.refuse
        for found in rule.check(built):
            say(found.element, rule.NAME, found.message)
