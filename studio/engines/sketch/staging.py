"""Where the things of a shot stand: beside the people, on a table, on the water, in the sky,
or alone and large in an insert.

Takes a panel, its camera and its people; gives SVG in pixels of the panel. What somebody
holds, rides or rows is drawn with them, and what the place's template already shows
(`data-has`) is not drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.engines.requests import Panel
from studio.engines.sketch.art import Art
from studio.engines.sketch.colour import darken, lighten, mix
from studio.engines.sketch.framing import Camera, Stand
from studio.engines.sketch.held import brings
from studio.engines.sketch.library import Template
from studio.engines.sketch.light import Light
from studio.engines.sketch.props import draw_prop, find_props, prop_spec

_KINDS = {"rowing-boat": "boat"}
"""Props that are told apart in the drawing, and not in the words."""


@dataclass(frozen=True)
class Staged:
    """Props behind the people and beside them, both of the layer middle, and before them."""

    behind: str = ""
    beside: str = ""
    before: str = ""


def insert_prop(panel: Panel) -> str | None:
    """What an insert shows: the first prop of its action, a letter where the action quotes
    what is written, the first prop of its heading; None if there is nothing of these."""
    if panel.framing != "insert":
        return None
    written = ("letter",) if any(mark in panel.action for mark in '“"「') else ()
    found = find_props(panel.action) or written or find_props(panel.heading)
    return found[0] if found else None


def _fits_a_room(name: str) -> bool:
    spec = prop_spec(name)
    return spec.stands != "water" and spec.height <= 1.7


def stage_props(
    panel: Panel, place: Template, camera: Camera, stands: Sequence[Stand], light: Light, seed: int
) -> Staged:
    """The props that a panel's action speaks of, at their places."""
    alone = insert_prop(panel)
    if alone is not None:
        return Staged(beside=_alone(alone, camera, light, seed))
    brought = {
        _KINDS.get(name, name) for stand in stands for name in brings(stand.figure, panel.action)
    }
    shown = brought | set(place.data.get("has", "").split())
    found = find_props(panel.action)
    names = [name for name in found if not shown & {name, _KINDS.get(name, name)}]
    if light.inside:  # what is spoken of, but is outside
        names = [name for name in names if _fits_a_room(name)]
    stage = _Stage(panel, place, camera, stands, light, seed)
    behind = beside = before = ""
    for index, name in enumerate(names):
        stood = prop_spec(name).stands
        if stood == "sky" and not light.inside:
            behind += stage.in_the_sky(name, index)
        elif stood == "water" and "water" in place.data:
            behind += stage.on_the_water(name, index)
        elif stood == "table" and panel.size in ("MS", "MCU") and light.inside:
            before += stage.on_a_table(name, index, first=not before)
        elif stood == "table" and "table" in place.data:
            behind += stage.at_the_table(name, index)
        elif stood in ("ground", "water"):
            drawn, near = stage.on_the_ground(name, index)
            beside, behind = (beside + drawn, behind) if near else (beside, behind + drawn)
    return Staged(behind, beside, before)


