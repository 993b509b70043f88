"""A pose and a person's measures -> joints in the picture, and the outlines of limbs.

The figure's own units are a hundredth of a grown person's head; the ground is y = 0, up is
negative, and a figure seen from the side looks to the right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studio.engines.sketch.appearance import Appearance
from studio.engines.sketch.parts import View
from studio.engines.sketch.postures import Direction, Limb, Pose

Point = tuple[float, float]
_Vector = tuple[float, float, float]  # lateral (towards the far side), up, forward

_YAW = {"side": 58.0, "front": 14.0, "back": 194.0}
_PITCH = 0.11


@dataclass(frozen=True)
class Measures:
    """Lengths of a body in units: heights are of the standing body."""

    neck: float
    shoulder: float
    hip: float
    knee: float
    ankle: float
    chin: float
    half_shoulder: float
    half_hip: float
    upper_arm: float
    forearm: float
    arm: tuple[float, float, float]
    leg: tuple[float, float, float]


MAN = Measures(592, 553, 372, 200, 38, 612, 73, 33, 122, 106, (25, 19.5, 14.5), (37, 26, 19))
WOMAN = Measures(590, 554, 378, 202, 36, 612, 60, 32, 117, 102, (20, 15.5, 11.5), (36, 23, 16))
CHILD = Measures(392, 368, 224, 118, 26, 399, 44, 22, 80, 66, (18, 14, 11), (25, 19, 15))
CROWN = {"child": 500.0, "man": 715.0, "woman": 715.0}


def measures_of(appearance: Appearance) -> Measures:
    """The lengths of a person's body."""
    if appearance.age == "child":
        return CHILD
    return WOMAN if appearance.sex == "woman" else MAN


@dataclass(frozen=True)
class Joints:
    """Where a body's joints are in the picture. Limbs run from the trunk outward; `chin` is
    the origin of the head's frame; `depth` tells whether an arm is before (positive) or
    behind the trunk."""

    neck: Point
    hip: Point
    chin: Point
    near_arm: tuple[Point, Point, Point]
    far_arm: tuple[Point, Point, Point]
    near_leg: tuple[Point, Point, Point]
    far_leg: tuple[Point, Point, Point]
    near_depth: float
    far_depth: float
    seat: float


def _direction(toward: Direction, side: float) -> _Vector:
    swing, spread = (math.radians(angle) for angle in toward)
    return (
        side * math.sin(spread),
        -math.cos(swing) * math.cos(spread),
        math.sin(swing) * math.cos(spread),
    )


def _chain(start: _Vector, limb: Limb, side: float, lengths: tuple[float, float]) -> list[_Vector]:
    points = [start]
    for toward, length in zip((limb.upper, limb.lower), lengths, strict=True):
        step = _direction(toward, side)
        last = points[-1]
        points.append(
            (last[0] + step[0] * length, last[1] + step[1] * length, last[2] + step[2] * length)
        )
    return points


def joints_of(pose: Pose, size: Measures, view: View, stoop: float) -> Joints:
    """The joints of a posed body, its lowest point on the ground; `stoop` is the bend of
    an old back in degrees."""
    lean = math.radians(pose.lean + stoop)
    spine = (0.0, math.cos(lean), math.sin(lean))
    torso = size.neck - size.hip

    def along(length: float, aside: float = 0.0) -> _Vector:
        return (aside, spine[1] * length, spine[2] * length)

    thigh, shin = size.hip - size.knee, size.knee - size.ankle
    reach = size.shoulder - size.hip
    bend = math.radians(pose.lean * 0.55 + stoop * 1.6)
    rise = size.chin - size.neck
    points: dict[str, list[_Vector]] = {
        "near_arm": _chain(along(reach, -size.half_shoulder), pose.near_arm, -1,
                           (size.upper_arm, size.forearm)),
        "far_arm": _chain(along(reach, size.half_shoulder), pose.far_arm, 1,
                          (size.upper_arm, size.forearm)),
        "near_leg": _chain((-size.half_hip, 0, 0), pose.near_leg, -1, (thigh, shin)),
        "far_leg": _chain((size.half_hip, 0, 0), pose.far_leg, 1, (thigh, shin)),
    }  # fmt: skip
    top = along(torso)
    chin = (0.0, top[1] + rise * math.cos(bend), top[2] + rise * math.sin(bend) + 0.1 * rise)
    lowest = min(
        *(points[leg][2][1] - size.ankle for leg in ("near_leg", "far_leg")),
        *(points[leg][1][1] - size.leg[1] for leg in ("near_leg", "far_leg")),
        -size.leg[0] - 12 if pose.ground else 0.0,
    )
    yaw = math.radians(_YAW[view])
    turn, face = math.sin(yaw), math.cos(yaw)

    def seen(point: _Vector) -> Point:
        depth = point[2] * face - point[0] * turn
        return (point[0] * face + point[2] * turn, lowest - point[1] + depth * _PITCH)

    def limb(name: str) -> tuple[Point, Point, Point]:
        first, second, third = (seen(point) for point in points[name])
        return first, second, third

    def depth(name: str) -> float:
        hand = points[name][2]
        return hand[2] * face - hand[0] * turn

    drawn = {name: limb(name) for name in points}
    ends = [drawn["near_leg"][2][0], drawn["far_leg"][2][0]]
    shift = -(sum(ends) / 2 * 0.6 + seen((0, 0, 0))[0] * 0.4)

    def moved(point: Point) -> Point:
        return point[0] + shift, point[1]

    def moved3(name: str) -> tuple[Point, Point, Point]:
        first, second, third = drawn[name]
        return moved(first), moved(second), moved(third)

    return Joints(
        neck=moved(seen(top)),
        hip=moved(seen((0, 0, 0))),
        chin=moved(seen(chin)),
        near_arm=moved3("near_arm"),
        far_arm=moved3("far_arm"),
        near_leg=moved3("near_leg"),
        far_leg=moved3("far_leg"),
        near_depth=depth("near_arm"),
        far_depth=depth("far_arm"),
        seat=lowest,
    )


