"""Storyboards for the tests of merging: small, and made up at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from studio.schema.storyboard import Storyboard

DEEDS = [
    "Mara lights the lamp in the tower",
    "Finn rows against the tide alone",
    "a gull circles over broken masts",
    "the letter burns on a plate",
    "rain hammers the kitchen window shut",
    "two oars drift under the pier",
    "smoke rises behind seven grey hills",
    "somebody knocks three times and waits",
]
PEOPLE = ["mara", "finn"]


def board(*scenes: tuple[str, list[dict[str, Any]]], **more: Any) -> Storyboard:
    """A storyboard of (told, shots); ids are positional, as a writer gives them."""
    return Storyboard.model_validate(
        {
            "schema": "storyboard/1",
            "cast": {
                "mara": {"name": "Mara", "looks": "grey braid"},
                "finn": {"name": "Finn", "looks": "red curls"},
            },
            "places": {"shore": {"name": "the shore"}, "tower": {"name": "the tower"}},
            "scenes": [
                {
                    "id": f"sc{n:02d}0",
                    "heading": f"EXT. {told or 'SHORE'} - DAY",
                    "place": "shore",
                    "told": told,
                    "shots": [
                        {"id": f"sc{n:02d}0_sh{m:02d}0", "duration": "2s"} | shot
                        for m, shot in enumerate(shots, start=1)
                    ],
                }
                for n, (told, shots) in enumerate(scenes, start=1)
            ],
        }
        | more
    )


def changed(storyboard: Storyboard, id_: str, **fields: Any) -> Storyboard:
    """The storyboard with other fields of one shot."""
    data = storyboard.model_dump(mode="json", by_alias=True)
    shot = next(s for scene in data["scenes"] for s in scene["shots"] if s["id"] == id_)
    shot |= fields
    return Storyboard.model_validate(data)


def ids(storyboard: Storyboard) -> list[str]:
    """The ids of the shots in order."""
    return [shot.id for _, shot in storyboard.shots()]


def the(storyboard: Storyboard, id_: str) -> Any:
    """A shot by its id."""
    return next(shot for _, shot in storyboard.shots() if shot.id == id_)


# --- at random -------------------------------------------------------------------------


def _shot(deed: str, who: list[str], length: int) -> dict[str, Any]:
    return {"action": f"{deed}.", "cast": [{"who": one} for one in who], "duration": f"{length}s"}


def bases() -> st.SearchStrategy[Storyboard]:
    """Drafts of one to three scenes; no two shots do the same."""

    def split(deeds: list[str], cuts: list[int], who: list[list[str]]) -> Storyboard:
        shots = [_shot(deed, people, 3) for deed, people in zip(deeds, who, strict=False)]
        marks = sorted({min(cut, len(shots)) for cut in cuts} | {len(shots)})
        scenes, at = [], 0
        for mark in marks:
            if shots[at:mark]:
                scenes.append(("", shots[at:mark]))
            at = mark
        return board(*scenes)

    people = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2)
    return st.builds(
        split,
        st.lists(st.sampled_from(DEEDS[:6]), min_size=2, max_size=6, unique=True),
        st.lists(st.integers(1, 5), max_size=2),
        st.lists(people, min_size=6, max_size=6),
    )


Step = tuple[str, int, int]


def steps(verbs: list[str]) -> st.SearchStrategy[list[Step]]:
    """What somebody does to a storyboard: a verb and two numbers."""
    one = st.tuples(st.sampled_from(verbs), st.integers(0, 9), st.integers(0, 9))
    return st.lists(one, max_size=4)


PERSON = ["act", "time", "note", "circle", "remove", "move", "add", "size"]
WRITER = ["act", "time", "remove", "move", "add", "size", "line"]


def after(storyboard: Storyboard, done: list[Step], by: str) -> Storyboard:
    """A storyboard after somebody's steps. A person's new shots get ids of their own, a
    writer's are numbered anew all over."""
    data = storyboard.model_dump(mode="json", by_alias=True)
    for number, (verb, one, two) in enumerate(done):
        flat = [(scene, shot) for scene in data["scenes"] for shot in scene["shots"]]
        if not flat:
            break
        scene, shot = flat[one % len(flat)]
        if verb == "act":
            shot["action"] = shot["action"].rstrip(".") + f" {['once', 'again'][two % 2]}."
        elif verb == "time":
            shot["duration"] = f"{2 + two % 3}s"
        elif verb == "size":
            shot["size"] = ["CU", "LS", "MS"][two % 3]
        elif verb == "line":
            shot["motion"] = f"slowly, {two}"
        elif verb == "note":
            shot["notes"] = f"ask {two}"
        elif verb == "circle":
            shot["takes"] = {"keyframe": two + 1}
        elif verb == "remove" and len(flat) > 1:
            scene["shots"].remove(shot)
        elif verb == "move":
            scene["shots"].remove(shot)
            other = data["scenes"][two % len(data["scenes"])]
            other["shots"].insert(two % (len(other["shots"]) + 1), shot)
        elif verb == "add":
            id_ = f"{scene['id']}_sh{'9' if by == 'person' else '8'}{number}{two}"
            deed = DEEDS[6 if by == "person" else 7] + f" by {by} {number} {two}"
            new = _shot(deed, PEOPLE[: two % 3], 2) | {"id": id_}
            scene["shots"].insert(scene["shots"].index(shot) + two % 2, new)
    if by == "writer":
        data["scenes"] = [scene for scene in data["scenes"] if scene["shots"]]
        for n, scene in enumerate(data["scenes"], start=1):
            scene["id"] = f"sc{n:02d}0"
            for m, shot in enumerate(scene["shots"], start=1):
                shot["id"] = f"{scene['id']}_sh{m:02d}0"
    return Storyboard.model_validate(data)
