"""boards/: the pictures that a person made of shots, found by their names.

`sc010_sh020.png` is that shot's keyframe; `sc010_sh020_b.png`, `_c` … `_z` are further
panels of it. The folder is listed once, and a picture is read only to hash its content.
Whether it opens is for the engine that takes it over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from string import ascii_lowercase

from studio.engines.requests import File
from studio.errors import StudioError
from studio.fingerprint import file_hash
from studio.project import Project
from studio.schema.storyboard import Storyboard

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
"""How the names of pictures end, in large or small letters."""

_NAME = re.compile(r"(sc\d{3,5}_sh\d{3,5})(?:_([b-z]))?")
_OF_SYSTEMS = {"thumbs.db", "desktop.ini"}
_LISTED = 4
"""As many files does a note name."""

Names = dict[str, dict[str, str]]
"""The file's name by shot and panel ("a" is the first one)."""


def boards_of(
    project: Project, storyboard: Storyboard
) -> tuple[dict[str, tuple[File, ...]], list[str]]:
    """The pictures of every shot that has any, its keyframe first and the panels in order;
    and what else a person should know of the folder, a line each.

    Raises StudioError where two files are the same panel, a panel is there without the one
    before it, or a picture cannot be read or leads out of the project.
    """
    known = {shot.id: shot for _, shot in storyboard.shots()}
    names, strays, others = _sorted_out(_listed(project), set(known))
    boards = {}
    notes = []
    for shot, panels in names.items():
        pictures = _in_order(shot, panels)
        if source := known[shot].source:
            notes.append(f"boards/{pictures[0]}: {shot} shows the clip of {source.shot} instead")
        else:
            boards[shot] = tuple(_file(project, name) for name in pictures)
    gone = [name for name in strays if _NAME.fullmatch(name.rpartition(".")[0])]
    if gone:
        notes.append(f"boards/: no such shot is in the storyboard; left out: {_few(gone)}")
    if odd := [name for name in strays if name not in gone]:
        called = f"{next(iter(known))}.png or {next(iter(known))}_b.png"
        notes.append(f"boards/: pictures are called {called}; left out: {_few(odd)}")
    if others:
        notes.append(f"boards/: pictures are PNG, JPEG or WebP; left out: {_few(others)}")
    unused = [id_ for id_, shot in known.items() if shot.panels and id_ not in boards]
    if unused:
        notes.append(f"panels: has a use only with pictures in boards/: {_few(unused)}")
    return boards, notes


def _listed(project: Project) -> list[str]:
    """What lies in boards/ by its names, without what a system hides there."""
    try:
        names = os.listdir(project.boards_folder)  # noqa: PTH208 - names alone, and many of them
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StudioError(
            f"boards/ cannot be read: {error.strerror}", "it is a folder with pictures of shots"
        ) from error
    return sorted(
        name for name in names if not name.startswith(".") and name.lower() not in _OF_SYSTEMS
    )


def _sorted_out(listed: Iterable[str], shots: set[str]) -> tuple[Names, list[str], list[str]]:
    """Pictures of shots, pictures of no shot, and files that are no pictures."""
    names: Names = {}
    strays, others = [], []
    for name in listed:
        stem, dot, ending = name.rpartition(".")
        if (dot + ending).lower() not in PICTURES:
            others.append(name)
        elif (found := _NAME.fullmatch(stem)) and found[1] in shots:
            same = names.setdefault(found[1], {}).setdefault(found[2] or "a", name)
            if same != name:
                raise StudioError(
                    f"boards/{same} and boards/{name} are the same panel", "keep one of them there"
                )
        else:
            strays.append(name)
    return names, strays, others


def _in_order(shot: str, panels: dict[str, str]) -> list[str]:
    """The names of a shot's pictures, from the first panel on, none left out."""
    letters = ascii_lowercase[: len(panels)]
    for letter in letters:
        if letter not in panels:
            after = panels[min(other for other in panels if other > letter)]
            missing = f"{shot}.png" if letter == "a" else f"{shot}_{letter}.png"
            raise StudioError(
                f"boards/{after} is a further panel, and boards/{missing} is not there",
                "put the missing picture there, or rename this one",
            )
    return [panels[letter] for letter in letters]


def _file(project: Project, name: str) -> File:
    project.inside(f"boards/{name}")
    path = project.boards_folder / name
    try:
        return File(path, file_hash(path))
    except OSError as error:
        raise StudioError(
            f"boards/{name} does not open: {error.strerror}",
            "look at the file and its permissions, or take it away",
        ) from error


def _few(names: list[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
