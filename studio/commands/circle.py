"""`studio circle`: choose the take that the film uses."""

from __future__ import annotations

import click

from studio.commands.kinds import KIND, Kind
from studio.commands.options import project_option
from studio.commands.progress import console
from studio.desk import choose
from studio.project import Project


@click.command("circle")
@click.argument("name", metavar="SHOT|PERSON")
@click.argument("kind", type=KIND)
@click.argument("number", metavar="N", type=click.IntRange(1), required=False)
@click.option("--clear", is_flag=True, help="Choose none: the newest fresh take is used again.")
@project_option
def command(
    name: str,
    kind: Kind,
    number: int | None,
    clear: bool,
    project: Project,
) -> None:
    """Circle take N of SHOT: the film uses it, whatever changes, until it is cleared.

    Of PERSON, one of the cast, it circles a picture of the cast sheet: front, profile or full.
    The choice is written into storyboard.yaml under `takes`; comments and order stay.
    """
    if clear == (number is not None):
        raise click.UsageError("give the number of a take, or --clear")
    choose.circle(project, name, kind, number)
    what = "no take is circled" if number is None else f"take {number} is circled"
    console().print(f"{name} {kind}: {what}")
