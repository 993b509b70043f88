"""What the commands print: JSON in its documented form on stdout, all else on stderr."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from studio.documents import read_document
from studio.schema.film import Film
from tests.conftest import Gen, Studio

ROOT = Path(__file__).parents[2]
DOCUMENTED: dict[str, Any] = {
    example["schema"]: example
    for block in re.findall(
        r"```json\n(.*?)```", (ROOT / "docs" / "json.md").read_text(encoding="utf-8"), re.DOTALL
    )
    if (example := json.loads(block))
}


def keys(value: Any) -> Any:
    """The form of a JSON value: keys of mappings, of the first item of lists."""
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items()}
    if isinstance(value, list):
        return [keys(value[0])] if value else []
    return None


def same_form(found: Any, documented: Any) -> None:
    if isinstance(documented, dict) and documented.keys() != {"keyframe"}:
        assert found.keys() == documented.keys()
        for key, item in documented.items():
            same_form(found[key], item)
    elif isinstance(documented, list) and documented and found:
        same_form(found[0], documented[0])


def test_json_has_its_documented_form(gen: Gen, studio: Studio) -> None:
    project = gen().root
    for command in (
        ["plan"],
        ["make", "--to", "clips"],
        ["status"],
        ["takes", "sc010_sh010"],
        ["doctor"],
    ):
        said = studio(*command, "--json", "-p", project)
        assert said.code in (0, 4)
        found = json.loads(said.out)
        assert found["schema"] == f"{command[0]}/1"
        same_form(found, DOCUMENTED[found["schema"]])
        if command[0] in ("plan", "make"):
            assert len(found["steps" if command[0] == "plan" else "rendered"]) >= 6


def test_what_people_read_is_on_stderr(gen: Gen, studio: Studio) -> None:
    project = gen().root
    for command in (["plan"], ["make"], ["status"], ["takes", "sc010_sh010"], ["doctor"]):
        said = studio(*command, "-p", project)
        assert said.out == ""
        assert said.err
        assert "\x1b" not in said.err


def test_status_check_tells_scripts_whether_all_is_fresh(gen: Gen, studio: Studio) -> None:
    project = gen().root
    assert studio("status", "--check", "-p", project).code == 3
    assert studio("make", "-p", project).code == 0
    assert studio("status", "--check", "-p", project).code == 0
    (project / "film.srt").unlink()
    assert studio("status", "--check", "-p", project).code == 3


def test_the_project_is_found_upward(
    gen: Gen, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = gen()
    (project.root / "boards").mkdir()
    monkeypatch.chdir(project.root / "boards")
    assert "to do: 3 keyframe, 3 clip, 1 film" in studio("plan").err


def test_plan_shows_the_filled_in_prompts(gen: Gen, studio: Studio) -> None:
    said = studio("plan", "--prompts", "-p", gen().root)
    assert "Tom, a boy of ten, red cap waves. The camera moves slowly closer." in said.err


def test_schemas_are_printed_and_scaffolded(studio: Studio, tmp_path: Path) -> None:
    for document in ("film", "storyboard"):
        schema = json.loads(studio("schema", document).out)
        assert "schema" in schema["properties"]
        assert schema["additionalProperties"] is False
    assert studio("new", tmp_path / "my-film").code == 0
    film = tmp_path / "my-film" / "film.yaml"
    first = film.read_text(encoding="utf-8").splitlines()[0]
    target = tmp_path / "my-film" / first.partition("$schema=")[2]
    assert json.loads(target.read_text(encoding="utf-8")) == json.loads(
        studio("schema", "film").out
    )
    assert read_document(film, Film).title == "My Film"


@pytest.mark.parametrize("template", ["short-film", "music-clip", "fable"])
def test_new_projects_can_be_planned(studio: Studio, tmp_path: Path, template: str) -> None:
    folder = tmp_path / "new"
    assert studio("new", folder, "--template", template).code == 0
    said = studio("plan", "-p", folder)
    assert said.code == 0
    assert "to do: " in said.err


def test_new_takes_a_story_and_its_title(studio: Studio, tmp_path: Path) -> None:
    story = tmp_path / "tale.md"
    story.write_text("# 狐狸\n\n狐狸说：“早上好。”", encoding="utf-8")
    assert studio("new", tmp_path / "tale", "--story", story).code == 0
    film = read_document(tmp_path / "tale" / "film.yaml", Film)
    assert (film.title, film.language) == ("狐狸", "zh")
    assert (tmp_path / "tale" / "story.md").read_bytes() == story.read_bytes()


def test_film_goes_from_story_to_mp4_and_on_where_it_stopped(
    studio: Studio, tmp_path: Path
) -> None:
    story = tmp_path / "tale.txt"
    story.write_text("A fox waits in the snow. At night the fox sees a lamp.", encoding="utf-8")
    out = tmp_path / "tale.mp4"
    first = studio("film", story, "-o", out, "--length", "8s", "--json")
    assert first.code == 0, first.err
    made = json.loads(first.out)
    assert made["film"] == str(out)
    assert made["failed"] == []
    assert (tmp_path / "tale" / "storyboard.yaml").is_file()
    content = out.read_bytes()
    again = studio("film", story, "-o", out, "--length", "8s", "--json")
    assert json.loads(again.out)["rendered"] == []
    assert out.read_bytes() == content
    story.write_text("Another tale.", encoding="utf-8")
    other = studio("film", story, "-o", out, "--length", "8s")
    assert other.code == 2
    assert "holds another story or length" in other.err
    strange = tmp_path / "other.mp4"
    strange.write_bytes(b"somebody's")
    assert "is there already" in studio("film", story, "-o", strange).err
    assert strange.read_bytes() == b"somebody's"


def test_doctor_reports_a_foreign_package_called_agents(tmp_path: Path) -> None:
    package = tmp_path / "agents"
    package.mkdir()
    (package / "__init__.py").write_text('"""Not ours."""\n')
    info = tmp_path / "openai_agents-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: openai-agents\nVersion: 1.0\n")
    (info / "top_level.txt").write_text("agents\n")
    (info / "RECORD").write_text("agents/__init__.py,,\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "sys.argv = ['studio', 'doctor', '--json']\n"
        "from studio.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 4
    [found] = [one for one in json.loads(ran.stdout)["checks"] if one["check"] == "agents"]
    assert found["ok"] is False
    assert "openai-agents" in found["says"]
    assert "pip uninstall openai-agents" in found["tip"]


def test_the_command_reference_is_up_to_date() -> None:
    printed = subprocess.run(
        [sys.executable, ROOT / "docs" / "commands.py"], capture_output=True, text=True, check=True
    )
    assert printed.stdout == (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), (
        "run: make docs"
    )
