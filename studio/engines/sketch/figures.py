"""Draws the people of a panel: always the same looks, in the pose that the shot asks for.

A person is put together from the templates of `sketch/figures`: a head with hair, face and
hat; a trunk with its garment; hands, shoes and, for those who sit, a seat. Limbs and the
lower part of garments are drawn along the joints of the pose. What a hand holds is a prop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from studio.engines.requests import Figure
from studio.engines.sketch.appearance import appearance_of
from studio.engines.sketch.art import Art, Shade
from studio.engines.sketch.beasts import draw_beast
from studio.engines.sketch.body import CROWN, Point, at, joints_of, measures_of, number
from studio.engines.sketch.garments import (
    Posed,
    draw_arm,
    draw_legs,
    draw_neck,
    draw_skirt,
    draw_trunk,
    grip_point,
)
from studio.engines.sketch.head import draw_head, mood_of
from studio.engines.sketch.held import Mount, held_prop, mount_of
from studio.engines.sketch.library import mention
from studio.engines.sketch.paint import Paint
from studio.engines.sketch.parts import View, parts
from studio.engines.sketch.pose import own_words, pose_of
from studio.engines.sketch.postures import idle
from studio.engines.sketch.props import draw_prop, prop_spec

_HEAD = 1.05
_VIEWS: dict[str, View] = {"left": "side", "right": "side", "camera": "front", "away": "back"}


def draw_figure(
    figure: Figure,
    *,
    height: float,
    action: str,
    shade: Shade,
    detail: Literal["far", "full", "near"],
) -> Art:
    """Somebody with the feet at the origin; `height` is that of a grown man standing at this
    place, so that women, children and animals come out in proportion.

    `action` is the shot's: what in it tells of this figure sets pose, mood and what the
    hands hold. `detail` is far for a small figure, near for one whose face fills the frame.
    The size given is that of the pose, not of the standing body.
    """
    look = appearance_of(figure.id, figure.name, figure.looks, figure.wears)
    words = own_words(figure.name, figure.does, action)
    view = _VIEWS[figure.facing or "right"]
    mirrored = figure.facing == "left"
    if mirrored:
        shade = replace(shade, side="right" if shade.side == "left" else "left")
    if look.animal:
        return draw_beast(figure, look, words, view, mirrored, height, shade, detail)
    pose = pose_of(words)
    if pose.name == "stand":
        pose = idle(figure.id, figure.speaks)
    pose, item = held_prop(pose, words)
    if pose.roll:
        view = "side"
    size = measures_of(look)
    stoop = 5.0 if look.age == "old" and not pose.roll else 0.0
    x = -0.85 if shade.side == "left" else 0.85
    seed = f"{figure}/{words}/{shade}/{detail}/{height:g}"
    body = Posed(
        look,
        pose,
        size,
        joints_of(pose, size, view, stoop),
        view,
        detail,
        Paint(look.roles, shade, (0.15, x) if pose.roll else (x, -0.15), detail, seed),
    )
    drawing = _Drawing(figure, body, words, item, shade)
    return drawing.art(height, mirrored)


@dataclass(frozen=True)
class _Drawing:
    """One person being drawn; `shade` is already turned for those who look to the left."""

    figure: Figure
    body: Posed
    words: str
    item: str
    shade: Shade

    def art(self, height: float, mirrored: bool) -> Art:
        """The whole person, with what they sit on, hold or ride."""
        body, joints = self.body, self.body.joints
        drawn = "".join(self._layers())
        limbs = (joints.near_arm, joints.far_arm, joints.near_leg, joints.far_leg)
        points = [joints.neck, joints.hip, *(point for limb in limbs for point in limb)]
        reach = max(abs(point[0]) for point in points) + 26
        top = min(joints.chin[1] - 104 * _HEAD, *(point[1] for point in points))
        eye: Point = (
            joints.chin[0] + (17 if body.view == "side" else 0),
            joints.chin[1] - (43 if body.appearance.age == "child" else 50) * _HEAD,
        )
        turn = ""
        grown = CROWN["man"]
        scale = height / grown
        if body.appearance.age == "child":
            scale *= grown / CROWN["child"]
        scale *= body.appearance.tall
        if body.pose.roll:
            middle = top / 2
            turn = f" rotate({number(body.pose.roll)}) translate(-58 {number(-middle)})"
            eye = (eye[1] - middle, 58 - eye[0])
            reach, top = -middle, -130.0
        elif ridden := mount_of(body.pose, self.words):
            drawn, lift = self._mounted(ridden, drawn, scale / height * grown)
            eye = (eye[0] - joints.hip[0], eye[1] - lift)
            reach, top = max(reach, ridden.height * grown * 0.6), top - lift
        flip = -1 if mirrored else 1
        svg = (
            f'{body.paint.defs()}<g transform="scale({flip * scale:.4f} {scale:.4f}){turn}" '
            f'stroke-linejoin="round">{drawn}</g>'
        )
        return Art(svg, 2 * reach * scale, -top * scale, (flip * eye[0] * scale, eye[1] * scale))

    def _layers(self) -> list[str]:
        body = self.body
        behind, head = self._head()
        worn = parts("figures")
        coat = worn[body.appearance.coat]
        over = worn[body.appearance.over] if body.appearance.over else None
        far, near = self._arm("far"), self._arm("near")
        joints = body.joints
        near_up = joints.near_arm[2][1] < joints.near_arm[0][1] - 20
        far_up = joints.far_arm[2][1] < joints.far_arm[0][1] - 60
        held = self._held(None) if body.pose.holds == "both" else ""
        trunk = [
            self._seat(),
            draw_legs(body),
            "" if "waist" in coat.data else draw_skirt(body, coat, "coat"),
            draw_neck(body),
            draw_trunk(body, coat),
            draw_skirt(body, coat, "coat") if "waist" in coat.data else "",
        ]
        mantle = ["", ""]
        if over is not None:
            mantle = [draw_skirt(body, over, "over"), draw_trunk(body, over)]
            if "panel" in over.data:
                trunk += ["" if body.view == "back" else mantle[0], mantle[1]]
                mantle = ["", ""]
        if body.view == "back":
            hidden = [joints.far_depth < -30 or far_up, joints.near_depth < -30 or near_up]
            early = held + "".join(arm for arm, at in zip((far, near), hidden, strict=True) if at)
            late = "".join(arm for arm, at in zip((far, near), hidden, strict=True) if not at)
            return [behind, early, *trunk, late, *mantle, head]
        if body.view == "side":
            last = [near, mantle[1], head] if not near_up else [mantle[1], head, near]
            return [behind, mantle[0], far, *trunk, held, *last]
        return [
            behind, mantle[0], *trunk, "" if far_up else far, held, "" if near_up else near,
            mantle[1], head, far if far_up else "", near if near_up else "",
        ]  # fmt: skip

    def _head(self) -> tuple[str, str]:
        body, pose = self.body, self.body.pose
        behind, over = draw_head(
            body.appearance,
            body.view,
            body.detail,
            mood="mood-sleeping" if pose.roll else mood_of(self.words),
            speaks=self.figure.speaks,
            gaze=pose.gaze,
            paint=body.paint,
        )
        nod = pose.nod + pose.lean * 0.35
        turn = f" rotate({number(nod)} -4 -14)" if body.view == "side" and nod else ""
        squash = 1.0 if body.view == "side" else 1 - abs(pose.nod) * 0.0035
        place = f"translate({at(body.joints.chin)}){turn} scale({_HEAD} {_HEAD * squash:.3f})"
        back = f'<g transform="{place}">{behind}</g>' if behind else ""
        return back, f'<g class="head" transform="{place}">{over}</g>'

    def _arm(self, side: Literal["near", "far"]) -> str:
        arm = self.body.joints.near_arm if side == "near" else self.body.joints.far_arm
        held = self._held(grip_point(arm)) if self.body.pose.holds == side else ""
        return f'<g class="arm">{held}{draw_arm(self.body, side)}</g>'

    def _held(self, place: Point | None) -> str:
        """The thing in the hand at a place, or between both hands."""
        if not self.item:
            return ""
        if place is None:
            near, far = (
                grip_point(arm) for arm in (self.body.joints.near_arm, self.body.joints.far_arm)
            )
            place = ((near[0] + far[0]) / 2, (near[1] + far[1]) / 2)
        spec = prop_spec(self.item)
        tall = spec.height * CROWN["man"]
        detail = self.body.detail
        art = draw_prop(
            self.item, height=tall, shade=self.shade, seed=len(self.words), detail=detail
        )
        drop = {"top": tall * 0.97, "middle": tall / 2, "bottom": tall * 0.1}[spec.grip]
        return f'<g transform="translate({at((place[0], place[1] + drop))})">{art.svg}</g>'

    def _seat(self) -> str:
        body = self.body
        if body.pose.seat != "seat":
            return ""
        found = [
            (place, part.name)
            for part in parts("figures").values()
            if part.kind == "seat" and (place := mention(part.words, self.words)) is not None
        ]
        seat = parts("figures")[min(found)[1] if found else "seat-stool"]
        hip = body.joints.hip
        return body.paint.fill(
            f'<g transform="translate({number(hip[0])} 0) scale({-hip[1] / 200:.3f})">'
            f"{seat.markup(body.view, 'over', body.detail)}</g>"
        )

    def _mounted(self, ridden: Mount, drawn: str, share: float) -> tuple[str, float]:
        """The rider on the mount, and how far that lifts them; `share` is the rider's scale
        beside a grown man's."""
        grown, hip = CROWN["man"] / share, self.body.joints.hip
        under = draw_prop(
            ridden.prop,
            height=ridden.height * grown,
            shade=self.shade,
            seed=0,
            detail=self.body.detail,
        )
        lift = ridden.hip * grown + hip[1]
        rider = f'<g transform="translate({at((-hip[0], -lift))})">{drawn}</g>'
        return (rider + under.svg if ridden.before else under.svg + rider), lift
