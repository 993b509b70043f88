"""Choosing takes: circling one, and declaring stale ones good.

A circle stands in storyboard.yaml and holds whatever changes. Accepting stands beside the
take and holds for what the storyboard asks today: the next edit makes the take stale again.
Neither needs the project's lock, so both work while a run renders.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from studio.errors import StudioError
from studio.history import note
from studio.project import Project
from studio.revise.text.circles import circled
from studio.schema.storyboard import TakeKind
from studio.schema.take import Review, Verdict
from studio.selection import selected
from studio.stages.clips import Clips
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production, written_production
from studio.stages.takes import Outcome, TakeStage, require


def circle(project: Project, shot: str, kind: TakeKind, number: int | None) -> None:
    """Circle a take in storyboard.yaml; without a number undo that, and what was accepted.

    Raises StudioError where the take is not there.
    """
    production = written_production(project)
    require(production, [shot])
    good = [take.number for take in production.takes.of(shot, kind) if take.status == "good"]
    if number is not None and number not in good:
        known = ", ".join(str(one) for one in good) or "none"
        raise StudioError(f"{shot} has no good {kind} take {number}", f"takes there: {known}")

    project.rewrite_storyboard(lambda text: circled(text, shot, kind, number))
    if number is None:
        for take in production.takes.of(shot, kind):
            production.takes.write_review(take, Review())
    did = f"took back what was chosen for {shot} {kind}" if number is None else ""
    command = f"circle {shot} {kind} {number or '--clear'}"
    note(project, command, did or f"circled {kind} take {number} of {shot}")


def accept(
    project: Project, selection: Sequence[str], kinds: Sequence[TakeKind], reason: str
) -> list[Outcome]:
    """Declare the newest takes of stale shots good for what is asked of them now.

    Keyframes come first, since a clip is asked for with the keyframe that is current. Gives
    what was accepted; raises StudioError where nothing that is stale can be.
    """
    production = written_production(project)
    shots = selected(production, selection)
    done = []
    short = []
    for stage in _stages(production, kinds):
        for shot in stage.renders(shots):
            standing = stage.standing(shot)
            take = standing.newest
            if standing.state != "stale" or take is None:
                continue
            if take.frames < stage.frames(shot):
                short.append(f"{shot} {stage.kind}: {stage.reason(shot)}")
                continue
            wanted = stage.wanted(take)
            if not wanted:
                continue
            said = Verdict(fingerprint=wanted, reason=reason, at=_now())
            review = production.takes.review(take)
            production.takes.write_review(
                take, review.model_copy(update={"verdicts": [*review.verdicts, said]})
            )
            done.append(Outcome(stage.kind, shot, take.number))
    if not done:
        raise StudioError(
            f"nothing can be accepted: {short[0]}" if short else "nothing selected is stale",
            "render it, or shorten the shot" if short else "see: studio status",
        )
    names = ", ".join(f"{one.shot} {one.step} {one.take}" for one in done)
    note(project, f"accept {' '.join(selection)}", f"accepted {names}{_because(reason)}")
    return done


def _stages(production: Production, kinds: Sequence[TakeKind]) -> list[TakeStage]:
    stages: list[TakeStage] = [Keyframes(production), Clips(production)]
    return [stage for stage in stages if stage.kind in kinds]


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
