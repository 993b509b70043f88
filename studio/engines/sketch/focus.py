"""The place behind a close shot, out of focus: a soft picture instead of its drawing.

Blurring vectors costs a second a panel wherever they are drawn; here it is done once, at a
quarter of the size, and kept in the panel as a picture.
"""

from __future__ import annotations

import base64
import io

from studio.engines.sketch.raster import rasterise
from studio.engines.sketch.setups import Setup

_REDUCED = 4


def soften(defs: str, drawing: str, size: tuple[int, int], blur: float, setup: Setup) -> str:
    """An `<image>` of a drawing, a fifth larger than the frame of `size` on every side and
    blurred by `blur` pixels of the frame, as its setup sees it. Raises RenderFailed as
    `rasterise` does."""
    from PIL import Image, ImageOps

    width, height = size
    left, top, across, down = -0.2 * width, -0.2 * height, 1.4 * width, 1.4 * height
    box = f'x="{left:.1f}" y="{top:.1f}" width="{across:.1f}" height="{down:.1f}"'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across / _REDUCED:.0f}" '
        f'height="{down / _REDUCED:.0f}" viewBox="{left:.1f} {top:.1f} {across:.1f} {down:.1f}">'
        f'<defs>{defs}<filter id="soft" filterUnits="userSpaceOnUse" {box}>'
        f'<feGaussianBlur stdDeviation="{blur:.2f}"/></filter></defs>'
        f'<g filter="url(#soft)">{drawing}</g></svg>'
    )
    with Image.open(io.BytesIO(rasterise(svg))) as small:
        seen = ImageOps.mirror(small) if setup.mirrored else small
        channels = zip(seen.convert("RGB").split(), setup.light, strict=True)
        lit = Image.merge("RGB", [one.point(_times(share)) for one, share in channels])
        soft = lit.resize((round(across), round(down)), Image.Resampling.BICUBIC)
    jpeg = io.BytesIO()
    soft.save(jpeg, "JPEG", quality=88)
    data = base64.b64encode(jpeg.getvalue()).decode()
    return (
        f'<image {box} preserveAspectRatio="none" image-rendering="optimizeSpeed" '
        f'href="data:image/jpeg;base64,{data}"/>'
    )


def _times(share: float) -> list[int]:
    """Values 0 to 255 times `share`, the brightest ones held below white."""
    return [min(255, round(value * share)) for value in range(256)]
