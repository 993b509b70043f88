"""The sample plugin in docs/plugin: it installs, is found by name, and paints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]

PAINT = """
import json, sys
from pathlib import Path
from studio.engines.base import EngineSpec, known_engines
from studio.engines.requests import Figure, PaintRequest, Panel

folder, settings = Path(sys.argv[1]), json.loads(sys.argv[2])
panel = Panel(
    size="LS", framing="two-shot", angle="eye", heading="EXT. SHORE - NIGHT", place_id="shore",
    place="the shore", time="night", weather="storm", action="Mara waits.", look="",
    figures=(Figure("mara", "Mara", "a woman of sixty", at="left", facing="right"),),
)
request = PaintRequest("sc010_sh010", "", "", (320, 180), seed=7, panel=panel)
name, target = "silhouette", known_engines("painter")["silhouette"]
heard = []
painter = EngineSpec("painter", name, target, settings).open()
rendered = painter.paint(request, folder, lambda done, total: heard.append((done, total)))
print(json.dumps({
    "files": {suffix: path.name for suffix, path in rendered.files.items()},
    "facts": rendered.facts,
    "composes": painter.composes,
    "heard": heard,
    "others": sorted(known_engines("painter")),
}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the plugin is installed the way pip installs any package."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    plugin = str(ROOT / "docs" / "plugin")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), plugin],
        check=True,
    )
    return folder


def run_with(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """PAINT in a fresh interpreter that sees the plugin beside Storyreel."""
    paths = os.pathsep.join([str(site), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-c", PAINT, *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )


def test_the_plugin_is_found_and_paints(site: Path, tmp_path: Path) -> None:
    done = run_with(site, str(tmp_path), "{}")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["files"] == {".png": "keyframe.png"}
    assert said["facts"] == {"figures": 1}
    assert said["composes"] is True
    assert said["heard"][-1] == [4, 4]
    assert {"silhouette", "sketch"} <= set(said["others"])
    with Image.open(tmp_path / "keyframe.png") as picture:
        assert picture.size == (320, 180)
        assert len(picture.convert("RGB").getcolors(320 * 180) or []) > 50


def test_equal_requests_give_equal_pictures_and_settings_count(site: Path, tmp_path: Path) -> None:
    pictures = []
    for name, settings in (("a", "{}"), ("b", "{}"), ("c", '{"ink": "#5a1020"}')):
        folder = tmp_path / name
        folder.mkdir()
        assert run_with(site, str(folder), settings).returncode == 0
        with Image.open(folder / "keyframe.png") as picture:
            pictures.append(picture.convert("RGB").tobytes())
    assert pictures[0] == pictures[1] != pictures[2]


def test_a_wrong_setting_is_refused_by_name(site: Path, tmp_path: Path) -> None:
    done = run_with(site, str(tmp_path), '{"paper": "white"}')
    assert done.returncode != 0
    assert "engines.painter: silhouette has no setting 'paper'" in done.stderr
    assert not list(tmp_path.iterdir())
