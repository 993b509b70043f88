"""The poses that a body can take, as directions of its limbs.

A direction is (swing, spread) in degrees: swing turns a limb from hanging down (0) forward
(90) and up (180), backward is negative; spread turns it outward from the body. `far` limbs
are those on the other side of the body when a person is seen from the side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Direction = tuple[float, float]
Hand = Literal["relaxed", "fist", "open", "point"]


@dataclass(frozen=True)
class Limb:
    """An arm or a leg: the directions of its upper and its lower half."""

    upper: Direction
    lower: Direction


@dataclass(frozen=True)
class Pose:
    """How a body is held. `lean` and `nod` are degrees forward of the trunk and the head,
    `roll` turns the whole body (a person who lies). `holds` says which hands carry
    something: none, far, near or both. `seat` says that the pose needs a seat, `ground`
    that the trunk itself rests on the ground."""

    near_arm: Limb = Limb((-5, 9), (9, 5))
    far_arm: Limb = Limb((-3, 9), (12, 5))
    near_leg: Limb = Limb((-3, 5), (-5, 4))
    far_leg: Limb = Limb((5, 5), (1, 4))
    lean: float = 0
    nod: float = 0
    roll: float = 0
    near_hand: Hand = "relaxed"
    far_hand: Hand = "relaxed"
    holds: Literal["", "far", "near", "both"] = ""
    seat: str = ""
    ground: bool = False
    gaze: Literal["ahead", "up", "down"] = "ahead"
    name: str = field(default="stand", compare=False)


STAND = Pose()
SIT = Pose(
    near_arm=Limb((14, 9), (66, 0)),
    far_arm=Limb((20, 9), (72, 0)),
    near_leg=Limb((86, 7), (-3, 3)),
    far_leg=Limb((80, 8), (6, 4)),
    lean=-2,
    seat="seat",
)
_WALK = Pose(
    near_arm=Limb((-24, 7), (-6, 5)),
    far_arm=Limb((26, 7), (46, 2)),
    near_leg=Limb((26, 3), (12, 2)),
    far_leg=Limb((-16, 3), (-40, 2)),
    lean=4,
)
_HOLD = Pose(
    near_arm=Limb((8, 8), (78, -14)),
    far_arm=Limb((18, 6), (84, -6)),
    near_hand="fist",
    far_hand="fist",
    holds="both",
)

POSES: Mapping[str, Pose] = {
    "stand": STAND,
    "walk": _WALK,
    "run": Pose(
        near_arm=Limb((-50, 8), (30, 4)),
        far_arm=Limb((42, 8), (126, 0)),
        near_leg=Limb((58, 3), (-22, 2)),
        far_leg=Limb((-26, 3), (-84, 2)),
        lean=16,
        near_hand="fist",
        far_hand="fist",
    ),
    "sit": SIT,
    "sit on the ground": replace(
        SIT,
        near_leg=Limb((112, 8), (28, 4)),
        far_leg=Limb((124, 8), (16, 4)),
        near_arm=Limb((34, 10), (78, 0)),
        far_arm=Limb((40, 10), (84, 0)),
        lean=6,
        seat="",
        ground=True,
    ),
    "kneel": Pose(
        near_leg=Limb((-4, 5), (-86, 3)),
        far_leg=Limb((78, 6), (-2, 3)),
        near_arm=Limb((12, 9), (52, 4)),
        far_arm=Limb((30, 9), (78, 2)),
        lean=6,
        nod=4,
    ),
    "pray": Pose(
        near_leg=Limb((-2, 5), (-88, 3)),
        far_leg=Limb((4, 5), (-86, 3)),
        near_arm=Limb((18, 6), (122, -18)),
        far_arm=Limb((18, 6), (122, -18)),
        lean=4,
        nod=16,
        gaze="down",
    ),
    "lie": Pose(
        near_arm=Limb((8, 12), (44, 4)),
        far_arm=Limb((2, 8), (6, 4)),
        near_leg=Limb((2, 4), (2, 3)),
        far_leg=Limb((16, 4), (-14, 3)),
        roll=-90,
    ),
    "point": Pose(
        near_arm=Limb((-8, 10), (6, 5)),
        far_arm=Limb((84, 16), (90, 10)),
        far_leg=Limb((12, 5), (4, 4)),
        near_leg=Limb((-8, 5), (-10, 4)),
        lean=3,
        far_hand="point",
    ),
    "wave": Pose(
        near_arm=Limb((110, 64), (178, 28)),
        far_arm=Limb((4, 10), (20, 6)),
        near_hand="open",
    ),
    "raise": Pose(
        near_arm=Limb((150, 34), (172, 16)),
        far_arm=Limb((150, 34), (172, 16)),
        near_hand="open",
        far_hand="open",
        nod=-8,
    ),
    "hold": _HOLD,
    "hold up": replace(
        _HOLD,
        near_arm=Limb((-6, 9), (12, 5)),
        far_arm=Limb((78, 12), (118, 6)),
        near_hand="relaxed",
        holds="far",
        lean=2,
    ),
    "offer": Pose(
        far_arm=Limb((48, 8), (82, 4)),
        near_arm=Limb((-4, 9), (14, 5)),
        far_leg=Limb((12, 5), (4, 4)),
        near_leg=Limb((-8, 5), (-10, 4)),
        far_hand="open",
        holds="far",
        lean=5,
    ),
    "read": Pose(
        near_arm=Limb((16, 8), (96, -16)),
        far_arm=Limb((24, 6), (102, -10)),
        near_hand="fist",
        far_hand="fist",
        holds="both",
        nod=13,
        gaze="down",
    ),
    "write": replace(
        SIT,
        near_arm=Limb((26, 8), (82, -16)),
        far_arm=Limb((38, 8), (84, -10)),
        near_hand="fist",
        far_hand="fist",
        lean=12,
        nod=16,
        gaze="down",
    ),
    "look up": Pose(nod=-20, gaze="up", lean=-2),
    "look down": Pose(nod=18, gaze="down", lean=3),
    "lean": Pose(
        near_arm=Limb((26, 10), (74, 4)),
        far_arm=Limb((44, 8), (82, 2)),
        near_leg=Limb((-16, 4), (-16, 3)),
        far_leg=Limb((-2, 4), (-22, 3)),
        lean=16,
        nod=-6,
        near_hand="fist",
        far_hand="fist",
    ),
    "crouch": Pose(
        near_arm=Limb((28, 10), (88, 0)),
        far_arm=Limb((44, 10), (100, 0)),
        near_leg=Limb((104, 10), (-34, 4)),
        far_leg=Limb((84, 8), (-52, 4)),
        lean=34,
        nod=-16,
    ),
    "climb": Pose(
        near_arm=Limb((112, 14), (160, 4)),
        far_arm=Limb((148, 10), (172, 4)),
        near_leg=Limb((18, 6), (-18, 4)),
        far_leg=Limb((82, 8), (-6, 4)),
        lean=8,
        nod=-14,
        near_hand="fist",
        far_hand="fist",
        gaze="up",
    ),
    "carry": replace(_WALK, near_arm=Limb((4, 12), (84, -10)), far_arm=Limb((14, 8), (88, -8)),
                     near_hand="fist", far_hand="fist", holds="both", lean=-4),
    "row": replace(
        SIT,
        near_arm=Limb((52, 10), (82, 4)),
        far_arm=Limb((58, 10), (86, 4)),
        near_hand="fist",
        far_hand="fist",
        near_leg=Limb((82, 7), (34, 3)),
        far_leg=Limb((86, 8), (30, 3)),
        lean=10,
        seat="boat",
    ),
    "hug": Pose(
        near_arm=Limb((62, 16), (96, -22)),
        far_arm=Limb((70, 16), (92, -18)),
        lean=6,
        nod=8,
        gaze="down",
    ),
    "bow": Pose(
        near_arm=Limb((8, 8), (64, -12)),
        far_arm=Limb((10, 8), (30, 2)),
        lean=46,
        nod=14,
        gaze="down",
    ),
    "drink": Pose(
        near_arm=Limb((30, 22), (152, -16)),
        far_arm=Limb((6, 8), (60, 0)),
        near_hand="fist",
        holds="near",
        nod=-4,
    ),
    "ride": replace(
        SIT,
        near_leg=Limb((54, 20), (-6, 6)),
        far_leg=Limb((50, 20), (-2, 6)),
        near_arm=Limb((22, 8), (78, -4)),
        far_arm=Limb((30, 8), (82, -4)),
        near_hand="fist",
        far_hand="fist",
        seat="mount",
    ),
    "dig": Pose(
        near_arm=Limb((34, 10), (48, -8)),
        far_arm=Limb((52, 10), (70, -6)),
        near_leg=Limb((-14, 5), (-20, 4)),
        far_leg=Limb((28, 5), (4, 4)),
        near_hand="fist",
        far_hand="fist",
        holds="both",
        lean=28,
        nod=6,
        gaze="down",
    ),
    "fight": Pose(
        near_arm=Limb((-30, 24), (60, 6)),
        far_arm=Limb((76, 12), (104, 4)),
        near_leg=Limb((-22, 6), (-30, 4)),
        far_leg=Limb((34, 6), (2, 4)),
        near_hand="fist",
        far_hand="fist",
        holds="far",
        lean=12,
    ),
    "fall": Pose(
        near_arm=Limb((100, 40), (140, 20)),
        far_arm=Limb((120, 30), (150, 10)),
        near_leg=Limb((30, 10), (-30, 4)),
        far_leg=Limb((60, 10), (10, 4)),
        near_hand="open",
        far_hand="open",
        lean=-24,
        nod=-10,
    ),
    "think": Pose(
        near_arm=Limb((16, 12), (142, -26)),
        far_arm=Limb((14, 8), (92, -30)),
        near_hand="fist",
        nod=6,
    ),
    "cover the face": Pose(
        near_arm=Limb((34, 14), (154, -18)),
        far_arm=Limb((38, 12), (150, -12)),
        lean=10,
        nod=22,
        gaze="down",
    ),
    "arms crossed": Pose(
        near_arm=Limb((10, 12), (92, -52)),
        far_arm=Limb((12, 10), (86, -52)),
    ),
    "hands on hips": Pose(
        near_arm=Limb((-22, 42), (12, -50)),
        far_arm=Limb((-14, 42), (18, -50)),
        near_hand="fist",
        far_hand="fist",
        near_leg=Limb((-4, 10), (-4, 8)),
        far_leg=Limb((4, 10), (2, 8)),
    ),
    "listen": Pose(
        near_arm=Limb((60, 50), (160, -6)),
        far_arm=Limb((-2, 9), (14, 5)),
        near_hand="open",
        lean=8,
    ),
    "dance": Pose(
        near_arm=Limb((60, 66), (130, 40)),
        far_arm=Limb((80, 50), (140, 30)),
        near_leg=Limb((-6, 5), (-8, 4)),
        far_leg=Limb((62, 16), (-30, 6)),
        near_hand="open",
        far_hand="open",
        lean=-4,
    ),
    "push": Pose(
        near_arm=Limb((64, 10), (86, 2)),
        far_arm=Limb((70, 10), (90, 2)),
        near_leg=Limb((-26, 5), (-34, 4)),
        far_leg=Limb((30, 5), (-4, 4)),
        near_hand="open",
        far_hand="open",
        lean=22,
    ),
    "shade the eyes": Pose(
        near_arm=Limb((70, 44), (158, -40)),
        far_arm=Limb((-3, 9), (12, 5)),
        lean=3,
    ),
}  # fmt: skip

_IDLE = (
    STAND,
    Pose(near_leg=Limb((-9, 6), (-11, 5)), far_leg=Limb((13, 8), (3, 7)),
         near_arm=Limb((-9, 10), (4, 6)), far_arm=Limb((4, 10), (24, 4)), lean=-1),
    Pose(near_arm=Limb((5, 9), (42, -24)), far_arm=Limb((7, 9), (44, -24)),
         near_leg=Limb((-4, 4), (-5, 3)), far_leg=Limb((6, 4), (2, 3))),
    Pose(near_arm=Limb((-18, 12), (-6, -8)), far_arm=Limb((-3, 10), (16, 5)),
         near_leg=Limb((6, 6), (0, 5)), far_leg=Limb((-6, 6), (-9, 5)), lean=1),
)  # fmt: skip
_SPEAKING = (
    replace(_IDLE[1], far_arm=Limb((16, 12), (74, 14)), far_hand="open"),
    replace(STAND, far_arm=Limb((24, 14), (96, 8)), far_hand="open", lean=2),
    replace(_IDLE[3], far_arm=Limb((8, 16), (58, 22)), far_hand="open"),
)


def idle(who: str, speaks: bool) -> Pose:
    """How somebody stands of whom no action is told: their own way, with a hand that speaks
    along when they do."""
    ways = _SPEAKING if speaks else _IDLE
    return ways[hashlib.sha256(who.encode()).digest()[5] % len(ways)]
