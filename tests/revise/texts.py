"""Storyboards as people write them, and how the tests of their text read them."""

from __future__ import annotations

import difflib
from pathlib import Path

from studio.documents import parse_document
from studio.schema.film import Film
from studio.schema.storyboard import Shot, Storyboard
from tests.conftest import FILM

TEXT = """\
# the head of the file
schema: storyboard/1   # the label
cast:
  mara: {name: Mara, looks: "a woman of sixty"}   # quotes stay
places:
  tower: {name: the lighthouse}

scenes:
# --- the arrival ---
- id: sc010
  heading: EXT. LIGHTHOUSE - DUSK
  place: tower
  shots:
  # above the first
  - id: sc010_sh010   # beside the first
    size: ELS
    # inside the first
    duration: 2s
    action: "Mara stands:
      at the rail."
    notes: |
      a text
      # that is no comment

  # two lines above
  # the second
  - {id: sc010_sh020, duration: 4s, cast: [mara]}   # beside the second

  # of nobody

  - id: sc010_sh030
    duration: 1.5s
    from: {shot: sc010_sh010, in: 0.5s}
    # motion: "left out for now"

# --- the night ---
- id: sc020
  heading: INT. TOWER - NIGHT
  place: tower
  shots:
  - id: sc020_sh010
    duration: 2s
# the end of the file
"""

WIDE = """\
schema: storyboard/1
places: {tower: {name: the lighthouse}}
scenes:
    -   id: sc010
        heading: EXT. LIGHTHOUSE - DUSK
        place: tower
        shots:
            -   id: sc010_sh010
                duration: 2s
            # above
            -   duration: 2s
                id: sc010_sh020
    -   id: sc020
        heading: EXT. LIGHTHOUSE - NIGHT
        place: tower
"""

USED: frozenset[str] = frozenset()


def read(text: str) -> Storyboard:
    return parse_document(text, Path("storyboard.yaml"), Storyboard)


def order(text: str) -> list[list[str]]:
    return [[shot.id for shot in scene.shots] for scene in read(text).scenes]


def shot_in(text: str, id_: str) -> Shot:
    return next(shot for _, shot in read(text).shots() if shot.id == id_)


def diff(before: str, after: str) -> list[str]:
    """The lines that are gone and those that are new, without the others; blank ones last."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    found = [line for line in lines if line[:3] not in ("---", "+++") and line[:2] != "@@"]
    return sorted(found, key=lambda line: not line[1:].strip())


def film(**fields: object) -> Film:
    return Film.model_validate(FILM | {"rate": 24} | fields)
