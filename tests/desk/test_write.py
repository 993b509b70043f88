"""`write` again: what changed in the story comes, what a person did stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio import history
from studio.desk.choose import accept
from studio.documents import read_document
from studio.project import Project
from studio.revise.merging.conflicts import read
from studio.schema.storyboard import Storyboard
from studio.schema.take import MadeBy, Take
from studio.takes import Takes
from tests.conftest import Gen, Said, Studio

STORY = """\
# The Light

At dusk Mara, a woman of sixty, stood at the rail of the lighthouse.

***

By night Finn, a boy of twelve, rowed a small boat over the sea. “Help!” shouted Finn.

***

In the kitchen that night Mara lit the stove. Finn drank the soup.
"""
FILM = {"length": "20s", "engines": {"writer": "breakdown", "painter": "null", "animator": "null"}}
KITCHEN = "In the kitchen that night Mara lit the stove. Finn drank the soup."


@pytest.fixture
def project(gen: Gen, studio: Studio) -> Project:
    made = gen(film=FILM, storyboard=None, story=STORY)
    assert studio("write", "-p", made.root).code == 0
    return made


def tell(project: Project, old: str, new: str) -> None:
    """Change the story."""
    story = project.root / "story.md"
    text = story.read_text(encoding="utf-8")
    assert old in text
    story.write_text(text.replace(old, new), encoding="utf-8")


def edit(project: Project, old: str, new: str) -> None:
    """Change the storyboard as a person does."""
    text = project.storyboard_file.read_text(encoding="utf-8")
    assert old in text
    project.storyboard_file.write_text(text.replace(old, new, 1), encoding="utf-8")


def text_of(project: Project) -> str:
    return project.storyboard_file.read_text(encoding="utf-8")


def board_of(project: Project) -> Storyboard:
    return read_document(project.storyboard_file, Storyboard)


def actions(project: Project) -> dict[str, str]:
    return {shot.id: shot.action for _, shot in board_of(project).shots()}


def scene(project: Project, id_: str) -> str:
    """A scene's lines."""
    text = text_of(project)
    start = text.index(f"- id: {id_}\n")
    end = text.find("\n- id: ", start)
    return text[start : end if end > 0 else len(text)]


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".studio" not in path.parts
    }


def write(studio: Studio, project: Project, *more: object) -> Said:
    said = studio("write", "-p", project.root, *more)
    assert said.code == 0, said.err
    return said


def test_the_first_draft_says_what_its_scenes_were_made_from(project: Project) -> None:
    draft = read_document(project.drafts_folder / "storyboard_v001.yaml", Storyboard)
    told = [scene.told.split()[0] for scene in draft.scenes]
    assert len(set(told)) == len(told) == 3
    assert "told" not in text_of(project)


def test_nothing_changed_is_nothing_written(project: Project, studio: Studio) -> None:
    edit(project, "duration:", "duration:  ")
    before = files(project.root)
    assert "nothing to change" in write(studio, project).err
    assert files(project.root) == before


def test_a_changed_paragraph_changes_its_scene_alone(project: Project, studio: Studio) -> None:
    edit(project, "action: At dusk", "# the client loves it\n    action: At dusk, late,")
    first, second = scene(project, "sc010"), scene(project, "sc020")
    tell(project, "Finn drank the soup.", "Finn fell asleep at the table.")
    shutil.rmtree(project.studio_folder)

    before = files(project.root)
    said = write(studio, project, "--dry-run")
    assert "Finn falls asleep" in said.err
    assert "nothing was written" in said.err
    assert files(project.root) == before

    said = write(studio, project)
    assert "Finn falls asleep" in said.err
    assert (scene(project, "sc010"), scene(project, "sc020")) == (first, second)
    assert "falls asleep" in scene(project, "sc030")
    assert history.read(project)[-1].command == "write"
    assert sorted(path.name for path in project.drafts_folder.iterdir()) == [
        "storyboard_v001.yaml",
        "storyboard_v002.yaml",
    ]
    assert "nothing to change" in write(studio, project).err
    assert studio("plan", "-p", project.root).err.count("the story changed") == 0


def test_scenes_come_and_go_with_the_story(project: Project, studio: Studio) -> None:
    kept = scene(project, "sc010"), scene(project, "sc030")
    start = STORY.index("By night")
    tell(project, STORY[start : STORY.index("In the kitchen")], "")
    tell(project, KITCHEN, f"{KITCHEN}\n\n***\n\nAt dawn Mara buried the old lamp on the shore!")
    write(studio, project)
    board = board_of(project)
    ids = [each.id for each in board.scenes]
    assert ids[:2] == ["sc010", "sc030"]
    assert ids[2] not in ("sc010", "sc020", "sc030")
    assert (scene(project, "sc010"), scene(project, "sc030").rstrip()) == (
        kept[0],
        kept[1].rstrip(),
    )
    assert "lamp" in board.scenes[2].shots[0].action


def test_people_win_and_conflicts_are_listed_once(project: Project, studio: Studio) -> None:
    id_ = next(id_ for id_, action in actions(project).items() if "Mara lights" in action)
    edit(
        project,
        "action: In the kitchen that night Mara lights the stove.",
        "action: Mara warms her hands.",
    )
    tell(project, "Mara lit the stove", "Mara lit the old stove")
    said = write(studio, project)
    assert actions(project)[id_] == "Mara warms her hands."
    [conflict] = [each for each in read(text_of(project)) if each.text.startswith("action")]
    assert conflict.shot == id_
    assert conflict.text.startswith('action: the writer now has "')
    assert conflict.text.endswith('Mara lights the old stove."')
    assert conflict.text[:40] in said.err
    assert "conflict" in history.read(project)[-1].did
    after = files(project.root)
    assert "nothing to change" in write(studio, project).err
    assert files(project.root) == after


