"""Things that matter in a shot: finding them in words, and drawing them.

Each prop is one SVG template in `sketch/props`. Its root says its words (`data-words`),
its height as a share of a grown person's (`data-height`), where it stands (`data-stands`)
and, for what a hand can hold, where it is held (`data-grip`: top, middle or bottom). The
drawing stands on y = 0 around x = 0; `viewBox` bounds it. Colours are plain hex ones, lit
when drawn; what has `class="glow"` gives light and keeps its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from studio.engines.sketch.art import Art, Shade
from studio.engines.sketch.library import mention
from studio.engines.sketch.paint import Paint
from studio.engines.sketch.parts import Detail, Template, parts
from studio.errors import StudioError

Stands = Literal["ground", "hand", "table", "water", "sky"]
Grip = Literal["top", "middle", "bottom"]


@dataclass(frozen=True)
class PropSpec:
    """How high a prop is beside a standing person (1.0), where it stands, and where a hand
    holds it."""

    height: float
    stands: Stands
    grip: Grip


_OTHERWISE = re.compile(
    r"\bfire[- ]escapes?|\bfire station|\b(?:her|his|my|your|their|the man.s) chest\b|\bneon signs?"
    r"|\bnotes? of (?:the|a)\b|\b(?:musical|first|last|high|low) notes?\b|\bbarrel of\b",
    re.IGNORECASE,
)
"""Phrases in which a prop's word means something else."""


def find_props(text: str) -> tuple[str, ...]:
    """Names of the props whose words occur in the text, in the order of mention, three at
    most. English words match whole, Chinese ones anywhere; where the words of two props
    overlap, the longer one counts."""
    rest = _OTHERWISE.sub(lambda said: "\0" * len(said[0]), text)
    found: list[tuple[int, str]] = []
    words = sorted(
        ((word, name) for name, part in parts("props").items() for word in part.words),
        key=lambda pair: (-len(pair[0]), pair),
    )
    for word, name in words:
        at = mention((word,), rest)
        while at is not None:
            found.append((at, name))
            end = at + max(len(word), 1)
            rest = rest[:at] + "\0" * (end - at) + rest[end:]
            at = mention((word,), rest)
    return tuple(dict.fromkeys(name for _, name in sorted(found)))[:3]


def prop_spec(name: str) -> PropSpec:
    """What a prop's template says of it. Raises StudioError where there is no such prop, or
    where it stands nowhere."""
    part = _part(name)
    stands = part.data.get("stands", "ground")
    if stands not in get_args(Stands):
        raise StudioError(
            f"template {name}.svg: data-stands is {stands!r}",
            f"write one of {', '.join(get_args(Stands))}",
        )
    grip = part.data.get("grip", "middle")
    return PropSpec(part.file.number("height", 0.5), cast("Stands", stands), cast("Grip", grip))


def draw_prop(name: str, *, height: float, shade: Shade, seed: int, detail: Detail = "near") -> Art:
    """A prop of the given height, standing on the origin. `seed` keeps apart the ids of two
    drawings of one prop. Raises StudioError where there is no such prop."""
    part = _part(name)
    left, top, width, tall = _box(part)
    scale = height / tall
    toward = (-0.85 if shade.side == "left" else 0.85, -0.5)
    paint = Paint({}, shade, toward, detail, f"{name}/{height:g}/{shade}/{seed}/{detail}")
    drawn = paint.fill("".join(piece.markup[detail] for piece in part.pieces))
    base = -(top + tall) * scale
    middle = -(left + width / 2) * scale
    place = f"translate({middle:.2f} {base:.2f}) scale({scale:.4f})"
    svg = f'{paint.defs()}<g transform="{place}">{drawn}</g>'
    return Art(svg, width * scale, height)


def _part(name: str) -> Template:
    try:
        return parts("props")[name]
    except KeyError:
        raise StudioError(
            f"there is no prop {name}", f"props: {', '.join(parts('props'))}"
        ) from None


def _box(part: Template) -> tuple[float, float, float, float]:
    numbers = re.findall(r"-?[\d.]+", part.file.root.get("viewBox", ""))
    if len(numbers) != 4:
        raise StudioError(f"template {part.name}.svg has no viewBox", "give its four numbers")
    left, top, width, tall = (float(each) for each in numbers)
    return left, top, width, tall
