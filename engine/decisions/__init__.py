"""Decisions: files of decision tables and expressions (DMN 1.1 and later), read and made.

Owns reading the files, hit policies, required decisions and boxed expressions. Imports lxml and
engine.expressions. Never imports diagrams, people, SpiffWorkflow or another room; never reads the
clock: variables and functions are handed in (docs/tables.md has the rules).
"""

from engine.decisions.deciding import decide, decide_value
from engine.decisions.decision import Decision, Decisions
from engine.decisions.problems import DecisionError, Problem, UnreadableDecisions
from engine.decisions.reading import read_decisions
from engine.decisions.results import ResultMap, result_value

__all__ = [
    "Decision",
    "DecisionError",
    "Decisions",
    "Problem",
    "ResultMap",
    "UnreadableDecisions",
    "decide",
    "decide_value",
    "read_decisions",
    "result_value",
]
