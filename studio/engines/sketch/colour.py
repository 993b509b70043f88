"""Colours as `#rrggbb`: mixing, lightening, darkening, and how bright one looks.

Pure functions of hex colours; amounts are 0 to 1 and are clamped.
"""

from __future__ import annotations

import colorsys


def rgb(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of `#rrggbb` or `#rgb`, each 0 to 1. Raises ValueError otherwise."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != 6 or not colour.startswith("#"):
        raise ValueError(f"{colour!r} is no colour: write #rrggbb")
    return (int(digits[:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:], 16) / 255)


def hex_of(red: float, green: float, blue: float) -> str:
    """`#rrggbb` of three channels of 0 to 1, clamped."""
    return "#" + "".join(f"{round(255 * clamp(part)):02x}" for part in (red, green, blue))


def clamp(value: float) -> float:
    """`value`, held within 0 to 1."""
    return min(1.0, max(0.0, value))


def mix(first: str, second: str, amount: float) -> str:
    """`first` at 0, `second` at 1, and between them in proportion."""
    share = clamp(amount)
    pairs = zip(rgb(first), rgb(second), strict=True)
    red, green, blue = (a + (b - a) * share for a, b in pairs)
    return hex_of(red, green, blue)


def lighten(colour: str, amount: float) -> str:
    """Towards white."""
    return mix(colour, "#ffffff", amount)


def darken(colour: str, amount: float) -> str:
    """Towards black."""
    return mix(colour, "#000000", amount)


def multiply(colour: str, light: str) -> str:
    """`colour` as it looks under a coloured light."""
    pairs = zip(rgb(colour), rgb(light), strict=True)
    red, green, blue = (a * b for a, b in pairs)
    return hex_of(red, green, blue)


def saturate(colour: str, factor: float) -> str:
    """Saturation times `factor` (0 is grey, 1 unchanged); the luminance stays."""
    grey = luminance(colour)
    red, green, blue = (grey + (part - grey) * factor for part in rgb(colour))
    return hex_of(red, green, blue)


def luminance(colour: str) -> float:
    """How bright a colour looks, 0 to 1 (Rec. 709 weights on the encoded channels)."""
    red, green, blue = rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def hue_of(colour: str) -> float:
    """The hue, 0 to 1, red at 0."""
    return colorsys.rgb_to_hsv(*rgb(colour))[0]
