"""Whose words a prompt is, and whether the fields that it was made from have changed since.

A prompt that equals the newest draft's is the writer's: where its fields were changed, it no
longer says what the shot shows, and is composed from the fields instead. Any other prompt is
a person's, is used as it stands, and gets a note.
"""

from __future__ import annotations

from typing import Any

from studio.schema.storyboard import Scene, Shot, Storyboard, TakeKind
from studio.takes import Takes

PROMPTS: dict[TakeKind, str] = {"keyframe": "keyframe", "clip": "motion"}
"""The field of a shot that holds the prompt of each kind of take."""

Writers = dict[tuple[str, str], bool]
"""(shot, field) of the writer's prompts; True: older than its fields, and so not used."""


def made_from(scene: Scene, shot: Shot, kind: TakeKind) -> dict[str, Any]:
    """A shot's prompt of one kind as a person wrote it (None: composed), and the fields that
    such a prompt is made from."""
    field = PROMPTS.get(kind)
    return {
        "prompt": getattr(shot, field) if field else None,
        "action": shot.action,
        "cast": [who.model_dump(exclude_none=True) for who in shot.cast],
        "place": scene.place,
    }


def writers_prompts(draft: Storyboard | None, storyboard: Storyboard) -> Writers:
    """The writer's own prompts, each with whether a person has changed its fields since."""
    if draft is None:
        return {}
    drafted = {shot.first_id: (scene, shot) for scene, shot in draft.shots()}
    found = {}
    for scene, shot in storyboard.shots():
        before = drafted.get(shot.first_id)
        if before is None:
            continue
        for kind, field in PROMPTS.items():
            prompt = getattr(shot, field)
            if prompt is None or prompt != getattr(before[1], field):
                continue
            framed = ["size", "framing", "angle"] if field == "keyframe" else ["movement"]
            if "{movement}" in prompt:
                framed = []  # it says the new one by itself
            same = all(getattr(shot, name) == getattr(before[1], name) for name in framed)
            same = same and made_from(scene, shot, kind) == made_from(*before, kind)
            found[shot.id, field] = not same
    return found


def notes(takes: Takes, shots: dict[str, tuple[Scene, Shot]], writers: Writers) -> list[str]:
    """At most one line about the writer's prompts and one about a person's."""
    said = []
    if outdated := [prompt for prompt, older in writers.items() if older]:
        said.append(
            f"{_listed(outdated)}: fields changed since the writer wrote the prompt, so it is"
            " composed from them; write your own to have other words"
        )
    doubtful = []
    for shot, (scene, fields) in shots.items():
        for kind, field in PROMPTS.items():
            if getattr(fields, field) is None or (shot, field) in writers:
                continue
            good = [take for take in takes.of(shot, kind) if take.status == "good"]
            before = good[-1].recorded.get("words") if good else None
            now = made_from(scene, fields, kind)
            if before and before["prompt"] == now["prompt"] and before != now:
                doubtful.append((shot, field))
    if doubtful:
        said.append(
            f"{_listed(doubtful)}: action, cast or place changed, and the prompt is"
            " your own: it may be out of date"
        )
    return said


def _listed(prompts: list[tuple[str, str]]) -> str:
    names = [f"{shot} {field}" for shot, field in prompts]
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
