"""Other vendors' words under Camunda's name: one namespace for all that mean the same by them.

Activiti's diagrams became Flowable's, Camunda's and, from those, Operaton's; attributes and
extension elements kept their names on the way.
"""

from lxml import etree

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
FLOWABLE = "http://flowable.org/bpmn"
ALIKE = frozenset(
    {
        CAMUNDA,
        ACTIVITI,
        FLOWABLE,
        "http://operaton.org/schema/1.0/bpmn",
        "http://cibseven.org/schema/1.0/bpmn",
        "http://camunda.com/fox",
    }
)
"""As `_plain` gives them."""


def spell_alike(root: etree._Element) -> None:
    """Write the attributes and elements of every vendor's namespace in Camunda's."""
    for element in root.iter("*"):
        tag = etree.QName(element)
        if tag.namespace != CAMUNDA and _is_alike(tag.namespace):
            element.tag = f"{{{CAMUNDA}}}{tag.localname}"
        for name in list(element.attrib):
            key = str(name)
            if key[0] == "{" and not key.startswith(f"{{{CAMUNDA}}}"):
                _respell(element, key)


def _respell(element: etree._Element, key: str) -> None:
    name = etree.QName(key)
    if _is_alike(name.namespace):
        own = f"{{{CAMUNDA}}}{name.localname}"
        value = element.attrib.pop(key)
        if own not in element.attrib:
            element.set(own, value)


def takes_first_way(root: etree._Element) -> bool:
    """Whether the diagram is of a system (Activiti, Flowable) where a flow without a condition
    out of an exclusive gateway is one whose condition holds."""
    declared = {_plain(each) for each in root.nsmap.values()}
    return CAMUNDA not in declared and not declared.isdisjoint({ACTIVITI, FLOWABLE})


def _is_alike(namespace: str | None) -> bool:
    return _plain(namespace or "") in ALIKE


def _plain(namespace: str) -> str:
    """Without the slips that namespaces are written with."""
    return namespace.replace("https://", "http://").replace("://www.", "://").rstrip("/")
