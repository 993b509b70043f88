"""Reads the SVG templates of figures and props: which of their groups is seen from where.

A template is an SVG file whose groups may carry `data-view` (side, front, back) and
`data-layer`; what stands outside such groups belongs to every view. Elements with
`data-detail="near"` are drawn in close shots only, those with `data-detail="full"` in all
but far ones, and an element with `data-mirror` is drawn twice, the second time mirrored
about x = 0. Colours are roles in braces (`{coat}`, `{coat-dark}`, `{coat-light}`,
`{coat-deep}`, `{coat-line}`) or plain hex colours; both are marked in the markup for `paint`
to put in. What gives light itself has `class="glow"` and keeps its colours.

Knows nothing of bodies, poses and words' meanings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args
from xml.etree.ElementTree import Element

from studio.engines.sketch import library

View = Literal["side", "front", "back"]
Detail = Literal["far", "full", "near"]

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}|\{[a-z-]+\}")
_INSTEAD: Mapping[View, tuple[View, ...]] = {
    "side": ("side",),
    "front": ("front", "side"),
    "back": ("back", "front", "side"),
}
_DETAILS: dict[str, tuple[Detail, ...]] = {"near": ("near",), "full": ("full", "near")}


@dataclass(frozen=True)
class Slot:
    """A place in a part that takes another part: its name and its transform."""

    name: str
    transform: str


@dataclass(frozen=True)
class Piece:
    """One top-level group of a template: where it is seen, and what it draws.

    `far`, `full` and `near` are the markup for each detail; `slots` are the places in it,
    in the order of drawing (they are marked in the markup by `⟨slot N⟩`).
    """

    views: tuple[View, ...]
    layer: str
    markup: Mapping[Detail, str]
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Template:
    """One template: its file, its kind (the first part of its name), pieces and slots."""

    file: library.Template
    kind: str
    pieces: tuple[Piece, ...]
    slots: tuple[Slot, ...]

    @property
    def name(self) -> str:
        """The file's stem."""
        return self.file.name

    @property
    def words(self) -> tuple[str, ...]:
        """The words by which it is found."""
        return self.file.words

    @property
    def data(self) -> Mapping[str, str]:
        """What its root says of it in `data-` attributes."""
        return self.file.data

    def markup(self, view: View, layer: str, detail: Detail) -> str:
        """What the template draws in a view on a layer; empty where it has nothing there.

        A view from behind that is not drawn is taken from the front, and a front that is
        not drawn from the side.
        """
        return "".join(piece.markup[detail] for piece in self._seen(view, layer))

    def slots_of(self, view: View, layer: str) -> tuple[Slot, ...]:
        """The slots in what is drawn of a layer in a view, in the order of drawing."""
        drawn = self.markup(view, layer, "near")
        return tuple(self.slots[int(number)] for number in _PLACE.findall(drawn))

    def _seen(self, view: View, layer: str) -> list[Piece]:
        order = _INSTEAD[view]
        drawn = {seen for piece in self.pieces for seen in piece.views}
        seen = next((each for each in order if each in drawn), None)
        return [piece for piece in self.pieces if piece.layer == layer and seen in piece.views]


_PLACE = re.compile(r"⟨slot (\d+)⟩")


class _Reader:
    """Serialises the elements of one template, marking its colours and slots."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []

    def text(self, element: Element, detail: Detail, glow: bool) -> str:
        if not element.tag.startswith(library.SVG):
            return ""
        wanted = element.get("data-detail")
        if wanted and detail not in _DETAILS[wanted]:
            return ""
        if slot := element.get("data-slot"):
            found = Slot(slot, element.get("transform", ""))
            if found not in self.slots:
                self.slots.append(found)
            return f"⟨slot {self.slots.index(found)}⟩"
        glow = glow or element.get("class") == "glow"
        parts = [element.tag.removeprefix(library.SVG)]
        for name, value in element.attrib.items():
            if name.startswith("data-") or name in ("class", "id"):
                continue
            if name == "opacity":
                name = _plain_opacity(element)
            parts.append(f'{name}="{self._colour(element, name, value, glow)}"')
        inside = "".join(self.text(child, detail, glow) for child in element)
        tag = " ".join(parts)
        drawn = f"<{tag}>{inside}</{parts[0]}>" if inside else f"<{tag}/>"
        if parts[0] == "g" and not inside:
            return ""
        if element.get("data-mirror"):
            drawn += f'<g transform="scale(-1 1)">{drawn}</g>'
        return drawn

    @staticmethod
    def _colour(element: Element, name: str, value: str, glow: bool) -> str:
        if name not in ("fill", "stroke") or glow or not _COLOUR.fullmatch(value):
            return value
        if name == "fill":
            return f"⟨f {value}⟩"
        return f"⟨e {value}⟩" if element.get("fill", "none") != "none" else f"⟨s {value}⟩"


def _plain_opacity(element: Element) -> str:
    """Under what name an element's opacity costs no layer of its own: fill and stroke that
    overlap need one."""
    filled = element.get("fill", "black") != "none"
    stroked = element.get("stroke", "none") != "none"
    if element.tag == library.SVG + "g" or (filled and stroked):
        return "opacity"
    return "fill-opacity" if filled else "stroke-opacity"


def _read(file: library.Template) -> Template:
    reader = _Reader()
    pieces = []
    for child in file.root:
        views = child.get("data-view", "side front back").split()
        pieces.append(
            Piece(
                tuple(view for view in get_args(View) if view in views),
                child.get("data-layer", "over"),
                {detail: reader.text(child, detail, False) for detail in get_args(Detail)},
                {
                    name.removeprefix("data-"): value
                    for name, value in child.attrib.items()
                    if name.startswith("data-")
                },
            )
        )
    return Template(file, file.name.partition("-")[0], tuple(pieces), tuple(reader.slots))


@cache
def parts(shelf: str) -> Mapping[str, Template]:
    """The templates of a shelf (figures or props) by name, in the order of names.

    Raises StudioError for a file that is not SVG.
    """
    return MappingProxyType({name: _read(file) for name, file in library.shelf(shelf).items()})
