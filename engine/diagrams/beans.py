"""Methods of beans that a deployment maps to provided functions (`function.<bean>.<method>`, a
property of the process): wherever the diagram calls the one, it calls the other."""

from engine.diagrams import source
from engine.diagrams.source import Element
from engine.diagrams.texts import with_functions

PREFIX = "function."


def map_functions(root: Element, process: Element) -> None:
    """Write the functions in the place of the methods, in every expression of the diagram."""
    functions = {
        name.removeprefix(PREFIX): value
        for name, value in source.properties(process).items()
        if name.startswith(PREFIX) and value.isidentifier()
    }
    if not functions:
        return
    for element in root.iter("*"):
        if element.text and "." in element.text:
            element.text = with_functions(element.text, functions)
        for name, value in list(element.attrib.items()):
            if "." in value and "{" in value:
                element.set(name, with_functions(str(value), functions))
