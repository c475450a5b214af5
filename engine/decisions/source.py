"""Reading the bytes of a file of decisions (DMN) safely, and asking its elements questions.

Files come from anywhere: bytes only, no document type, no entities, no network, limits on size,
depth and the number of elements.
"""

import re
from collections.abc import Iterator

from lxml import etree

from engine.decisions.problems import Problem, UnreadableDecisions

Element = etree._Element

SIZE_MAX = 2 * 1024 * 1024
"""The most bytes of one file."""
DEPTH_MAX = 60
"""How deep elements may lie in one another."""
ELEMENTS_MAX = 60_000
"""The most elements of one file, its drawing included."""
ID_MAX = 200
"""The most characters of an element's id or name."""
_MODEL = re.compile(r"https?://www\.omg\.org/spec/DMN/[0-9]{8}(/[\w./-]*)?")
"""DMN 1.1 and later have a date in the namespace of their elements, and differ little else."""


def parse(name: str, content: bytes) -> Element:
    """The root element of a file of decisions.

    Raises:
        UnreadableDecisions: it is too large, too deep, has a document type, is not XML or not DMN.
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
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(name, "xml", f"not well-formed XML: {error.msg}") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs lack it
        raise _refused(name, "doctype", "a document type (DOCTYPE) is not accepted")
    _measure(name, root)
    if local(root) != "definitions" or not _MODEL.fullmatch(_namespace(root)):
        raise _refused(
            name,
            "dmn",
            f"not a DMN file (1.1 or later): its outermost element is {local(root)[:60]}, or "
            "stands in another namespace",
        )
    return root


def _refused(name: str, rule: str, message: str) -> UnreadableDecisions:
    return UnreadableDecisions((Problem(element=name, rule=rule, message=message),))


def _measure(name: str, root: Element) -> None:
    level, count, layer = 1, 1, list(root)
    while layer:
        level += 1
        count += len(layer)
        if level > DEPTH_MAX or count > ELEMENTS_MAX:
            raise _refused(name, "size", "too many elements, or elements too deep in one another")
        layer = [child for each in layer for child in each]


def local(element: Element) -> str:
    """The tag without its namespace."""
    return etree.QName(element).localname


def _namespace(element: Element) -> str:
    return etree.QName(element).namespace or ""


def children(element: Element, tag: str) -> Iterator[Element]:
    """The children of that tag in the element's own namespace."""
    return element.iterchildren(f"{{{_namespace(element)}}}{tag}")


def child(element: Element, tag: str) -> Element | None:
    """The first such child."""
    return next(children(element, tag), None)


def text(element: Element | None) -> str:
    """What the element's `text` child (or, without one, the element itself) says, stripped."""
    if element is None:
        return ""
    holder = child(element, "text")
    held = element.text if holder is None else "".join(map(str, holder.itertext()))
    return (held or "").strip()


def identity(element: Element) -> str:
    """The element's id, or that of the nearest element around it that has one."""
    at: Element | None = element
    while at is not None:
        if at.get("id"):
            return at.get("id", "")[:ID_MAX]
        at = at.getparent()
    return ""


def title(element: Element) -> str:
    """The element's name, its white space made single."""
    return " ".join(element.get("name", "").split())[:ID_MAX]


def vendor(element: Element, name: str) -> str:
    """An attribute of a modeler's own namespace (`camunda:`, `operaton:`, …), "" if absent."""
    for key, value in element.attrib.items():
        if isinstance(key, bytes) or isinstance(value, bytes):
            continue  # the stubs only: lxml gives text
        if key.startswith("{") and key.endswith(f"}}{name}"):
            return value.strip()
    return ""


def referenced(element: Element | None) -> str:
    """The id that `href="#id"` names; with anything before the `#` the whole reference."""
    reference = element.get("href", "").strip() if element is not None else ""
    return reference.removeprefix("#")
