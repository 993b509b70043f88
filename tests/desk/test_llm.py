"""`studio llm` where no server has to run."""

from __future__ import annotations

import json

import pytest

from studio.desk import llm
from studio.errors import DocumentError, Missing, StudioError
from tests.conftest import Gen, Studio


def engines(**settings: object) -> dict[str, object]:
    return {"engines": {"llm": {"engine": "vllm", **settings}}}


def test_none_is_kept(gen: Gen, studio: Studio) -> None:
    root = gen(film=engines()).root
    shown = studio("llm", "status", "-p", root)
    assert shown.code == 0
    assert "no language model is kept" in shown.err
    assert "studio llm start" in shown.err
    said = json.loads(studio("llm", "status", "-p", root, "--json").out)
    assert said["schema"] == "llm/1"
    assert said["state"] == "none"
    assert set(said) == {"schema", "state", "model", "url", "pid", "since", "memory", "log"}
    assert "no language model is kept" in studio("llm", "stop", "-p", root).err


def test_one_elsewhere_is_not_started(gen: Gen, studio: Studio) -> None:
    project = gen(film=engines(base_url="http://127.0.0.1:9/v1"))
    with pytest.raises(StudioError, match="has a server for the language model") as refused:
        llm.start(project, print)
    assert "base_url" in refused.value.tip
    assert "http://127.0.0.1:9/v1" in studio("llm", "status", "-p", project.root).err
    said = json.loads(studio("llm", "status", "-p", project.root, "--json").out)
    assert (said["state"], said["url"]) == ("elsewhere", "http://127.0.0.1:9/v1")


def test_what_is_missing_is_said_before_anything_is_started(gen: Gen, studio: Studio) -> None:
    project = gen(film=engines(model="/no/such/model"))
    failed = studio("llm", "start", "-p", project.root)
    assert failed.code == 4
    assert "error: the model's folder /no/such/model is not there" in failed.err
    assert "tip: " in failed.err
    assert not (project.studio_folder / "llm.log").exists()
    assert not (project.studio_folder / "llm.json").exists()


def test_without_settings_it_is_the_usual_model(gen: Gen, monkeypatch: pytest.MonkeyPatch) -> None:
    project = gen()
    monkeypatch.setenv("HF_HUB_CACHE", str(project.root / "hub"))
    with pytest.raises(Missing, match=r"Qwen/Qwen3-VL-8B-Instruct is not on this machine"):
        llm.start(project, print)


def test_stop_asks_film_yaml_nothing(gen: Gen) -> None:
    project = gen()
    project.film_file.write_text("schema: film/1\ntitle: [")
    assert llm.stop(project) is None
    assert llm.status(project) is None
    with pytest.raises(DocumentError):
        llm.start(project, print)
