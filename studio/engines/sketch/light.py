"""What light a scene stands in: the time of day, the weather, and whether it is inside.

Takes the storyboard's words and gives a `Light`, the palette by which everything in the
panel is coloured. Knows no templates and no frame.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from studio.engines.sketch.art import Shade, Side
from studio.engines.sketch.colour import darken, lighten, luminance, mix, multiply
from studio.engines.sketch.hours import Time, Weather


@dataclass(frozen=True)
class Light:
    """A palette. Colours are hex; the rest are shares of 0 to 1.

    `sky` runs from the zenith to the horizon. `tint` is what a white thing looks like, and
    `deep` the tint of dark things. `haze` is what things far away fade into, by `depth`.
    `key` and `ambient` are the colours of the key light and of the shadows, `strength` and
    `rim` as in a `Shade`. `body` is the colour of the sun or moon, None where neither
    shows; `low` says that it stands near the horizon. `lamps` says that lamps and windows
    are lit, and `cover` how much of the sky is cloud.
    """

    time: Time
    weather: Weather
    inside: bool
    sky: tuple[str, str, str]
    tint: str
    deep: str
    haze: str
    depth: float
    key: str
    ambient: str
    strength: float
    rim: float
    body: str | None
    low: bool
    lamps: bool
    cover: float
    side: Side = "left"

    @property
    def dark(self) -> bool:
        """Whether it is night outside."""
        return self.time == "night"

    @property
    def shade(self) -> Shade:
        """What the light does to a figure or prop."""
        return Shade(self.key, self.ambient, self.strength, self.side, self.rim)

    @property
    def flags(self) -> frozenset[str]:
        """Names that a template's `data-when` may ask for."""
        wet = {"wet"} if self.weather in ("rain", "storm") else set()
        return frozenset(
            {self.time, self.weather, "lit" if self.lamps else "unlit", *wet}
            | ({"dark"} if self.dark else {"bright"})
        )

    def role(self, name: str) -> str | None:
        """The colour of a role that a template names in `data-roles`; None if unknown."""
        top, middle, low = self.sky
        return {
            "sky-top": top,
            "sky-middle": middle,
            "sky-low": low,
            "haze": self.haze,
            "key": self.key,
            "ambient": self.ambient,
            "window": "#ffd68a" if self.lamps else mix(middle, "#26323f", 0.55),
            "pane": mix(middle, "#10141c", 0.62),
            "lamp": "#ffe9b4" if self.lamps else "#d8d6cc",
            "water": mix(mix(middle, low, 0.35), "#173447", 0.42),
            "water-light": mix(low, "#ffffff", 0.18),
        }.get(name)

    def lit(self, colour: str, distance: float) -> str:
        """A daylight colour as it looks here; `distance` is 0 near to 1 at the horizon."""
        tint = mix(self.deep, self.tint, 0.12 + 1.1 * luminance(colour))
        return mix(multiply(colour, tint), self.haze, distance * self.depth)


_DAY = Light(
    time="day",
    weather="clear",
    inside=False,
    sky=("#3b82c4", "#83b9e2", "#dbecf3"),
    tint="#fffdf6",
    deep="#e4ebf6",
    haze="#cbdfec",
    depth=0.62,
    key="#fff3d6",
    ambient="#5d7ba6",
    strength=0.12,
    rim=0.15,
    body="#fffbe6",
    low=False,
    lamps=False,
    cover=0.25,
)

_OUTSIDE: Mapping[Time, Light] = {
    "dawn": replace(
        _DAY,
        time="dawn",
        sky=("#3d5285", "#b891a8", "#ffd2a0"),
        tint="#e6c3b4",
        deep="#8f8cb4",
        haze="#e2b3a6",
        depth=0.72,
        key="#ffc292",
        ambient="#4b4a78",
        strength=0.34,
        rim=0.6,
        body="#fff0cf",
        low=True,
        lamps=True,
        cover=0.35,
    ),
    "morning": replace(
        _DAY,
        time="morning",
        sky=("#5596cd", "#a6cfe3", "#f6ead0"),
        tint="#fff2dc",
        deep="#dfe3ee",
        haze="#e6e4d6",
        key="#ffe5b0",
        ambient="#66789c",
        strength=0.16,
        rim=0.3,
        low=True,
        cover=0.3,
    ),
    "day": _DAY,
    "afternoon": replace(
        _DAY,
        time="afternoon",
        sky=("#4586c0", "#98bfd8", "#f7dfb4"),
        tint="#ffe9c6",
        deep="#dcd6dc",
        haze="#e9dcc0",
        key="#ffd898",
        ambient="#6a6f92",
        strength=0.18,
        rim=0.35,
        low=True,
    ),
    "dusk": replace(
        _DAY,
        time="dusk",
        sky=("#262d5c", "#a9526a", "#ffac5e"),
        tint="#c78d78",
        deep="#655f8e",
        haze="#c97a66",
        depth=0.7,
        key="#ff9c56",
        ambient="#2b2850",
        strength=0.45,
        rim=0.8,
        body="#ffe2a6",
        low=True,
        lamps=True,
        cover=0.45,
    ),
    "night": replace(
        _DAY,
        time="night",
        sky=("#060b20", "#0f1f45", "#27406f"),
        tint="#4d659c",
        deep="#2a3a68",
        haze="#1e3158",
        depth=0.66,
        key="#a9c2f2",
        ambient="#16224c",
        strength=0.42,
        rim=0.75,
        body="#eef3ff",
        lamps=True,
        cover=0.22,
    ),
}


