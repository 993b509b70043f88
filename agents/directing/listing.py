"""A film in words, as the script doctor reads it: everything that its tools can change, by id.

What a person or a writer wrote stands on one line each, so that nothing in it looks like another
shot.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from agents.directing.changes import Draft
from studio.schema.storyboard import Line, Presence, Scene, Shot
from studio.schema.time import CUT


def listing(draft: Draft, *, brief: AbstractSet[str] = frozenset(), prompts: bool = True) -> str:
    """The film. Scenes in `brief` get a line each; without `prompts` a shot only says which of
    them it has."""
    film, board = draft.film, draft.storyboard
    lines = [f"Title: {_flat(film.title)}", f"Look: {_flat(film.look)}"]
    lines.append(f"Language: {film.language}; {film.rate} frames a second")
    lines.append("People:")
    lines += [f"- {who}: {_flat(one.name)}. {_flat(one.looks)}" for who, one in board.cast.items()]
    lines.append("Places:")
    lines += [f"- {at}: {_flat(one.name)}. {_flat(one.looks)}" for at, one in board.places.items()]
    lines.append("Scenes and their shots, in the order of the film:")
    for scene in board.scenes:
        if scene.id in brief:
            lines.append(_in_brief(scene))
        else:
            lines += _scene(scene, prompts)
    return "\n".join(lines)


def _in_brief(scene: Scene) -> str:
    ids = [shot.id for shot in scene.shots]
    shots = f"{len(ids)} shots, {ids[0]} to {ids[-1]}" if ids else "no shots"
    synopsis = _flat(scene.synopsis)
    if not synopsis:
        synopsis = _flat(next((shot.action for shot in scene.shots if shot.action), ""))
    return f"{scene.id} {_flat(scene.heading)}: {synopsis} ({shots})"


def _scene(scene: Scene, prompts: bool) -> Iterator[str]:
    facts = [f"place {scene.place}"]
    facts += [f"{name} {_flat(said)}" for name in ("time", "weather") if (said := _of(scene, name))]
    yield f"{scene.id} {_flat(scene.heading)} ({'; '.join(facts)}) {_flat(scene.synopsis)}".rstrip()
    if not scene.shots:
        yield "  (no shots)"
    for shot in scene.shots:
        yield from _shot(shot, prompts)


def _shot(shot: Shot, prompts: bool) -> Iterator[str]:
    facts = [shot.size, shot.framing, shot.angle, shot.movement, str(shot.duration)]
    if shot.transition != CUT:
        facts.append(f"in by {shot.transition}")
    if shot.source:
        facts.append(f"shows the clip of {shot.source.shot}")
    yield f"  {shot.id} {', '.join(facts)}"
    if shot.cast:
        yield f"    cast: {'; '.join(_present(person) for person in shot.cast)}"
    for name in ("action", "narration"):
        if said := _of(shot, name):
            yield f"    {name}: {_flat(said)}"
    for number, line in enumerate(shot.dialogue, 1):
        yield f"    line {number}, {_spoken(line)}"
    for name in ("keyframe", "motion", "avoid"):
        if said := _of(shot, name):
            yield f"    {name}: {_flat(said) if prompts else '(written)'}"


def _present(person: Presence) -> str:
    facts = [
        f"{name} {_flat(said)}"
        for name in ("wears", "at", "facing", "does")
        if (said := _of(person, name))
    ]
    return f"{person.who} ({', '.join(facts)})" if facts else person.who


def _spoken(line: Line) -> str:
    manner = [_flat(line.how)] if line.how else []
    manner += [f"heard {line.heard}"] if line.heard != "on" else []
    how = f" ({', '.join(manner)})" if manner else ""
    return f"{line.who}{how}: {_flat(line.line)}"


def _of(holder: Scene | Shot | Presence, name: str) -> str:
    return getattr(holder, name) or ""


def _flat(text: str) -> str:
    return " ".join(text.split())
