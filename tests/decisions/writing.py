"""Writes small files of decisions for tests: tables from rows of cells."""

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

MODEL = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
Named = str | tuple[str, str]
"""A column: its expression or name, and its type where it has one."""


def attributes(**given: str) -> str:
    return "".join(f" {key}={quoteattr(value)}" for key, value in given.items() if value)


def definitions(*parts: str, version: str = "1.3", inside: str = "") -> bytes:
    return (
        f'<definitions xmlns="{MODEL[version]}" id="d" name="d" namespace="test"'
        f' xmlns:camunda="http://camunda.org/schema/1.0/dmn"{inside}>{"".join(parts)}</definitions>'
    ).encode()


def text(tag: str, written: str, **given: str) -> str:
    return f"<{tag}{attributes(**given)}><text>{escape(written)}</text></{tag}>"


def literal(written: str, **given: str) -> str:
    return text("literalExpression", written, **given)


def table(
    inputs: Sequence[Named],
    outputs: Sequence[Named],
    rules: Iterable[Sequence[str]],
    *,
    policy: str = "",
    aggregation: str = "",
    values: str = "",
    defaults: Sequence[str] = (),
    variable: str = "",
) -> str:
    """The cells of a rule's inputs, then those of its outputs."""
    made = []
    for number, each in enumerate(inputs, 1):
        written, kind = (each, "") if isinstance(each, str) else each
        own = f' camunda:inputVariable="{variable}"' if variable else ""
        body = text("inputExpression", written, typeRef=kind)
        made.append(f'<input id="i{number}"{own}>{body}</input>')
    for number, each in enumerate(outputs):
        name, kind = (each, "") if isinstance(each, str) else each
        body = text("outputValues", values) if values else ""
        body += text("defaultOutputEntry", defaults[number]) if defaults else ""
        made.append(
            f"<output{attributes(id=f'o{number + 1}', name=name, typeRef=kind)}>{body}</output>"
        )
    for number, cells in enumerate(rules, 1):
        entries = [
            text("inputEntry" if n < len(inputs) else "outputEntry", cell, id=f"r{number}c{n + 1}")
            for n, cell in enumerate(cells)
        ]
        made.append(f'<rule id="r{number}">{"".join(entries)}</rule>')
    given = attributes(hitPolicy=policy, aggregation=aggregation)
    return f'<decisionTable id="t"{given}>{"".join(made)}</decisionTable>'


def decision(
    logic: str,
    id: str = "dish",
    *,
    name: str = "",
    variable: str = "",
    kind: str = "",
    requires: Sequence[str] = (),
) -> str:
    made = f"<variable{attributes(name=variable, typeRef=kind)}/>" if variable else ""
    for each in requires:
        wanted = f'<requiredDecision href="#{each}"/>'
        made += f"<informationRequirement>{wanted}</informationRequirement>"
    return f"<decision{attributes(id=id, name=name or id)}>{made}{logic}</decision>"


def knowledge(logic: str, name: str, parameters: Sequence[str]) -> str:
    """A business knowledge model."""
    formal = "".join(f"<formalParameter{attributes(name=each)}/>" for each in parameters)
    return (
        f"<businessKnowledgeModel{attributes(id='k_' + name.replace(' ', '_'), name=name)}>"
        f"<variable{attributes(name=name)}/><encapsulatedLogic>{formal}{logic}</encapsulatedLogic>"
        "</businessKnowledgeModel>"
    )


def entry(name: str, logic: str) -> str:
    """A context's entry; without a name it is the context's result."""
    variable = f"<variable{attributes(name=name)}/>" if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def context(*entries: str) -> str:
    return f"<context>{''.join(entries)}</context>"
