"""Projects of many shots for the benchmarks: small pictures, short shots, null engines, and a
storyboard as full as a real one, with the draft that it came from."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from studio.project import Project, write_atomic

SCENES = 40
FILM = {
    "schema": "film/1",
    "title": "The Keeper of Gull Rock",
    "frame": "96x64",
    "rate": 12,
    "look": "35mm film, muted teal and amber, overcast light, soft grain",
    "seed": 7,
    "engines": {"painter": "null", "animator": "null"},
}
CAST = {
    "mara": "a woman of sixty, grey braid, navy oilskin coat, weathered face",
    "tom": "a boy of ten, red knitted cap, bare feet, a coat too large for him",
    "finn": "a broad man of forty, black beard, yellow sou'wester",
    "ada": "a girl of seven, two plaits, a blue dress with white dots",
    "gull": "a herring gull with one lame foot",
}
PLACES = {
    "tower": "white stone tower with red bands on black basalt, an iron rail around the lamp",
    "shore": "black basalt shore, foam in the clefts, a wreck's ribs in the sand",
    "kitchen": "a low kitchen with a blue stove, a table, two chairs and a lamp",
    "boat": "a clinker-built supply boat with a tan sail",
}
SIZES = ("ELS", "LS", "MLS", "MS", "MCU", "CU", "ECU")
MOVEMENTS = ("static", "pan left", "dolly in", "tilt up", "crane down", "handheld", "arc right")
ANGLES = ("eye", "high", "low", "overhead", "dutch")
TIMES = ("dawn", "day", "dusk", "night")


def project(folder: Path, shots: int) -> Project:
    """A project in `folder` of so many shots, of 3 frames each, in 40 scenes."""
    board = {
        "schema": "storyboard/1",
        "cast": {who: {"name": who.title(), "looks": looks} for who, looks in CAST.items()},
        "places": {place: {"name": f"the {place}", "looks": s} for place, s in PLACES.items()},
        "scenes": [_scene(n, numbers) for n, numbers in enumerate(_dealt(shots), start=1)],
    }
    text = yaml.safe_dump(board, sort_keys=False, allow_unicode=True, width=100)
    write_atomic(folder / "film.yaml", yaml.safe_dump(FILM, sort_keys=False))
    write_atomic(folder / "story.md", "# The Keeper of Gull Rock\n\nMara keeps the light.\n")
    write_atomic(folder / "drafts" / "storyboard_v001.yaml", text)
    write_atomic(folder / "storyboard.yaml", text)
    return Project(folder)


def _dealt(shots: int) -> Iterator[range]:
    """The numbers of the film's shots, from 0, dealt to the scenes."""
    marks = [shots * n // SCENES for n in range(SCENES + 1)]
    return itertools.starmap(range, itertools.pairwise(marks))


def _scene(number: int, shots: range) -> dict[str, Any]:
    place, time = list(PLACES)[number % len(PLACES)], TIMES[number % len(TIMES)]
    scene = f"sc{number:03d}0"
    return {
        "id": scene,
        "heading": f"EXT. {place.upper()} - {time.upper()}",
        "place": place,
        "time": time,
        "weather": "clearing after rain, a long swell from the west",
        "synopsis": f"Part {number}: the supply boat does not come, and Mara counts the oil.",
        "shots": [_shot(f"{scene}_sh{n:03d}0", n, first=not i) for i, n in enumerate(shots, 1)],
    }


def _shot(shot: str, n: int, *, first: bool) -> dict[str, Any]:
    """One shot, its fields filled in; every tenth one comes in with a dissolve."""
    one, other = list(CAST)[n % len(CAST)], list(CAST)[(n + 1) % len(CAST)]
    return {
        "id": shot,
        "size": SIZES[n % len(SIZES)],
        "framing": "two-shot",
        "angle": ANGLES[n % len(ANGLES)],
        "movement": MOVEMENTS[n % len(MOVEMENTS)],
        "duration": "3f",
        "cast": [
            {"who": one, "at": "left", "facing": "right", "does": "leans on the rail"},
            {"who": other, "wears": f"a grey shawl, number {n}", "at": "right", "facing": "left"},
        ],
        "action": f"On day {n} {{{one}}} looks for a sail from the rail, and {{{other}}} points.",
        "narration": f"On day {n} she still looked for the boat." if n % 3 == 0 else "",
        "dialogue": [{"who": other, "line": f"There is no boat, {n} times none.", "how": "softly"}],
        "transition": "dissolve 2f" if n % 10 == 5 and not first else "cut",
        "keyframe": f"{{{one}}} and {{{other}}} at the rail of {{place}}, a speck against a copper"
        f" sea, gulls overhead, day {n}. {{look}}.",
        "motion": f"{{{one}}} turns slowly from the rail; gulls drift behind. {{movement}}.",
        "avoid": "text, watermark, modern clothes, a second boat",
        "notes": f"Number {n} of the script; the rail as in the first scene.",
    }
