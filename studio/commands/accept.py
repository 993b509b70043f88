"""`studio accept`: declare stale takes good as they are."""

from __future__ import annotations

import click

from studio.commands.kinds import KIND, KINDS, Kind
from studio.commands.options import project_option
from studio.commands.progress import console
from studio.desk import choose
from studio.project import Project


@click.command("accept")
@click.argument("selection", metavar="SELECT...", nargs=-1, required=True)
@click.option(
    "--only",
    type=KIND,
    help="Accept takes of one kind alone; without it, all.",
)
@click.option("-m", "--reason", default="", help="Why they are good; kept beside the take.")
@project_option
def command(
    selection: tuple[str, ...],
    only: Kind | None,
    reason: str,
    project: Project,
) -> None:
    """Declare the newest takes of stale shots good, so that nothing renders them again.

    SELECT is what --select takes elsewhere: ids with wildcards, a scene, state:stale, cast:NAME.
    With --only front, profile or full, pictures of cast sheets, it is people: mara, or *.
    It holds for the storyboard as it is now: the next edit that reaches such a shot makes it
    stale again. `studio circle SHOT KIND --clear` takes it back.
    """
    kinds = (only,) if only else KINDS
    screen = console()
    for one in choose.accept(project, selection, kinds, reason):
        screen.print(f"{one.shot} {one.step}: take {one.take} is accepted")
