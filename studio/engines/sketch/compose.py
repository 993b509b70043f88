"""A shot's fields become one SVG picture: place, people and props, lit and framed.

The picture has the size of the frame, and its groups back, middle and front reach a fifth
beyond it on every side, so that an animator can move them; a last group `finish` holds
what stays still. People stand in groups of class figure with `data-who`; moving things in
groups of class rain, snow, fog, cloud, water and glow. From medium shots on, the place is
a soft picture in the group back, as behind a lens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.engines.requests import Panel
from studio.engines.sketch.art import Art, Side
from studio.engines.sketch.colour import lighten, mix
from studio.engines.sketch.figures import draw_figure
from studio.engines.sketch.focus import soften
from studio.engines.sketch.framing import CLOSE, Camera, Layer, Stand, block, place_camera
from studio.engines.sketch.grade import grade_of
from studio.engines.sketch.held import brings
from studio.engines.sketch.hours import time_of, weather_of
from studio.engines.sketch.library import Template, recolour
from studio.engines.sketch.light import Light, by_lamp, light_of
from studio.engines.sketch.place import (
    choice,
    choose_place,
    draw_place,
    is_inside,
    is_mirrored,
)
from studio.engines.sketch.setups import setup_of
from studio.engines.sketch.sky import body_at, draw_sky
from studio.engines.sketch.staging import insert_prop, stage_props, wake
from studio.engines.sketch.weather import draw_weather, mist

_SOFT = {"MS": 0.004, "MCU": 0.008, "CU": 0.014, "ECU": 0.022}
"""How far the place is out of focus, as a share of the frame's height."""


def compose(panel: Panel, size: tuple[int, int], seed: int) -> str:
    """The panel as SVG source, `size` in pixels; equal arguments give equal text.

    Raises RenderFailed where a part of it cannot be rasterised.
    """
    if panel.framing == "insert" and insert_prop(panel) is None:
        panel = replace(panel, framing="single")
    scene = _Scene.of(panel, size, seed)
    defs, back, middle, front = scene.layers()
    camera = scene.camera
    grade = grade_of(panel.look)
    blur = 0.014 if panel.framing == "insert" else _SOFT.get(panel.size)
    if panel.size == "MLS" and scene.light.inside:
        blur = 0.002
    if blur is not None:
        drawing = recolour(_rolled(camera, back + middle[0]), grade)
        back = soften(
            recolour(defs, grade), drawing, size, blur * size[1], setup_of(panel, scene.light)
        )
        middle = ("", middle[1])
    else:
        back = _rolled(camera, back)
    layers = (
        ("back", back),
        ("middle", _rolled(camera, "".join(middle))),
        ("front", _rolled(camera, front)),
    )
    groups = "".join(f'<g id="{name}">{drawn}</g>\n' for name, drawn in layers)
    finish = f'<rect width="{size[0]}" height="{size[1]}" fill="url(#vignette)"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="0 0 {size[0]} {size[1]}">\n<defs>{defs}</defs>\n{groups}'
        f'<g id="finish">{finish}</g>\n</svg>\n'
    )
    return recolour(svg, grade)


def scene_light(panel: Panel, place: Template) -> Light:
    """The light of a panel's scene: the same in all shots of one place, time and weather."""
    lamps = place.data.get("light") == "lamps"
    time = "night" if lamps else time_of(panel.time, panel.heading)
    weather = weather_of(panel.weather, panel.heading, panel.look)
    side: Side = "left" if choice(panel.place_id, "sun", 2) else "right"
    light = light_of(time, weather, is_inside(place), side)
    if light.dark and place.data.get("light") == "street":
        light = replace(light, key="#ffcf94")
    if light.dark and light.inside:
        light = by_lamp(light, panel.place_id)
    return light


