"""Lint rules: one module each, which says what would stall or do something else than meant.

A rule has a `NAME`, a `SEVERITY` (`refuse`: such a diagram is not deployed; `warn`: its author is
told), a docstring that says why, and `check`, which gives findings by element. `DRAWN` read the
XML as its author drew it, `BUILT` what the compiler made of it. Those of bpmnlint's recommended set
bear its names; docs/rules-of-diagrams.md is written from here.
"""

from collections.abc import Iterator
from typing import Protocol

from engine.diagrams.rules import (
    ad_hoc_sub_process,
    automatic_loop,
    boundary,
    called_process,
    condition,
    conditional_event,
    conditional_flows,
    count,
    deadlock,
    decision,
    end_event_required,
    endless_loop,
    event_based_gateway,
    event_gateway,
    event_sub_process_typed_start_event,
    fake_join,
    flow,
    form,
    form_content,
    form_expression,
    form_field,
    function,
    global_,
    label_required,
    link_event,
    links,
    listener,
    lost_flow,
    no_bpmndi,
    no_complex_gateway,
    no_disconnected,
    no_duplicate_sequence_flows,
    no_gateway_join_fork,
    no_implicit_end,
    no_implicit_split,
    no_implicit_start,
    no_inclusive_gateway,
    no_overlapping_elements,
    recursive_call,
    self_call,
    shadowed,
    signers,
    single_blank_start_event,
    single_event_definition,
    stall,
    start_event_required,
    sub_process_blank_start_event,
    superfluous_gateway,
    superfluous_label,
    superfluous_termination,
    table,
    target,
    time,
    timed_start,
    uncaught_error,
    uncaught_message,
    unreachable,
    v3,
    v7,
    variable,
)
from engine.diagrams.subjects import Built, Drawn, Finding, Severity


class DrawnRule(Protocol):
    """A rule over a diagram as drawn."""

    NAME: str
    SEVERITY: Severity

    def check(self, drawn: Drawn, /) -> Iterator[Finding]:
        """What it finds."""


class BuiltRule(Protocol):
    """A rule over a diagram as built."""

    NAME: str
    SEVERITY: Severity

    def check(self, built: Built, /) -> Iterator[Finding]:
        """What it finds."""


BUILT: tuple[BuiltRule, ...] = (
    flow,
    boundary,
    event_gateway,
    unreachable,
    target,
    form,
    links,
    automatic_loop,
    called_process,
    condition,
    count,
    deadlock,
    decision,
    endless_loop,
    fake_join,
    form_content,
    form_expression,
    form_field,
    function,
    recursive_call,
    self_call,
    shadowed,
    signers,
    stall,
    table,
    time,
    timed_start,
    uncaught_error,
    uncaught_message,
    v3,
    v7,
    variable,
)
"""In the order in which a reader wants to hear of them."""

DRAWN: tuple[DrawnRule, ...] = (
    ad_hoc_sub_process,
    conditional_event,
    conditional_flows,
    end_event_required,
    event_based_gateway,
    event_sub_process_typed_start_event,
    global_,
    label_required,
    link_event,
    listener,
    lost_flow,
    no_bpmndi,
    no_complex_gateway,
    no_disconnected,
    no_duplicate_sequence_flows,
    no_gateway_join_fork,
    no_implicit_end,
    no_implicit_split,
    no_implicit_start,
    no_inclusive_gateway,
    no_overlapping_elements,
    single_blank_start_event,
    single_event_definition,
    start_event_required,
    sub_process_blank_start_event,
    superfluous_gateway,
    superfluous_label,
    superfluous_termination,
)


def documented() -> str:
    """The rules as a table in markdown: name, severity, why."""
    every: list[DrawnRule | BuiltRule] = [*BUILT, *DRAWN]
    rows = sorted(every, key=lambda rule: (rule.SEVERITY, rule.NAME.lower()))
    lines = ["| rule | | why |", "|---|---|---|"]
    for rule in rows:
        why = " ".join((rule.__doc__ or "").split())
        lines.append(f"| `{rule.NAME}` | {rule.SEVERITY} | {why} |")
    return "\n".join(lines) + "\n"
