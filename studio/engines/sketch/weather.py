"""What falls and drifts through the air of a panel: rain, snow, fog, lightning.

Takes a `Light` and the frame; gives SVG in pixels of the panel. Moving things stand in
groups of class rain, snow and fog.
"""

from __future__ import annotations

from random import Random

from studio.engines.sketch.colour import mix
from studio.engines.sketch.light import Light


def draw_weather(light: Light, width: float, height: float, near: bool, seed: int) -> str:
    """What is seen through the air: `near` in front of the people, else behind them."""
    random = Random(seed + near)  # noqa: S311 - a drawing's own generator
    if light.inside:
        return ""
    if light.weather in ("rain", "storm"):
        return _rain(light, random, width, height, near)
    if light.weather == "snow":
        return _snow(light, random, width, height, near)
    if light.weather == "fog":
        return _fog(random, width, height, near)
    return ""


def _rain(light: Light, random: Random, width: float, height: float, near: bool) -> str:
    slant = 0.34 if light.weather == "storm" else 0.16
    streaks = []
    for _ in range(70 if near else 170):
        x, y = random.uniform(-0.3, 1.3) * width, random.uniform(-0.25, 1.15) * height
        long = height * random.uniform(0.05, 0.11) * (1.7 if near else 0.8)
        streaks.append(f"M{x:.0f} {y:.0f}l{-slant * long:.1f} {long:.0f}")
    colour = mix(light.sky[2], "#ffffff", 0.45)
    return (
        f'<g class="rain"><path d="{"".join(streaks)}" fill="none" stroke="{colour}" '
        f'stroke-width="{height * (0.0026 if near else 0.0015):.2f}" '
        f'stroke-opacity="{0.4 if near else 0.34}" stroke-linecap="round"/></g>'
    )


def _snow(light: Light, random: Random, width: float, height: float, near: bool) -> str:
    flakes = []
    for _ in range(60 if near else 190):
        x, y = random.uniform(-0.2, 1.2) * width, random.uniform(-0.2, 1.2) * height
        size = height * random.uniform(0.0022, 0.005) * (1.9 if near else 0.8)
        arc = f"a{size:.1f} {size:.1f} 0 1 1"
        flakes.append(f"M{x - size:.1f} {y:.1f}{arc} {2 * size:.1f} 0{arc} {-2 * size:.1f} 0Z")
    colour = mix("#ffffff", light.sky[1], 0.35 if light.dark else 0.05)
    return (
        f'<g class="snow"><path d="{"".join(flakes)}" fill="{colour}" '
        f'fill-opacity="{0.85 if near else 0.7}"/></g>'
    )


def _fog(random: Random, width: float, height: float, near: bool) -> str:
    bands = []
    for _ in range(4 if near else 6):
        y = random.uniform(0.55, 1.05) * height if near else random.uniform(0.25, 0.85) * height
        x = random.uniform(-0.1, 1.1) * width
        across, tall = width * random.uniform(0.4, 0.8), height * random.uniform(0.09, 0.2)
        bands.append(
            f'<ellipse cx="{x:.0f}" cy="{y:.0f}" rx="{across:.0f}" ry="{tall:.0f}" '
            'fill="url(#mist)"/>'
        )
    return f'<g class="fog">{"".join(bands)}</g>'


def mist(light: Light) -> str:
    """The definition that banks of fog and haze are filled with."""
    return (
        f'<radialGradient id="mist"><stop offset="0" stop-color="{light.haze}" stop-opacity=".62"/>'
        f'<stop offset=".5" stop-color="{light.haze}" stop-opacity=".26"/>'
        f'<stop offset="1" stop-color="{light.haze}" stop-opacity="0"/></radialGradient>'
    )
