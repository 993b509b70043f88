"""`studio circle`: choose the take that the film uses."""

from __future__ import annotations

from typing import Literal

import click

from studio.commands.options import project_option
from studio.commands.progress import console
from studio.desk import choose
from studio.project import Project


@click.command("circle")
@click.argument("shot")
@click.argument("kind", type=click.Choice(["keyframe", "clip"]))
@click.argument("number", metavar="N", type=click.IntRange(1), required=False)
@click.option("--clear", is_flag=True, help="Choose none: the newest fresh take is used again.")
@project_option
def command(
    shot: str,
    kind: Literal["keyframe", "clip"],
    number: int | None,
    clear: bool,
    project: Project,
) -> None:
    """Circle take N of SHOT: the film uses it, whatever changes, until it is cleared.

    The choice is written into storyboard.yaml under `takes`; comments and order stay.
    """
    if clear == (number is not None):
        raise click.UsageError("give the number of a take, or --clear")
    choose.circle(project, shot, kind, number)
    what = "no take is circled" if number is None else f"take {number} is circled"
    console().print(f"{shot} {kind}: {what}")
