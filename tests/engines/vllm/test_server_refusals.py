"""What is refused before a server is started: no server runs here."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from studio.engines.vllm import launch
from studio.engines.vllm.server import last_words
from studio.engines.vllm.settings import KEY_VARIABLE, VllmSettings
from studio.errors import Missing, StudioError


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (["--quantization fp8"], ["--quantization=fp8"]),
        (["--quantization", "fp8"], ["--quantization=fp8"]),
        (["--enforce_eager", "--max-num-seqs=8"], ["--enforce_eager", "--max-num-seqs=8"]),
        (["--limit-mm-per-prompt", '{"image": 8}'], ['--limit-mm-per-prompt={"image": 8}']),
        (["""--limit-mm-per-prompt '{"image": 8}'"""], ['--limit-mm-per-prompt={"image": 8}']),
        (["--limit-mm-per-prompt.image", "8"], ["--limit-mm-per-prompt.image=8"]),
    ],
)
def test_arguments_for_memory_and_speed_are_handed_on(given: list[str], taken: list[str]) -> None:
    assert launch.further(given) == taken


@pytest.mark.parametrize(
    "given",
    [
        ["--host", "0.0.0.0"],  # noqa: S104 - as somebody's film.yaml may have it
        ["--port=80"],
        ["--api-key", "x"],
        ["--api_key=x"],
        ["--model", "other"],
        ["--mod=other"],
        ["--trust-remote-code"],
        ["--trust_remote_code"],
        ["--config", "there.yaml"],
        ["--middleware", "there.Any"],
        ["--hf-overrides.auto_map", "x"],
        ["--allowed-local-media-path", "/"],
        ["--enforce-eager=x"],
        ["--quantization fp8 --host 0.0.0.0"],
        ["--quantization fp8 another/model"],
        ["another/model"],
        ["-tp", "2"],
        ["--quantization"],
        ["--quantization 'fp8"],
    ],
)
def test_arguments_that_change_what_runs_are_refused(given: list[str]) -> None:
    with pytest.raises(StudioError, match=r"llm\.arguments"):
        launch.further(given)


def test_a_value_is_never_taken_for_an_argument() -> None:
    """It travels behind its equals sign."""
    assert launch.further(["--seed", "--trust-remote-code"]) == ["--seed=--trust-remote-code"]


def test_a_project_brings_no_interpreter(tmp_path: Path) -> None:
    project = tmp_path / "film"
    inside = project / "bin" / "python"
    inside.parent.mkdir(parents=True)
    inside.symlink_to(sys.executable)
    outside = tmp_path / "python"
    outside.symlink_to(inside)
    for python in (inside, outside.with_name("film") / "bin" / ".." / "bin" / "python"):
        with pytest.raises(StudioError, match="lies in the project's folder") as refused:
            launch.interpreter(str(python), project)
        assert "elsewhere" in refused.value.tip
    inside.unlink()
    shutil.copy("/bin/sh", inside)
    with pytest.raises(StudioError, match="lies in the project's folder"):
        launch.interpreter(str(outside), project)
    with pytest.raises(StudioError, match="not a whole path"):
        launch.interpreter("bin/python", project)


def test_an_interpreter_without_vllm_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="there is no Python at") as gone:
        launch.interpreter(str(tmp_path / "python"), tmp_path / "film")
    with pytest.raises(Missing, match="has no vLLM") as without:
        launch.interpreter(sys.executable, tmp_path / "film")
    for error in (gone.value, without.value):
        assert "python:" in error.tip
        assert "base_url" in error.tip
        assert error.exit_code == 4


def test_an_interpreter_with_an_old_vllm_is_missing(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\necho 0.16.2\n")
    old.chmod(0o755)
    with pytest.raises(Missing, match=r"is 0\.16, too old"):
        launch.interpreter(str(old), tmp_path / "film")
    old.write_text("#!/bin/sh\necho 0.17.0\n")
    assert launch.interpreter(str(old), tmp_path / "film") == str(old)


def test_modules_in_the_working_folder_are_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project that holds vllm.py does not become vLLM."""
    (tmp_path / "vllm.py").write_text("")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Missing, match="has no vLLM"):
        launch.interpreter(sys.executable, tmp_path / "film")


def test_a_model_is_a_folder_or_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    project = tmp_path / "film"
    (project / "models" / "tiny").mkdir(parents=True)
    assert launch.weights("models/tiny", project) == str(project / "models" / "tiny")
    assert launch.weights(str(project / "models" / "tiny"), tmp_path).endswith("models/tiny")
    with pytest.raises(Missing, match=r"folder .* is not there"):
        launch.weights("/no/such/model", project)
    with pytest.raises(Missing, match="Some/Model is not on this machine") as missing:
        launch.weights("Some/Model", project)
    assert "hf download Some/Model" in missing.value.tip
    fetched = tmp_path / "hub" / "models--Some--Model" / "snapshots" / "abc"
    fetched.mkdir(parents=True)
    (fetched / "config.json").write_text("{}")
    assert launch.weights("Some/Model", project) == "Some/Model"


def test_the_key_travels_in_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "of another server")
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 0.32.0\n")
    python.chmod(0o755)
    model = tmp_path / "film" / "model"
    model.mkdir(parents=True)
    settings = VllmSettings(model=str(model), python=str(python), kv_cache=3)
    line = launch.command(settings, tmp_path / "film")
    environment = launch.environment(settings, "secret")
    assert environment["VLLM_API_KEY"] == "secret"
    assert "secret" not in " ".join(line)
    assert KEY_VARIABLE not in environment
    assert {"--host=127.0.0.1", "--served-model-name=model", "--enable-sleep-mode"} <= {*line}
    assert "--kv-cache-memory-bytes=3221225472" in line
    assert environment["HF_HUB_OFFLINE"] == "1"
    on_cpu = settings.model_copy(update={"device": "cpu"})
    assert "--enable-sleep-mode" not in launch.command(on_cpu, tmp_path / "film")
    assert launch.environment(on_cpu, "secret")["VLLM_CPU_KVCACHE_SPACE"] == "3"


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (
            "(Worker pid=5) ERROR 11-22 08:13:55 [executor.py:953] some.Rust.SafetensorError: Error"
            " while deserializing header\n(Worker pid=5) INFO 11-22 08:13:56 [a.py:1] Bye.\n"
            "Traceback (most recent call last):\n"
            "RuntimeError: Engine core initialization failed. See root cause above.\n",
            "some.Rust.SafetensorError: Error while deserializing header",
        ),
        (
            "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig\n"
            "  Value error, max_model_len (9) is greater than 8. [type=value_error]\n"
            "    For further information visit https://…\n",
            "max_model_len (9) is greater than 8.",
        ),
        (
            "api_server.py: error: unrecognized arguments: --new\n",
            "api_server.py: error: unrecognized arguments: --new",
        ),
        (
            "(APIServer pid=5) ERROR 11-22 09:00:39 [a.py:9] vllm.v1.EngineDeadError: EngineCore"
            " encountered an issue.\nINFO:     Shutting down\n",
            "its engine died without a reason, perhaps for lack of memory",
        ),
        ("INFO: Application startup complete.\n", ""),
        ("", ""),
    ],
)
def test_the_log_says_why(tmp_path: Path, log: str, reason: str) -> None:
    path = tmp_path / "llm.log"
    path.write_text(log)
    assert last_words(path) == reason
