"""From a network that knows the moment halfway to any moment between two frames.

The half of the interval in which the moment lies has the picture halfway for one end. In it the
network's flows are stretched to the moment, along straight lines: at thirds that is 0.3 dB better
than halving on until the moment is near (to a sixty-fourth, with twice the work), and at quarters
it is halving itself.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from studio.engines.inbetween.filming import View
from studio.engines.inbetween.moments import Moment
from studio.engines.rife.network import IFNet, warp
from studio.ffmpeg import Frame


class Halves:
    """A network, put on the GPU where there is one; `scale` as in `IFNet.forward`."""

    def __init__(self, network: IFNet, scale: float) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network, self._scale = network.to(self.device), scale
        self._multiple = max(16, round(16 / scale))

    def between(self, first: Frame, second: Frame) -> View:
        """What lies between two frames of one size, (H, W, 3), RGB, uint8."""
        height, width = first.shape[:2]
        with torch.inference_mode():
            interval = Interval(
                self._network, self._scale, self._tensor(first), self._tensor(second)
            )

        def view(moment: Moment) -> Frame:
            with torch.inference_mode():
                shown = interval.picture(moment.share)[0, :, :height, :width].permute(1, 2, 0)
                return np.asarray((shown * 255).round().byte().cpu().numpy(), np.uint8)

        return view

    def _tensor(self, frame: Frame) -> Tensor:
        """A frame as RGB of 0 to 1, (1, 3, H, W), continued beyond its right and lower edge to
        sides that the network takes."""
        height, width = frame.shape[:2]
        values = torch.from_numpy(frame.copy()).to(self.device).permute(2, 0, 1)[None].float() / 255
        beyond = (0, -width % self._multiple, 0, -height % self._multiple)
        return functional.pad(values, beyond, mode="replicate")


class Interval:
    """What lies between two pictures, (1, 3, H, W); what the network says is asked for once."""

    def __init__(self, network: IFNet, scale: float, first: Tensor, second: Tensor) -> None:
        self._network, self._scale = network, scale
        self._first, self._second = first, second
        self._halves: dict[int, Interval] = {}

    def picture(self, share: Fraction) -> Tensor:
        """The picture at a part of the way, over 0 and below 1."""
        if share == Fraction(1, 2):
            return self._middle
        half, share = divmod(2 * share, 1)
        if half not in self._halves:
            ends = ((self._first, self._middle), (self._middle, self._second))[half]
            self._halves[half] = Interval(self._network, self._scale, *ends)
        return self._halves[half].stretched(float(share))

    @cached_property
    def _middle(self) -> Tensor:
        return self.stretched(0.5)

    @cached_property
    def _motion(self) -> tuple[Tensor, Tensor]:
        """The flows and the mask's logit halfway."""
        flow, mask = self._network(self._first, self._second, self._scale)
        return flow, mask

    def stretched(self, share: float) -> Tensor:
        """The picture at a part of the way, from the flows that hold halfway."""
        flow, mask = self._motion
        if share != 0.5:
            # what is seen at a pixel now is elsewhere on its line halfway
            nearer = flow[:, :2] * (2 * share - 1) if share < 0.5 else flow[:, 2:] * (1 - 2 * share)
            flow, mask = warp(flow, nearer), warp(mask, nearer)
        kept = mask.sigmoid()
        weight, other = kept * (1 - share), (1 - kept) * share
        one = warp(self._first, flow[:, :2] * (2 * share))
        two = warp(self._second, flow[:, 2:] * (2 - 2 * share))
        return (one * weight + two * other) / (weight + other)
