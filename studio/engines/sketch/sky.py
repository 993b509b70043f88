"""The open sky of a panel: its gradient, sun or moon, stars and clouds.

Takes a `Light` and the frame; gives SVG in pixels of the panel, for its layer back.
"""

from __future__ import annotations

import math
from random import Random

from studio.engines.sketch.art import Side
from studio.engines.sketch.colour import darken, lighten, mix
from studio.engines.sketch.light import Light


def draw_sky(
    light: Light, width: float, height: float, horizon: float, seed: int
) -> tuple[str, str]:
    """Definitions and source of the sky of a frame, drawn a fifth beyond it on every side.

    `horizon` is in pixels from the top of the frame, and may lie outside it.
    """
    random = Random(seed)  # noqa: S311 - a drawing's own generator
    span = max(height, abs(horizon) + 0.25 * height)
    top = horizon - 1.02 * span
    zenith, middle, low = light.sky
    defs = (
        f'<linearGradient id="sky" gradientUnits="userSpaceOnUse" x1="0" y1="{top:.0f}" x2="0" '
        f'y2="{horizon:.0f}"><stop offset="0" stop-color="{zenith}"/>'
        f'<stop offset=".55" stop-color="{mix(zenith, middle, 0.8)}"/>'
        f'<stop offset=".78" stop-color="{mix(middle, low, 0.35)}"/>'
        f'<stop offset="1" stop-color="{low}"/></linearGradient>'
    )
    parts = [
        f'<rect x="{-0.2 * width:.0f}" y="{-0.2 * height:.0f}" width="{1.4 * width:.0f}" '
        f'height="{1.4 * height:.0f}" fill="url(#sky)"/>'
    ]
    if light.dark and light.cover < 0.9:
        parts.append(_stars(random, width, height, horizon, 1 - light.cover))
    if light.body:
        halo, disc = _body(light, width, height, horizon)
        defs += halo
        parts.append(disc)
    parts.append(_clouds(light, random, width, height, horizon))
    return defs, "".join(parts)


def body_at(light: Light, width: float, height: float, horizon: float) -> tuple[float, float]:
    """Where the sun or moon stands, in pixels."""
    across = 0.24 if light.side == "left" else 0.76
    if light.time in ("dawn", "dusk"):
        return across * width, horizon - 0.055 * height
    if light.low:
        return across * width, horizon - 0.3 * height
    return across * width, horizon - 0.42 * height


def _stars(random: Random, width: float, height: float, horizon: float, share: float) -> str:
    dots = []
    for _ in range(int(170 * share)):
        x = random.uniform(-0.2, 1.2) * width
        y = horizon - (random.random() ** 0.75) * 1.15 * height
        size = height * random.choice((0.0009, 0.0011, 0.0016, 0.0024))
        dots.append(f"M{x:.1f} {y - size:.1f}l{size:.1f} {size:.1f}l{-size:.1f} {size:.1f}")
        dots[-1] += f"l{-size:.1f} {-size:.1f}Z"
    split = len(dots) * 2 // 3
    return (
        f'<g class="stars"><path d="{"".join(dots[:split])}" fill="#dfe8ff" fill-opacity=".55"/>'
        f'<path d="{"".join(dots[split:])}" fill="#ffffff"/></g>'
    )


def _body(light: Light, width: float, height: float, horizon: float) -> tuple[str, str]:
    x, y = body_at(light, width, height, horizon)
    colour = light.body or "#ffffff"
    glow = mix(colour, light.sky[2], 0.4)
    radius = height * (0.036 if light.dark else 0.055 if light.low else 0.042)
    reach = radius * (7 if light.dark else 9)
    defs = (
        f'<radialGradient id="halo"><stop offset="0" stop-color="{glow}" stop-opacity=".85"/>'
        f'<stop offset=".2" stop-color="{glow}" stop-opacity=".42"/>'
        f'<stop offset=".5" stop-color="{glow}" stop-opacity=".14"/>'
        f'<stop offset="1" stop-color="{glow}" stop-opacity="0"/></radialGradient>'
    )
    disc = (
        f'<circle class="glow" cx="{x:.0f}" cy="{y:.0f}" r="{reach:.0f}" fill="url(#halo)"/>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}" fill="{colour}"/>'
    )
    if light.dark:
        seas = ((-0.3, -0.25, 0.28), (0.25, 0.1, 0.22), (-0.15, 0.4, 0.16), (0.35, -0.4, 0.12))
        disc += "".join(
            f'<circle cx="{x + radius * dx:.1f}" cy="{y + radius * dy:.1f}" '
            f'r="{radius * size:.1f}" fill="{darken(colour, 0.14)}" fill-opacity=".6"/>'
            for dx, dy, size in seas
        )
    return defs, disc


