"""What the storyboard of a screenplay takes over beside its lines: headings with their numbers,
synopses, transitions and notes."""

from __future__ import annotations

from collections.abc import Sequence

from studio.engines.breakdown.drafts import Draft
from studio.engines.breakdown.parts import Part
from studio.engines.breakdown.script import entering
from studio.schema.storyboard import Shot
from studio.schema.time import Duration


def written(part: Part) -> str:
    """The heading as the screenplay has it, with the scene's number as Fountain writes it."""
    if part.script is None or not part.script.heading:
        return ""
    number = f" #{part.script.number[:20]}#" if part.script.number else ""
    return part.script.heading[: 300 - len(number)] + number


def synopsis(part: Part) -> str:
    """The script's own synopses of the scene."""
    beats = part.script.beats if part.script else ()
    return " ".join(beat.text for beat in beats if beat.kind == "synopsis")


def led_into(shots: list[Shot], made: Sequence[tuple[Draft, Duration]], part: Part) -> list[Shot]:
    """The shots of a scene with the transitions that stand within it."""
    out = shots[:1]
    for shot, (before, _), (draft, _) in zip(shots[1:], made, made[1:], strict=False):
        unit = draft.unit
        fresh = unit is not before.unit and unit is not part.units[0]
        entry = entering(unit.entry) if fresh and unit.entry else None
        out.append(shot.model_copy(update={"transition": entry}) if entry else shot)
    return out


def noted(shots: list[Shot], made: Sequence[tuple[Draft, Duration]], part: Part) -> list[Shot]:
    """The shots of a scene with its notes: each at the last shot of what it follows."""
    notes: dict[int, list[str]] = {}
    for unit in part.units:
        if unit.notes:
            before = [at for at, (draft, _) in enumerate(made) if draft.unit.index <= unit.index]
            notes.setdefault(max(before, default=0), []).extend(unit.notes)
    return [
        shot.model_copy(update={"notes": "\n".join(notes[at])}) if at in notes else shot
        for at, shot in enumerate(shots)
    ]
