"""Draws what a posed body consists of: trunk with its garment, arms, hands, legs, neck.

Each function takes a `Posed` body and gives markup in the figure's own units. Garments say
of themselves, in `data-` attributes: `length` (how far down the legs they fall, 0 to 1),
`flare` (how much wider they get), `sleeve` (width, usual 1), `sleeve-role`, `opening` (open
in front), `panel` (an apron's front only).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from studio.engines.sketch.appearance import Appearance
from studio.engines.sketch.body import (
    Joints,
    Measures,
    Point,
    at,
    between,
    hull_path,
    limb_paths,
    number,
)
from studio.engines.sketch.paint import Paint
from studio.engines.sketch.parts import Detail, Template, View, parts
from studio.engines.sketch.postures import Pose

_TRUNK = 220.0
"""Length of the trunk, neck to hip, in the templates of garments."""


@dataclass(frozen=True)
class Posed:
    """Somebody in a pose, seen from one side, with the colours of the light."""

    appearance: Appearance
    pose: Pose
    size: Measures
    joints: Joints
    view: View
    detail: Detail
    paint: Paint


def draw_trunk(body: Posed, garment: Template) -> str:
    """The garment's trunk, along the spine."""
    neck, hip = body.joints.neck, body.joints.hip
    length = math.hypot(hip[0] - neck[0], hip[1] - neck[1]) or 1.0
    wide = body.size.half_shoulder / 73 * 0.97 * body.appearance.stout
    along = ((hip[0] - neck[0]) / _TRUNK, (hip[1] - neck[1]) / _TRUNK)
    across = ((hip[1] - neck[1]) / length * wide, -(hip[0] - neck[0]) / length * wide)
    matrix = " ".join(f"{value:.3f}" for value in (*across, *along))
    markup = garment.markup(body.view, "over", body.detail)
    return f'<g transform="matrix({matrix} {at(neck)})">{body.paint.fill(markup)}</g>'


def draw_skirt(body: Posed, garment: Template, role: str) -> str:
    """What of a garment falls below the hip, over the legs."""
    length = garment.file.number("length", 0)
    if length <= 0:
        return ""
    flare = garment.file.number("flare", 0) * body.size.hip / 372
    size, stout = body.size, body.appearance.stout
    hip = body.joints.hip
    panel = "panel" in garment.data
    legs = [body.joints.near_leg, body.joints.far_leg]
    half = size.half_shoulder / 73 * (58 if body.view == "side" else 70) * stout
    half *= 0.72 if panel else 1.0
    shift = 14 if panel and body.view == "side" else 0
    if role == "over" and not panel:
        half, shift = half * 1.2, -10 if body.view == "side" else 0
    waist = [(hip[0] - half + shift, hip[1] - 6), (hip[0] + half + shift, hip[1] - 6)]
    if "waist" in garment.data:
        waist = _waist(body, garment)
    bent = any(_bend(leg) > 48 or _slope(leg) > 52 for leg in legs)
    upper: list[Point] = []
    lower: list[Point] = []
    hem: list[Point] = []
    for leg in legs:
        for share in (0.16, 0.34, 0.54, 0.8, 1.0):
            if share > length + 0.25:
                continue
            share = min(share, length)
            point, normal = _on(leg, share)
            wide = size.leg[0] * stout * (0.78 if panel else 1.0) * (0.95 - 0.15 * share)
            wide += 4 + flare * share
            edges = [
                (point[0] + sign * normal[0] * wide + shift, point[1] + sign * normal[1] * wide)
                for sign in (1, -1)
            ]
            (upper if share <= 0.54 else lower).extend(edges)
            if share >= 0.54 or share == length:
                lower.extend(edges)
            if share == length:
                hem.append((point[0] + shift, point[1]))
    fill = f'fill="⟨f {{{role}}}⟩" stroke="⟨e {{{role}-line}}⟩" stroke-width="2"'
    if not bent or body.pose.seat == "boat":
        drawn = f'<path d="{hull_path([*waist, *upper, *lower])}" {fill}/>'
    else:
        drawn = ""
        if length > 0.56:
            fall = fill.replace(f"{{{role}}}", f"{{{role}-dark}}", 1)
            drawn += f'<path d="{hull_path(lower)}" {fall}/>'
        drawn += f'<path d="{hull_path([*waist, *upper])}" {fill}/>'
    if body.detail != "far" and not panel:
        top = between(waist[0], waist[1], 0.5)
        drawn += _folds(body, hem, top, role, "opening" in garment.data, half)
    return body.paint.fill(drawn)


