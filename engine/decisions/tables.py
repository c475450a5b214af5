"""Reading a decision table, and finding the rules that hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decisions.formulas import DEFAULT_INPUT, INPUT, Formulas, nothing
from engine.decisions.kinds import Convert, allowed
from engine.decisions.problems import within
from engine.decisions.source import Element, child, children, identity, text, title, vendor
from engine.expressions import ExpressionError
from engine.expressions.compiling import Frame, Run

RULES_MAX = 3_000
"""Rules of one table."""
COLUMNS_MAX = 200
"""Inputs and outputs of one table together."""
POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("", "SUM", "COUNT", "MIN", "MAX")
SEVERAL = frozenset(("COLLECT", "RULE ORDER", "OUTPUT ORDER"))
"""The policies by which several rules may hold at once, and all count."""
ORDERED = frozenset(("PRIORITY", "OUTPUT ORDER"))
"""The policies that ask for the order of the outputs' values; under others they only describe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A column that rules test; `label` is how messages call it."""

    label: str
    value: Run
    convert: Convert
    names: tuple[str, ...]
    """What cells call it, beside `?`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A column that rules fill. `order` runs its allowed values from the foremost to the last."""

    name: str
    convert: Convert
    order: Run
    ordered: bool
    default: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: `tests` has None where any input passes. `number` is counted from 1."""

    number: int
    id: str
    tests: tuple[Run | None, ...]
    outputs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table, read and checked."""

    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    def matching(self, frame: Frame) -> Iterator[tuple[Rule, Frame]]:
        """The rules that hold, in the table's order, with what their outputs see."""
        cells = [_input_frame(each, frame) for each in self.inputs]
        seen = frame.inner({})
        for column, cell in zip(self.inputs, cells, strict=True):
            own = {name: cell.names[INPUT] for name in column.names if name != DEFAULT_INPUT}
            seen.names = {**seen.names, **own}
        for rule in self.rules:
            if all(
                test is None or _passes(test, cell, rule, column)
                for test, cell, column in zip(rule.tests, cells, self.inputs, strict=True)
            ):
                yield rule, seen

    def filled(self, rule: Rule, frame: Frame) -> dict[str, object]:
        """What a rule's outputs say."""
        values: dict[str, object] = {}
        for output, run in zip(self.outputs, rule.outputs, strict=True):
            try:
                values[output.name] = output.convert(run(frame))
            except ExpressionError as error:
                raise within(f"rule {rule.number}, output “{output.name}”", error) from None
        return values


def _input_frame(column: Input, frame: Frame) -> Frame:
    try:
        value = column.convert(column.value(frame))
    except ExpressionError as error:
        raise within(f"input “{column.label}”", error) from None
    return frame.inner({INPUT: value, **dict.fromkeys(column.names, value)})


def _passes(test: Run, cell: Frame, rule: Rule, column: Input) -> bool:
    try:
        return test(cell) is True
    except ExpressionError as error:
        raise within(f"rule {rule.number}, input “{column.label}”", error) from None


def read_table(element: Element, formulas: Formulas, fallback: str) -> Table:
    """The table in `element`; what is wrong with it goes to `formulas`. `fallback` names its
    only output where the table does not."""
    rows = list(children(element, "rule"))
    columns = list(children(element, "input"))
    results = list(children(element, "output"))
    if len(rows) > RULES_MAX or len(columns) + len(results) > COLUMNS_MAX:
        message = f"a table has at most {RULES_MAX} rules and {COLUMNS_MAX} columns"
        formulas.refuse(element, "size", message)
        rows = []
    policy, aggregation = _policy(element, formulas, len(results))
    several = policy in SEVERAL and not aggregation
    outputs = _outputs(element, results, formulas, fallback, several, policy in ORDERED)
    for each, output in zip(results, outputs, strict=True):
        if policy in ORDERED and len(outputs) == 1 and not output.ordered:
            message = f"under {policy} an output lists its values, the foremost first"
            formulas.refuse(each, "hit-policy", message)
    inputs = tuple(_input(each, number, formulas) for number, each in enumerate(columns, 1))
    rules = tuple(
        _rule(each, number, inputs, len(outputs), formulas) for number, each in enumerate(rows, 1)
    )
    _check_asked(columns, rules, formulas)
    return Table(
        policy=policy, aggregation=aggregation, inputs=inputs, outputs=outputs, rules=rules
    )


