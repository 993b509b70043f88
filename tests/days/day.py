"""A working day at a project: commands as they are typed, edits as an editor makes them, and
what every one of them rendered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from studio.documents import changed_document
from studio.ffmpeg import probe, read_frames
from tests.conftest import Said, Studio

Takes = set[tuple[str, str]]


class Day:
    """One project, driven through the command line alone."""

    def __init__(self, studio: Studio, root: Path) -> None:
        self.run = studio
        self.root = root

    def studio(self, *arguments: object, code: int = 0) -> Said:
        """Run `studio …` in the project; it has to end with `code`."""
        said = self.run(*arguments, "-p", self.root)
        assert said.code == code, said.err
        return said

    def made(self, goal: str = "keyframes") -> Takes:
        """`studio make --to GOAL`: the takes that it rendered; exactly those that `plan` said,
        with nothing left to do."""
        planned = {
            (one["step"], one["shot"])
            for one in json.loads(self.studio("plan", "--to", goal, "--json").out)["steps"]
            if one["shot"]
        }
        report = json.loads(self.studio("make", "--to", goal, "--json").out)
        assert report["failed"] == []
        rendered = {(one["step"], one["shot"]) for one in report["rendered"] if one["shot"]}
        assert rendered <= planned
        left = json.loads(self.studio("plan", "--to", goal, "--json").out)["steps"]
        assert left == []
        return rendered

    def edit(self, file: str, change: Callable[[Any], object]) -> None:
        """Change a YAML file and leave its comments."""
        path = self.root / file
        path.write_text(changed_document(path, lambda content: void(change(content))), "utf-8")

    def shot(self, shot: str, **fields: Any) -> None:
        """Set fields of a shot in storyboard.yaml; None takes one away."""

        def change(board: Any) -> None:
            [found] = [
                each for scene in board["scenes"] for each in scene["shots"] if each["id"] == shot
            ]
            for name, value in fields.items():
                if value is None:
                    del found[name]
                else:
                    found[name] = value

        self.edit("storyboard.yaml", change)

    def order(self) -> list[str]:
        """The shots' ids as the film shows them."""
        return [one["id"] for one in json.loads(self.studio("status", "--json").out)["shots"]]

    def draw(self, name: str, size: tuple[int, int], colour: str) -> None:
        """A picture of one's own in boards/: a disc on a ground, so that stretching shows."""
        picture = Image.new("RGB", size, colour)
        (x, y), half = (size[0] / 2, size[1] / 2), min(size) / 4
        ImageDraw.Draw(picture).ellipse([x - half, y - half, x + half, y + half], fill="white")
        path = self.root / "boards" / name
        path.parent.mkdir(exist_ok=True)
        picture.save(path)

    def takes(self) -> int:
        """How many takes the project holds."""
        return len(list((self.root / "takes").glob("*/*_v*.mp4"))) + len(
            list((self.root / "takes").glob("*/keyframe_v???.png"))
        )


def void(_: object) -> None:
    """A change gives nothing back."""


def frames_that_play(film: Path) -> int:
    """How many frames a film decodes to; as many as it says it has."""
    said = probe(film).frames
    assert sum(1 for _ in read_frames(film)) == said
    return said
