"""Further views of a moment: its detail, a face, who reacts, wide, what somebody sees."""

from __future__ import annotations

from dataclasses import replace

from studio.engines.breakdown.drafts import Draft
from studio.engines.breakdown.looks import choice
from studio.engines.breakdown.voice import Voice
from studio.engines.breakdown.weight import held_props
from studio.schema.storyboard import Angle, Movement, Presence, Size


def further_view(draft: Draft, turn: int, voice: Voice) -> Draft:
    """Another view of a shot's moment: detail, reaction, wide, point of view, …"""
    unit = draft.unit
    people = [person for person in draft.cast if person.facing != "away"]
    others = [p for p in draft.cast if people and p.who != people[0].who]
    blank = blank_of(draft)
    props = held_props(unit.text)
    first = people[0] if people else None
    views: list[Draft] = []
    if props:
        views.append(
            voice.insert(
                replace(blank, size="CU", framing="insert", movement="dolly in"),
                props[turn // 6 % len(props)],
            )
        )
    if first is not None:
        near = doing(first, voice.still(first.who, unit))
        views.append(voice.face(replace(blank, size="CU", movement="dolly in", cast=[near])))
    if others:
        views.append(reaction(draft, others[0], voice))
    wide: list[tuple[Size, Angle, Movement]] = [
        ("LS", "high", "crane up"),
        ("ELS", "eye", "pan right"),
        ("MLS", "low", "arc left"),
        ("LS", "eye", "dolly out"),
        ("MLS", "high", "truck right"),
        ("ELS", "low", "tilt up"),
    ]
    size, angle, movement = wide[turn % len(wide)]
    views.append(
        voice.wide(replace(blank, size=size, angle=angle, movement=movement, cast=people[:2]))
    )
    moves: tuple[Movement, ...] = ("pan left", "pan right", "tilt down")
    move = choice(moves, unit.text, str(turn))
    views.append(voice.place(replace(blank, size="ELS", movement=move)))
    if first is not None:
        views.append(
            voice.seen(
                replace(blank, size="LS", framing="POV", angle="eye", movement="pan left"),
                first.who,
            )
        )
    return views[turn % len(views)]


def blank_of(draft: Draft) -> Draft:
    """The same moment without people, words or view."""
    return replace(
        draft,
        kind="extra",
        narration="",
        line="",
        speaker=None,
        cast=[],
        subject="",
        framing="single",
        angle="eye",
        movement="static",
        reads=False,
        least=4,
        ideal=8,
    )


def reaction(draft: Draft, listener: Presence, voice: Voice) -> Draft:
    """The one who hears or sees it, in silence."""
    speaker = draft.speaker or next((p.who for p in draft.cast if p.who != listener.who), None)
    silent = doing(listener, voice.looks_at(speaker))
    return voice.reaction(replace(blank_of(draft), size="MCU", cast=[silent]))


def doing(person: Presence, does: str | None) -> Presence:
    """Somebody in a shot, doing something else."""
    return person.model_copy(update={"does": does})
