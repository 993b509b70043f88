"""What people bring into the picture themselves: the thing in a hand, the boat they row,
the horse they ride.

Takes a pose and the words that belong to one person. Draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.engines.requests import Figure
from studio.engines.sketch.appearance import appearance_of
from studio.engines.sketch.library import mention
from studio.engines.sketch.pose import own_words, pose_of
from studio.engines.sketch.postures import POSES, Pose
from studio.engines.sketch.props import find_props, prop_spec

_USUAL = {"read": "book", "drink": "cup", "dig": "spade", "carry": "crate"}
_KEEPS = ("with", "hold", "holding", "carry", "carrying", "carries", "clutching", "lifts", "takes",
          "in her hand", "in his hand", "under her arm", "under his arm", "拿", "举", "提", "握",
          "带", "撑", "捧")  # fmt: skip

_MOUTH = ("in its beak", "in his beak", "in her beak", "in its mouth", "in his mouth", "beak",
          "in her mouth", "steals", "stole", "snatches", "catches", "叼", "衔", "嘴里")  # fmt: skip


@dataclass(frozen=True)
class Mount:
    """What somebody rides or rows: the prop, its height as a share of a grown person's,
    how high the hip is in it (same share), and whether it hides the legs."""

    prop: str
    height: float
    hip: float
    before: bool


def held_prop(pose: Pose, words: str) -> tuple[Pose, str]:
    """The pose with the thing in hand, and the name of the prop (empty: none)."""
    found = [
        name
        for name in find_props(words)
        if prop_spec(name).stands == "hand"
        or (pose.holds and prop_spec(name).stands == "table" and prop_spec(name).height < 0.3)
    ]
    if pose.holds:
        return pose, found[0] if found else _USUAL.get(pose.name, "")
    if not found or pose.roll or mention(_KEEPS, words) is None:
        return pose, ""
    arm = POSES["hold"].far_arm
    return replace(pose, far_arm=arm, far_hand="fist", holds="far"), found[0]


def carried_prop(words: str) -> str:
    """What an animal carries in its mouth (empty: nothing)."""
    found = [
        name
        for name in find_props(words)
        if prop_spec(name).stands in ("hand", "table") and prop_spec(name).height < 0.4
    ]
    return found[0] if found and mention((*_KEEPS, *_MOUTH), words) is not None else ""


def mount_of(pose: Pose, words: str) -> Mount | None:
    """What the pose rides on or rows in."""
    if pose.seat == "boat":
        return Mount("rowing-boat", prop_spec("rowing-boat").height, 0.2, before=True)
    if pose.seat == "mount":
        if "bicycle" in find_props(words):
            return Mount("bicycle", prop_spec("bicycle").height, 0.56, before=False)
        return Mount("horse", prop_spec("horse").height, 0.86, before=False)
    return None


def brings(figure: Figure, action: str) -> tuple[str, ...]:
    """Names of the props that a figure draws itself in this shot, so that nobody draws them
    a second time beside it."""
    words = own_words(figure.name, figure.does, action)
    if appearance_of(figure.id, figure.name, figure.looks, figure.wears).animal:
        return tuple(filter(None, (carried_prop(words),)))
    pose, item = held_prop(pose_of(words), words)
    ridden = mount_of(pose, words)
    return tuple(filter(None, (item, ridden.prop if ridden else "")))