def _clouds(light: Light, random: Random, width: float, height: float, horizon: float) -> str:
    """Banks of cloud in perspective: large and high ones above, small ones at the horizon."""
    grey = light.weather in ("overcast", "rain", "storm", "snow", "fog")
    count = round(4 + 12 * light.cover)
    banks = []
    for index in range(count):
        rise = (index + random.uniform(0.2, 0.8)) / count
        y = horizon - height * (0.06 + 0.95 * rise**1.25)
        size = height * (0.03 + 0.12 * rise) * random.uniform(0.7, 1.3) * (1.5 if grey else 1)
        x = random.uniform(-0.15, 1.15) * width
        banks.append(_bank(random, x, y, size, _cloud_colours(light, rise, grey), light.side))
    return f'<g class="cloud">{"".join(banks)}</g>'


def _cloud_colours(light: Light, rise: float, grey: bool) -> tuple[str, str, str]:
    """Crown, body and shadow of a cloud; `rise` is 0 at the horizon and 1 high above."""
    zenith, middle, low = light.sky
    around = mix(mix(low, middle, min(1, rise * 2.2)), zenith, max(0, rise - 0.4))
    if grey:
        crown = mix(around, "#ffffff", 0.04 if light.dark else 0.12)
        return crown, mix(around, "#1c222b", 0.06), mix(around, "#1c222b", 0.16)
    if light.dark:
        return mix(around, light.key, 0.22), mix(around, light.key, 0.08), darken(around, 0.3)
    if light.time in ("dawn", "dusk"):
        ambient = light.ambient
        return mix(around, light.key, 0.62), mix(around, ambient, 0.28), mix(around, ambient, 0.5)
    crown = mix(lighten(around, 0.5), "#ffffff", 0.75)
    return crown, lighten(around, 0.55), mix(around, mix(middle, "#7f8fa6", 0.5), 0.5)


def _bank(
    random: Random, x: float, y: float, size: float, colours: tuple[str, str, str], side: Side
) -> str:
    """One bank: a flat base, billows above it, its crowns turned to the light."""
    length = size * random.uniform(4.5, 8)
    count = random.randint(6, 9)
    tops = [
        size * (0.25 + 0.75 * math.sin(math.pi * (index + 0.5) / count) ** 0.7)
        * random.uniform(0.6, 1.1)
        for index in range(count)
    ]  # fmt: skip
    away = size if side == "left" else -size
    layers = ((1.0, 0.0, 0.0, ".8"), (0.93, 0.09, 0.16, ".85"), (0.74, 0.16, 0.4, ".5"))
    drawn = []
    for (scale, drop, shift, opacity), colour in zip(layers, colours, strict=True):
        base, middle = y + drop * size, x + shift * away
        left, step = middle - length / 2 * scale, length * scale / count
        path = [f"M{left:.0f} {base:.0f}"]
        for index, top in enumerate(tops):
            start, end = left + step * (index - 0.25), left + step * (index + 1.2)
            peak = base - 1.25 * top * scale
            rest = base - (0.35 * top * scale if index < count - 1 else 0)
            path.append(
                f"C{start:.0f} {peak:.0f} {end:.0f} {peak:.0f} {end - 0.2 * step:.0f} {rest:.0f}"
            )
        path.append(f"Q{middle:.0f} {base + 0.22 * size * scale:.0f} {left:.0f} {base:.0f}Z")
        drawn.append(f'<path d="{"".join(path)}" fill="{colour}" fill-opacity="{opacity}"/>')
    return "".join(drawn)
