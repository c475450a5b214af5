"""Reading a diagram's bytes safely, and asking its elements questions.

Diagrams come from anywhere: bytes only, no document type, no entities, no network, limits on size
and depth.
"""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.definition import Problem, Undeployable
from engine.diagrams.vendors import CAMUNDA, spell_alike
from engine.diagrams.zeebe import translate

Element = etree._Element

SIZE_MAX = 2 * 1024 * 1024
"""The most bytes of one diagram."""
DEPTH_MAX = 60
"""How deep elements may lie in one another."""
ELEMENTS_MAX = 20_000
"""The most elements of one diagram, its drawing included."""
ATTRIBUTES_MAX = 200
"""The most attributes of one element; going through many is slow."""
ID_MAX = 200
"""The most characters of an element's id."""
_BLANK = b" \t\r\n"
"""What must not, but does, stand before an XML declaration."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def parse(name: str, content: bytes) -> Element:
    """The root element of a diagram; what other vendors' modelers wrote is spelled as Camunda's.

    Raises:
        Undeployable: it is too large, too deep, has a document type, or is not XML.
    """
    if len(content) > SIZE_MAX:
        raise _refused(name, "size", f"larger than {SIZE_MAX // 1024 // 1024} MB")
    # UTF-16 writes every other byte as zero.
    if b"<!DOCTYPE" in content.replace(b"\0", b"").upper():
        raise _refused(name, "doctype", "a document type (DOCTYPE) is not accepted")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content.lstrip(_BLANK), parser)
    except etree.XMLSyntaxError as error:
        raise _refused(name, "xml", f"not well-formed XML: {error.msg}") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs lack it
        raise _refused(name, "doctype", "a document type (DOCTYPE) is not accepted")
    _measure(name, root)
    if root.tag != f"{{{BPMN}}}definitions":
        raise _refused(
            name,
            "bpmn",
            "not a BPMN 2.0 diagram: its outermost element is "
            f"{local(root)}, or stands in another namespace",
        )
    spell_alike(root)
    translate(root)
    _check_ids(root)
    return root


def _refused(name: str, rule: str, message: str) -> Undeployable:
    return Undeployable((Problem(element=name, rule=rule, message=message),))


def _measure(name: str, root: Element) -> None:
    level, count, layer = 0, 0, [root]
    while layer:
        if any(len(each.attrib) > ATTRIBUTES_MAX for each in layer):
            raise _refused(name, "size", f"an element has more than {ATTRIBUTES_MAX} attributes")
        level += 1
        count += len(layer)
        if level > DEPTH_MAX or count > ELEMENTS_MAX:
            raise _refused(name, "size", "too many elements, or elements too deep in one another")
        layer = [child for each in layer for child in each]


def _check_ids(root: Element) -> None:
    """Ids stand in keys of rows."""
    for each in root.iter(f"{{{BPMN}}}*"):
        id = each.get("id", "")
        if len(id) > ID_MAX:
            raise _refused(id[:40], "id", f"an id has at most {ID_MAX} characters")


def local(element: Element) -> str:
    """The tag without its namespace."""
    return etree.QName(element).localname


def namespace(element: Element) -> str:
    """The namespace of the tag."""
    return etree.QName(element).namespace or ""


def in_bpmn(element: Element) -> bool:
    """Whether it is an element of BPMN itself."""
    return etree.QName(element).namespace == BPMN


def children(element: Element, tag: str) -> Iterator[Element]:
    """The BPMN children of that tag."""
    return element.iterchildren(f"{{{BPMN}}}{tag}")


def child(element: Element, tag: str) -> Element | None:
    """The first BPMN child of that tag."""
    return next(children(element, tag), None)


def text(element: Element | None) -> str:
    """The element's text without white space around it."""
    return "".join(map(str, element.itertext())).strip() if element is not None else ""


def identity(element: Element) -> str:
    """The element's id, "" without one."""
    return element.get("id", "")


def title(element: Element) -> str:
    """The element's name, its white space made single."""
    return " ".join(element.get("name", "").split())


def attribute(element: Element, name: str) -> str:
    """A `camunda:` attribute, "" where it is absent."""
    return element.get(f"{{{CAMUNDA}}}{name}", "").strip()


def extensions(element: Element, tag: str) -> Iterator[Element]:
    """The `camunda:` elements of that tag among the element's extension elements."""
    for holder in children(element, "extensionElements"):
        yield from holder.iterchildren(f"{{{CAMUNDA}}}{tag}")


def properties(element: Element) -> dict[str, str]:
    """The element's `camunda:properties`, as written."""
    found: dict[str, str] = {}
    for holder in extensions(element, "properties"):
        for each in holder:
            name = each.get("name", "").strip()
            if name:
                found[name] = each.get("value", "").strip()
    return found


def documentation(element: Element) -> str:
    """The element's documentation."""
    return "\n\n".join(filter(None, (text(each) for each in children(element, "documentation"))))


def variable(name: str) -> str:
    """An expression that gives a variable, or null where there is none of that name."""
    name = name.strip()
    if not name or "${" in name or "#{" in name:
        return name
    if name.isidentifier():
        return f"${{execution.getVariable('{name}')}}"
    return f"${{{name}}}"


def inputs_outputs(element: Element) -> tuple[dict[str, object], dict[str, str]]:
    """The `camunda:inputOutput` mapping of an element, or of a connector: nested lists and maps as
    such, texts as written. What a script would work out is no input, and as an output the
    variable of its name, which whoever does the work may give."""
    ins: dict[str, object] = {}
    outs: dict[str, str] = {}
    inside = element.iterchildren(f"{{{CAMUNDA}}}inputOutput")
    for holder in [*extensions(element, "inputOutput"), *inside]:
        for each in holder:
            if is_scripted(each):
                if local(each) == "outputParameter":
                    outs[each.get("name", "")] = variable(each.get("name", ""))
            elif local(each) == "inputParameter":
                ins[each.get("name", "")] = _parameter(each)
            elif local(each) == "outputParameter":
                outs[each.get("name", "")] = text(each)
    return ins, outs


def is_scripted(parameter: Element) -> bool:
    """Whether a parameter, or something in it, is to be worked out by a script."""
    return next(parameter.iter(f"{{{CAMUNDA}}}script"), None) is not None


def _parameter(element: Element) -> object:
    """What a parameter or entry holds: one list or map, or its text."""
    for inner in element:
        if local(inner) in ("list", "map"):
            return _nested(inner)
    return text(element)


def _nested(element: Element) -> object:
    """A list, a map, or a text in one of them."""
    if local(element) == "list":
        return [_nested(each) for each in element]
    if local(element) == "map":
        return {each.get("key", ""): _parameter(each) for each in element}
    return text(element)