def _waist(body: Posed, garment: Template) -> list[Point]:
    """Where the skirt is gathered: left and right of the spine, above the hip."""
    down, front, side = (float(each) for each in garment.data["waist"].split())
    wide = body.size.half_shoulder / 73 * 0.97 * body.appearance.stout
    wide *= side if body.view == "side" else front
    neck, hip = body.joints.neck, body.joints.hip
    x, y = between(neck, hip, down / _TRUNK)
    dx, dy = hip[0] - neck[0], hip[1] - neck[1]
    length = math.hypot(dx, dy) or 1.0
    across = (dy / length * wide, -dx / length * wide)
    return [(x - across[0], y - across[1]), (x + across[0], y + across[1])]


def _folds(body: Posed, hem: list[Point], top: Point, role: str, opening: bool, half: float) -> str:
    middle = between(hem[0], hem[1], 0.5)
    if middle[1] - top[1] < 60:
        return ""
    lines = []
    ahead = {"side": 0.42, "front": 0.05, "back": 0.0}[body.view] * half
    for share in (-0.62, -0.1, 0.5):
        begin = (top[0] + share * half * 0.8, top[1] + 16)
        end = (middle[0] + share * half * 1.35, middle[1] - 8)
        bow = between(begin, end, 0.5)
        lines.append(f"M{at(begin)}Q{at((bow[0] + share * 8, bow[1]))} {at(end)}")
    drawn = (
        f'<path d="{"".join(lines)}" fill="none" stroke="⟨s {{{role}-line}}⟩" stroke-width="1.6" '
        'stroke-opacity=".38" stroke-linecap="round"/>'
    )
    if opening and body.view != "back":
        begin, end = (top[0] + ahead, top[1] - 2), (middle[0] + ahead * 1.2, middle[1] + 4)
        drawn += (
            f'<path d="M{at(begin)}L{at(end)}" fill="none" stroke="⟨s {{{role}-line}}⟩" '
            'stroke-width="2"/>'
        )
    return drawn


def draw_neck(body: Posed) -> str:
    """The neck, and the head's shadow on it."""
    look, joints = body.appearance, body.joints
    grow = 0.78 if look.age == "child" else 1.0
    wide = (21 if look.sex == "man" else 16.5) * grow
    back = {"side": -9, "front": 0, "back": 0}[body.view]
    top = (joints.chin[0] + back, joints.chin[1] - 26)
    base = (joints.neck[0] - (4 if body.view == "side" else 0), joints.neck[1] + 26)
    path = (
        f"M{at((top[0] - wide, top[1]))}L{at((top[0] + wide, top[1]))}"
        f"Q{at((base[0] + wide, base[1] - 26))} {at((base[0] + wide + 16, base[1]))}"
        f"L{at((base[0] - wide - 16, base[1]))}Q{at((base[0] - wide, base[1] - 26))} "
        f"{at((top[0] - wide, top[1]))}Z"
    )
    shadow = (
        f"M{at((top[0] - wide, top[1] + 20))}Q{at((top[0] + 4, top[1] + 62))} "
        f"{at((top[0] + wide, top[1] + 34))}L{at((top[0] + wide, top[1]))}"
        f"L{at((top[0] - wide, top[1]))}Z"
    )
    drawn = f'<path d="{path}" fill="⟨f {{skin}}⟩" stroke="⟨s {{skin-line}}⟩" stroke-width="1.5"/>'
    if body.detail != "far" and body.view != "back":
        drawn += f'<path d="{shadow}" fill="⟨f {{skin-dark}}⟩" fill-opacity=".75"/>'
    return body.paint.fill(drawn)


def draw_arm(body: Posed, side: Literal["near", "far"]) -> str:
    """A sleeve with its hand."""
    arm = body.joints.near_arm if side == "near" else body.joints.far_arm
    coat = parts("figures")[body.appearance.coat]
    role = coat.data.get("sleeve-role", "coat")
    wide = coat.file.number("sleeve", 1)
    grow = 0.45 + 0.55 * body.appearance.stout
    size = body.size
    halves = (
        size.arm[0] * min(wide, 1.15) * grow,
        size.arm[1] * min(wide, 1.4) * grow,
        size.arm[2] * max(wide, 1.0) * grow,
    )
    tone = "-dark" if side == "far" and body.view == "side" and body.detail != "far" else ""
    kind = body.pose.near_hand if side == "near" else body.pose.far_hand
    hand = parts("figures")[f"hand-{kind}"].markup(body.view, "over", body.detail)
    outer = -1 if (side == "near") == (body.view != "back") else 1
    scale = size.arm[2] / 14 * 1.02
    drawn = (
        f'<g transform="translate({at(arm[2])}) rotate({number(_angle(arm[1], arm[2]))}) '
        f'scale({outer * scale:.2f} {scale:.2f})">{hand}</g>'
        + _outlined(limb_paths(arm, halves, body.joints.neck[0]), role, tone, _lit_part(body, arm))
    )
    if body.detail != "far":
        drawn += _cuff(arm, halves, role)
    return body.paint.fill(drawn)


