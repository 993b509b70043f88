"""A request, set up to be filmed: the cels, the camera's path, and each frame on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from studio.engines.pan import air, life
from studio.engines.pan.camera import Camera, Matrix, path
from studio.engines.pan.cel import Cel, Drift, Motion, Pixels, hides_from, lay
from studio.engines.pan.framing import Rect, around, fit, window
from studio.engines.pan.layers import Drawing
from studio.engines.pan.picture import Picture
from studio.engines.requests import AnimateRequest, File
from studio.errors import RenderFailed

_SHARPEST = 1.5
"""The most pixels a pixel of the frame that a cel is given, however far a move goes in."""


class Scene:
    """Cels with their motions, and the camera's pose in every frame."""

    def __init__(
        self,
        request: AnimateRequest,
        actors: list[tuple[Cel, Motion]],
        poses: list[Camera],
        framed: Matrix,
    ) -> None:
        self._size, self._rate = request.size, request.rate
        self._actors, self._poses, self._framed = actors, poses, framed
        self._canvas: Pixels = np.zeros((request.size[1], request.size[0], 4), np.uint8)

    def frame(self, number: int) -> npt.NDArray[Any]:
        """Frame `number` of the clip, from 0: height x width x 3, RGB, uint8."""
        pose, time = self._poses[number], float(number / self._rate)
        hidden = self._size[1]
        sheets = []
        for cel, motion in reversed(self._actors):
            drift = motion(time)
            view = (
                np.eye(3) if cel.depth is None else pose.view(cel.depth, self._size) @ self._framed
            )
            solid = hides_from(cel, view, drift, self._size)
            sheets.append((cel, view, drift, solid, hidden))
            hidden = min(solid, hidden)
        self._canvas[:hidden] = 0
        for sheet in reversed(sheets):
            lay(self._canvas, *sheet)
        frame: npt.NDArray[Any] = cv2.cvtColor(self._canvas, cv2.COLOR_RGBA2RGB)
        return frame


def stretches(request: AnimateRequest) -> Iterator[tuple[Scene, range]]:
    """The clip's frames in order, with the scene that each stretch of them is filmed of: the
    keyframe's, then that of every further panel. The camera goes on through all of them.

    Raises RenderFailed where a picture cannot be read.
    """
    shown = [request, *(_of_panel(request, panel.picture) for panel in request.panels)]
    changes = (min(max(panel.first, 0), request.frames) for panel in request.panels)
    for each, numbers in zip(shown, pairwise([0, *changes, request.frames]), strict=True):
        if stretch := range(*numbers):
            yield set_scene(each), stretch


def _of_panel(request: AnimateRequest, picture: File) -> AnimateRequest:
    return replace(request, keyframe=picture, layers=None)


def set_scene(request: AnimateRequest) -> Scene:
    """Reads the keyframe that the request names. Raises RenderFailed where that cannot be read."""
    size, panel = request.size, request.panel
    shown = panel.size if panel else None
    picture = (
        Picture(request.keyframe.path, size)
        if request.layers is None
        else Drawing(_bytes(request.layers), size, request.layers.path.name)
    )
    poses = path(request.movement, request.frames, request.rate, shown, request.seed)
    if request.movement == "static" and picture.alive:
        poses = [Camera()] * request.frames
    windows = {depth: window(poses, depth, size) for depth in picture.depths}
    framed = fit(around(windows.values()), picture.drawn)
    back = np.linalg.inv(framed)
    windows = {depth: seen.seen_through(back) for depth, seen in windows.items()}
    density = {
        depth: min(_SHARPEST, max(_growth(pose.view(depth, size) @ framed) for pose in poses))
        for depth in picture.depths
    }
    cels = list(picture.cels(windows, density))
    if request.layers is not None:
        near = min(picture.depths)
        cels = _with_weather(cels, request, windows[near].grown(2), near)
    return Scene(request, [_actor(cel, request) for cel in cels], poses, framed)


def _bytes(file: File) -> bytes:
    try:
        return file.path.read_bytes()
    except OSError as error:
        raise RenderFailed(f"{file.path.name} does not open: {error.strerror}") from error


def _growth(view: Matrix) -> float:
    """How many times larger a view shows things, at least 1."""
    return max(1.0, float(np.sqrt(np.linalg.det(view[:2, :2]))))


def _with_weather(
    cels: list[Cel], request: AnimateRequest, region: Rect, depth: float
) -> list[Cel]:
    """The cels, with the shot's weather before the lens where no cel shows it."""
    weather = air.weather_of(request.panel) if request.panel else None
    if weather is None or any(cel.kind == weather for cel in cels):
        return cels
    veil = air.veil(weather, region, request.size[1], depth, request.seed)
    lens = [cel for cel in cels if cel.depth is None]
    return [*(cel for cel in cels if cel.depth is not None), veil, *lens]


def _actor(cel: Cel, request: AnimateRequest) -> tuple[Cel, Motion]:
    """A cel with the way it moves by itself."""
    width, height = request.size
    figures = request.panel.figures if request.panel else ()
    match cel.kind:
        case "figure":
            speaks = any(figure.id == cel.name and figure.speaks for figure in figures)
            return cel, life.figure(cel, height, request.seed, speaks)
        case "water":
            return cel, life.water(cel, height, request.seed)
        case "glow":
            return cel, life.glow(cel, request.seed)
        case "rain":
            return air.raining(cel, request.size)
        case "snow":
            return air.snowing(cel, height)
        case "fog" | "cloud":
            return cel, air.sliding(cel, width, float(request.frames / request.rate))
        case None:
            return cel, lambda _: Drift()
