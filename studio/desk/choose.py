"""Choosing takes: circling one, and declaring stale ones good.

A circle stands in storyboard.yaml and holds whatever changes. Accepting stands beside the
take and holds for what the storyboard asks today: the next edit makes the take stale again.
Neither needs the project's lock, so both work while a run renders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from studio.errors import StudioError
from studio.history import note
from studio.project import Project
from studio.revise.text.circles import circled
from studio.schema.take import Kind, Review, Verdict, is_sheet
from studio.selection import selected
from studio.stages.cast import SHEETS, SHEETS_IN_USE, named, people_of
from studio.stages.clips import Clips
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production, written_production
from studio.stages.takes import Outcome, TakeStage


def circle(project: Project, name: str, kind: Kind, number: int | None) -> None:
    """Circle a take of a shot, or a picture of the cast sheet of somebody, in storyboard.yaml;
    without a number undo that, and what was accepted.

    Raises StudioError where the take is not there.
    """
    production = written_production(project)
    shot = named(production, name)
    if is_sheet(shot) != (kind in SHEETS):
        raise StudioError(
            f"{name} has no {kind}",
            f"a cast sheet has {', '.join(SHEETS)}; a shot has keyframe and clip",
        )
    name = shot.removeprefix("cast_")
    good = [take.number for take in production.takes.of(shot, kind) if take.status == "good"]
    if number is not None and number not in good:
        known = ", ".join(str(one) for one in good) or "none"
        raise StudioError(f"{name} has no good {kind} take {number}", f"takes there: {known}")

    project.rewrite_storyboard(lambda text: circled(text, shot, kind, number))
    if number is None:
        for take in production.takes.of(shot, kind):
            production.takes.write_review(take, Review())
    did = f"took back what was chosen for {name} {kind}" if number is None else ""
    command = f"circle {name} {kind} {number or '--clear'}"
    note(project, command, did or f"circled {kind} take {number} of {name}")


def accept(
    project: Project, selection: Sequence[str], kinds: Sequence[Kind], reason: str
) -> list[Outcome]:
    """Declare the newest takes of stale shots good for what is asked of them now, and the
    pictures of cast sheets that their keyframes are painted from. Where `kinds` are those of
    sheets alone, `selection` names people.

    What is made from another comes after it, since it is asked for with the one that is current.
    Gives what was accepted; raises StudioError where nothing that is stale can be.
    """
    production = written_production(project)
    of_sheets = SHEETS.keys() >= set(kinds)
    shots = (people_of if of_sheets else selected)(production, selection)
    ways: tuple[Callable[[Production], TakeStage], ...] = (*SHEETS_IN_USE, Keyframes, Clips)
    if of_sheets:
        ways = tuple(SHEETS.values())
    done = []
    short = []
    for stage in (each(production) for each in ways):
        if stage.kind not in kinds:
            continue
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


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
