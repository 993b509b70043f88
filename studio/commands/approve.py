"""`studio approve`: let clips be rendered from keyframes that were looked at."""

from __future__ import annotations

import click

from studio.commands.options import project_option
from studio.commands.progress import console
from studio.desk.approve import approve, refusal
from studio.project import Project


@click.command("approve")
@click.argument("selection", metavar="SELECT...", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="Take the approval back.")
@project_option
def command(selection: tuple[str, ...], undo: bool, project: Project) -> None:
    """Approve the keyframes of shots, so that `studio make` renders their clips.

    With an animator that needs a GPU `studio make` stops after the keyframes and says how long
    the clips would take. SELECT is `all`, or what --select takes elsewhere: ids with wildcards, a
    scene, cast:NAME. An approval holds for the picture that was seen: one that is painted anew
    waits again.
    """
    screen = console()
    done = approve(project, selection, undo=undo)
    if done.refused:
        screen.print(f"[yellow]warning:[/] {refusal(done.refused)}")
    count = len(done.changed)
    keyframes = f"{count} keyframe{'' if count == 1 else 's'}"
    before = f", {len(done.already)} {'not approved' if undo else 'approved'} before"
    said = f"the approval of {keyframes} is taken back" if undo else f"{keyframes} approved"
    screen.print(f"{said}{before if done.already else ''}")
    if not undo:
        screen.print("[cyan]tip:[/] `studio make` renders their clips")