@dataclass(frozen=True)
class _Stage:
    panel: Panel
    place: Template
    camera: Camera
    stands: Sequence[Stand]
    light: Light
    seed: int

    def in_the_sky(self, name: str, index: int) -> str:
        height = self.camera.height
        tall = max(0.05, min(0.3, prop_spec(name).height * 0.3)) * height
        y = max(0.12 * height + tall, min(0.34 * height, self.camera.horizon - 0.1 * height))
        return self._drawn(name, self._open(index), y - 0.05 * height * index, tall, _flying)

    def on_the_water(self, name: str, index: int) -> str:
        """On the water of the place: `data-water` is how far below the horizon things float
        there; what would be too large is farther out."""
        camera = self.camera
        depth = self.place.number("water", 200)
        tall = max(prop_spec(name).height * self._person(depth), 0.07 * camera.height)
        away = min(1.0, 0.4 * camera.height / tall)
        y = camera.at(0, depth * away)[1]
        return self._drawn(name, self._open(index), y, tall * away, _afloat)

    def on_a_table(self, name: str, index: int, first: bool) -> str:
        """In close shots: the edge of a table before the people, and the thing on it."""
        width, height = self.camera.width, self.camera.height
        wood = self.light.lit("#5d4029", 0)
        edge = 0.9 * height
        table = (
            f'<rect x="{-0.25 * width:.0f}" y="{edge:.0f}" width="{1.5 * width:.0f}" '
            f'height="{0.4 * height:.0f}" fill="{darken(wood, 0.25)}"/>'
            f'<rect x="{-0.25 * width:.0f}" y="{edge:.0f}" width="{1.5 * width:.0f}" '
            f'height="{0.035 * height:.0f}" fill="{lighten(wood, 0.08)}"/>'
        )
        person = self.stands[0].height if self.stands else 1.6 * height
        tall = min(max(prop_spec(name).height * person, 0.1 * height), 0.4 * height)
        art = self._drawn(name, self._open(index), edge + 0.022 * height, tall, _shadow)
        return (table if first else "") + art

    def at_the_table(self, name: str, index: int) -> str:
        """On the table of the place: `data-table` is the x and y of its top, and how far below
        the horizon its feet stand."""
        across, top, feet = (float(part) for part in self.place.data["table"].split())
        x, y = self.camera.at(across, top)
        tall = prop_spec(name).height * self._person(feet)
        return self._drawn(name, x + index * tall, y, tall, _shadow)

    def on_the_ground(self, name: str, index: int) -> tuple[str, bool]:
        """Beside the first of the people, or farther off what would be too large there."""
        camera = self.camera
        height = camera.height
        person, feet = self._nearest()
        tall = prop_spec(name).height * person
        near = min(1.0, 0.5 * height / tall)
        if feet > camera.horizon:
            near = min(near, (0.96 * height - camera.horizon) / (feet - camera.horizon))
        if near <= 0 or self.panel.size in ("CU", "ECU"):
            return "", False
        begins = camera.at(0, self.place.number("ground", 120))[1]
        feet = max(begins, camera.horizon + (feet - camera.horizon) * near)
        drawn = self._drawn(name, self._open(index), feet, tall * near, _shadow)
        return drawn, near == 1.0

    def _nearest(self) -> tuple[float, float]:
        """Height of a grown person at the place of the first of the people, and where their
        feet are, in pixels."""
        height = self.camera.height
        if not self.stands:
            return 0.5 * height, 0.86 * height
        stand = max(self.stands, key=lambda each: each.height)
        if stand.feet is not None:
            return stand.height, stand.feet
        return stand.height, (stand.eyes or 0.0) + 0.93 * stand.height

    def _person(self, depth: float) -> float:
        """Height of a grown person whose feet are `depth` units below the horizon, in pixels."""
        return depth * 1.7 / self.place.number("eye", 1.6) * self.camera.unit * self.camera.zoom

    def _open(self, index: int) -> float:
        """An x of the frame where nobody stands: first the side that people look to."""
        width = self.camera.width
        taken = [stand.x / width for stand in self.stands]
        spots = [0.3, 0.7, 0.5, 0.14, 0.86]
        if len(taken) == 1:
            ahead = {"left": -1, "right": 1}.get(self.stands[0].figure.facing or "", 0)
            side = ahead or (1 if taken[0] < 0.5 else -1)
            near = min(0.86, max(0.14, taken[0] + 0.3 * side))
            spots = [near, *(spot for spot in spots if abs(spot - near) > 0.12)]
        free = [spot for spot in spots if all(abs(spot - each) > 0.15 for each in taken)] or spots
        return free[index % len(free)] * width

    def _drawn(
        self, name: str, x: float, base: float, tall: float, under: Callable[[Art, Light], str]
    ) -> str:
        art = draw_prop(name, height=tall, shade=self.light.shade, seed=self.seed % 9973)
        place = f"translate({x:.1f} {base:.1f})"
        drawn = under(art, self.light) + art.svg
        return f'<g class="prop" data-prop="{name}" transform="{place}">{drawn}</g>'


def _alone(name: str, camera: Camera, light: Light, seed: int) -> str:
    """A thing large in the frame, on a table in a pool of light."""
    width, height = camera.width, camera.height
    tall = 0.56 * height
    art = draw_prop(name, height=tall, shade=light.shade, seed=seed % 9973)
    if art.width > 0.62 * width:
        tall *= 0.62 * width / art.width
        art = draw_prop(name, height=tall, shade=light.shade, seed=seed % 9973)
    top = light.lit("#6b4a30" if light.inside else "#7d766a", 0)
    edge, base = 0.6 * height, 0.5 * height + tall / 2 + 0.06 * height
    return (
        f'<rect x="{-0.25 * width:.0f}" y="{edge:.0f}" width="{1.5 * width:.0f}" '
        f'height="{0.65 * height:.0f}" fill="{top}"/>'
        f'<rect x="{-0.25 * width:.0f}" y="{edge:.0f}" width="{1.5 * width:.0f}" '
        f'height="{0.012 * height:.0f}" fill="{lighten(top, 0.14)}"/>'
        f'<g class="glow"><ellipse cx="{width / 2:.0f}" cy="{base:.0f}" rx="{0.5 * width:.0f}" '
        f'ry="{0.24 * height:.0f}" fill="url(#pool)"/></g>'
        f'<g class="prop" data-prop="{name}" transform="translate({width / 2:.1f} {base:.1f})">'
        f"{_shadow(art, light)}{art.svg}</g>"
    )


def wake(wide: float, light: Light) -> str:
    """The water about a boat that is `wide` pixels long, around its base."""
    foam = mix(light.sky[2], "#ffffff", 0.3)
    return (
        f'<g class="water"><ellipse rx="{0.56 * wide:.1f}" ry="{0.045 * wide:.1f}" '
        f'fill="{darken(light.ambient, 0.3)}" fill-opacity=".4"/>'
        f'<ellipse cy="{0.012 * wide:.1f}" rx="{0.5 * wide:.1f}" ry="{0.016 * wide:.1f}" '
        f'fill="{foam}" fill-opacity=".45"/></g>'
    )


def _afloat(art: Art, light: Light) -> str:
    return wake(art.width, light)


def _flying(art: Art, light: Light) -> str:  # noqa: ARG001 - what flies leaves no trace
    return ""


def _shadow(art: Art, light: Light) -> str:
    dark = mix(light.ambient, "#05060c", 0.6)
    away = 0.12 if light.side == "left" else -0.12
    return (
        f'<ellipse cx="{away * art.width:.1f}" rx="{0.58 * art.width:.1f}" '
        f'ry="{max(0.05 * art.width, 1.0):.1f}" fill="{dark}" fill-opacity=".42"/>'
    )
