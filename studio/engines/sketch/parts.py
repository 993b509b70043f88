"""Reads the SVG templates of figures and props, and paints them.

A template is an SVG file whose groups may carry `data-view` (side, front, back) and
`data-layer`; what stands outside such groups belongs to every view. Elements with
`data-detail="near"` are drawn in close shots only, those with `data-detail="full"` in all
but far ones, and an element with `data-mirror` is drawn twice, the second time mirrored
about x = 0. Colours are roles in braces (`{coat}`, `{coat-dark}`, `{coat-light}`,
`{coat-line}`) or plain hex colours; `Paint` turns both into lit and shaded ones. What
gives light itself has `class="glow"` and keeps its colours.

Knows nothing of bodies, poses and words' meanings.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args
from xml.etree.ElementTree import Element

from studio.engines.sketch import library
from studio.engines.sketch.art import Shade
from studio.engines.sketch.colour import darken, lighten, mix, multiply

View = Literal["side", "front", "back"]
Detail = Literal["far", "full", "near"]

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}|\{[a-z-]+\}")
_MARK = re.compile(r"⟨([a-z]) ([^⟩]+)⟩")
_RANGES = {
    "f": (0.0, 1.0),
    "l": (0.04, 0.36),
    "p": (0.1, 0.52),
    "q": (0.48, 0.9),
    "d": (0.62, 0.97),
}
"""How a fill is drawn, and which part of the way from lit to shaded it shows: all of it, or
little for what lies on something larger, near the light or away from it."""
_INSTEAD: Mapping[View, tuple[View, ...]] = {
    "side": ("side",),
    "front": ("front", "side"),
    "back": ("back", "front", "side"),
}
_STOPS = (0.0, 0.4, 0.62, 1.0)
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


class Paint:
    """The colours of one drawing: roles and hex colours under one light.

    `light` is the direction towards the key light in the fragment's own axes (x right, y
    down). `seed` makes the ids of gradients unique to the drawing. With detail `far`
    every colour is flat. `defs()` comes after all calls of `fill`.
    """

    def __init__(
        self,
        roles: Mapping[str, str],
        shade: Shade,
        light: tuple[float, float],
        detail: Detail,
        seed: str,
    ) -> None:
        self._roles = roles
        self._shade = shade
        self.light = light
        self._detail = detail
        self._prefix = "p" + hashlib.sha256(seed.encode()).hexdigest()[:7]
        self._defs: dict[str, str] = {}

    def colour(self, name: str) -> str:
        """The plain hex colour of `{role}`, `{role-dark}`, `{role-line}` … or of a hex."""
        if name.startswith("#"):
            return name
        role, _, tone = name.strip("{}").rpartition("-")
        if tone not in ("dark", "light", "line", "deep"):
            role, tone = name.strip("{}"), ""
        base = self._roles[role]
        return {
            "": base,
            "dark": mix(darken(base, 0.24), "#2a2140", 0.08),
            "deep": mix(darken(base, 0.45), "#241c38", 0.12),
            "light": lighten(base, 0.22),
            "line": mix(darken(base, 0.58), "#1c1626", 0.3),
        }[tone]

    def lit(self, colour: str) -> str:
        """A colour where the key light falls on it squarely."""
        shade = self._shade
        seen = multiply(colour, mix("#ffffff", shade.key, 0.35 + 0.3 * shade.strength))
        return mix(seen, shade.ambient, 0.5 * shade.strength)

    def shaded(self, colour: str) -> str:
        """A colour on the side away from the light."""
        shade = self._shade
        seen = mix(darken(self.lit(colour), 0.2), multiply(colour, shade.ambient), 0.28)
        return mix(seen, shade.ambient, 0.1 + 0.45 * shade.strength)

    def fill(self, markup: str) -> str:
        """Markup with its colours put in."""
        return _MARK.sub(lambda found: self._put(found[1], found[2]), markup)

    def defs(self) -> str:
        """The gradients that were used."""
        return f"<defs>{''.join(self._defs.values())}</defs>" if self._defs else ""

    def _put(self, how: str, name: str) -> str:
        colour = self.colour(name)
        if how == "s" or self._detail == "far":
            return mix(self.lit(colour), self.shaded(colour), 0.0 if how in "se" else 0.35)
        if how == "e" and self._shade.rim < 0.15:
            return self.lit(colour)
        key = f"{self._prefix}{how}{colour.removeprefix('#')}"
        if key not in self._defs:
            self._defs[key] = self._gradient(key, how, colour)
        return f"url(#{key})"

    def _tone(self, colour: str, turned: float) -> str:
        """A colour on what faces the light (0) and turns away from it (1)."""
        lit, shaded = self.lit(colour), self.shaded(colour)
        if turned < 0.4:
            bright = mix(lit, self._shade.key, 0.1 + 0.12 * self._shade.rim)
            return mix(bright, lit, turned / 0.4)
        if turned < 0.62:
            return mix(lit, shaded, 0.45 * (turned - 0.4) / 0.22)
        return mix(lit, shaded, 0.45 + 0.55 * (turned - 0.62) / 0.38)

    def _gradient(self, key: str, how: str, colour: str) -> str:
        x, y = self.light
        ends = (0.5 + x / 2, 0.5 + y / 2, 0.5 - x / 2, 0.5 - y / 2)
        names = ("x1", "y1", "x2", "y2")
        at = " ".join(f'{name}="{end:.2f}"' for name, end in zip(names, ends, strict=True))
        if how == "e":
            shade = self._shade
            line = self.lit(colour)
            bright = mix(line, lighten(shade.key, 0.25), shade.rim)
            stops: tuple[tuple[float, str], ...] = (
                (0.0, bright),
                (0.22, mix(line, bright, 0.5)),
                (0.4, line),
            )
        else:
            first, last = _RANGES[how]
            stops = tuple(
                (part, self._tone(colour, first + (last - first) * part)) for part in _STOPS
            )
        drawn = "".join(f'<stop offset="{at_:g}" stop-color="{seen}"/>' for at_, seen in stops)
        return f'<linearGradient id="{key}" {at}>{drawn}</linearGradient>'
