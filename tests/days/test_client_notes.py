"""A day at a film: a two-page treatment becomes a reel, a client gives twenty notes, sees a second
version and gives more. Every note renders exactly the takes that it touches.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Studio
from tests.days.day import Day, Takes, frames_that_play

TREATMENT = Path(__file__).with_name("treatment.md")
FIRST_SHOTS = {
    "sc010": ["sc010_sh010", "sc010_sh020", "sc010_sh030"],
    "sc070": [f"sc070_sh0{n}0" for n in range(1, 8)],
}


def keyframes(*shots: str) -> Takes:
    return {("keyframe", shot) for shot in shots}


@pytest.mark.slow
def test_a_client_gives_notes(studio: Studio, tmp_path: Path) -> None:
    root = tmp_path / "ferry"
    assert studio("new", root, "--story", TREATMENT).code == 0
    day = Day(studio, root)
    day.edit("film.yaml", lambda film: film.update(frame="256x144", rate=12, length="90s"))

    # --- morning: from the treatment to the first version ---------------------------------
    day.studio("write")
    first_order = day.order()
    assert len(first_order) >= 20
    assert day.made("reel") == keyframes(*first_order)
    day.studio("version", "v1")
    shown = root / "versions" / "v1" / "reel.mp4"
    seconds = 90 * 12
    assert frames_that_play(shown) == pytest.approx(seconds, abs=12)
    assert (root / "versions" / "v1" / "storyboard.pdf").read_bytes().startswith(b"%PDF")

    # --- noon: twenty notes ------------------------------------------------------------------
    # 1 "The first scene is the waiting room, at night."
    def first_scene(board: dict) -> None:  # type: ignore[type-arg]
        board["scenes"][0].update(
            heading="INT. WAITING ROOM - NIGHT", place="waiting_room", time="night"
        )

    day.edit("storyboard.yaml", first_scene)
    assert day.made() == keyframes(*FIRST_SHOTS["sc010"])
    # 2 "But open on the ferry outside": that shot alone goes to a scene of its own before it
    day.studio("scene", "add", "--before", "sc010", "--heading", "EXT. QUAY - NIGHT")
    opening = json.loads(day.studio("plan", "--json").out)  # an empty scene is no obstacle
    assert all(step["step"] in ("clip", "film") for step in opening["steps"])
    new_scene = scenes(day)[0]
    day.studio("shot", "move", "sc010_sh010", "--scene", new_scene)
    assert day.made() == keyframes("sc010_sh010")
    # 3 "Call it what the shooting script calls it."
    day.studio("shot", "rename", "sc010_sh020", "sc010_sh022")
    assert day.made() == set()
    # 4 "The lamp first, then Ada."
    day.studio("shot", "move", "sc010_sh030", "--before", "sc010_sh022")
    assert day.made() == set()
    assert day.order()[:3] == ["sc010_sh010", "sc010_sh030", "sc010_sh022"]
    # 5 "Cut the captain's walk in two, there is a beat in it": one clip still serves both
    before = set(day.order())
    day.studio("shot", "split", "sc020_sh020", "--at", "2s")
    [second_half] = set(day.order()) - before
    assert day.made() == set()
    # 6 "Split this one, too, and show something else in its second half."
    before = set(day.order())
    day.studio("shot", "split", "sc030_sh020", "--at", "2.5s", "--new-picture")
    [other_half] = set(day.order()) - before
    assert day.made() == keyframes(other_half)
    # 7 "Hold the opening longer."
    day.shot("sc010_sh010", duration="7s")
    # 8 "And this one is too long."
    day.shot("sc050_sh010", duration="2.5s")
    # 9 "Melt from one into the other."
    day.shot("sc030_sh040", transition="dissolve 0.5s")
    # 10 "She should say: he always comes."
    day.shot("sc070_sh040", dialogue=[{"who": "ada", "line": "He always comes."}])
    assert day.made() == set()
    # 11 "Ada younger, in red": everybody's picture of her, and nobody else's
    day.edit(
        "storyboard.yaml",
        lambda board: board["cast"]["ada"].update(
            looks="a woman of fifty, black hair pinned up, a long red coat"
        ),
    )
    assert day.made() == keyframes(*shots_with(day, "ada"))
    # 12 "It is Jonas who listens here, not Emil."
    day.shot("sc070_sh060", cast=[{"who": "jonas", "at": "right", "facing": "left"}])
    assert day.made() == keyframes("sc070_sh060")
    # 13 "Closer on Berg at the gangway."
    day.shot("sc040_sh010", size="CU")
    assert day.made() == keyframes("sc040_sh010")
    # 14 "She is laughing, not standing."
    day.shot("sc030_sh030", action="Ada holds up the open cage and laughs.")
    assert day.made() == keyframes("sc030_sh030")
    # 15 "We miss the engine room": a new scene with two shots
    day.studio("scene", "add", "--after", "sc040", "--heading", "INT. ENGINE ROOM - NIGHT")
    engine_room = scenes(day)[scenes(day).index("sc040") + 1]
    before = set(day.order())
    day.studio("shot", "add", "--scene", engine_room, "--duration", "2s", "--action", "Pistons.")
    day.studio("shot", "add", "--scene", engine_room, "--duration", "2s", "--size", "CU")
    assert day.made() == keyframes(*set(day.order()) - before)
    # 16 to 20 "I drew these five myself."
    own = ["sc020_sh010", "sc020_sh030", "sc030_sh010", "sc060_sh010", "sc080_sh010"]
    sizes = [(256, 144), (900, 1200), (1600, 500), (300, 300), (64, 36)]
    for shot, size in zip(own, sizes, strict=True):
        day.draw(f"{shot}.{'png' if size[0] % 300 else 'jpg'}", size, "#335577")
    day.draw("sc020_sh030_b.png", (320, 180), "#775533")  # and a second panel for one of them
    assert day.made() == keyframes(*own)

    # --- afternoon: the second version, and what it says of itself ------------------------------
    assert day.made("reel") == set()
    day.studio("version", "v2")
    changed = (root / "versions" / "v2" / "changes.md").read_text(encoding="utf-8")
    for shot in ("sc010_sh022", second_half, other_half, "sc070_sh060", *own):
        assert shot in changed
    assert "He always comes." in changed
    assert "7s" in changed
    # both versions still play, and are not the same film
    assert frames_that_play(shown) != frames_that_play(root / "versions" / "v2" / "reel.mp4")

    # --- the second notes: half of the first ones are taken back ---------------------------------
    takes = day.takes()
    day.edit(
        "storyboard.yaml",
        lambda board: board["cast"]["ada"].update(looks=looks_before(root, "ada")),
    )
    (root / "boards" / "sc080_sh010.png").unlink()
    assert day.made() == keyframes(*touched_since(day, "ada"))
    day.shot("sc040_sh010", size="LS")
    assert day.made() == set()
    assert day.takes() - takes == len(touched_since(day, "ada"))
    # "Never mind the hair, keep it": what is stale is declared good
    day.shot("sc050_sh010", action="Emil jumps.")
    assert day.studio("accept", "sc050_sh010", "--only", "keyframe", "-m", "it shows").code == 0
    assert day.made() == set()
    # the film at last: one clip for every shot that has takes of its own
    shots = [shot for shot in day.order() if shot != second_half]
    assert day.made("film") == {("clip", shot) for shot in shots}
    assert frames_that_play(root / "film.mp4") > 0
    assert day.studio("diff", "v1", "v2").code == 0
    assert "rename" in day.studio("log").err


def scenes(day: Day) -> list[str]:
    """The scenes' ids in order."""
    from studio.project import Project

    project = Project(day.root)
    storyboard = project.read_storyboard(project.read_film())
    assert storyboard is not None
    return [scene.id for scene in storyboard.scenes]


def shots_with(day: Day, who: str) -> list[str]:
    """Shots with somebody that have a picture of their own by the painter."""
    status = json.loads(day.studio("status", "--json", "--select", f"cast:{who}").out)
    drawn = {path.stem.removesuffix("_b") for path in (day.root / "boards").glob("*")}
    return [
        one["id"] for one in status["shots"] if one["shows"] == one["id"] and one["id"] not in drawn
    ]


def looks_before(root: Path, who: str) -> str:
    """How somebody looked in the first version."""
    from studio.documents import read_document
    from studio.schema.storyboard import Storyboard

    before = read_document(root / "versions" / "v1" / "storyboard.yaml", Storyboard)
    return before.cast[who].looks


def touched_since(day: Day, who: str) -> list[str]:
    """Shots with somebody that were changed otherwise since their looks were: no earlier take
    shows them as they are now with the looks of before."""
    changed_or_new = {"sc030_sh030"}
    return [shot for shot in shots_with(day, who) if shot in changed_or_new]
