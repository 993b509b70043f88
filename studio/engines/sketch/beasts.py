"""Draws the animals of fables: bodies from one template each, with faces that feel.

A template of kind `animal` holds groups by `data-layer`: tail, leg, neck, body, folded and
spread (wings), head, and quiet and speak (the mouth, put into the head's slot `jaw`). A
group's `data-pivot` is the point about which it turns; a leg's `data-phase` says which way
it swings first, `data-far` that it is on the far side. On the root: `data-height` beside a
grown person, `data-head` (height of the head), `data-pivot` of the head, `data-mouth` (where
a thing is carried), `data-leg` (length of the legs).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from studio.engines.requests import Figure
from studio.engines.sketch.appearance import Appearance
from studio.engines.sketch.art import Art, Shade
from studio.engines.sketch.body import number
from studio.engines.sketch.head import fill_face, mood_of
from studio.engines.sketch.held import carried_prop
from studio.engines.sketch.library import mention
from studio.engines.sketch.paint import Paint
from studio.engines.sketch.parts import Detail, Piece, Template, View, parts
from studio.engines.sketch.pose import pose_of
from studio.engines.sketch.props import draw_prop, prop_spec

_NEAR_HEAD = 0.125
"""In close shots an animal's head is this share of a grown person's height."""

_FLY = ("fly", "flies", "flying", "flew", "flap", "flutter", "soar", "swoop", "takes off",
        "wings", "飞", "展翅")  # fmt: skip


@dataclass(frozen=True)
class _Stance:
    """How an animal stands: degrees by which its legs swing and its head and trunk turn,
    and how far it sinks, as a share of its legs."""

    swing: float = 0
    head: float = 0
    trunk: float = 0
    sink: float = 0
    flies: bool = False
    sits: bool = False


_STANCES = {
    "walk": _Stance(swing=17),
    "carry": _Stance(swing=15),
    "run": _Stance(swing=38, head=8, trunk=-3),
    "fight": _Stance(swing=30, head=-8, trunk=-14),
    "dance": _Stance(swing=30, head=-10, trunk=-16),
    "climb": _Stance(swing=26, head=-14, trunk=-22),
    "raise": _Stance(swing=10, head=-22, trunk=-16),
    "sit": _Stance(sits=True),
    "sit on the ground": _Stance(sits=True),
    "lie": _Stance(sink=0.78, head=10),
    "crouch": _Stance(sink=0.5, head=14, swing=14),
    "kneel": _Stance(sink=0.4, head=12),
    "bow": _Stance(trunk=12, head=22),
    "look up": _Stance(head=-24),
    "look down": _Stance(head=24),
    "hold up": _Stance(head=-18),
    "drink": _Stance(head=34, trunk=8),
    "read": _Stance(head=20),
    "cover the face": _Stance(head=28),
    "point": _Stance(head=-6),
    "think": _Stance(head=-8),
    "fall": _Stance(trunk=20, swing=34, head=-10),
    "push": _Stance(trunk=6, swing=20),
    "listen": _Stance(head=-12),
}


def draw_beast(
    figure: Figure,
    look: Appearance,
    words: str,
    view: View,
    mirrored: bool,
    height: float,
    shade: Shade,
    detail: Literal["far", "full", "near"],
) -> Art:
    """An animal; `height` is that of a grown man, `shade` is turned already if `mirrored`.

    In close shots an animal is as large as makes its head fill the frame like a person's.
    """
    beast = parts("figures")[look.animal]
    pose = pose_of(words)
    stance = _STANCES.get(pose.name, _Stance())
    if beast.data.get("wings") and mention(_FLY, words) is not None:
        stance = _Stance(flies=True, head=-4, trunk=-8)
    if stance.sits:
        upright = beast.file.number("leg", 40) >= 50
        stance = replace(stance, trunk=-24, head=17, sink=0.5) if upright else _Stance()
    _, _, _, tall = (float(each) for each in beast.file.root.attrib["viewBox"].split())
    scale = beast.file.number("height", 0.6) * height / tall
    head = beast.file.number("head", 60)
    if detail == "near":
        scale = _NEAR_HEAD * height / head
    paint = Paint(
        look.roles,
        shade,
        (-0.6 if shade.side == "left" else 0.6, -0.55),
        detail,
        f"{figure}/{words}/{shade}/{detail}/{height:g}",
    )
    mood = "mood-sleeping" if pose.roll else mood_of(words)
    item = carried_prop(words)
    drawing = _Beast(beast, look, view, detail, stance, mood, figure.speaks, paint, shade)
    carried = _carried(item, beast, scale, height, shade, detail)
    drawn = drawing.markup(carried, pose.gaze)
    flip = -1 if mirrored else 1
    sink = stance.sink * beast.file.number("leg", 40)
    rise = 0.45 * tall if stance.flies else 0.0
    left, _, width, _ = (float(each) for each in beast.file.root.attrib["viewBox"].split())
    eye_x, eye_y = _eye(beast, view)
    svg = (
        f'{paint.defs()}<g transform="scale({flip * scale:.4f} {scale:.4f})" '
        f'stroke-linejoin="round"><g transform="translate(0 {number(-rise)})">{drawn}</g></g>'
    )
    reach = max(-left, left + width)
    return Art(
        svg,
        1.6 * reach * scale,
        (tall - sink + rise) * scale,
        (flip * eye_x * scale, (eye_y + sink - rise) * scale),
    )


@dataclass(frozen=True)
class _Beast:
    template: Template
    look: Appearance
    view: View
    detail: Detail
    stance: _Stance
    mood: str
    speaks: bool
    paint: Paint
    shade: Shade

    def markup(self, carried: str, gaze: str) -> str:
        stance, leg = self.stance, self.template.file.number("leg", 40)
        wings = "spread" if stance.flies else "folded"
        legs = [piece for piece in self.template.pieces if piece.layer == "leg"]
        far = "".join(self._leg(piece) for piece in legs if "far" in piece.attributes)
        near = "".join(self._leg(piece) for piece in legs if "far" not in piece.attributes)
        trunk = self._tail() + self._layer("neck") + self._layer("body")
        over = self._layer(wings) + self._head(carried, gaze)
        sink = stance.sink * leg
        if stance.sits:
            return self._sitting(legs, leg, sink, trunk + over)
        if stance.trunk:
            hips = f"rotate({number(stance.trunk)} -60 {number(-leg)})"
            return f'{far}<g transform="{hips}">{trunk}{near}{over}</g>'
        lowered = f"translate(0 {number(sink)})" if sink else ""
        before, after = (trunk, over)
        if lowered:
            before, after = (f'<g transform="{lowered}">{part}</g>' for part in (trunk, over))
        return far + before + near + after

    def _sitting(self, legs: list[Piece], length: float, sink: float, trunk: str) -> str:
        """On the haunches: the hind legs folded, the fore legs stretched to the ground."""
        angle = math.radians(self.stance.trunk)
        drawn = {True: "", False: ""}
        for piece in legs:
            x, y = (float(each) for each in piece.attributes["pivot"].split())
            leg = self.paint.fill(piece.markup[self.detail])
            dx, dy = x + 60, y + length
            moved = (dx * math.cos(angle) - dy * math.sin(angle) - 60,
                     dx * math.sin(angle) + dy * math.cos(angle) - length + sink)  # fmt: skip
            stretch = moved[1] / y
            shift = moved[0] - x if x > 0 else 14
            drawn["far" in piece.attributes] += (
                f'<g transform="translate({number(shift)} 0) scale(1 {stretch:.2f})">{leg}</g>'
            )
        hips = (
            f"translate(0 {number(sink)}) rotate({number(self.stance.trunk)} -60 {number(-length)})"
        )
        return f'{drawn[True]}<g transform="{hips}">{trunk}</g>{drawn[False]}'

    def _layer(self, layer: str) -> str:
        return self.paint.fill(
            "".join(
                piece.markup[self.detail] for piece in self.template.pieces if piece.layer == layer
            )
        )

    def _tail(self) -> str:
        """The tail, kept from the ground when its bearer sits."""
        drawn = self._layer("tail")
        pivots = [p.attributes["pivot"] for p in self.template.pieces if "pivot" in p.attributes
                  and p.layer == "tail"]  # fmt: skip
        if not (self.stance.sits and pivots):
            return drawn
        return f'<g transform="rotate({number(30 - self.stance.trunk)} {pivots[0]})">{drawn}</g>'

    def _leg(self, piece: Piece) -> str:
        drawn = self.paint.fill(piece.markup[self.detail])
        if self.stance.sink:
            return f'<g transform="scale(1 {number(1 - self.stance.sink)})">{drawn}</g>'
        turn = self.stance.swing * float(piece.attributes.get("phase", 0))
        if self.stance.flies:
            turn = 40
        if not turn:
            return drawn
        swing = f"rotate({number(-turn)} {piece.attributes['pivot']})"
        return f'<g class="leg" transform="{swing}">{drawn}</g>'

    def _head(self, carried: str, gaze: str) -> str:
        mouth = self.template.markup(self.view, "speak" if self.speaks else "quiet", self.detail)
        face = fill_face(
            self.template,
            self.template.markup(self.view, "head", self.detail),
            self.look,
            self.view,
            self.detail,
            self.mood,
            gaze,
            {"jaw": mouth},
        )
        turn = self.stance.head
        pivot = self.template.data["pivot"]
        return (
            f'<g class="head" transform="rotate({number(turn)} {pivot})">'
            f"{self.paint.fill(face)}{carried}</g>"
        )


def _carried(
    item: str, beast: Template, scale: float, height: float, shade: Shade, detail: Detail
) -> str:
    """A thing in the mouth, in the template's units."""
    if not item:
        return ""
    x, y = (float(each) for each in beast.data["mouth"].split())
    tall = (
        min(prop_spec(item).height * 1.4, beast.file.number("height", 0.6) * 0.34) * height / scale
    )
    art = draw_prop(item, height=tall, shade=shade, seed=1, detail=detail)
    return f'<g transform="translate({number(x)} {number(y + tall * 0.5)})">{art.svg}</g>'


def _eye(beast: Template, view: View) -> tuple[float, float]:
    """Where the eyes are in the template: the middle of its slots for eyes in this view."""
    x, y = (float(each) for each in beast.data["pivot"].split())
    found = [
        tuple(float(each) for each in slot.transform.partition("(")[2].partition(")")[0].split())
        for slot in beast.slots_of(view, "head")
        if slot.name == "eye"
    ]
    if not found:
        return x, y
    return sum(each[0] for each in found) / len(found), sum(each[1] for each in found) / len(found)
