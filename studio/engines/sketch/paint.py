"""Colours of a drawing under one light: what the marks in templates' markup become.

Markup from `parts` marks its colours as `⟨how colour⟩`: f for a fill, s for a stroke, e for
the edge of something filled; and l, p, q, d for fills of what lies on something larger. The
colour is a role in braces, perhaps with a tone (`{coat-dark}`), or a hex colour.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache

from studio.engines.sketch.art import Shade
from studio.engines.sketch.colour import darken, lighten, mix, multiply
from studio.engines.sketch.parts import Detail

_MARK = re.compile(r"⟨([a-z]) ([^⟩]+)⟩")
_RANGES = {
    "f": (0.0, 1.0),
    "l": (0.04, 0.36),
    "p": (0.1, 0.52),
    "q": (0.48, 0.9),
    "d": (0.62, 0.97),
}
"""Which part of the way from lit (0) to shaded (1) a kind of fill shows."""
_STOPS = (0.0, 0.4, 0.62, 1.0)
_RIM_SEEN = 0.2
"""Below this share of rim light an edge is a plain line."""


class Paint:
    """The colours of one drawing.

    `roles` are daylight colours by role; `light` is the direction towards the key light in
    the fragment's own axes (x right, y down). `seed` makes the ids of gradients unique to
    the drawing. With detail `far` every colour is flat. `defs()` comes after all calls of
    `fill`.
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
        self._drawn: dict[tuple[str, str], str] = {}
        self._defs: dict[str, str] = {}

    def fill(self, markup: str) -> str:
        """Markup with its colours put in. Raises KeyError for a role without a colour."""
        return _MARK.sub(self._put, markup)

    def defs(self) -> str:
        """The gradients that were used."""
        return f"<defs>{''.join(self._defs.values())}</defs>" if self._defs else ""

    def _put(self, found: re.Match[str]) -> str:
        key = found[1], found[2]
        if key not in self._drawn:
            self._drawn[key] = self._colour(*key)
        return self._drawn[key]

    def _colour(self, how: str, name: str) -> str:
        colour = named_colour(name, self._roles)
        if how == "s" or (how == "e" and (self._shade.rim < _RIM_SEEN or self._detail == "far")):
            return lit(colour, self._shade)
        if self._detail == "far":
            return _turned(colour, self._shade, 0.55)
        gradient = f"{self._prefix}{how}{colour.removeprefix('#')}"
        self._defs[gradient] = self._gradient(gradient, how, colour)
        return f"url(#{gradient})"

    def _gradient(self, name: str, how: str, colour: str) -> str:
        x, y = self.light
        stops = _edge(colour, self._shade) if how == "e" else _fill(colour, self._shade, how)
        drawn = "".join(f'<stop offset="{at:g}" stop-color="{seen}"/>' for at, seen in stops)
        return (
            f'<linearGradient id="{name}" x1="{0.5 + x / 2:.2f}" y1="{0.5 + y / 2:.2f}" '
            f'x2="{0.5 - x / 2:.2f}" y2="{0.5 - y / 2:.2f}">{drawn}</linearGradient>'
        )


def named_colour(name: str, roles: Mapping[str, str]) -> str:
    """The daylight colour of `{role}`, `{role-dark}`, `{role-line}` …, or of a hex colour."""
    if name.startswith("#"):
        return name
    role, _, tone = name.strip("{}").rpartition("-")
    if tone == "dark":
        return mix(darken(roles[role], 0.24), "#2a2140", 0.08)
    if tone == "deep":
        return mix(darken(roles[role], 0.45), "#241c38", 0.12)
    if tone == "light":
        return lighten(roles[role], 0.22)
    if tone == "line":
        return mix(darken(roles[role], 0.58), "#1c1626", 0.3)
    return roles[name.strip("{}")]


@lru_cache(maxsize=4096)
def lit(colour: str, shade: Shade) -> str:
    """A daylight colour where the key light falls on it squarely."""
    seen = multiply(colour, mix("#ffffff", shade.key, 0.35 + 0.3 * shade.strength))
    return mix(seen, shade.ambient, 0.5 * shade.strength)


@lru_cache(maxsize=4096)
def _shaded(colour: str, shade: Shade) -> str:
    seen = mix(darken(lit(colour, shade), 0.2), multiply(colour, shade.ambient), 0.28)
    return mix(seen, shade.ambient, 0.1 + 0.45 * shade.strength)


def _turned(colour: str, shade: Shade, turned: float) -> str:
    """A colour on what faces the light (0) or turns away from it (1)."""
    bright, dark = lit(colour, shade), _shaded(colour, shade)
    if turned < 0.4:
        brightest = mix(bright, shade.key, 0.1 + 0.12 * shade.rim)
        return mix(brightest, bright, turned / 0.4)
    if turned < 0.62:
        return mix(bright, dark, 0.45 * (turned - 0.4) / 0.22)
    return mix(bright, dark, 0.45 + 0.55 * (turned - 0.62) / 0.38)


@lru_cache(maxsize=4096)
def _fill(colour: str, shade: Shade, how: str) -> tuple[tuple[float, str], ...]:
    first, last = _RANGES[how]
    stops = _STOPS if how == "f" else (0.0, 1.0)
    return tuple((part, _turned(colour, shade, first + (last - first) * part)) for part in stops)


@lru_cache(maxsize=4096)
def _edge(colour: str, shade: Shade) -> tuple[tuple[float, str], ...]:
    line = lit(colour, shade)
    bright = mix(line, lighten(shade.key, 0.25), shade.rim)
    return (0.0, bright), (0.38, line)