def number(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.0", "0")


def at(point: Point) -> str:
    """A point as written in a path."""
    return f"{number(point[0])} {number(point[1])}"


def between(first: Point, second: Point, share: float) -> Point:
    """The point at a share of the way."""
    return (first[0] + (second[0] - first[0]) * share, first[1] + (second[1] - first[1]) * share)


def _normal(first: Point, second: Point) -> Point:
    dx, dy = second[0] - first[0], second[1] - first[1]
    length = math.hypot(dx, dy) or 1.0
    return -dy / length, dx / length


def limb_paths(
    points: Sequence[Point], halves: Sequence[float], away: float
) -> list[tuple[str, str]]:
    """A bent, tapering limb as shapes, each an outline to fill and the line around it, which
    is open at the trunk. `halves` are half its width at each point; `away` is the x of the
    trunk's axis, from which the outer side of the shoulder turns. A limb that is bent far,
    or seen from its end, is two shapes, the lower half over the upper."""
    start, middle, end = points
    first, second = _normal(start, middle), _normal(middle, end)
    bend = (first[0] + second[0], first[1] + second[1])
    length = math.hypot(*bend)
    lengths = (math.dist(start, middle), math.dist(middle, end))
    if length < 1.25 or min(lengths) < 2.2 * halves[1]:
        upper = _capsule(start, middle, halves[0], halves[1])
        lower = _capsule(middle, end, halves[1] * 0.97, halves[2])
        return [(upper, upper), (lower, lower)]
    sides = []
    for sign in (1.0, -1.0):
        a, b, c = (half * sign for half in halves)
        across = b * 2 / length / length
        sides.append(
            (
                (start[0] + first[0] * a, start[1] + first[1] * a),
                (middle[0] + bend[0] * across, middle[1] + bend[1] * across),
                (end[0] + second[0] * c, end[1] + second[1] * c),
            )
        )
    (a1, b1, c1), (a2, b2, c2) = sides
    radius = number(halves[0])
    one = f"L{at(between(a1, b1, 0.72))}Q{at(b1)} {at(between(b1, c1, 0.3))}L{at(c1)}"
    two = f"L{at(between(b2, c2, 0.3))}Q{at(b2)} {at(between(a2, b2, 0.72))}"
    fill = f"M{at(a1)}{one}L{at(c2)}{two}L{at(a2)}A{radius} {radius} 0 0 0 {at(a1)}Z"
    top = between(start, middle, -halves[0] / (lengths[0] or 1.0))
    if abs(a1[0] - away) > abs(a2[0] - away):
        line = (
            f"M{at(top)}A{radius} {radius} 0 0 0 {at(a1)}{one}L{at(c2)}{two}"
            f"L{at(between(a2, b2, 0.3))}"
        )
    else:
        line = (
            f"M{at(between(a1, b1, 0.3))}{one}L{at(c2)}{two}L{at(a2)}"
            f"A{radius} {radius} 0 0 0 {at(top)}"
        )
    return [(fill, line)]


def _capsule(start: Point, end: Point, first: float, last: float) -> str:
    """The outline of a tapering stroke with round ends."""
    normal = _normal(start, end)
    a1 = (start[0] + normal[0] * first, start[1] + normal[1] * first)
    a2 = (start[0] - normal[0] * first, start[1] - normal[1] * first)
    b1 = (end[0] + normal[0] * last, end[1] + normal[1] * last)
    b2 = (end[0] - normal[0] * last, end[1] - normal[1] * last)
    one, two = number(first), number(last)
    return f"M{at(a1)}L{at(b1)}A{two} {two} 0 0 0 {at(b2)}L{at(a2)}A{one} {one} 0 0 0 {at(a1)}Z"


def hull_path(points: Sequence[Point], roundness: float = 0.22) -> str:
    """The rounded outline around points."""
    ring = _hull(points)
    steps: list[str] = []
    for index, corner in enumerate(ring):
        before, after = ring[index - 1], ring[(index + 1) % len(ring)]
        enter, leave = between(corner, before, roundness), between(corner, after, roundness)
        steps.append(f"{'L' if steps else 'M'}{at(enter)}Q{at(corner)} {at(leave)}")
    return "".join(steps) + "Z"


def _hull(points: Sequence[Point]) -> list[Point]:
    ordered = sorted({(round(x, 1), round(y, 1)) for x, y in points})

    def half(run: Sequence[Point]) -> list[Point]:
        kept: list[Point] = []
        for point in run:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return half(ordered) + half(ordered[::-1])


def _turn(first: Point, second: Point, third: Point) -> float:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (
        third[0] - first[0]
    )
