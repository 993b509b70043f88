"""The shelves of SVG templates: finding them by word, and reading and recolouring them.

A template is one file, `templates/sketch/SHELF/NAME.svg`. It carries the words by which
it is found in `data-words` on its root (English and Chinese, parted by commas) and what
else it says of itself in further `data-` attributes. What those mean is for those who
draw with it: this module knows neither places nor props nor figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from studio.errors import StudioError
from studio.templates import templates

SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")

_HEX = re.compile(r"(?<!url\()(?<!href=\")#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![0-9A-Za-z_-])")
_ID = re.compile(r"(\bid=\"|url\(#|href=\"#)([^\")]+)")


@dataclass(frozen=True)
class Template:
    """One SVG file: its name (the file's stem), its words in lower case, its other `data-`
    attributes without that prefix, and its root (to be copied, never changed)."""

    name: str
    words: tuple[str, ...]
    data: Mapping[str, str]
    root: Element

    def number(self, key: str, default: float) -> float:
        """A `data-` attribute as a number. Raises StudioError where it is none."""
        try:
            return float(self.data.get(key, default))
        except ValueError as error:
            raise StudioError(
                f"template {self.name}.svg: data-{key} is no number: {self.data[key]!r}",
                "write a plain number in the units of the drawing",
            ) from error


@cache
def shelf(name: str) -> Mapping[str, Template]:
    """All templates of `places`, `props` or `figures`, by name, in the order of names.

    Raises StudioError for a file that is not SVG.
    """
    found: dict[str, Template] = {}
    for path in sorted((templates() / "sketch" / name).glob("*.svg")):
        try:
            root = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - our own files
        except ElementTree.ParseError as error:
            raise StudioError(
                f"template {path.name} does not read: {error}", "repair or remove the file"
            ) from error
        data = {
            key.removeprefix("data-"): value
            for key, value in root.attrib.items()
            if key.startswith("data-")
        }
        found[path.stem] = Template(path.stem, split_words(data.get("words", "")), data, root)
    return MappingProxyType(found)


def split_words(text: str) -> tuple[str, ...]:
    """The words of a `data-words` attribute: parted by commas, lower case, in order."""
    return tuple(word.strip().lower() for word in re.split(r"[,，、]", text) if word.strip())


def mention(words: Iterable[str], text: str) -> int | None:
    """Where `text` first mentions one of `words` (its index), or None.

    English words match whole, in singular and plural; Chinese ones match anywhere.
    """
    lowered = text.lower()
    places = [found.start() for word in words if (found := _pattern(word).search(lowered))]
    return min(places, default=None)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    escaped = re.escape(word).replace(r"\ ", r"[\s-]+")
    return re.compile(rf"\b{escaped}(?:s|es)?\b" if word.isascii() else escaped)


def source(elements: Iterable[Element]) -> str:
    """The elements as SVG source, without namespace declarations."""
    written = "".join(ElementTree.tostring(element, encoding="unicode") for element in elements)
    return written.replace(' xmlns="http://www.w3.org/2000/svg"', "")


def recolour(svg: str, paint: Callable[[str], str]) -> str:
    """`svg` with every hex colour passed through `paint`; references by id are left alone."""
    return _HEX.sub(lambda found: paint(found.group()), svg)


def scoped(svg: str, prefix: str) -> str:
    """`svg` with every id, and every reference to one, put under `prefix`, so that fragments
    can stand together in one picture."""
    return _ID.sub(lambda found: f"{found[1]}{prefix}{found[2]}", svg)
