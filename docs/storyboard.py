"""Draws docs/storyboard.png, the README's picture, from the keyframes of a project that was
made: `.venv/bin/python docs/storyboard.py projects/gull-rock`."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from studio.project import Project
from studio.stages.keyframes import Keyframes
from studio.stages.production import open_production

OUT = Path(__file__).parent / "storyboard.png"
FONT = Path(__file__).parents[1] / "studio" / "edit" / "fonts" / "NotoSans-Regular.ttf"
COLUMNS, ROWS, WIDTH, GAP, LINE = 3, 2, 480, 16, 22


def main(folder: str) -> None:
    """The first and the last panel and four with people between, with what a storyboard says
    below each."""
    production = open_production(Project(Path(folder)))
    assert production is not None, "make the project first"
    keyframes = Keyframes(production)
    shots = list(production.shots)
    count = COLUMNS * ROWS
    peopled = [shot for shot in shots[1:-1] if production.shots[shot][1].cast]
    inner = [peopled[round(n * (len(peopled) - 1) / (count - 3))] for n in range(count - 2)]
    chosen = [shots[0], *inner, shots[-1]]
    frame = production.film.frame
    height = WIDTH * frame.height // frame.width
    cell = height + 2 * LINE + GAP
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, ROWS * cell + GAP), "#f4f1ea")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(FONT, 15)
    for n, shot in enumerate(chosen):
        take = keyframes.standing(shot).current
        assert take is not None, f"{shot} has no keyframe"
        x, y = GAP + n % COLUMNS * (WIDTH + GAP), GAP + n // COLUMNS * cell
        with Image.open(production.takes.path(take)) as picture:
            sheet.paste(
                picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS), (x, y)
            )
        fields = production.shots[shot][1]
        words = fields.action
        while pen.textlength(words, font) > WIDTH:
            words = words[:-2].rstrip() + "…"
        pen.text(
            (x, y + height + 3),
            f"{shot}   {fields.size}   {fields.movement}   {fields.duration}",
            "#333",
            font,
        )
        pen.text((x, y + height + 3 + LINE), words, "#777", font)
    sheet.save(OUT, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