def _policy(element: Element, formulas: Formulas, outputs: int) -> tuple[str, str]:
    policy = " ".join(element.get("hitPolicy", "").replace("_", " ").upper().split()) or "UNIQUE"
    aggregation = element.get("aggregation", "").strip().upper()
    if policy not in POLICIES:
        formulas.refuse(element, "hit-policy", f"there is no hit policy {policy[:60]!r}")
    if aggregation not in AGGREGATIONS:
        formulas.refuse(element, "hit-policy", f"there is no aggregation {aggregation[:60]!r}")
    if policy != "COLLECT":
        return policy, ""
    if aggregation and outputs > 1:
        message = f"{aggregation} collects one output, but the table has {outputs}"
        formulas.refuse(element, "hit-policy", message)
    return policy, aggregation


def _input(element: Element, number: int, formulas: Formulas) -> Input:
    expression = child(element, "inputExpression")
    label = " ".join(element.get("label", "").split()) or text(expression)
    label = label[:60] or f"column {number}"
    own = vendor(element, "inputVariable")
    written = _asked(element)
    value = formulas.input(_of(expression, element), written) if written else None
    return Input(
        label=label,
        value=value or nothing,
        convert=formulas.convert(_type(expression)),
        names=tuple(dict.fromkeys((own, DEFAULT_INPUT))) if own else (DEFAULT_INPUT,),
    )


def _asked(element: Element) -> str:
    """The input's expression; where it has none, as in Camunda, the variable of its name."""
    return text(child(element, "inputExpression")) or vendor(element, "inputVariable")


def _of(element: Element | None, other: Element) -> Element:
    return other if element is None else element


def _type(element: Element | None) -> str:
    return element.get("typeRef", "") if element is not None else ""


def _outputs(
    element: Element,
    results: list[Element],
    formulas: Formulas,
    fallback: str,
    several: bool,
    ordered: bool,
) -> tuple[Output, ...]:
    if not results:
        formulas.refuse(element, "output", "a table needs an output")
    names = [title(each) or (fallback if len(results) == 1 else "") for each in results]
    for name, each in zip(names, results, strict=True):
        if not name:
            formulas.refuse(each, "output", "where a table has several outputs, each has a name")
        elif names.count(name) > 1:
            formulas.refuse(each, "output", f"several outputs are called “{name}”")
    # the table's own type is its result's: a list's, where several rules may hold
    whole = "" if several or len(results) > 1 else element.get("typeRef", "")
    kinds = [each.get("typeRef", "") or whole for each in results]
    return tuple(
        _output(each, name, kind, ordered, formulas)
        for each, name, kind in zip(results, names, kinds, strict=True)
    )


def _output(element: Element, name: str, kind: str, ordered: bool, formulas: Formulas) -> Output:
    values = text(child(element, "outputValues")) or allowed(kind, formulas.types)
    default = child(element, "defaultOutputEntry")
    convert = formulas.convert(kind)
    order: Run = nothing
    if ordered and values:
        order = formulas.expression(element, "the output's values", f"[{values}]")
    standing = None
    if text(default):
        standing = formulas.expression(_of(default, element), "the default", text(default))
    return Output(
        name=name, convert=convert, order=order, ordered=ordered and bool(values), default=standing
    )


def _rule(
    element: Element, number: int, inputs: tuple[Input, ...], outputs: int, formulas: Formulas
) -> Rule:
    tests = list(children(element, "inputEntry"))
    entries = list(children(element, "outputEntry"))
    if len(tests) != len(inputs) or len(entries) != outputs:
        message = (
            f"rule {number} has {len(tests)} input and {len(entries)} output cells, but the table "
            f"{len(inputs)} and {outputs}"
        )
        formulas.refuse(element, "cells", message)
        return Rule(number=number, id="", tests=(), outputs=())
    return Rule(
        number=number,
        id=identity(element),
        tests=tuple(
            _test(each, f"rule {number}, input “{column.label}”:", column.names[0], formulas)
            for each, column in zip(tests, inputs, strict=True)
        ),
        outputs=tuple(_entry(each, f"rule {number}, output", formulas) for each in entries),
    )


def _test(element: Element, what: str, name: str, formulas: Formulas) -> Run | None:
    written = text(element)
    return None if written in ("", "-") else formulas.tests(element, what, written, name)


def _entry(element: Element, what: str, formulas: Formulas) -> Run:
    written = text(element)
    # Camunda's modeler leaves "-" where it means nothing
    return nothing if written in ("", "-") else formulas.expression(element, what, written)


def _check_asked(columns: list[Element], rules: tuple[Rule, ...], formulas: Formulas) -> None:
    """A column without an expression may stand only where no rule tests it."""
    for place, column in enumerate(columns):
        if _asked(column):
            continue
        if any(place < len(rule.tests) and rule.tests[place] is not None for rule in rules):
            formulas.refuse(column, "input", "rules test this column, but it has no expression")


def by_name(values: Mapping[str, object], outputs: tuple[Output, ...]) -> object:
    """A rule's outputs as the standard hands them on: one alone, several as a context."""
    return values[outputs[0].name] if len(outputs) == 1 else dict(values)