@dataclass(frozen=True)
class _Scene:
    """All that is decided before a line is drawn."""

    panel: Panel
    place: Template
    light: Light
    camera: Camera
    stands: tuple[Stand, ...]
    seed: int

    @classmethod
    def of(cls, panel: Panel, size: tuple[int, int], seed: int) -> _Scene:
        place = choose_place(panel)
        landmark = None
        if "landmark" in place.data:
            mirror = -1 if is_mirrored(place, panel.place_id) else 1
            landmark = mirror * place.number("landmark", 0)
        camera = place_camera(panel, size, seed, is_inside(place), landmark)
        stands = block(panel, camera, place.number("ground", 120))
        return cls(panel, place, scene_light(panel, place), camera, stands, seed)

    def layers(self) -> tuple[str, str, tuple[str, str], str]:
        """Definitions; the layers back, middle (the place, and what stands in it) and front."""
        panel, light, camera = self.panel, self.light, self.camera
        width, height, seed = camera.width, camera.height, self.seed
        close = panel.size in CLOSE
        flags = light.flags | {
            "people" if self.stands else "empty",
            "ledge" if self._on_the_ground() else "open",
        }
        words = f"{panel.heading} {panel.place} {panel.action}"
        sun = None
        if light.body:
            sun = camera.units(body_at(light, width, height, camera.horizon)[0])
        drawn = draw_place(self.place, light, flags, words, panel.place_id, sun)
        props = stage_props(panel, self.place, camera, self.stands, light, seed)
        defs = drawn.defs + mist(light) + _vignette() + _pool(light)
        back = _placed(camera, "back", drawn.back)
        if not light.inside:
            sky_seed = choice(panel.place_id, "sky", 2**31)
            sky_defs, sky = draw_sky(light, width, height, camera.horizon, sky_seed)
            defs += sky_defs
            back = sky + back + _haze(light, camera)
        ground = _placed(camera, "middle", drawn.middle) + _lamplight(light, camera)
        people = [self._standing(stand) for stand in self.stands if not stand.foreground]
        middle = "".join(
            (draw_weather(light, width, height, False, seed), props.behind, *people, props.beside)
        )
        nearest = [self._standing(stand) for stand in self.stands if stand.foreground]
        bare = close or panel.framing == "insert" or panel.angle in ("dutch", "overhead")
        framing = "" if bare else _placed(camera, "front", drawn.front)
        rain = draw_weather(light, width, height, True, seed)
        return defs, back, (ground, middle), "".join((framing, *nearest, props.before, rain))

    def _on_the_ground(self) -> bool:
        """Whether the people need something under their feet: on water, those in no boat."""
        return bool(self.stands) and not (
            "afloat" in self.place.data and any(_afloat(stand, self.panel) for stand in self.stands)
        )

    def _standing(self, stand: Stand) -> str:
        """Somebody in the frame, with the shadow at the feet."""
        light, shade = self.light, self.light.shade
        if stand.foreground:
            dark = mix(shade.ambient, "#06070c", 0.75)
            shade = replace(shade, key=mix(shade.key, dark, 0.6), ambient=dark, strength=1.0)
        art = draw_figure(
            stand.figure,
            height=stand.height,
            action=self.panel.action,
            shade=shade,
            detail=stand.detail,
        )
        x = stand.x - (1.0 if stand.detail == "near" else 0.35) * art.eye[0]
        feet, shadow = stand.feet, ""
        if feet is None:
            feet = (stand.eyes or 0.0) - art.eye[1] * stand.squash
        else:
            feet = max(feet, 0.05 * self.camera.height + art.height * stand.squash)
            if art.height < 0.62 * stand.height:  # a small animal is seen whole
                feet = min(feet, 0.95 * self.camera.height)
        if stand.feet is not None and _afloat(stand, self.panel):
            x, feet = (x + self.camera.width / 2) / 2, feet - 0.05 * self.camera.height
            art, shadow = _to_the_water(art, stand), wake(art.width, light)
        elif stand.feet is not None:
            shadow = _shadow(art, stand.height, light)
        if stand.detail == "far":
            shadow = _spot(stand.height) + shadow
        return (
            f'<g class="figure" data-who="{stand.figure.id}" transform="translate({x:.1f} '
            f'{feet:.1f}) scale(1 {stand.squash:g})">{shadow}{art.svg}</g>'
        )


def _afloat(stand: Stand, panel: Panel) -> bool:
    return "rowing-boat" in brings(stand.figure, panel.action)


