"""Hit policies: what becomes of the rules that hold."""

from collections.abc import Callable

from engine.decisions.problems import DecisionError, within
from engine.decisions.tables import SEVERAL, Output, Rule, Table, by_name
from engine.expressions import ExpressionError
from engine.expressions.compiling import Frame
from engine.expressions.feel_lists import FUNCTIONS
from engine.expressions.values import equal, kind_of, number_of

Row = dict[str, object]
Hit = tuple[Rule, Row]


def rows(table: Table, frame: Frame) -> list[Row]:
    """One map of outputs for each rule that counts; aggregated, one map of one value.

    Raises:
        DecisionError: the policy does not allow that these rules hold together.
        ExpressionError: a cell fails.
    """
    hits = _hits(table, frame)
    if not hits:
        standing = _defaults(table, frame)
        if standing:
            return standing
        return [{table.outputs[0].name: 0}] if table.aggregation == "COUNT" else []
    if table.aggregation:
        name = table.outputs[0].name
        return [{name: _AGGREGATED[table.aggregation]([row[name] for _, row in hits])}]
    return [row for _, row in _POLICIES[table.policy](table, hits, frame)]


def value(table: Table, frame: Frame) -> object:
    """The table's result as the standard hands it on: a value, a context, or a list of them."""
    found = [by_name(row, table.outputs) for row in rows(table, frame)]
    if table.policy in SEVERAL and not table.aggregation:
        return found
    return found[0] if found else None


def _hits(table: Table, frame: Frame) -> list[Hit]:
    hits: list[Hit] = []
    for rule, seen in table.matching(frame):
        if hits and table.policy == "UNIQUE":
            _together(table, [hits[0][0], rule], "at most one may")
        hits.append((rule, table.filled(rule, seen)))
        if table.policy == "FIRST":
            break
    return hits


def _together(table: Table, rules: list[Rule], allowed: str) -> None:
    numbers = " and ".join(str(rule.number) for rule in rules)
    raise DecisionError(f"Rules {numbers} hold together; under {table.policy} {allowed}")


def _defaults(table: Table, frame: Frame) -> list[Row]:
    if all(output.default is None for output in table.outputs):
        return []
    row: Row = {}
    for output in table.outputs:
        try:
            row[output.name] = output.convert(output.default(frame) if output.default else None)
        except ExpressionError as error:
            raise within(f"the default of output “{output.name}”", error) from None
    return [row]


def _as_found(_: Table, hits: list[Hit], __: Frame) -> list[Hit]:
    return hits


def _agreeing(table: Table, hits: list[Hit], _: Frame) -> list[Hit]:
    (first, row), *others = hits
    for rule, other in others:
        if any(equal(row[name], other[name]) is not True for name in row):
            _together(table, [first, rule], "they must say the same")
    return hits[:1]


def _foremost(table: Table, hits: list[Hit], frame: Frame) -> list[Hit]:
    return _in_order(table, hits, frame)[:1]


def _in_order(table: Table, hits: list[Hit], frame: Frame) -> list[Hit]:
    orders = {each.name: _order(each, frame) for each in table.outputs if each.ordered}

    def place(hit: Hit) -> list[int]:
        return [_place(hit[1][name], order) for name, order in orders.items()]

    return sorted(hits, key=place)


def _order(output: Output, frame: Frame) -> list[object]:
    found = output.order(frame)
    return [output.convert(each) for each in found] if isinstance(found, list) else []


def _place(value: object, order: list[object]) -> int:
    """Where `value` stands in the order; a value that it does not have stands behind."""
    return next((n for n, each in enumerate(order) if equal(value, each) is True), len(order))


_POLICIES: dict[str, Callable[[Table, list[Hit], Frame], list[Hit]]] = {
    "UNIQUE": _as_found,
    "FIRST": _as_found,
    "ANY": _agreeing,
    "PRIORITY": _foremost,
    "COLLECT": _as_found,
    "RULE ORDER": _as_found,
    "OUTPUT ORDER": _in_order,
}


def _aggregated(name: str) -> Callable[[list[object]], object]:
    def aggregate(values: list[object]) -> object:
        found = [each for each in values if each is not None]
        if name == "sum":
            for each in found:
                if number_of(each) is None or isinstance(each, bool):
                    raise DecisionError(f"Only numbers have a sum, but one is {kind_of(each)}")
        result = FUNCTIONS[name](found)
        if result is None and found:
            raise DecisionError(f"The values have no {name}: they can't be compared")
        return result

    return aggregate


_AGGREGATED: dict[str, Callable[[list[object]], object]] = {
    "SUM": _aggregated("sum"),
    "MIN": _aggregated("min"),
    "MAX": _aggregated("max"),
    "COUNT": len,
}
