"""The kinds of takes that commands are about: a shot's, and those of a cast sheet."""

from __future__ import annotations

from typing import Literal, get_args

import click

Kind = Literal["keyframe", "clip", "front", "profile", "full"]

KINDS: tuple[Kind, ...] = get_args(Kind)
KIND = click.Choice(KINDS)
