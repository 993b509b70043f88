"""The gate before the clips of a model: pictures take seconds, clips take hours, so a person looks
at the keyframes first.

An approval is a verdict beside the keyframe's take, so a keyframe that is painted anew asks again.
An animator without a model passes freely.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from studio.errors import NotFresh
from studio.stages.clips import Clips

NAMED = 6
"""As many shots are named one by one."""


@dataclass(frozen=True)
class Gate:
    """Shots whose clips may be rendered now, and shots whose clips wait for approval; both in the
    order of the film."""

    render: tuple[str, ...]
    waiting: tuple[str, ...]


def gate(clips: Iterable[str], approved: Container[str], *, yes: bool) -> Gate:
    """Which of the clips to render may be rendered; with `yes` all of them."""
    clips = tuple(clips)
    waiting = () if yes else tuple(shot for shot in clips if shot not in approved)
    return Gate(tuple(shot for shot in clips if shot not in waiting), waiting)


def at_gate(stage: Clips, shots: Iterable[str], *, yes: bool = False) -> Gate:
    """The gate as the selected shots' keyframes stand now. A shot without a current keyframe is
    in neither list: nothing can be rendered of it, and nothing approved."""
    clips = [shot for shot in stage.renders(shots) if stage.reason(shot) and stage.keyframe(shot)]
    freely = yes or stage.spec.model is None
    return gate(clips, {shot for shot in clips if approved(stage, shot)}, yes=freely)


def approved(stage: Clips, shot: str) -> bool:
    """Whether somebody approved the shot's current keyframe."""
    keyframe = stage.keyframe(shot)
    return keyframe is not None and stage.takes.review(keyframe).approves(keyframe)


def halt(waiting: Sequence[str], seconds: float | None = None, source: str = "") -> NotFresh:
    """What is said where clips wait: how many; for how many `seconds` they would run, where that
    is known, by which `source` ("published figures, scaled"); and what to do next. To be raised,
    or shown by `plan`."""
    what = f"{counted(len(waiting))} {'waits' if len(waiting) == 1 else 'wait'} for approval"
    expected = "" if seconds is None else f", {lasting(seconds)} ({source})"
    return NotFresh(
        f"{what}{expected}: {named(waiting)}",
        "look at the keyframes, then: studio approve all, or some of them: studio approve"
        f" {waiting[0]}; studio make --yes asks nothing",
    )


def counted(count: int) -> str:
    """`1 clip`, `12 clips`."""
    return f"{count} clip{'' if count == 1 else 's'}"


def named(shots: Sequence[str]) -> str:
    """The first few shots by their ids, and how many more there are."""
    more = len(shots) - NAMED
    return ", ".join(shots[:NAMED]) + (f" and {more} more" if more > 0 else "")


def lasting(seconds: float) -> str:
    """An expected time as a person says it: `about 40 s`, `about 12 min`, `about 3 h 20 min`."""
    if seconds < 90:
        return f"about {seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min"
    if minutes >= 600:
        return f"about {round(minutes / 60)} h"
    return f"about {minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
