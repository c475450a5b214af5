"""The expressions that a decision or a piece of knowledge may consist of, boxed in one another:
literal expressions, contexts, lists, relations, invocations, functions, conditions and loops.
"""

from collections.abc import Callable

from engine.decisions import hits
from engine.decisions.formulas import Formulas, nothing, unreadable
from engine.decisions.kinds import Convert
from engine.decisions.problems import within
from engine.decisions.source import Element, child, children, local, text, title
from engine.decisions.tables import read_table
from engine.expressions import ExpressionError
from engine.expressions.compiling import Frame, Run, called
from engine.expressions.feel_running import Function, filtered, loop

Boxed = Callable[[Element, Formulas, str], Run]


def boxed(element: Element, formulas: Formulas, name: str) -> Run:
    """What gives the value of the expression in `element`; `name` is what it is the value of."""
    read = _KINDS.get(local(element))
    if read is None:
        formulas.refuse(element, "boxed", f"“{local(element)[:60]}” is not supported here")
        return unreadable
    run = read(element, formulas, name)
    convert = formulas.convert(element.get("typeRef", ""))
    return lambda frame: convert(run(frame))


def logic_of(element: Element) -> Element | None:
    """The expression that a decision, an entry, … consists of, where it has one."""
    return next((each for each in element if local(each) in _KINDS), None)


def inner(element: Element | None, formulas: Formulas, name: str, around: Element) -> Run:
    """As `boxed`, of what `element` holds; without anything a problem."""
    logic = logic_of(element) if element is not None else None
    if logic is None:
        formulas.refuse(around, "boxed", f"“{name}” has no expression")
        return unreadable
    return boxed(logic, formulas, name)


def _literal(element: Element, formulas: Formulas, name: str) -> Run:
    if child(element, "importedValues") is not None:
        formulas.refuse(element, "boxed", "values of another file can't be imported")
    written = text(element)
    return formulas.expression(element, f"“{name}”", written) if written else nothing


def _table(element: Element, formulas: Formulas, name: str) -> Run:
    table = read_table(element, formulas, name)
    return lambda frame: hits.value(table, frame)


def _context(element: Element, formulas: Formulas, name: str) -> Run:
    entries: list[tuple[str, Run, Convert]] = []
    result: Run | None = None
    for each in children(element, "contextEntry"):
        variable = child(each, "variable")
        key = title(variable) if variable is not None else ""
        logic = logic_of(each)
        run = boxed(logic, formulas, key or name) if logic is not None else nothing
        if not key:
            result = run
            continue
        formulas.bound.add(key)
        assert variable is not None
        entries.append((key, run, formulas.convert(variable.get("typeRef", ""))))

    def evaluate(frame: Frame) -> object:
        made: dict[str, object] = {}
        seen = frame.inner(made)
        for key, run, convert in entries:
            frame.budget.spend(1)
            try:
                made[key] = convert(run(seen))
            except ExpressionError as error:
                raise within(f"“{key}”", error) from None
        return made if result is None else result(seen)

    return evaluate


def _list(element: Element, formulas: Formulas, name: str) -> Run:
    runs = [boxed(each, formulas, name) for each in element if local(each) in _KINDS]
    return lambda frame: [run(frame) for run in runs]


def _relation(element: Element, formulas: Formulas, name: str) -> Run:
    columns = [title(each) for each in children(element, "column")]
    rows: list[list[Run]] = []
    for each in children(element, "row"):
        cells = [boxed(cell, formulas, name) for cell in each if local(cell) in _KINDS]
        if len(cells) != len(columns):
            message = f"a row has {len(cells)} cells, but the relation {len(columns)} columns"
            formulas.refuse(element, "cells", message)
            return unreadable
        rows.append(cells)
    return lambda frame: [
        {column: cell(frame) for column, cell in zip(columns, row, strict=True)} for row in rows
    ]


def _invocation(element: Element, formulas: Formulas, name: str) -> Run:
    logic = logic_of(element)
    written = text(logic)
    function = boxed(logic, formulas, name) if logic is not None else unreadable
    given: list[tuple[str, Run]] = []
    for each in children(element, "binding"):
        parameter = child(each, "parameter")
        value = logic_of(each)
        run = boxed(value, formulas, name) if value is not None else nothing
        given.append((title(parameter) if parameter is not None else "", run))

    def evaluate(frame: Frame) -> object:
        found = function(frame)
        if not isinstance(found, Function):
            raise ExpressionError(f"“{written}” is not a function that can be invoked")
        values = {key: run(frame) for key, run in given}
        unknown = values.keys() - set(found.parameters)
        if unknown:
            raise ExpressionError(f"“{written}” has no parameter “{min(unknown)}”")
        arguments = [values.get(key) for key in found.parameters]
        return called(found, written, arguments, frame.budget)

    return evaluate


def function(element: Element, formulas: Formulas, name: str) -> Run:
    """What makes the function that `element` defines."""
    if element.get("kind", "FEEL").strip() not in ("", "FEEL"):
        kind = element.get("kind", "")[:60]
        formulas.refuse(element, "boxed", f"“{name}” is a function in {kind}: only FEEL is run")
        return unreadable
    parameters = [
        (title(each), formulas.convert(each.get("typeRef", "")))
        for each in children(element, "formalParameter")
    ]
    formulas.bound.update(key for key, _ in parameters)
    body = inner(element, formulas, name, element)

    def run(frame: Frame) -> object:
        made: dict[str, object] = {}
        for key, convert in parameters:
            try:
                made[key] = convert(frame.names[key])
            except ExpressionError as error:
                raise within(f"“{key}” of “{name}”", error) from None
        return body(frame.inner(made))

    keys = tuple(key for key, _ in parameters)
    return lambda frame: Function(keys, run, frame, 1)


def _conditional(element: Element, formulas: Formulas, name: str) -> Run:
    condition, yes, no = (
        inner(child(element, tag), formulas, name, element) for tag in ("if", "then", "else")
    )
    return lambda frame: yes(frame) if condition(frame) is True else no(frame)


def _loop(element: Element, formulas: Formulas, name: str) -> Run:
    variable = element.get("iteratorVariable", "").strip()
    formulas.bound.update((variable, "partial"))
    kind = local(element)
    source = inner(child(element, "in"), formulas, name, element)
    turn = child(element, "return" if kind == "for" else "satisfies")
    body = inner(turn, formulas, name, element)
    return loop(kind, ((variable, source, None),), body, 1)


def _filter(element: Element, formulas: Formulas, name: str) -> Run:
    formulas.bound.add("item")
    source = inner(child(element, "in"), formulas, name, element)
    kept = filtered(inner(child(element, "match"), formulas, name, element), 1)
    return lambda frame: kept(frame, source(frame))


_KINDS: dict[str, Boxed] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": function,
    "conditional": _conditional,
    "for": _loop,
    "some": _loop,
    "every": _loop,
    "filter": _filter,
}
