"""What stands in the way of a download, before and while it runs; `tests/commands/test_models.py`
downloads."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from studio.errors import Missing
from studio.models.hub import Remote, Repository, pull, spoken


def test_a_disk_without_room_is_said_before_anything_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "not" / "made"))
    files = (Remote("a", 10**18, here=False), Remote("b", 10**18, here=True))
    repository = Repository("mara/huge", "main", files)
    assert (repository.size, repository.lacking) == (2 * 10**18, 10**18)
    with pytest.raises(Missing, match=r"mara/huge needs 1000000000\.0 GB more, and .* GB free"):
        pull(repository, print)


def test_errors_of_the_network_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    full = OSError(errno.ENOSPC, "No space left on device")
    for error, said in (
        (full, "the disk of .* is full"),
        (TimeoutError("the read\noperation timed out"), "downloaded: the read operation timed out"),
        (ImportError("no", name="huggingface_hub"), "needs the Python package huggingface_hub"),
    ):
        with pytest.raises(Missing, match=said) as shown, spoken("mara/model"):
            raise error
        assert "\n" not in shown.value.message
        assert shown.value.tip
