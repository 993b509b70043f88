"""A panel's SVG as a tree, taken apart into pieces that move by themselves.

The drawing has the groups `back`, `middle` and `front`, and may have a last one,
`finish`, that lies on the lens; what follows the front and has no such name belongs to
the finish. In them, groups with a class of `cel.MOVING` are parts of their own; what
stands between two of those is one still part. Order is kept: what comes later lies above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from studio.engines.pan.cel import MOVING, Moving

Layer = Literal["back", "middle", "front", "finish"]

_LAYERS: tuple[Layer, ...] = ("back", "middle", "front", "finish")

_SHARED = frozenset(
    {"defs", "style", "symbol", "clipPath", "mask", "filter", "marker", "pattern"}
    | {"linearGradient", "radialGradient"}
)
"""What draws nothing where it stands, and is referred to by others."""

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_REFERENCE = re.compile(r"#([\w:.-]+)")


@dataclass(frozen=True)
class Part:
    """Elements of one layer that become one cel; `name` is a person's id, or made up."""

    layer: Layer
    kind: Moving | None
    name: str
    elements: frozenset[int]


class Tree:
    """An SVG document. Raises ElementTree.ParseError for what is none."""

    def __init__(self, svg: bytes) -> None:
        self._root = ElementTree.fromstring(svg)  # noqa: S314 - expat refuses entity bombs
        shared = [each for each in self._root.iter() if _tag(each) in _SHARED]
        self._styles = [each for each in shared if _tag(each) == "style"]
        self._shared = {
            each.get("id", ""): each for group in shared for each in group.iter() if each.get("id")
        }
        self.parts = tuple(_parts(self._root))

    @property
    def view_box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of the drawing. Raises ValueError where it has none."""
        size = f"0 0 {self._root.get('width', '')} {self._root.get('height', '')}"
        text = self._root.get("viewBox") or size
        sides = tuple(float(side) for side in _NUMBER.findall(text))
        if len(sides) != 4 or min(sides[2:]) <= 0:
            raise ValueError(f"its viewBox is {text!r}")
        return sides

    def source(self, part: Part, attributes: dict[str, str]) -> str:
        """An SVG of this part alone, with what it refers to, and these attributes on its root."""
        root = _only(self._root, part.elements)
        defs = ElementTree.SubElement(root, f"{root.tag.removesuffix('svg')}defs")
        defs.extend([*self._styles, *self._referred([root, *self._styles])])
        root.attrib.update(attributes)
        return ElementTree.tostring(root, encoding="unicode")

    def _referred(self, elements: Iterable[Element]) -> list[Element]:
        """The shared elements that these refer to, and that those refer to, by id."""
        found: dict[str, Element] = {}
        waiting = list(elements)
        while waiting:
            for name in _REFERENCE.findall(ElementTree.tostring(waiting.pop(), encoding="unicode")):
                if name in self._shared and name not in found:
                    found[name] = self._shared[name]
                    waiting.append(found[name])
        return [found[name] for name in sorted(found)]


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _kind(element: Element) -> Moving | None:
    classes = element.get("class", "").split()
    return next((kind for kind in MOVING if kind in classes), None)


def _parts(root: Element) -> Iterator[Part]:
    layer: Layer = "back"
    pieces: list[tuple[Layer, Moving | None, Element]] = []
    for child in root:
        named = child.get("id")
        if named in _LAYERS:
            layer = named
        pieces += [(layer, kind, element) for kind, element in _pieces(child)]
        if named == "front":
            layer = "finish"
    runs = groupby(enumerate(pieces), key=lambda item: item[1][:2] if item[1][1] is None else item)
    for number, (_, run) in enumerate(runs):
        elements = [piece for _, piece in run]
        layer, kind, first = elements[0]
        name = first.get("data-who") or f"{kind or layer} {number}"
        yield Part(layer, kind, name, frozenset(id(element) for _, _, element in elements))


def _pieces(element: Element) -> Iterator[tuple[Moving | None, Element]]:
    """What moves by itself in an element, and the largest pieces without any such thing."""
    if _tag(element) in _SHARED:
        return
    kind = _kind(element)
    if kind or not any(_kind(inner) for inner in element.iter()):
        yield kind, element
        return
    for child in element:
        yield from _pieces(child)


def _only(element: Element, kept: frozenset[int]) -> Element:
    """A copy of the tree with the kept elements and what they stand in."""
    copy = Element(element.tag, dict(element.attrib))
    for child in element:
        if id(child) in kept:
            copy.append(child)
        elif any(id(inner) in kept for inner in child.iter()):
            copy.append(_only(child, kept))
    return copy
