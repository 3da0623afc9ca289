"""XML in its one exclusive canonical form, which is what an XML signature covers.

Source: https://www.w3.org/TR/xml-exc-c14n/ (without comments) and https://www.w3.org/TR/xml-c14n
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.dom import Node
from xml.dom.minidom import Attr, Element

_DEEPEST: Final = 100
_XMLNS: Final = "http://www.w3.org/2000/xmlns/"
_XML: Final = "http://www.w3.org/XML/1998/namespace"


def canonical(element: Element, *, without: Element | None = None, inclusive: frozenset[str] = frozenset()) -> bytes:
    """The canonical form of an element.

    Args:
        element: the apex of what is covered.
        without: an element inside that is left out (the signature itself).
        inclusive: prefixes that are rendered although they are not visibly used; the empty one is the default namespace.

    Raises:
        ValueError: it is nested too deeply.
    """
    return "".join(_element(element, {}, _in_scope(element), without, inclusive, 0)).encode("utf-8")


def _in_scope(element: Element) -> dict[str, str]:
    chain: list[Element] = []
    node: object = element.parentNode
    while isinstance(node, Element):
        chain.append(node)
        node = node.parentNode
    scope: dict[str, str] = {}
    for ancestor in reversed(chain):
        scope.update(_declared(ancestor))
    return scope


def _attributes(element: Element) -> list[Attr]:
    return [element.attributes.item(index) for index in range(element.attributes.length)]  # type: ignore[misc]


def _declared(element: Element) -> dict[str, str]:
    found = {}
    for attribute in _attributes(element):
        if attribute.namespaceURI == _XMLNS:
            found["" if attribute.name == "xmlns" else str(attribute.localName)] = attribute.value
    return found


def _element(  # noqa: PLR0917 - a recursion that carries what is in force
    element: Element,
    rendered: Mapping[str, str],
    scope: Mapping[str, str],
    without: Element | None,
    inclusive: frozenset[str],
    depth: int,
) -> Iterator[str]:
    if depth > _DEEPEST:
        raise ValueError("the document is nested too deeply")
    scope = {**scope, **_declared(element)}
    plain = [one for one in _attributes(element) if one.namespaceURI != _XMLNS]
    used = {element.prefix or ""} | {one.prefix for one in plain if one.prefix and one.namespaceURI != _XML}
    used |= {prefix for prefix in inclusive if prefix in scope}
    fresh = {prefix: scope.get(prefix, "") for prefix in used if rendered.get(prefix, "") != scope.get(prefix, "")}
    yield f"<{element.tagName}"
    for prefix in sorted(fresh):
        yield f' xmlns{":" + prefix if prefix else ""}="{_in_attribute(fresh[prefix])}"'
    for one in sorted(plain, key=lambda one: (one.namespaceURI or "", one.localName or one.name)):
        yield f' {one.name}="{_in_attribute(one.value)}"'
    yield ">"
    for child in element.childNodes:
        if isinstance(child, Element):
            if child is not without:
                yield from _element(child, {**rendered, **fresh}, scope, without, inclusive, depth + 1)
        elif child.nodeType in (Node.TEXT_NODE, Node.CDATA_SECTION_NODE):
            yield _in_text(child.nodeValue or "")
        elif child.nodeType == Node.PROCESSING_INSTRUCTION_NODE:
            data = f" {child.nodeValue}" if child.nodeValue else ""
            yield f"<?{child.nodeName}{data}?>"
    yield f"</{element.tagName}>"


def _in_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _in_attribute(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return escaped.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")