def _roofed(time: Time, tint: str, deep: str, haze: str, strength: float, rim: float) -> Light:
    """The light of a time of day as it comes through windows."""
    return replace(
        _OUTSIDE[time],
        inside=True,
        depth=0.22,
        body=None,
        tint=tint,
        deep=deep,
        haze=haze,
        strength=strength,
        rim=rim,
    )


_INSIDE: Mapping[Time, Light] = {
    "dawn": _roofed("dawn", "#c9aca2", "#857f98", "#97808c", 0.34, 0.4),
    "morning": _roofed("morning", "#f6e8d0", "#cfcbcc", "#d5cdbd", 0.2, 0.3),
    "day": _roofed("day", "#f0ece2", "#c6cbd2", "#c5cccf", 0.18, 0.2),
    "afternoon": _roofed("afternoon", "#f6dfb8", "#c9bcb4", "#cdbc9e", 0.22, 0.35),
    "dusk": replace(_roofed("dusk", "#c99274", "#6d6080", "#8a6468", 0.36, 0.5), key="#ffb070"),
    "night": replace(
        _roofed("night", "#8d715c", "#4c4a66", "#383244", 0.38, 0.45),
        key="#ffc47c",
        ambient="#1d1828",
    ),
}


_GREYS: Mapping[Weather, tuple[str, float, float, float]] = {
    "overcast": ("#a4aeb6", 0.62, 0.92, 0.72),
    "rain": ("#7d8993", 0.72, 0.8, 0.8),
    "storm": ("#454e5b", 0.8, 0.6, 0.78),
    "snow": ("#c6ced6", 0.72, 0.98, 0.86),
    "fog": ("#bcc3c6", 0.78, 0.95, 1.0),
}
"""Of a covered sky: its grey and the share of it, what is left of the light, the haze."""


class _Lamp(NamedTuple):
    """The colours of a room at night: lit surfaces, shadows, air, and the light itself."""

    tint: str
    deep: str
    haze: str
    key: str


_LAMPS = (
    _Lamp("#8d715c", "#4c4a66", "#383244", "#ffc47c"),  # oil
    _Lamp("#647491", "#3a4566", "#2b3450", "#cfe0ff"),  # the moon
    _Lamp("#85875a", "#48533f", "#343b2c", "#e9eda6"),  # gas
)


def by_lamp(light: Light, place: str) -> Light:
    """A night inside, in the light that the place with this id keeps: of oil, the moon or
    gas, so that one room is told from the next."""
    number = int.from_bytes(hashlib.sha256(f"{place}/lamps".encode()).digest()[:4], "big")
    lamp = _LAMPS[number % len(_LAMPS)]
    return replace(light, tint=lamp.tint, deep=lamp.deep, haze=lamp.haze, key=lamp.key)


def light_of(time: Time, weather: Weather | None, inside: bool, side: Side) -> Light:
    """The light at a time, in a weather, outside or inside; `side` is where it comes from."""
    base = replace((_INSIDE if inside else _OUTSIDE)[time], side=side)
    return _under(base, weather) if weather else base


def _under(light: Light, weather: Weather) -> Light:
    """The light under a sky that is not clear."""
    if weather in ("clear", "cloudy"):
        return replace(light, weather=weather, cover=0.08 if weather == "clear" else 0.7)
    grey, share, dim, depth = _GREYS[weather]
    bright = luminance(light.sky[1])
    level = 1.5 * bright if light.dark else 1.2 * (0.35 + 0.65 * bright)
    grey = multiply(grey, mix("#000000", "#ffffff", level))
    zenith, middle, low = (mix(part, grey, share) for part in light.sky)
    under = replace(
        light,
        weather=weather,
        sky=(darken(zenith, 0.18 * (1 - share / 2)), middle, lighten(low, 0.06)),
        cover=1.0,
    )
    if light.inside:
        dull = mix("#ffffff", lighten(grey, 0.7), 0.4)
        return replace(under, tint=multiply(light.tint, dull), deep=multiply(light.deep, dull))
    dimmed = mix("#000000", "#ffffff", dim)
    return replace(
        under,
        tint=multiply(mix(light.tint, grey, 0.25), dimmed),
        deep=multiply(mix(light.deep, grey, 0.2), dimmed),
        haze=mix(light.haze, mix(middle, low, 0.5), 0.75),
        depth=depth,
        key=mix(light.key, lighten(grey, 0.5), 0.55),
        ambient=mix(light.ambient, mix(grey, "#101820", 0.6), 0.5),
        rim=light.rim * (0.8 if light.dark else 0.45),
        body=None,
        lamps=light.lamps or weather in ("storm", "fog"),
    )
