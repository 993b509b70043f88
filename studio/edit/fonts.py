"""Which font draws which character.

Two fonts are shipped: a serif for titles and a sans serif for all else, for Latin, Greek
and Cyrillic. For characters that they lack (Chinese, Arabic, …) the system's fonts are
searched. What no font has is listed, so that it can be said, and is not drawn.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageFont

Style = Literal["title", "text"]

_SHIPPED: dict[Style, Path] = {
    "title": Path(__file__).parent / "fonts" / "NotoSerif-Regular.ttf",
    "text": Path(__file__).parent / "fonts" / "NotoSans-Regular.ttf",
}
_PREFERRED = ("notosans", "notoserif", "sourcehan", "pingfang", "hiragino", "msyh", "segoeui")
_HAN_OF_LANGUAGE = {
    "zh": "sc",
    "zh-tw": "tc",
    "zh-hk": "hk",
    "zh-hant": "tc",
    "ja": "jp",
    "ko": "kr",
}


@dataclass(frozen=True)
class Face:
    """A font: its file, and its number in a collection."""

    path: Path
    number: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The font at a size in pixels."""
        return _loaded(self, size)


@lru_cache(maxsize=64)
def _loaded(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), size, index=face.number)


@dataclass(frozen=True)
class FontBook:
    """The fonts for a film's texts: `found` for characters that the shipped ones lack,
    and `missing`, the characters that no font draws."""

    found: Mapping[str, Face] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def runs(self, text: str, style: Style = "text") -> list[tuple[Face, str]]:
        """A line as stretches of one font each, without the characters that none has."""
        shipped = Face(_SHIPPED[style])
        runs: list[tuple[Face, str]] = []
        for character in text:
            if character not in self.found and character not in _characters(shipped):
                if not (runs and character in _characters(runs[-1][0])):
                    continue
                face = runs[-1][0]
            elif runs and not character.isalnum() and character in _characters(runs[-1][0]):
                face = runs[-1][0]
            else:
                face = self.found.get(character, shipped)
            if runs and runs[-1][0] == face:
                runs[-1] = (face, runs[-1][1] + character)
            else:
                runs.append((face, character))
        return runs


def face_for(text: str, language: str = "en", folders: Sequence[Path] | None = None) -> FontBook:
    """The fonts that draw a film's text; `folders` are searched instead of the system's own.

    `language` (as in film.yaml) chooses among the forms of Chinese characters.
    """
    wanted = set(text).difference(*(_characters(Face(path)) for path in _SHIPPED.values()))
    wanted = {mark for mark in wanted if not mark.isspace() and not _joins(mark)}
    found: dict[str, Face] = {}
    if wanted:
        for face, characters in _system_faces(folders, language):
            found |= dict.fromkeys(sorted(wanted & characters), face)
            wanted -= characters
            if not wanted:
                break
    return FontBook(found, tuple(sorted(wanted)))


def _joins(character: str) -> bool:
    """Whether a character shapes its neighbours and has no picture of its own."""
    return unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me")


@lru_cache(maxsize=16)
def _characters(face: Face) -> frozenset[str]:
    faces = {number: marks for number, _, marks in _faces_in(face.path)}
    return frozenset(faces.get(face.number, ()))


def _system_faces(folders: Sequence[Path] | None, language: str) -> Iterator[tuple[Face, set[str]]]:
    """Every face of the folders with its characters, the likeliest first."""
    paths = {
        path
        for folder in (_system_folders() if folders is None else folders)
        for path in folder.rglob("*")
        if path.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc")
    }
    language = language.lower()
    han = _HAN_OF_LANGUAGE.get(language) or _HAN_OF_LANGUAGE.get(language.split("-")[0], "sc")

    def likely(name: str) -> tuple[int, int, int, str]:
        plain = name.lower().replace("-", "").replace(" ", "").replace("_", "")
        preferred = next((n for n, known in enumerate(_PREFERRED) if known in plain), 99)
        odd = any(word in plain for word in ("bold", "italic", "light", "thin", "black", "mono"))
        return odd, preferred, han not in plain.partition("cjk")[2], plain

    for path in sorted(paths, key=lambda path: (likely(path.stem), str(path))):
        faces = sorted(_faces_in(path), key=lambda entry: (likely(entry[1]), entry[0]))
        for number, _, marks in faces:
            yield Face(path, number), marks


def _faces_in(path: Path) -> list[tuple[int, str, set[str]]]:
    """Number, family name and characters of each face of a file that has outlines."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    faces = []
    try:
        with path.open("rb") as file:
            collection = file.read(4) == b"ttcf"
            file.seek(0)
            fonts = TTCollection(file, lazy=True).fonts if collection else [TTFont(file, lazy=True)]
            for number, font in enumerate(fonts):
                if any(table in font for table in ("glyf", "CFF ", "CFF2")):
                    marks = {chr(code) for code in font.getBestCmap() or ()}
                    faces.append((number, font["name"].getDebugName(1) or "", marks))
    except (OSError, TTLibError, KeyError, AssertionError, ValueError):
        return []  # a font of the system that does not read draws nothing
    return faces


def _system_folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", "C:/Windows"))
        local = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
        return [windows / "Fonts", local / "Microsoft" / "Windows" / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    data = Path(os.environ.get("XDG_DATA_HOME", home / ".local" / "share"))
    return [
        *(Path("/usr/share/fonts"), Path("/usr/local/share/fonts")),
        *(data / "fonts", home / ".fonts"),
    ]
