"""The writers' room through the command line, with a real vLLM server and a model of random
weights: nothing but schemas, checks and rules make a storyboard of what it says."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from studio.engines.vllm.settings import KEY_VARIABLE, Address
from studio.project import Project
from studio.schema.storyboard import Storyboard
from tests.conftest import FILM, STORYBOARD, Gen, Said, Studio, write_yaml

STORY = "Mara lit the lamp of the lighthouse.\n\nTom rowed in through the storm."
NOWHERE = "http://127.0.0.1:9/v1"


def film(url: str, model: str, **changes: object) -> dict[str, object]:
    """A film of three seconds that a model at `url` writes."""
    llm = {
        "engine": "vllm",
        "base_url": url,
        "model": model,
        "context": 8192,
        "temperature": 1.0,
    }
    engines = {"writer": "room", "painter": "null", "animator": "null", "llm": llm}
    return FILM | {"length": "3s", "engines": engines} | changes


def in_a_process(folder: Path, key: str, *arguments: str) -> subprocess.Popen[str]:
    """A command that is under way."""
    return subprocess.Popen(
        [sys.executable, "-m", "studio", *arguments, "-p", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, KEY_VARIABLE: key},
    )


@pytest.fixture(scope="module")
def written_once(
    vllm_server: Address, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, str]:
    """A project that the room wrote, and what was said meanwhile."""
    root = tmp_path_factory.mktemp("room") / "small"
    write_yaml(root / "film.yaml", film(vllm_server.url, vllm_server.model))
    (root / "story.md").write_text(STORY, encoding="utf-8")
    run = in_a_process(root, vllm_server.key, "write")
    _, said = run.communicate(timeout=600)
    assert run.returncode == 0, said
    return Project(root), said


@pytest.fixture
def written(
    written_once: tuple[Project, str],
    vllm_server: Address,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Project:
    """A copy of it, with all answers that were given."""
    monkeypatch.setenv(KEY_VARIABLE, vllm_server.key)
    root = tmp_path / "small"
    shutil.copytree(written_once[0].root, root)
    return Project(root)


def answers(project: Project) -> set[str]:
    """The answers that are kept."""
    return {file.name for file in (project.studio_folder / "answers").glob("*.json")}


def model_of(project: Project) -> str:
    """The model that the film is set to."""
    choice = project.read_film().engines.llm
    assert choice is not None
    return str(choice.settings["model"])


def storyboard(project: Project) -> Storyboard:
    """As it stands; read as every command reads it, with all that it has to keep."""
    board = project.read_storyboard(project.read_film())
    assert board is not None
    return board


def test_the_room_writes_a_storyboard_that_holds(written_once: tuple[Project, str]) -> None:
    project, said = written_once
    board = storyboard(project)
    assert sum(shot.duration.amount for _, shot in board.shots()) == 3
    assert all(shot.action for _, shot in board.shots())
    assert not any(scene.told for scene in board.scenes)
    ruled = [scene.id for scene in board.scenes if scene.by]
    assert f"scenes by rules: {len(ruled)} of {len(board.scenes)}" in said
    assert "first written by: room" in project.storyboard_file.read_text(encoding="utf-8")
    assert "Traceback" not in said


def test_a_second_write_asks_nothing_and_changes_nothing(written: Project, studio: Studio) -> None:
    # a server that is not there: whatever were asked would end this with an error
    kept, before = answers(written), written.storyboard_file.read_bytes()
    write_yaml(written.film_file, film(NOWHERE, model_of(written)))
    said = studio("write", "-p", written.root)
    assert (said.code, said.err.splitlines()[-1]) == (0, "nothing to change")
    assert "all from the answers kept" in said.err
    assert (answers(written), written.storyboard_file.read_bytes()) == (kept, before)


def test_what_the_room_wrote_can_be_planned_and_painted(written: Project, studio: Studio) -> None:
    planned = studio("plan", "-p", written.root, "--to", "keyframes")
    shots = [shot.id for _, shot in storyboard(written).shots()]
    assert planned.code == 0
    assert all(f"keyframe {shot}" in " ".join(planned.err.split()) for shot in shots)
    made = studio("make", "--to", "keyframes", "-p", written.root)
    assert made.code == 0, made.err
    assert len(list(written.takes_folder.glob("*/keyframe_v001.png"))) == len(shots)


def test_a_changed_story_is_merged_and_a_persons_words_stay(
    written: Project, studio: Studio
) -> None:
    kept = answers(written)
    document = yaml.safe_load(written.storyboard_file.read_text(encoding="utf-8"))
    document["scenes"][0]["shots"][0] |= {"notes": "keep the gulls", "avoid": "rain"}
    write_yaml(written.storyboard_file, document)
    written.story_file().write_text(f"{STORY}\n\nThe boat sank.", encoding="utf-8")
    said = studio("write", "-p", written.root)
    assert said.code == 0, said.err
    assert answers(written) > kept
    assert len(list(written.drafts_folder.glob("storyboard_v*.yaml"))) == 2
    board = storyboard(written)
    assert [shot.avoid for _, shot in board.shots() if shot.notes == "keep the gulls"] == ["rain"]
    again = studio("write", "-p", written.root)
    assert (again.code, again.err.splitlines()[-1]) == (0, "nothing to change")
    assert "story changed" not in studio("plan", "-p", written.root).err


def test_status_says_which_scenes_are_by_rules(gen: Gen, studio: Studio) -> None:
    scenes = STORYBOARD["scenes"]
    assert isinstance(scenes, list)
    board = STORYBOARD | {"scenes": [scenes[0], scenes[1] | {"by": "breakdown"}]}
    project = gen(storyboard=board)
    said = studio("status", "-p", project.root).err
    assert "by rules: sc020: " in said
    assert "sc010:" not in said
    assert '"by_rules": [\n    "sc020"\n  ]' in studio("status", "--json", "-p", project.root).out


# --- where the model is not there ------------------------------------------------------


def refused(said: Said, project: Project) -> str:
    """The one line that says why, and the tip; nothing was written."""
    assert said.code == 4, said.err
    error, tip = [line for line in said.err.splitlines() if not line.startswith("note: ")]
    assert error.startswith("error: ")
    assert tip.startswith("tip: ")
    assert not project.storyboard_file.exists()
    assert not project.drafts_folder.exists()
    return f"{error} {tip}"


@pytest.mark.parametrize("command", [("write",), ("make", "--to", "reel")])
def test_a_server_that_is_not_there(command: tuple[str, ...], gen: Gen, studio: Studio) -> None:
    project = gen(film(NOWHERE, "gull"), storyboard=None)
    assert NOWHERE in refused(studio(*command, "-p", project.root), project)
    assert answers(project) == set()


def test_a_server_that_goes_away_leaves_the_answers(written: Project, studio: Studio) -> None:
    kept, model = answers(written), model_of(written)
    written.storyboard_file.unlink()
    shutil.rmtree(written.drafts_folder)
    write_yaml(written.film_file, film(NOWHERE, model, length="9s"))
    refused(studio("write", "-p", written.root), written)
    assert answers(written) == kept


def test_a_model_that_the_server_does_not_have(
    gen: Gen, studio: Studio, vllm_server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, vllm_server.key)
    project = gen(film(vllm_server.url, "gull-72b"), storyboard=None)
    why = refused(studio("write", "-p", project.root), project)
    assert "gull-72b" in why
    assert vllm_server.model in why


def test_without_langchain(gen: Gen) -> None:
    project = gen(film(NOWHERE, "gull"), storyboard=None)
    blocked = (
        "import sys; sys.modules['langchain_core'] = None;"
        f" from studio.cli import main; main(['write', '-p', {str(project.root)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", blocked], capture_output=True, text=True, timeout=120
    )
    why = refused(Said(done.returncode, done.stdout, done.stderr), project)
    assert why.startswith("error: langchain_core")
    assert "is not installed" in why
    assert "storyreel[llm]" in why


def test_ctrl_c_while_the_model_is_asked(gen: Gen, vllm_server: Address) -> None:
    long = film(vllm_server.url, vllm_server.model, length="60s")
    project = gen(long, storyboard=None, story=f"{STORY} " * 20)
    run = in_a_process(project.root, vllm_server.key, "write")
    try:
        while not answers(project):
            assert run.poll() is None, run.communicate()
            time.sleep(0.1)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert "the answers so far are kept" in said
    assert answers(project)
    assert not project.storyboard_file.exists()