def test_another_length_is_merged_too(project: Project, studio: Studio) -> None:
    film = project.film_file.read_text(encoding="utf-8")
    project.film_file.write_text(film.replace("20s", "16s"), encoding="utf-8")
    write(studio, project)
    lengths = [shot.duration.amount for _, shot in board_of(project).shots()]
    assert sum(lengths) == 16


def take(project: Project, shot: str, *, embedded: bool) -> None:
    source = project.root / "picture"
    source.write_text("x", encoding="utf-8")
    by = MadeBy(engine="flux", revision=1, about="", embedded=embedded)
    made = Take(shot=shot, kind="keyframe", number=1, fingerprint="f", made_by=by, request={})
    Takes(project).place(made, {".png": source})


@pytest.mark.parametrize("how", ["circled", "accepted", "GPU-made"])
def test_precious_shots_are_left_alone_unless_selected(
    project: Project, studio: Studio, how: str
) -> None:
    id_ = next(id_ for id_, action in actions(project).items() if "soup" in action)
    take(project, id_, embedded=how != "GPU-made")
    if how == "circled":
        edit(project, f"- id: {id_}\n", f"- id: {id_}\n    takes: {{keyframe: 1}}\n")
    if how == "accepted":
        accept(project, [id_], ["keyframe"], "the client likes it")
    before = text_of(project)
    tell(project, "Finn drank the soup", "Finn drank the hot soup")
    said = write(studio, project)
    why = {
        "circled": "keyframe take 1 is circled",
        "accepted": "keyframe_v001 is accepted",
        "GPU-made": "flux made keyframe_v001",
    }[how]
    assert f"{id_}: {why}" in said.err
    assert text_of(project) == before
    assert f"{id_}: {why}" in write(studio, project).err
    said = write(studio, project, "--select", id_)
    assert "hot soup" in actions(project)[id_]
    assert "Left alone" not in said.err
    assert "nothing to change" in write(studio, project).err


def test_what_a_scene_takes_over_from_the_one_before_is_no_change_of_its_own(
    project: Project, studio: Studio
) -> None:
    """Its text says no time of day, and the writer would now have it in daylight."""
    tell(project, KITCHEN, "In the kitchen Mara lit the stove. Finn drank the soup.")
    write(studio, project)
    last = board_of(project).scenes[-1]
    assert last.time == "night"
    before = scene(project, last.id)
    tell(project, "By night Finn", "By day Finn")
    write(studio, project)
    assert scene(project, last.id) == before


@pytest.mark.parametrize("storyboard", ["as it was", "changed"])
def test_a_crash_between_draft_and_storyboard_comes_right(
    project: Project, studio: Studio, storyboard: str
) -> None:
    edit(project, "action: At dusk", "action: At dusk, late,")
    before = text_of(project)
    tell(project, KITCHEN, f"{KITCHEN}\n\n***\n\nAt dawn Mara buried the old lamp on the shore!")
    write(studio, project)
    whole = files(project.root)
    assert text_of(project) != before
    (project.drafts_folder / "storyboard_v002.yaml").rename(project.drafts_folder / "pending.yaml")
    if storyboard == "as it was":
        project.storyboard_file.write_text(before, encoding="utf-8")
    torn = files(project.root)
    write(studio, project, "--dry-run")
    assert files(project.root) == torn
    write(studio, project)
    assert files(project.root) == whole


def test_a_merge_that_cannot_be_written_leaves_everything(project: Project, studio: Studio) -> None:
    last = board_of(project).scenes[-1].shots[-1].id
    edit(project, "action: In the kitchen", "action: &kitchen In the kitchen")
    edit(project, f"- id: {last}\n", f"- id: {last}\n    notes: *kitchen\n")
    tell(project, "Mara lit the stove", "Mara lit the old stove")
    before = files(project.root)
    said = studio("write", "-p", project.root)
    assert said.code == 2
    assert "cannot be changed in place" in said.err
    assert files(project.root) == before


def test_without_a_draft_there_is_nothing_to_merge_with(gen: Gen, studio: Studio) -> None:
    project = gen(film=FILM)
    before = files(project.root)
    said = studio("write", "-p", project.root)
    assert said.code == 2
    assert "nothing to merge with" in said.err
    assert "move storyboard.yaml away" in said.err
    assert files(project.root) == before


def test_a_dry_run_before_the_first_write_writes_nothing(gen: Gen, studio: Studio) -> None:
    project = gen(film=FILM, storyboard=None, story=STORY)
    before = files(project.root)
    assert "no storyboard yet" in write(studio, project, "--dry-run").err
    assert files(project.root) == before


def test_an_id_with_takes_never_passes_to_another_shot(project: Project, studio: Studio) -> None:
    last = board_of(project).scenes[-1].shots[-1].id
    edit(project, text_of(project)[text_of(project).index(f"  - id: {last}") :], "")
    take(project, last.replace("sh0", "sh1"), embedded=True)
    tell(
        project,
        KITCHEN,
        f"{KITCHEN} A gull broke the window! Mara wept. Finn shouted and ran away.",
    )
    write(studio, project)
    assert last not in actions(project)
    assert last.replace("sh0", "sh1") not in actions(project)
