"""A picture file as its maker sees it, cropped and scaled to a frame.

Upright (EXIF), in sRGB (ICC profile, CMYK, 16 bit), on white paper where it is
transparent, and the first one where there are several. What the file holds counts, not
how its name ends. It is never stretched.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, ImageCms, UnidentifiedImageError

from studio.engines.requests import File
from studio.errors import RenderFailed
from studio.schema.storyboard import Fit

LARGEST = 300_000_000
"""Pixels of the largest picture that is opened. Opening takes 4 to 16 bytes a pixel of memory,
and next to none for a JPEG, which is read at a fraction of its size."""

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by its EXIF orientation."""

_SIDEWAYS = 5
"""From this EXIF orientation on, width and height change places."""

_ORIENTATION = 0x0112


def fitted(picture: File, size: tuple[int, int], fit: Fit) -> tuple[Image.Image, dict[str, Any]]:
    """The picture as RGB that fills `size` (width, height), and what it was.

    `fit` says which part is kept where its shape differs. Raises RenderFailed where it is
    no picture that opens, is too large, or changed since it was hashed.
    """
    name = f"{picture.path.parent.name}/{picture.path.name}"
    try:
        with picture.path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != picture.sha256:
                raise RenderFailed(f"{name} was changed during the run: run it again")
            return _fitted(file, name, size, fit)
    except (RenderFailed, MemoryError):
        raise
    except Exception as error:
        raise RenderFailed(f"{name} is no picture that opens: {_why(error, picture.path)}") from (
            error
        )


def _fitted(
    file: BinaryIO, name: str, size: tuple[int, int], fit: Fit
) -> tuple[Image.Image, dict[str, Any]]:
    with _of_any_size(), Image.open(file, formats=_FORMATS) as image:
        pixels = image.width * image.height
        if pixels > LARGEST:
            raise RenderFailed(
                f"{name} has {pixels / 1e6:.4g} megapixels, more than the {LARGEST / 1e6:.4g} that"
                " are opened: save it smaller"
            )
        width, height = image.size
        animated = image.format != "MPO" and getattr(image, "is_animated", False)
        profile = image.info.get("icc_profile")
        image.draft(None, (2 * max(size), 2 * max(size)))
        image.load()  # on its own: where anything else loads it, a failure may not be seen
        orientation = _orientation(image)
        if orientation >= _SIDEWAYS:
            width, height = height, width
        left, _, right, _ = _part((width, height), size, fit)
        facts: dict[str, Any] = {
            "file": Path(name).name,
            "format": "JPEG" if image.format == "MPO" else image.format,
            "size": f"{width}x{height}",
            "enlarged": right - left < size[0],
        }
        if animated:
            facts["animated"] = True
        whole = _plain(image)
        if orientation in _UPRIGHT:
            whole = whole.transpose(_UPRIGHT[orientation])
        part = _part(whole.size, size, fit)
        result = whole.resize(size, Image.Resampling.LANCZOS, box=part, reducing_gap=3.0)
    result = _on_white(result)
    if profile:
        result, facts["profile"] = _in_srgb(result, profile)
    result = result.convert("RGB")
    result.info.clear()
    return result, facts


def _part(
    whole: tuple[int, int], size: tuple[int, int], fit: Fit
) -> tuple[float, float, float, float]:
    """What is kept of a picture (left, top, right, bottom): all of it, or what has the shape
    of `size`."""
    scale = min(whole[0] / size[0], whole[1] / size[1])
    width, height = min(size[0] * scale, whole[0]), min(size[1] * scale, whole[1])
    beside, above = whole[0] - width, whole[1] - height
    left = {"left": 0.0, "right": beside}.get(fit, beside / 2)
    top = {"top": 0.0, "bottom": above}.get(fit, above / 2)
    return left, top, min(left + width, whole[0]), min(top + height, whole[1])


def _orientation(image: Image.Image) -> int:
    """How the camera was held, 1 to 8; upright where the file does not say."""
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a picture with broken EXIF data is a picture
        return 1
    return found if found in _UPRIGHT else 1


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that scales well, 8 bits a channel: L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 257 + 0.5).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "LA" else image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return image
    opaque = image.convert(image.mode[:-1])
    paper = Image.new(opaque.mode, opaque.size, "white")
    paper.paste(opaque, mask=image.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image, profile: bytes) -> tuple[Image.Image, str]:
    """The picture's colours as its profile means them, and the profile's name; as they are
    where it does not read or is not for such pictures."""
    try:
        source = ImageCms.getOpenProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(
            image,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return converted or image, ImageCms.getProfileDescription(source).strip()
    except (ImageCms.PyCMSError, OSError):
        return image, "does not fit: left out"


@contextmanager
def _of_any_size() -> Iterator[None]:
    """Pillow's own limit and its warnings are left out: there is one limit, and errors."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _why(error: Exception, path: Path) -> str:
    if isinstance(error, UnidentifiedImageError):
        empty = path.stat().st_size == 0
        return "it is empty" if empty else "it is damaged, or neither PNG, JPEG nor WebP"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(error).partition("\n")[0]
    return f"it is damaged ({text})"
