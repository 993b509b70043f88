"""What a scene heading of a screenplay says: INT. KITCHEN - NIGHT, 内景 厨房 - 夜."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.engines.breakdown.lexicon import is_chinese
from studio.engines.breakdown.places import time_of, weather_of

_SIDE = re.compile(
    r"^(INT\.?/EXT|EXT\.?/INT|I/E|INT|EXT|EST|内外景|内景|外景)(?:[\s.·/]+|$)", re.IGNORECASE
)
_JOINT = re.compile(r"\s+[-–—]+\s*|\s*[–—]+\s*|,\s+|，")
_JOINT_ZH = re.compile(_JOINT.pattern + r"|[\s　·]+")
_GOES_ON = re.compile(
    r"CONTINU|CONT['’]D|SAME\b|LATER\b|(?:AN?|ONE|A FEW|SOME)? ?(?:MOMENT|MINUTE|SECOND)S? LATER"
    r"|连续|稍后|同时",
    re.IGNORECASE,
)
_HOURS = {"day": "day", "日": "day", "晨": "dawn", "早": "morning", "hour": "dusk"}


@dataclass(frozen=True)
class Heading:
    """`inside` is None where the heading does not say; `time` is empty where it goes on or says
    nothing, `goes_on` tells which."""

    place: str
    inside: bool | None = None
    time: str = ""
    weather: str = ""
    goes_on: bool = False


def heading_of(written: str) -> Heading:
    """What a heading says."""
    side = _SIDE.match(written)
    inside = None
    if side:
        inside = side[1].upper().startswith(("INT", "I/E", "内"))
    rest = (written[side.end() :] if side else written).strip(" .")
    time, goes_on, weather = "", False, ""
    while joints := list((_JOINT if not is_chinese(rest) else _JOINT_ZH).finditer(rest)):
        said = rest[joints[-1].end() :].strip(" .")
        plain = re.sub(r"[\[(].*?[\])]", "", said).strip().lower().removeprefix("pre-")
        known = _HOURS.get(plain.rpartition(" ")[2]) or (
            hour[0] if (hour := time_of(plain)) else ""
        )
        sky, same = weather_of(plain) or "", _GOES_ON.match(said) is not None
        if said and not (known or same or sky):
            break
        time, goes_on, weather = time or known, goes_on or same, weather or sky
        rest = rest[: joints[-1].start()].strip(" .")
    return Heading(rest, inside, time, weather, goes_on)
