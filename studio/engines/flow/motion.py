"""How two frames move into each other, and the picture at a moment between them.

Dense inverse search (DIS, Kroeger et al., ECCV 2016; OpenCV's) finds the flow from either frame
to the other, in half of the pictures' size. Where it is wrong, beside moving edges above all, a
neighbour's is often right: each pixel takes that of the flows around it under which the frames
look most alike. At a moment between, the two flows, the one there and the other one turned round,
are two opinions about what passes through a pixel, and again the better likeness decides.
Consistency forward and backward as a weight of the two frames was tried and was worse by 0.3 dB;
so is a choice by brightness alone instead of colour, by 0.4 dB (on the clip of
bench/interpolation.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from studio.engines.inbetween.filming import View
from studio.engines.inbetween.moments import Moment
from studio.ffmpeg import Frame

Field: TypeAlias = npt.NDArray[Any]
"""For each pixel two numbers, (H, W, 2), float32: where to, right and down, in pixels."""

Picture: TypeAlias = npt.NDArray[Any]
"""Colours, (H, W, 4), RGBA, uint8, or one number for each pixel."""

_SMALL = 256
"""Pictures whose shorter side has fewer pixels are searched in their own size."""
_LEAST = 32
"""The shortest side, in pixels, that is searched; and no side is more than three times the other.
DIS takes a picture's coarsest scale from its width alone and fails on slivers."""
_REACH = 1 / 30
"""How far away the neighbours' flows are tried, as a share of the height."""
_LIKENESS = 7
"""The side, in pixels, of the square over which two frames are compared."""
_SPECK = 5
"""The side, in pixels, of the square whose median flow counts."""


def between(first: Frame, second: Frame) -> View:
    """What lies between two frames of one size, (H, W, 3), RGB, uint8."""
    height, width = first.shape[:2]
    size = working(width, height)
    wide = [cv2.cvtColor(each, cv2.COLOR_RGB2RGBA) for each in (first, second)]  # quicker to move
    one, two = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in wide)
    there, back = _flow(one, two), _flow(two, one)
    larger = np.array([width / size[0], height / size[1]], np.float32)

    def view(moment: Moment) -> Frame:
        share = float(moment.share)

        def unlikeness(flow: Field) -> Picture:
            return _unlikeness(_moved(one, flow, -share), _moved(two, flow, 1 - share))

        flow = cv2.resize(_best((there, -back), unlikeness) * larger, (width, height))
        seen = _moved(wide[0], flow, -share), _moved(wide[1], flow, 1 - share)
        mixed = cv2.addWeighted(seen[0], 1 - share, seen[1], share, 0)
        return np.asarray(cv2.cvtColor(mixed, cv2.COLOR_RGBA2RGB), np.uint8)

    return view


def working(width: int, height: int) -> tuple[int, int]:
    """The size, (width, height), in which the flow of pictures of a size is sought."""
    divisor = 2 if min(width, height) >= _SMALL else 1
    sides = [max(_LEAST, -(-side // divisor)) for side in (width, height)]
    least = -(-max(sides) // 3)
    return max(sides[0], least), max(sides[1], least)


def _flow(one: Picture, two: Picture) -> Field:
    """Where the pixels of `one` are in `two`."""
    search = cv2.DISOpticalFlow.create(cv2.DISOpticalFlow_PRESET_MEDIUM)
    search.setVariationalRefinementIterations(0)  # what follows gains more, and costs less
    none: Any = None  # nothing to begin with
    greys = [cv2.cvtColor(each, cv2.COLOR_RGBA2GRAY) for each in (one, two)]
    flow: Any = search.calc(greys[0], greys[1], none)
    reach = max(1, round(one.shape[0] * _REACH))
    return _best(_around(flow, reach), lambda tried: _unlikeness(one, _moved(two, tried, 1)))


def _around(flow: Field, reach: int) -> Iterable[Field]:
    """The field, and those of the neighbours left, right, above and below."""
    height, width = flow.shape[:2]
    wide = cv2.copyMakeBorder(flow, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    for across, down in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)):
        left, top = (1 + across) * reach, (1 + down) * reach
        yield np.ascontiguousarray(wide[top : top + height, left : left + width])


def _best(flows: Iterable[Field], unlikeness: Callable[[Field], Picture]) -> Field:
    """In each pixel that of the flows under which the frames are least unlike, without specks."""
    best = least = None
    for flow in flows:
        found = unlikeness(flow)
        if best is None or least is None:
            best, least = flow.copy(), found
        else:
            cv2.copyTo(flow, cv2.compare(found, least, cv2.CMP_LT), best)
            least = cv2.min(found, least)
    whole = np.asarray(best)
    return np.dstack([cv2.medianBlur(way, _SPECK) for way in cv2.split(whole)])


def _unlikeness(one: Picture, two: Picture) -> Picture:
    """How much two pictures differ around each pixel."""
    grey = cv2.cvtColor(cv2.absdiff(one, two), cv2.COLOR_RGBA2GRAY)
    return np.asarray(cv2.boxFilter(grey, cv2.CV_16U, (_LIKENESS, _LIKENESS), normalize=False))


def _moved(picture: Picture, flow: Field, share: float) -> Picture:
    """A picture as seen from where a share of the flow points."""
    points = cv2.scaleAdd(flow, share, _pixels(*picture.shape[:2]))
    none: Any = None  # of one map: both coordinates are in `points`
    moved = cv2.remap(picture, points, none, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved)


@lru_cache(maxsize=2)
def _pixels(height: int, width: int) -> Field:
    """Every pixel's own place."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return np.dstack([columns, rows])