def _to_the_water(art: Art, stand: Stand) -> Art:
    """Somebody in a boat, without what lies under the water line."""
    name, reach = f"water-{stand.figure.id}", 3 * stand.height
    clip = (
        f'<clipPath id="{name}"><rect x="{-reach:.0f}" y="{-reach:.0f}" width="{2 * reach:.0f}" '
        f'height="{reach + 0.01 * stand.height:.0f}"/></clipPath>'
    )
    return replace(art, svg=f'{clip}<g clip-path="url(#{name})">{art.svg}</g>')


def _placed(camera: Camera, layer: Layer, art: str) -> str:
    return f'<g transform="{camera.layer(layer)}">{art}</g>'


def _rolled(camera: Camera, art: str) -> str:
    if not camera.roll:
        return art
    middle = f"{camera.width / 2:g} {camera.height / 2:g}"
    return f'<g transform="rotate({camera.roll:g} {middle})">{art}</g>'


def _haze(light: Light, camera: Camera) -> str:
    """The air at the horizon, thicker in bad weather."""
    share = {"fog": 1.0, "rain": 0.6, "storm": 0.4, "snow": 0.7}.get(light.weather, 0.4)
    return (
        f'<g class="haze" opacity="{share}"><ellipse cx="{camera.width / 2:g}" '
        f'cy="{camera.horizon:.0f}" rx="{1.1 * camera.width:.0f}" ry="{0.13 * camera.height:.0f}" '
        'fill="url(#mist)"/></g>'
    )


def _lamplight(light: Light, camera: Camera) -> str:
    """The warm pool that lamps make of a room."""
    if not (light.inside and light.lamps):
        return ""
    return (
        f'<ellipse cx="{camera.width / 2 + camera.shift:.0f}" cy="{0.45 * camera.height:.0f}" '
        f'rx="{0.62 * camera.width:.0f}" ry="{0.68 * camera.height:.0f}" fill="url(#pool)"/>'
    )


def _pool(light: Light) -> str:
    colour = lighten(light.key, 0.1)
    return (
        f'<radialGradient id="pool"><stop offset="0" stop-color="{colour}" stop-opacity=".34"/>'
        f'<stop offset=".5" stop-color="{colour}" stop-opacity=".14"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>'
    )


def _spot(person: float) -> str:
    """A light on the ground that leads the eye to somebody far away."""
    return f'<ellipse rx="{1.5 * person:.1f}" ry="{0.42 * person:.1f}" fill="url(#pool)"/>'


def _vignette() -> str:
    return (
        '<radialGradient id="vignette" cx=".5" cy=".48" r=".78"><stop offset=".55" '
        'stop-color="#05060c" stop-opacity="0"/><stop offset="1" stop-color="#05060c" '
        'stop-opacity=".42"/></radialGradient>'
    )


def _shadow(art: Art, person: float, light: Light) -> str:
    """Where the feet touch the ground, and the long shadow away from a low light."""
    wide, tall = 0.13 * person, 0.02 * person
    dark = mix(light.ambient, "#05060c", 0.6)
    contact = f'<ellipse rx="{wide:.1f}" ry="{tall:.1f}" fill="{dark}" fill-opacity=".5"/>'
    if light.weather not in ("clear", "cloudy") or light.inside:
        return (
            f'<ellipse rx="{1.5 * wide:.1f}" ry="{1.7 * tall:.1f}" fill="{dark}" '
            f'fill-opacity=".22"/>{contact}'
        )
    away = 1 if light.side == "left" else -1
    reach, near = away * art.height * (0.95 if light.low else 0.4), -away * 0.5 * wide
    return (
        f'<path d="M{near:.1f} {-tall:.1f}Q{0.6 * reach:.1f} {0.2 * tall:.1f} {reach:.1f} '
        f"{3.2 * tall:.1f}Q{1.08 * reach:.1f} {5 * tall:.1f} {0.85 * reach:.1f} {5 * tall:.1f}"
        f'Q{0.4 * reach:.1f} {4 * tall:.1f} {near:.1f} {tall:.1f}Z" fill="{dark}" '
        f'fill-opacity="{0.4 if light.dark else 0.34}"/>{contact}'
    )