def _outlined(limb: list[tuple[str, str]], role: str, tone: str, part: str) -> str:
    return "".join(
        f'<path d="{fill}" fill="⟨{part} {{{role}{tone}}}⟩"/>'
        f'<path d="{line}" fill="none" stroke="⟨s {{{role}-line}}⟩" stroke-width="1.9"/>'
        for fill, line in limb
    )


def _lit_part(body: Posed, arm: tuple[Point, Point, Point]) -> str:
    """Which part of the range from lit to shaded a sleeve shows, so that it goes with the
    trunk that it lies on."""
    lit_left = body.paint.light[0] < 0
    if body.view == "side":
        return "p" if lit_left else "q"
    return "l" if (arm[0][0] < body.joints.neck[0]) == lit_left else "d"


def _cuff(arm: tuple[Point, Point, Point], halves: tuple[float, float, float], role: str) -> str:
    elbow, wrist = arm[1], arm[2]
    inner = between(elbow, wrist, 0.86)
    dx, dy = wrist[0] - elbow[0], wrist[1] - elbow[1]
    length = math.hypot(dx, dy) or 1.0
    normal = (-dy / length, dx / length)
    wide = halves[2] + (halves[1] - halves[2]) * 0.14
    ends = [(inner[0] + normal[0] * wide * s, inner[1] + normal[1] * wide * s) for s in (1, -1)]
    # creases at the elbow, on the inner side of the bend
    fold = (
        f"M{at((arm[1][0] - normal[0] * halves[1] * 0.7, arm[1][1] - normal[1] * halves[1] * 0.7))}"
        f"L{at((arm[1][0] + normal[0] * 4, arm[1][1] + normal[1] * 4))}"
    )
    return (
        f'<path d="M{at(ends[0])}L{at(ends[1])}{fold}" fill="none" stroke="⟨s {{{role}-line}}⟩" '
        'stroke-width="1.5" stroke-opacity=".55" stroke-linecap="round"/>'
    )


def draw_legs(body: Posed) -> str:
    """Both legs with their shoes, the far one first."""
    return body.paint.fill("".join(_leg(body, side) for side in ("far", "near")))


def _leg(body: Posed, side: Literal["near", "far"] | str) -> str:
    joints, look, size = body.joints, body.appearance, body.size
    leg = joints.near_leg if side == "near" else joints.far_leg
    tone = "-dark" if side == "far" and body.view == "side" and body.detail != "far" else ""
    skirted = parts("figures")[look.coat].file.number("length", 0) > 0.8
    slim = 0.66 if skirted else 0.5 + 0.5 * look.stout
    halves = [half * slim for half in size.leg]
    cloth = _outlined(limb_paths(leg, halves, joints.hip[0]), "legs", tone, "f")
    shoe = parts("figures")[look.shoes]
    grow = size.ankle / 38 * (0.88 if look.sex == "woman" else 1.0)
    turn = _angle(leg[1], leg[2]) if body.view == "side" else 0.0
    lifted = max(0.0, -leg[2][1] - size.ankle) > 12
    turn = max(-75.0, min(80.0, turn * (0.9 if lifted else 0.0)))
    foot = (
        f'<g transform="translate({at(leg[2])}) rotate({number(turn)}) scale({grow:.2f})">'
        f"{shoe.markup(body.view, 'over', body.detail)}</g>"
    )
    return cloth + foot if look.shoes == "shoe-boot" or skirted else foot + cloth


def grip_point(arm: tuple[Point, Point, Point]) -> Point:
    """Where the hand of an arm closes: a little beyond the wrist."""
    (x1, y1), (x2, y2) = arm[1], arm[2]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    return x2 + (x2 - x1) / length * 20, y2 + (y2 - y1) / length * 20


def _angle(first: Point, second: Point) -> float:
    """Degrees that turn what hangs straight down into the direction between two points."""
    return math.degrees(math.atan2(-(second[0] - first[0]), second[1] - first[1]))


def _bend(leg: tuple[Point, Point, Point]) -> float:
    return abs((_angle(leg[0], leg[1]) - _angle(leg[1], leg[2]) + 180) % 360 - 180)


def _slope(leg: tuple[Point, Point, Point]) -> float:
    return abs(_angle(leg[0], leg[1]))


def _on(leg: tuple[Point, Point, Point], share: float) -> tuple[Point, Point]:
    """The point at a share of a leg's length, and the normal there."""
    half = 0.53
    if share <= half:
        first, second, part = leg[0], leg[1], share / half
    else:
        first, second, part = leg[1], leg[2], (share - half) / (1 - half)
    dx, dy = second[0] - first[0], second[1] - first[1]
    length = math.hypot(dx, dy) or 1.0
    return between(first, second, part), (-dy / length, dx / length)
