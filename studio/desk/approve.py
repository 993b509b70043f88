"""Approving keyframes: clips of a model are rendered from approved ones alone.

An approval stands beside the keyframe's take and holds for that take: a keyframe that is painted
anew wants its own. It needs no lock, so it works while a run renders.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from studio.errors import StudioError
from studio.history import note
from studio.project import Project
from studio.schema.take import Verdict
from studio.selection import selected
from studio.stages.clips import Clips
from studio.stages.gate import approved, named
from studio.stages.production import written_production

ALL = "all"


@dataclass(frozen=True)
class Approval:
    """Shots whose keyframes were approved or whose approval was taken back, shots of which that
    was so before, and shots that have no current keyframe; in the order of the film."""

    changed: tuple[str, ...]
    already: tuple[str, ...]
    refused: tuple[str, ...]


def approve(project: Project, selection: Sequence[str], *, undo: bool = False) -> Approval:
    """Approve the current keyframes of the selected shots (`all` for every shot), or take that
    back. A shot that shows another's clip stands for that one. Raises StudioError where none of
    them has a current keyframe."""
    production = written_production(project)
    stage = Clips(production)
    shots = selected(production, () if ALL in selection else selection)
    shots = list(dict.fromkeys(production.shown_of(shot) for shot in shots))
    keyframes = {shot: take for shot in shots if (take := stage.keyframe(shot))}
    refused = tuple(shot for shot in shots if shot not in keyframes)
    if not keyframes:
        raise StudioError(refusal(refused), "paint them: studio make --to keyframes")
    already = tuple(shot for shot in keyframes if approved(stage, shot) != undo)
    changed = tuple(shot for shot in keyframes if shot not in already)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for shot in changed:
        take = keyframes[shot]
        review = production.takes.review(take)
        said = Verdict(verdict="approved", fingerprint=take.fingerprint, at=now)
        review = review.without("approved") if undo else review.adding(said)
        production.takes.write_review(take, review)
    if changed:
        did = "took back the approval of" if undo else "approved the keyframes of"
        command = f"approve {' '.join(selection)}{' --undo' if undo else ''}"
        note(project, command, f"{did} {', '.join(changed)}")
    return Approval(changed, already, refused)


def refusal(shots: Sequence[str]) -> str:
    """What is said of shots that cannot be approved."""
    have = "has" if len(shots) == 1 else "have"
    return f"{named(shots)} {have} no current keyframe to approve"
