"""Draws a head: its shape, face, hair and hat, from templates.

A head's own frame is 100 units from the chin (y = 0) to the crown (y = -100), with the
neck's axis at x = 0; the side view looks to the right. The parts come from
`sketch/figures`: the head names slots for eyes, brows, mouth, beard, moustache, mark and
glasses, and moods fill the first three.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from studio.engines.sketch.appearance import Appearance
from studio.engines.sketch.library import mention
from studio.engines.sketch.paint import Paint
from studio.engines.sketch.parts import Detail, Template, View, parts

_SLOT = re.compile(r"⟨slot (\d+)⟩")
_UNDER_COVER = "hair-receding"
_LOOK = {"ahead": (0.0, 0.0), "up": (0.3, -2.0), "down": (0.0, 1.6)}


def draw_head(
    appearance: Appearance,
    view: View,
    detail: Detail,
    *,
    mood: str,
    speaks: bool,
    gaze: str,
    paint: Paint,
) -> tuple[str, str]:
    """Markup of the head: what lies behind the body, and what lies before it.

    `mood` is the name of a mood template, `gaze` one of ahead, up, down.
    """
    hat = parts("figures")[appearance.hat] if appearance.hat else None
    hair = appearance.hair
    if hat and "covers" in hat.data and hair != "hair-bald":
        hair = _UNDER_COVER
    worn = [parts("figures")[name] for name in (hair, appearance.hat) if name]
    behind = "".join(part.markup(view, "behind", detail) for part in worn)
    shape = parts("figures")[appearance.head]
    mouth = "" if not speaks or mood == "mood-shouting" else "mood-speaking"
    spoken = {"mouth": parts("figures")[mouth].markup(view, "mouth", detail)} if mouth else {}
    over = fill_face(
        shape, shape.markup(view, "over", detail), appearance, view, detail, mood, gaze, spoken
    )
    over += "".join(part.markup(view, "over", detail) for part in worn)
    return paint.fill(behind), paint.fill(over)


def fill_face(
    shape: Template,
    markup: str,
    appearance: Appearance,
    view: View,
    detail: Detail,
    mood: str,
    gaze: str,
    given: Mapping[str, str],
) -> str:
    """`markup` of a head with its slots filled: eyes, brows and mouth by the mood, what the
    person wears in the face, and `given` markup by the name of its slot."""
    known = parts("figures")
    feelings = known[mood]
    filling = {
        "eye": [(feelings, "eye")],
        "brow": [(feelings, "brow")],
        "mouth": [(feelings, "mouth")],
        "beard": [(known[name], "over") for name in appearance.beards if "beard" in name],
        "moustache": [(known[name], "over") for name in appearance.beards if "moust" in name],
        "mark": [(known[name], "over") for name in appearance.marks],
        "glasses": [(known[name], "over") for name in appearance.glasses]
        + [(known[name], "top") for name in appearance.marks],
        "hat": [(known[name], "over") for name in (appearance.hat,) if name],
    }

    def put(found: re.Match[str]) -> str:
        slot = shape.slots[int(found[1])]
        inside = given.get(slot.name)
        if inside is None:
            if detail == "far" and slot.name in ("eye", "brow", "mouth", "mark"):
                return ""
            layers = filling.get(slot.name, [])
            inside = "".join(part.markup(view, layer, detail) for part, layer in layers)
        if not inside:
            return ""
        if slot.name == "eye":
            inside = _look(
                inside, view, gaze, mirrored="(-" in slot.transform.partition("scale")[2]
            )
        return f'<g transform="{slot.transform}">{inside}</g>' if slot.transform else inside

    return _SLOT.sub(put, markup)


def _look(eye: str, view: View, gaze: str, *, mirrored: bool) -> str:
    x, y = _LOOK[gaze]
    x = 2.2 + x if view == "side" else x
    sign = -1 if mirrored else 1
    # An eye is drawn with its inner corner to the left; its middle lies at x = 0.8.
    values = {
        "gaze-x": sign * x + 0.8,
        "gaze-y": y - 0.6,
        "glint-x": sign * (x + 1.3) + 0.8,
        "glint-y": y - 2.1,
    }
    for name, value in values.items():
        eye = eye.replace(f"{{{name}}}", f"{value:.1f}")
    return eye


def mood_of(words: str) -> str:
    """The mood template whose words come first in the text; calm without any."""
    found = [
        (at, part.name)
        for part in parts("figures").values()
        if part.kind == "mood"
        and part.name != "mood-speaking"
        and (at := mention(part.words, words)) is not None
    ]
    return min(found)[1] if found else "mood-calm"
