"""The place of a panel: which template it is, and its layers in the scene's light.

Takes the storyboard's words and a `Light`; gives SVG fragments in the template's own
units, whose origin is where the horizon crosses the middle of the frame (its README says
more). Knows nothing of cameras and people.
"""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from studio.engines.requests import Panel
from studio.engines.sketch.library import (
    SVG,
    Template,
    mention,
    recolour,
    scoped,
    shelf,
    source,
    split_words,
)
from studio.engines.sketch.light import Light

LAYERS = ("back", "middle", "front")
_FAR = {"back": 0.8, "middle": 0.22, "front": 0.0}
_INSIDE = re.compile(r"\bint\b|内景|室内", re.IGNORECASE)
_OUTSIDE = re.compile(r"\bext\b|外景|室外", re.IGNORECASE)


@dataclass(frozen=True)
class Drawn:
    """A place in its light: definitions to be shared, and the source of its three layers."""

    defs: str
    back: str
    middle: str
    front: str


def choose_place(panel: Panel) -> Template:
    """The template that fits a panel's heading and place best.

    A heading's INT. or EXT. rules out the other kind. A word of the heading weighs more
    than one of the place's name, and that more than one of its looks; where nothing
    fits, it is a room inside and a field outside.
    """
    indoors, outdoors = _INSIDE.search(panel.heading), _OUTSIDE.search(panel.heading)
    kinds = {"inside", "outside"}
    if bool(indoors) != bool(outdoors):
        kinds = {"inside"} if indoors else {"outside"}
    places = [place for place in shelf("places").values() if place.data.get("kind") in kinds]
    name, looks = re.split(r"[:：,，;.。]", panel.place + ":", maxsplit=1)
    texts = ((name, 5.0), (panel.heading, 4.0), (looks, 1.5), (panel.action, 0.5))

    def fitness(place: Template) -> float:
        total = 0.0
        for text, weight in texts:
            where = mention(place.words, text)
            if where is not None:
                total += weight + 0.5 * weight / (1 + where / 12)
        return total

    best = max(places, key=fitness, default=None)
    if best is not None and fitness(best) > 0:
        return best
    return shelf("places")["room" if kinds == {"inside"} else "field"]


def is_inside(place: Template) -> bool:
    """Whether a template is a place under a roof."""
    return place.data.get("kind") == "inside"


def draw_place(
    place: Template,
    light: Light,
    flags: frozenset[str],
    text: str,
    seed: str,
    sun: float | None,
) -> Drawn:
    """The layers of a place.

    `flags` are the names that `data-when` may ask for, `text` is where the words of
    `data-words` on a group are looked for, `seed` chooses among the `data-pick` groups
    and whether the place is mirrored: the same seed gives the same place. `sun` is where
    sun or moon stand, in units of the template; what follows them is left out without one.
    """
    root = deepcopy(place.root)
    _prune(root, flags, text, seed)
    flip = -1 if is_mirrored(place, seed) else 1
    _follow(root, None if sun is None else flip * sun)
    roles = _roles(place, light)
    for layer in root:
        _relight(layer, light, roles, _FAR.get(layer.get("id", ""), _FAR["middle"]))
    groups = {child.get("id"): child for child in root}
    shared = [each for child in root if child.tag == f"{SVG}defs" for each in child]
    layers = (
        f'<g transform="scale({flip} 1)">{source(groups[name])}</g>' if name in groups else ""
        for name in LAYERS
    )
    return Drawn(*(scoped(part, "place-") for part in (source(shared), *layers)))


def is_mirrored(place: Template, seed: str) -> bool:
    """Whether the place of a seed is shown mirrored."""
    return choice(seed, "mirror", 2) == 1 and "one-way" not in place.data


def choice(seed: str, what: str, count: int) -> int:
    """One of `count` numbers from 0, always the same for a seed and what it is for."""
    digest = hashlib.sha256(f"{seed}/{what}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % count


def _prune(parent: Element, flags: frozenset[str], text: str, seed: str) -> None:
    picks: dict[str, list[Element]] = {}
    for child in list(parent):
        when, words = child.get("data-when"), child.get("data-words")
        unwanted = (when is not None and flags.isdisjoint(when.split())) or (
            words is not None and mention(split_words(words), text) is None
        )
        if unwanted:
            parent.remove(child)
            continue
        if (pick := child.get("data-pick")) is not None:
            picks.setdefault(pick, []).append(child)
        _prune(child, flags, text, seed)
    for pick, among in picks.items():
        kept = choice(seed, pick, len(among))
        for index, child in enumerate(among):
            if index != kept:
                parent.remove(child)


def _follow(parent: Element, sun: float | None) -> None:
    """Moves what carries `data-follow` below the sun, or removes it."""
    for child in list(parent):
        if child.get("data-follow") is None:
            _follow(child, sun)
        elif sun is None:
            parent.remove(child)
        else:
            child.set("transform", f"translate({sun:.1f} 0)")


def _roles(place: Template, light: Light) -> dict[str, str]:
    pairs = (entry.split() for entry in place.data.get("roles", "").split(",") if entry.strip())
    found = ((hexadecimal.lower(), light.role(name)) for name, hexadecimal in pairs)
    return {hexadecimal: colour for hexadecimal, colour in found if colour}


def _relight(element: Element, light: Light, roles: dict[str, str], far: float) -> None:
    far = float(element.get("data-far", far))

    def paint(colour: str) -> str:
        return roles.get(colour.lower()) or light.lit(colour, far)

    for name in ("fill", "stroke", "stop-color", "flood-color"):
        value = element.get(name)
        if value and value.startswith("#"):
            element.set(name, paint(value))
    if style := element.get("style"):
        element.set("style", recolour(style, paint))
    for child in element:
        _relight(child, light, roles, far)
    for name in [name for name in element.attrib if name.startswith("data-")]:
        del element.attrib[name]
