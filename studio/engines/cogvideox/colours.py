"""Takes the drift of colours out of a clip that goes on from another.

A clip that begins at the last frame of one before comes out a little other in contrast and
colour, and the next one again: after some pieces the picture is burnt or tinted. Here the mean and
the spread of each channel are brought back to those of the first clip (Reinhard and others, Color
Transfer between Images, 2001), in CIE L*a*b*: its lightness is apart from its colours, so a
correction of contrast does not tint, and equal steps in it look equal.

A picture may change for good reasons, and a jump at the seam would be seen. So a piece's drift is
the straight line through its frames' means and spreads that starts at its first frame; that line,
and not each frame, is put onto one that leads from the frame at the seam to the first clip. Frames
are uint8, (height, width, 3), RGB.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from studio.ffmpeg import Frame

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Values: TypeAlias = npt.NDArray[np.float64]

FLAT = 0.5
"""L*a*b* units: a spread below this is that of a flat picture, which has no contrast to match."""
GAIN = 1.5
"""The most that contrast is raised, or lowered: beyond it the clip shows something else."""


@dataclass(frozen=True)
class Tone:
    """Mean and spread (standard deviation, in natural logarithm) of L*, a* and b*: (…, 3)."""

    mean: Values
    spread: Values


class Grade:
    """The colours of a first clip, which those that go on from it are brought back to."""

    def __init__(self, first: Sequence[Frame]) -> None:
        tones = _tones(first)
        self.wanted = Tone(tones.mean.mean(0), tones.spread.mean(0))

    def matched(self, piece: Sequence[Frame], seam: Frame) -> Iterator[Frame]:
        """The frames of a piece that begins at the frame `seam`, its first one included."""
        import numpy as np

        found, start = _tones(piece), _tones([seam])
        times = np.linspace(0, 1, len(piece))[:, None]
        means = start.mean + (self.wanted.mean - start.mean) * times
        spreads = start.spread + (self.wanted.spread - start.spread) * times
        limit = np.log(GAIN)
        gains = np.exp(np.clip(spreads - _line(found.spread, times), -limit, limit))
        for frame, gain, from_, to in zip(
            piece, gains, _line(found.mean, times), means, strict=True
        ):
            yield _rgb((_lab(frame) - from_) * gain + to)


def _line(values: Values, times: Values) -> Values:
    """The straight line through the first value that lies nearest to the others, at `times`."""
    rise: Values = ((values - values[0]) * times).sum(0) / max((times**2).sum(), 1.0)
    line: Values = values[0] + rise * times
    return line


def _tones(frames: Sequence[Frame]) -> Tone:
    """Of each frame: mean and spread, (frames, 3)."""
    import numpy as np

    means, spreads = [], []
    for frame in frames:
        lab = _lab(frame)
        means.append(lab.mean((0, 1), dtype=np.float64))
        spreads.append(np.log(np.maximum(lab.std((0, 1), dtype=np.float64), FLAT)))
    return Tone(np.array(means), np.array(spreads))


def _lab(frame: Frame) -> npt.NDArray[np.float32]:
    import cv2
    import numpy as np

    return np.asarray(cv2.cvtColor(frame.astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def _rgb(lab: Values) -> Frame:
    import cv2
    import numpy as np

    rgb = cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_LAB2RGB)
    return (np.clip(rgb, 0, 1) * 255).round().astype(np.uint8)
