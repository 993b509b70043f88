"""RIFE's network of intermediate flow, IFNet in the shape of its HD release 3, for inference.

After "Real-Time Intermediate Flow Estimation for Video Frame Interpolation" (Huang et al.,
arXiv:2011.06294): from coarse to fine, three blocks look at both pictures as warped so far and
add to two flows, from the moment halfway to either picture, and to the logit of a mask that says
which of them to believe. What the release adds to the paper: each block looks from both sides and
the mean counts, and no context or refining network follows. The module's parameters are named and
shaped as in the published weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

SCALES = (4.0, 2.0, 1.0)
"""How much smaller than the picture each block works."""


def _conv(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1), nn.PReLU(outside))


def _grow(inside: int, outside: int) -> nn.Sequential:
    half = inside // 2
    return nn.Sequential(
        nn.ConvTranspose2d(inside, half, 4, 2, 1),
        nn.PReLU(half),
        nn.ConvTranspose2d(half, outside, 4, 2, 1),
    )


def _resize(values: Tensor, factor: float) -> Tensor:
    if factor == 1:
        return values
    return functional.interpolate(values, scale_factor=factor, mode="bilinear", align_corners=False)


def warp(picture: Tensor, flow: Tensor) -> Tensor:
    """`picture` (1, C, H, W) as seen where `flow` (1, 2, H, W; x and y in pixels) points."""
    _, _, height, width = flow.shape
    rows = torch.linspace(-1, 1, height, device=flow.device, dtype=flow.dtype)
    columns = torch.linspace(-1, 1, width, device=flow.device, dtype=flow.dtype)
    across = columns + flow[:, 0] * (2 / (width - 1))
    down = rows[:, None] + flow[:, 1] * (2 / (height - 1))
    return functional.grid_sample(
        picture,
        torch.stack((across, down), 3),
        mode="bilinear",
        padding_mode="border",
        align_corners=True,
    )


class Block(nn.Module):
    """One step of the ladder: from what is known to what is added, at `1 / scale` of the size."""

    def __init__(self, known: int, width: int) -> None:
        super().__init__()
        self.conv0 = nn.Sequential(_conv(known, width // 2, 2), _conv(width // 2, width, 2))
        self.convblock0 = nn.Sequential(_conv(width, width), _conv(width, width))
        self.convblock1 = nn.Sequential(_conv(width, width), _conv(width, width))
        self.convblock2 = nn.Sequential(_conv(width, width), _conv(width, width))
        self.convblock3 = nn.Sequential(_conv(width, width), _conv(width, width))
        self.conv1 = _grow(width, 4)
        self.conv2 = _grow(width, 1)

    def forward(
        self, seen: Tensor, mask: Tensor, flow: Tensor, scale: float
    ) -> tuple[Tensor, Tensor]:
        """What to add to flow (1, 4, H, W) and mask (1, 1, H, W); `seen` is (1, 6, H, W)."""
        known = torch.cat(
            (_resize(torch.cat((seen, mask), 1), 1 / scale), _resize(flow, 1 / scale) / scale), 1
        )
        features = self.conv0(known)
        for each in (self.convblock0, self.convblock1, self.convblock2, self.convblock3):
            features = features + each(features)
        return _resize(self.conv1(features), scale) * scale, _resize(self.conv2(features), scale)


class IFNet(nn.Module):
    """The motion between two pictures. `width` is the channels of its blocks."""

    def __init__(self, width: int = 90) -> None:
        super().__init__()
        self.block0 = Block(11, width)
        self.block1 = Block(11, width)
        self.block2 = Block(11, width)

    def forward(self, first: Tensor, second: Tensor, scale: float = 1.0) -> tuple[Tensor, Tensor]:
        """For RGB of 0 to 1, (1, 3, H, W), sides multiples of 16 and of 16 / scale: the flows from
        halfway to the first and to the second picture, (1, 4, H, W), in pixels, and the logit of
        the first one's weight, (1, 1, H, W). With `scale` below 1 the flow is sought in smaller
        pictures: for larger motion, and quicker."""
        one, two = first, second
        flow = first.new_zeros(1, 4, *first.shape[2:])
        mask = flow[:, :1]
        for block, size in zip((self.block0, self.block1, self.block2), SCALES, strict=True):
            there, mine = block(torch.cat((one, two), 1), mask, flow, size / scale)
            back, other = block(torch.cat((two, one), 1), -mask, flow.roll(2, 1), size / scale)
            flow = flow + (there + back.roll(2, 1)) / 2
            mask = mask + (mine - other) / 2
            one, two = warp(first, flow[:, :2]), warp(second, flow[:, 2:])
        return flow, mask
