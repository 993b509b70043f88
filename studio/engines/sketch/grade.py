"""The film's look as a grade: one colour in, the graded colour out.

Takes the words of film.yaml's `look` and gives a function that is put over every colour
of a panel at the end, people and props included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from studio.engines.sketch.colour import hex_of, luminance, mix, rgb, saturate
from studio.engines.sketch.library import mention


@dataclass(frozen=True)
class Grade:
    """Saturation (1 unchanged), contrast (1 unchanged), what shadows and highlights lean to
    and how far (0 to 1), and how far blacks are lifted (0 to 1)."""

    saturation: float = 1.0
    contrast: float = 1.0
    shadows: str = "#000000"
    highlights: str = "#ffffff"
    split: float = 0.0
    lift: float = 0.0


_SATURATION: Mapping[float, tuple[str, ...]] = {
    0.0: ("black and white", "black-and-white", "monochrome", "noir", "greyscale", "grayscale",
          "黑白", "ink wash", "水墨"),
    0.25: ("sepia", "daguerreotype", "old photograph", "复古", "老照片"),
    0.68: ("muted", "desaturated", "faded", "bleak", "subdued", "washed out", "soft colours",
           "soft colors", "柔和", "淡"),
    0.86: ("pastel", "watercolour", "watercolor", "水彩", "粉彩"),
    1.28: ("saturated", "vivid", "vibrant", "bold", "bright colours", "bright colors",
           "technicolor", "鲜艳", "明亮"),
}  # fmt: skip
_CONTRAST: Mapping[float, tuple[str, ...]] = {
    1.16: ("noir", "high contrast", "high-contrast", "chiaroscuro", "stark", "dramatic", "高对比"),
    0.86: ("pastel", "soft", "low contrast", "watercolour", "watercolor", "dreamy", "gentle",
           "柔", "水彩"),
}  # fmt: skip
_LIFT: Mapping[float, tuple[str, ...]] = {
    0.1: ("pastel", "watercolour", "watercolor", "faded", "dreamy", "水彩", "粉彩"),
}
_TONES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("#14505c", ""): ("teal", "青"),
    ("", "#ffb45c"): ("amber", "gold", "golden", "orange", "琥珀", "金"),
    ("#5a3a22", "#ffdca8"): ("warm", "candlelit", "candlelight", "暖"),
    ("#1c3554", "#d4e6ff"): ("cold", "cool", "icy", "blue", "wintry", "冷", "蓝"),
    ("#3a2412", "#f2d9a6"): ("sepia", "daguerreotype", "old photograph", "复古", "老照片"),
    ("#143a28", "#e2f0c8"): ("green", "emerald", "绿"),
    ("#4a1626", "#ffd0c0"): ("red", "crimson", "rose", "pink", "红", "粉红"),
    ("#2c1a4e", "#ecd6ff"): ("purple", "violet", "neon", "紫", "霓虹"),
}  # fmt: skip


def grade_of(look: str) -> Callable[[str], str]:
    """The grade that the words of a look ask for; unknown words ask for nothing."""
    tones = [tone for tone, words in _TONES.items() if mention(words, look) is not None]
    shadows = [shadow for shadow, _ in tones if shadow]
    highlights = [highlight for _, highlight in tones if highlight]
    sepia = mention(("sepia", "老照片"), look) is not None
    grade = Grade(
        saturation=_asked(_SATURATION, look),
        contrast=_asked(_CONTRAST, look),
        shadows=_blend(shadows, "#000000"),
        highlights=_blend(highlights, "#ffffff"),
        split=(0.45 if sepia else 0.2) if tones else 0.0,
        lift=_asked(_LIFT, look, 0.0),
    )

    @cache
    def paint(colour: str) -> str:
        return apply(grade, colour)

    return paint


def apply(grade: Grade, colour: str) -> str:
    """One graded colour."""
    bright = luminance(colour)
    seen = saturate(colour, grade.saturation)
    if grade.split:
        toned = mix(grade.shadows, grade.highlights, bright)
        level = luminance(toned)
        red, green, blue = (part + bright - level for part in rgb(toned))
        seen = mix(seen, hex_of(red, green, blue), grade.split)
    red, green, blue = ((part - 0.38) * grade.contrast + 0.38 for part in rgb(seen))
    return mix(hex_of(red, green, blue), "#f4efe6", grade.lift)


def _asked(table: Mapping[float, tuple[str, ...]], look: str, default: float = 1.0) -> float:
    asked = (value for value, words in table.items() if mention(words, look) is not None)
    return next(asked, default)


def _blend(colours: list[str], default: str) -> str:
    blended = colours[0] if colours else default
    for share, colour in enumerate(colours[1:], start=2):
        blended = mix(blended, colour, 1 / share)
    return blended
