"""A person's own pictures: shown as they were meant, whatever kind of file they are."""

from __future__ import annotations

import contextlib
import hashlib
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from studio.engines.base import NoSettings, Rendered
from studio.engines.board import Board
from studio.engines.requests import File, PaintRequest
from studio.errors import RenderFailed
from studio.schema.storyboard import Fit

WIDTH, HEIGHT = SIZE = (192, 108)
RED, GREEN, BLUE = (200, 0, 0), (0, 200, 0), (0, 0, 200)
Colour = tuple[int, int, int]


def taken(*pictures: Path, fit: Fit = "center") -> Rendered:
    """The pictures, painted as one keyframe."""
    files = tuple(
        File(path, hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in pictures
    )
    folder = pictures[0].parent / "out"
    folder.mkdir(exist_ok=True)
    request = PaintRequest("sc010_sh010", "", "", SIZE, 0, pictures=files, fit=fit)
    return Board(NoSettings()).paint(request, folder, lambda *_: None)


def boards(folder: Path) -> Path:
    (folder / "boards").mkdir(exist_ok=True)
    return folder / "boards"


def saved(folder: Path, image: Image.Image, name: str = "sc010_sh010.png", **how: Any) -> Path:
    path = boards(folder) / name
    image.save(path, **how)
    return path


def seen(rendered: Rendered, suffix: str = ".png") -> Any:
    """The pixels of what was painted."""
    with Image.open(rendered.files[suffix]) as image:
        assert (image.mode, image.size, image.info) == ("RGB", SIZE, {})
        return np.asarray(image).astype(int)


def near(pixels: Any, colour: Colour, by: int = 3) -> bool:
    return bool(np.abs(pixels - np.array(colour)).max() <= by)


def thirds(size: tuple[int, int], *, upright: bool) -> Image.Image:
    """Red, green and blue: one above the other, or beside each other."""
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    width, height = size
    for n, colour in enumerate((RED, GREEN, BLUE)):
        if upright:
            draw.rectangle((0, n * height // 3, width, height), fill=colour)
        else:
            draw.rectangle((n * width // 3, 0, width, height), fill=colour)
    return image


@pytest.mark.parametrize(
    ("upright", "fit", "colour"),
    [
        (True, "top", RED),
        (True, "center", GREEN),
        (True, "bottom", BLUE),
        (True, "left", GREEN),
        (False, "left", RED),
        (False, "center", GREEN),
        (False, "right", BLUE),
        (False, "top", GREEN),
    ],
)
def test_fit_says_which_part_is_kept(
    tmp_path: Path, upright: bool, fit: Fit, colour: Colour
) -> None:
    size = (WIDTH, 3 * HEIGHT) if upright else (3 * WIDTH, HEIGHT)
    pixels = seen(taken(saved(tmp_path, thirds(size, upright=upright)), fit=fit))
    assert near(pixels[4:-4, 4:-4], colour)


@pytest.mark.parametrize("size", [(400, 300), (301, 407), (900, 201), SIZE, (40, 30), (60, 500)])
@pytest.mark.parametrize("fit", ["center", "top", "right"])
def test_it_is_cropped_and_never_stretched(tmp_path: Path, size: tuple[int, int], fit: Fit) -> None:
    wide = min(size[0], size[1] * WIDTH / HEIGHT)
    tall = wide * HEIGHT / WIDTH
    x = size[0] - wide / 2 if fit == "right" else size[0] / 2
    y = tall / 2 if fit == "top" else size[1] / 2
    rows, columns = np.mgrid[: size[1], : size[0]] + 0.5
    disc = np.hypot(columns - x, rows - y) < 0.4 * tall
    shown = seen(taken(saved(tmp_path, Image.fromarray(disc)), fit=fit))[:, :, 0] > 127
    filled = [np.flatnonzero(shown.any(axis=axis)) for axis in (0, 1)]
    assert [len(line) for line in filled] == pytest.approx([0.8 * HEIGHT] * 2, abs=5)
    assert [line.mean() for line in filled] == pytest.approx([WIDTH / 2, HEIGHT / 2], abs=3)


def test_facts_say_what_it_was(tmp_path: Path) -> None:
    large = saved(tmp_path, Image.new("RGB", (400, 300)), "sc010_sh010.JPG")
    small = saved(tmp_path, Image.new("RGB", (400, 60)), "sc010_sh010_b.png")
    assert taken(large, small).facts == {
        "pictures": [
            {"file": "sc010_sh010.JPG", "format": "JPEG", "size": "400x300", "enlarged": False},
            {"file": "sc010_sh010_b.png", "format": "PNG", "size": "400x60", "enlarged": True},
        ]
    }


def test_further_pictures_are_further_files_of_the_take(tmp_path: Path) -> None:
    pictures = [
        saved(tmp_path, Image.new("RGB", (64, 36), colour), f"{n}.png")
        for n, colour in enumerate((RED, GREEN, BLUE))
    ]
    rendered = taken(*pictures)
    assert list(rendered.files) == [".png", "_b.png", "_c.png"]
    assert near(seen(rendered), RED)
    assert near(seen(rendered, "_b.png"), GREEN)
    assert near(seen(rendered, "_c.png"), BLUE)


def transparent(mode: str) -> Image.Image:
    return Image.new("RGBA", (40, 30), (0, 0, 0, 0)).convert(mode)


def clear_palette() -> Image.Image:
    image = Image.new("P", (40, 30))
    image.info["transparency"] = 0
    return image


def keyed() -> Image.Image:
    image = Image.new("RGB", (40, 30), (1, 2, 3))
    image.info["transparency"] = (1, 2, 3)
    return image


@pytest.mark.parametrize(
    ("image", "name", "colour"),
    [
        (Image.new("RGB", (1, 1), (10, 200, 30)), "dot.png", (10, 200, 30)),
        (Image.new("RGB", (3000, 2), (5, 6, 7)), "line.png", (5, 6, 7)),
        (Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "ink.jpg", (255, 0, 0)),
        (Image.fromarray(np.full((30, 40), 40000, np.uint16)), "deep.png", (156, 156, 156)),
        (Image.fromarray(np.full((30, 40), 65535, np.uint16)), "white.png", (255, 255, 255)),
        (Image.new("L", (40, 30), 77), "grey.png", (77, 77, 77)),
        (Image.new("1", (40, 30), 1), "bit.png", (255, 255, 255)),
        (Image.new("RGB", (40, 30), RED).quantize(4), "palette.png", RED),
        (transparent("RGBA"), "clear.png", (255, 255, 255)),
        (transparent("RGBA"), "clear.webp", (255, 255, 255)),
        (transparent("LA"), "cleargrey.png", (255, 255, 255)),
        (clear_palette(), "palette.gif", (255, 255, 255)),
        (keyed(), "key.png", (255, 255, 255)),
        (Image.new("RGBA", (40, 30), (0, 0, 0, 128)), "half.png", (127, 127, 127)),
        (Image.new("RGB", (40, 30), BLUE), "photo.webp", BLUE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pictures_of_any_kind(
    tmp_path: Path, image: Image.Image, name: str, colour: Colour
) -> None:
    assert near(seen(taken(saved(tmp_path, image, name))), colour)


def test_a_deep_colour_picture_keeps_its_tones(tmp_path: Path) -> None:
    rows = b"".join(b"\0" + struct.pack(">3H", 65535, 32768, 257) * 8 for _ in range(8))
    path = boards(tmp_path) / "deep.png"
    path.write_bytes(png(8, 8, 16, 2, zlib.compress(rows)))
    assert near(seen(taken(path)), (255, 128, 1))


def png(width: int, height: int, bits: int, kind: int, data: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("held", range(1, 9))
@pytest.mark.parametrize("name", ["photo.jpg", "photo.png"])
def test_a_photograph_is_shown_upright(tmp_path: Path, held: int, name: str) -> None:
    way_back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    image = Image.new("RGB", (960, 540))
    image.paste(RED, (0, 0, 480, 270))
    image.paste(BLUE, (480, 270, 960, 540))
    if held > 1:
        image = image.transpose(Image.Transpose(way_back[held]))
    exif = Image.Exif()
    exif[0x0112] = held
    rendered = taken(saved(tmp_path, image, name, exif=exif))
    pixels = seen(rendered)
    assert near(pixels[5:50, 5:90], RED, 12)
    assert near(pixels[60:100, 105:185], BLUE, 12)
    assert rendered.facts["pictures"][0]["size"] == "960x540"


def profile_with_red_and_green_exchanged() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "photo.webp"])
def test_colours_are_those_of_the_profile(tmp_path: Path, name: str) -> None:
    image = Image.new("RGB", (64, 36), (255, 0, 0))
    rendered = taken(
        saved(tmp_path, image, name, icc_profile=profile_with_red_and_green_exchanged())
    )
    assert near(seen(rendered), (0, 255, 0), 8)
    assert rendered.facts["pictures"][0]["profile"] == "sRGB built-in"


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_profile_that_does_not_fit_is_left_out(tmp_path: Path, mode: str) -> None:
    profile = b"nonsense" * 40 if mode == "RGB" else profile_with_red_and_green_exchanged()
    image = Image.new("RGB", (64, 36), (90, 90, 90)).convert(mode)
    rendered = taken(saved(tmp_path, image, icc_profile=profile))
    assert near(seen(rendered), (90, 90, 90))
    assert rendered.facts["pictures"][0]["profile"] == "does not fit: left out"


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.webp", "WEBP"), ("a.png", "GIF"), ("a.jpg", "PNG")]
)
def test_of_a_moving_picture_the_first_frame_is_shown(tmp_path: Path, name: str, kind: str) -> None:
    frames = [Image.new("RGB", (64, 36), colour) for colour in (RED, GREEN, BLUE)]
    path = saved(tmp_path, frames[0], name, format=kind, save_all=True, append_images=frames[1:])
    rendered = taken(path)
    assert near(seen(rendered), RED)
    assert rendered.facts["pictures"][0]["animated"] is True
    assert rendered.facts["pictures"][0]["format"] == kind


def test_what_it_holds_counts_not_its_name(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("RGB", (64, 36), GREEN), "sc010_sh010.png", format="JPEG")
    rendered = taken(path)
    assert near(seen(rendered), GREEN)
    assert rendered.facts["pictures"][0]["format"] == "JPEG"


def test_a_hundred_megapixels(tmp_path: Path) -> None:
    image = Image.new("1", (10000, 10000))
    image.paste(1, (0, 0, 10000, 5000))
    pixels = seen(taken(saved(tmp_path, image)))
    assert near(pixels[:50], (255, 255, 255))
    assert near(pixels[58:], (0, 0, 0))


def truncated(kind: str) -> bytes:
    from io import BytesIO

    file = BytesIO()
    Image.effect_noise((200, 200), 80).convert("RGB").save(file, kind)
    return file.getvalue()[:4000]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"A lighthouse at dusk.\n", "it is damaged, or neither PNG, JPEG nor WebP"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "it is damaged, or neither PNG, JPEG nor WebP",
        ),
        (b"\0\0\0\x18ftypheic" + bytes(60), "it is damaged, or neither PNG, JPEG nor WebP"),
        (truncated("PNG"), "it is damaged"),
        (truncated("JPEG"), "it is damaged"),
        (truncated("WEBP"), ""),
        (png(64, 36, 8, 2, zlib.compress(b"")), "it is damaged"),
        (png(64, 36, 8, 2, b"no deflate"), "it is damaged"),
        (png(40000, 40000, 8, 2, b""), "1600 megapixels, more than the 300 that are opened"),
    ],
    ids=range(10),
)
def test_what_does_not_open_is_said_in_one_line(tmp_path: Path, content: bytes, why: str) -> None:
    path = boards(tmp_path) / "sc010_sh010.png"
    path.write_bytes(content)
    with pytest.raises(RenderFailed) as raised:
        taken(path)
    assert raised.value.message.startswith("boards/sc010_sh010.png ")
    assert why in raised.value.message
    assert "\n" not in raised.value.message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_damage_of_any_kind_is_a_picture_or_an_error(tmp_path: Path, kind: str) -> None:
    path = saved(
        tmp_path, Image.effect_noise((60, 40), 90).convert("RGB"), "noise.png", format=kind
    )
    whole, rng = path.read_bytes(), random.Random(kind)  # noqa: S311 - the same damage every time
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            damaged[rng.randrange(min(len(damaged), 300))] = rng.randrange(256)
        path.write_bytes(damaged)
        with contextlib.suppress(RenderFailed):
            seen(taken(path))


def gone(path: Path) -> None:
    path.unlink()


def another(path: Path) -> None:
    Image.new("RGB", (9, 9)).save(path)


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [(gone, "No such file or directory"), (another, "was changed during the run: run it again")],
)
def test_a_picture_that_changed_since_it_was_planned_is_not_taken(
    tmp_path: Path, meanwhile: Callable[[Path], None], why: str
) -> None:
    path = saved(tmp_path, Image.new("RGB", (64, 36), RED))
    file = File(path, hashlib.sha256(path.read_bytes()).hexdigest())
    meanwhile(path)
    request = PaintRequest("sc010_sh010", "", "", SIZE, 0, pictures=(file,))
    with pytest.raises(RenderFailed, match=why):
        Board(NoSettings()).paint(request, tmp_path, lambda *_: None)
