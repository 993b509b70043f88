"""Time as the trade writes it: durations, frame rates and transitions.

Inside, time is an exact fraction of a second or a whole number of frames, never
a float. A place on the timeline is rounded once, from its absolute time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Self, cast, get_args

from studio.schema.text_value import TextValue

Unit = Literal["s", "frames", "beats", "bars", "marks"]
TransitionKind = Literal["cut", "dissolve", "fade from black", "fade to black", "dip to white"]

_NUMBER = r"\d+(?:\.\d+)?"
_DURATION = re.compile(
    rf"(?:(?P<m>\d+)\s*m(?:in)?\s*)?(?:(?P<s>{_NUMBER})\s*s|(?P<ms>\d+)\s*ms|(?P<f>\d+)\s*(?:f|frames?)"
    rf"|(?P<beats>{_NUMBER})\s*beats?|(?P<bars>{_NUMBER})\s*bars?|(?P<marks>\d+)\s*marks?)?"
)


@dataclass(frozen=True)
class Rate(TextValue):
    """Frames a second, 1 to 240, exact: `24`, `25`, `24000/1001`."""

    fps: Fraction

    json_pattern = r"^\d+(/\d+)?$"
    json_examples = ("24", "25", "24000/1001")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The rate that `text` writes. Raises ValueError."""
        known = {"23.976": "24000/1001", "29.97": "30000/1001", "59.94": "60000/1001"}
        text = known.get(text.strip(), text.strip())
        try:
            fps = Fraction(text)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"{text!r} is no frame rate: write 24, 25, 30 or 24000/1001") from None
        if not 1 <= fps <= 240:
            raise ValueError(f"a frame rate of {text} is outside 1 to 240")
        return cls(fps)

    def __str__(self) -> str:
        return str(self.fps)

    def frame_at(self, seconds: Fraction) -> int:
        """The whole frame nearest to a place on the timeline (half a frame rounds up)."""
        # in whole numbers, several times quicker than fractions: a long film asks it often
        parts = 2 * seconds.denominator * self.fps.denominator
        return (2 * seconds.numerator * self.fps.numerator + parts // 2) // parts

    def frames_in(self, seconds: Fraction) -> int:
        """Whole frames that cover a length of time, rounded up."""
        return -int(-seconds * self.fps // 1)


@dataclass(frozen=True)
class Duration(TextValue):
    """A length of time above zero: `4s`, `2.5s`, `1m30s`, `500ms`, `96f`, `2 bars`, `3 beats`,
    `1 mark` (to the song's next mark)."""

    amount: Fraction
    unit: Unit = "s"

    json_pattern = (
        r"^(\d+ ?m(in)? ?)?(\d+(\.\d+)? ?s|\d+ ?ms|\d+ ?f(rames)?|\d+(\.\d+)? ?(beats?|bars?)"
        r"|\d+ ?marks?)?$"
    )
    json_examples: tuple[str, ...] = ("4s", "2.5s", "1m30s", "96f", "2 bars")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The duration that `text` writes. Raises ValueError."""
        value = cls._read(text)
        if value.amount <= 0:
            raise ValueError(f"{text!r} is not above zero: a duration is at least one frame")
        return value

    @classmethod
    def _read(cls, text: str) -> Self:
        found = _DURATION.fullmatch(text.strip())
        if not found or not text.strip():
            sign = "is not above zero" if text.strip().startswith("-") else "is no duration"
            raise ValueError(f"{text!r} {sign}: write 4s, 2.5s, 1m30s, 96f or 2 bars")
        part = found.groupdict()
        minutes = Fraction(part["m"] or 0) * 60
        for unit in ("beats", "bars", "marks", "f"):
            if part[unit]:
                if minutes:
                    raise ValueError(f"{text!r} mixes minutes with {unit}: write one of them")
                return cls(Fraction(part[unit]), "frames" if unit == "f" else cast("Unit", unit))
        seconds = Fraction(part["s"] or 0) + Fraction(part["ms"] or 0) / 1000
        return cls(minutes + seconds)

    def __str__(self) -> str:
        number = str(float(self.amount)).removesuffix(".0")
        if Fraction(number) != self.amount:
            number = f"{float(self.amount):.6f}".rstrip("0").rstrip(".")
        words = self.unit.removesuffix("s") if self.amount == 1 else self.unit
        return {"s": f"{number}s", "frames": f"{number}f"}.get(self.unit, f"{number} {words}")

    def seconds(self, rate: Rate, beat: Fraction | None = None, beats_a_bar: int = 4) -> Fraction:
        """Length in seconds; `beat` is the length of one beat in seconds.

        Raises ValueError where beats or bars are asked for and no beat is known, and for
        marks, whose length depends on where in the song they lie.
        """
        if self.unit == "s":
            return self.amount
        if self.unit == "frames":
            return self.amount / rate.fps
        if self.unit == "marks":
            raise ValueError(f"{self} needs a song with marks in film.yaml")
        if beat is None:
            raise ValueError(f"{self} needs a song with a tempo in film.yaml")
        return self.amount * beat * (beats_a_bar if self.unit == "bars" else 1)


@dataclass(frozen=True)
class Moment(Duration):
    """A place in a clip, a shot or a song, counted from its beginning: a duration, or `0s`."""

    json_examples = ("0s", "1.5s", "12f")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The moment that `text` writes. Raises ValueError."""
        return cls._read(text)


START = Moment(Fraction(0))


@dataclass(frozen=True)
class Speed(TextValue):
    """How fast a clip is shown, 1/10 to 4: `0.5` (half as fast, twice as long), `1`, `1/3`."""

    factor: Fraction

    json_pattern = r"^\d+(\.\d+)?(/\d+)?$"
    json_examples = ("0.5", "1", "2")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The speed that `text` writes. Raises ValueError."""
        try:
            factor = Fraction(text.strip())
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"{text!r} is no speed: write 0.5 for half as fast") from None
        if not Fraction(1, 10) <= factor <= 4:
            raise ValueError(f"a speed of {text} is outside 0.1 to 4")
        return cls(factor)

    def __str__(self) -> str:
        plain = str(float(self.factor)).removesuffix(".0")
        return plain if Fraction(plain) == self.factor else str(self.factor)


NORMAL_SPEED = Speed(Fraction(1))


@dataclass(frozen=True)
class Transition(TextValue):
    """How the picture comes into a shot: `cut`, `dissolve 0.5s`, `fade from black 1s`,
    `fade to black 1s` (the shot before sinks into black), `dip to white 0.5s`.

    `length` is None for a cut. A dissolve is centred on the cut and uses half of its
    length of handles on either side; a dip lies half on either side; the fades lie
    wholly inside one shot.
    """

    kind: TransitionKind = "cut"
    length: Duration | None = None

    json_pattern = r"^(cut|(dissolve|fade from black|fade to black|dip to white) .+)$"
    json_examples = ("cut", "dissolve 0.5s", "fade from black 1s", "dip to white 0.5s")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The transition that `text` writes. Raises ValueError."""
        words = " ".join(text.split())
        for kind in get_args(TransitionKind):
            if words == kind == "cut":
                return cls()
            if kind != "cut" and words.startswith(kind):
                rest = words.removeprefix(kind).strip()
                if not rest:
                    raise ValueError(f"{text!r} has no length: write {kind} 0.5s")
                return cls(kind, Duration.parse(rest))
        raise ValueError(
            f"{text!r} is no transition: write cut, dissolve 0.5s, fade from black 1s, "
            "fade to black 1s or dip to white 0.5s"
        )

    def __str__(self) -> str:
        return self.kind if self.length is None else f"{self.kind} {self.length}"


CUT = Transition()
