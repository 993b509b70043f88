"""The keyframe and motion prompts of a shot, in English, with people, place and look in braces."""

from __future__ import annotations

from studio.engines.breakdown.lexicon import entries
from studio.schema.storyboard import SIZE_NAMES, Angle, Framing, Movement, Presence, Size

_ANGLES: dict[Angle, str] = {
    "eye": "eye level",
    "high": "high angle",
    "low": "low angle",
    "overhead": "seen from directly above",
    "worm's eye": "seen from the ground",
    "dutch": "tilted camera",
}
_AT = {"left": "on the left", "right": "on the right", "center": "in the middle"}
_FACING = {
    "left": "facing left",
    "right": "facing right",
    "camera": "facing the camera",
    "away": "seen from behind",
}
_AMBIENT = {
    "storm": "rain drives across and lightning flickers",
    "rain": "rain falls steadily",
    "snow": "snow drifts down",
    "fog": "fog drifts through",
    "wind": "the wind moves everything loose",
    "sea": "waves roll in",
    "shore": "surf runs up the shore",
    "lighthouse": "gulls drift and waves break below",
    "boat": "the boat rises and falls with the waves",
    "ship deck": "the deck rocks gently and ropes sway",
    "harbour": "boats rock at their moorings",
    "forest": "leaves stir and light shifts between the trunks",
    "tree": "leaves stir on the branches",
    "field": "the grass moves in waves",
    "river": "the water slides past",
    "lake": "small ripples cross the water",
    "street": "passers-by and shadows move along the street",
    "market": "people move between the stalls",
    "city": "smoke rises and lights flicker far off",
    "cellar": "lantern light wavers on the stone",
    "cave": "light wavers on the rock",
    "room": "firelight flickers on the walls",
    "parlour": "firelight flickers on the walls",
    "sky": "clouds drift slowly",
    "desert": "sand blows along the crest of the dunes",
    "stadium": "the crowd ripples in the stands",
}


def keyframe(
    size: Size,
    framing: Framing,
    angle: Angle,
    cast: list[Presence],
    subject: str,
    light: str,
) -> str:
    """What the picture shows: people, or an insert's `subject`; `light` is time and weather."""
    opening = f"{SIZE_NAMES[size]}, {_ANGLES[angle]}"
    kinds = {
        "over-the-shoulder": ", over the shoulder",
        "POV": ", point of view",
        "insert": ", insert",
        "two-shot": ", two-shot",
        "group": ", group shot",
    }
    opening += kinds.get(framing, "")
    shown = "; ".join(_figure(person, framing) for person in cast)
    what = "; ".join(part for part in (shown, subject) if part)
    return f"{opening}: {what + '. ' if what else ''}{{place}}, {light}. {{look}}."


def _figure(person: Presence, framing: Framing) -> str:
    where = [_AT.get(person.at or "", ""), _FACING.get(person.facing or "", "")]
    if framing == "over-the-shoulder" and person.facing == "away":
        stands = ", ".join(word for word in where if word)
        return f"in the foreground the shoulder of {{{person.who}}}, {stands}"
    return ", ".join(part for part in (f"{{{person.who}}}", person.does, *where) if part)


def motion(
    cast: list[Presence], place_kind: str, weather: str, movement: Movement, subject: str
) -> str:
    """What moves during the shot, from the keyframe on, and how the camera moves."""
    parts = [
        f"{{{person.who}}} {_moving(person.does)}"
        for person in cast
        if person.does and person.facing != "away"
    ]
    if not parts and subject:
        parts.append(f"slow, small movement around {subject}")
    ambient = _AMBIENT.get(weather) if entries("places")[place_kind].rest[0] == "EXT" else None
    ambient = ambient or _AMBIENT.get(place_kind, "the light shifts slightly")
    camera = "The camera holds still" if movement == "static" else "{movement}, slow and smooth"
    if movement == "handheld":
        camera = "{movement}"
    return "; ".join([*parts, ambient]) + f". {camera}."


def _moving(does: str | None) -> str:
    return does or "breathes and shifts slightly"
