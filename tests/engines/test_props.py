"""Props of the embedded painter: found by words, drawn from their templates."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import numpy as np
import pytest
import resvg_py
from PIL import Image

from studio.engines.sketch.art import Shade
from studio.engines.sketch.parts import parts
from studio.engines.sketch.props import draw_prop, find_props, prop_spec
from studio.errors import StudioError

DAY = Shade("#fff3d6", "#5d7ba6", 0.12, "left", 0.1)
NIGHT = Shade("#b8cdf0", "#1a2442", 0.65, "right", 0.7)


def raster(name: str, shade: Shade = DAY) -> np.ndarray:
    art = draw_prop(name, height=60, shade=shade, seed=1)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="{-art.width / 2} {-art.height} {art.width} {art.height}">{art.svg}</svg>'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=max(8, round(art.width))))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def test_there_are_props_enough() -> None:
    assert len(parts("props")) >= 30


@pytest.mark.parametrize("name", sorted(parts("props")))
def test_every_prop_is_drawn_and_found_by_each_of_its_words(name: str) -> None:
    part = parts("props")[name]
    art = draw_prop(name, height=60, shade=NIGHT, seed=3)
    ElementTree.fromstring(f"<svg>{art.svg}</svg>")  # noqa: S314 - our own drawing
    assert art.height == 60
    drawn = raster(name)
    assert drawn[..., 3].max() == 255
    assert (drawn[..., 3] > 0).mean() > 0.05
    # it fills its box, and stands on its base
    assert drawn[: len(drawn) // 3, :, 3].max() > 0
    assert drawn[-len(drawn) // 8 :, :, 3].max() > 0
    spec = prop_spec(name)
    assert 0 < spec.height <= 12
    assert part.words
    for word in part.words:
        assert find_props(f"a {word} here")[:1] == (name,), word


def test_every_prop_has_english_and_chinese_words() -> None:
    for part in parts("props").values():
        if part.name in ("camera",):
            continue
        assert any(word.isascii() for word in part.words), part.name
        assert any(not word.isascii() for word in part.words), part.name


def test_no_two_props_share_a_word() -> None:
    words = [word for part in parts("props").values() for word in part.words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She walks over the carpet.", ()),
        ("A car stops.", ("car",)),
        ("The cars stop.", ("car",)),
        ("keyboards", ("computer",)),
        ("A monkey and a donkey", ()),
        ("The lantern swings above the rowing boat.", ("lantern", "rowing-boat")),
        ("A letter, a key, a map, a sword", ("letter", "key", "map")),
        ("The boat, the boat!", ("boat",)),
        ("他拿着一封信，走向小船。", ("letter", "rowing-boat")),
        ("", ()),
    ],
)
def test_props_are_found_as_words_in_order_three_at_most(text: str, found: tuple[str, ...]) -> None:
    assert find_props(text) == found


def test_a_prop_is_drawn_byte_equal_and_ids_differ_by_seed() -> None:
    first, second, other = (draw_prop("boat", height=80, shade=DAY, seed=n) for n in (1, 1, 2))
    assert first == second
    assert first.svg != other.svg
    assert not np.array_equal(raster("boat"), raster("boat", NIGHT))


def test_what_glows_keeps_its_colours_at_night() -> None:
    assert "#ffb740" in draw_prop("campfire", height=80, shade=NIGHT, seed=1).svg


def test_an_unknown_prop_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(StudioError, match="no prop anvil") as raised:
        draw_prop("anvil", height=10, shade=DAY, seed=1)
    assert "lantern" in raised.value.tip
