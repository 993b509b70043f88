"""`studio clean`: remove takes of removed shots, and old segments."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from studio.commands.options import project_option
from studio.commands.progress import console, shown
from studio.desk import clean as desk
from studio.desk.clean import Leftover
from studio.errors import StudioError
from studio.project import Project


@click.command("clean")
@click.option("--dry-run", is_flag=True, help="List what would go, and remove nothing.")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@project_option
def command(dry_run: bool, yes: bool, project: Project) -> None:
    """Remove what is no longer needed: encoded segments that neither film nor reel uses, what a
    killed run left, and takes of shots, and cast sheets, that are not in the storyboard any more.

    All takes of what is in the storyboard stay. Of what was removed stay the newest good
    picture and clip, what a version shows, what is circled in a version or a draft, and the last
    take of each kind. It lists everything and asks before it removes.
    """
    screen = console()
    found = desk.leftovers(project)
    if not found:
        screen.print("nothing to clean")
        return
    _show(found)
    if dry_run:
        screen.print(f"would free {desk.megabytes(found)}; nothing was removed")
        return
    if not yes and not sys.stdin.isatty():
        raise StudioError(
            "clean asks before it removes, and nobody is here to answer",
            "read what it would remove, then run: studio clean --yes",
        )
    if not yes and not click.confirm("remove all of this?", err=True):
        screen.print("nothing was removed")
        return
    with shown(quiet=True) as (listener, _):
        gone = desk.clean(project, found, listener)
    screen.print(f"removed {desk.described(gone)}" if gone else "nothing was removed")


def _show(found: Sequence[Leftover]) -> None:
    """A line a shot, a line for all segments, a line a temporary file."""
    screen = console()
    segments = [one for one in found if one.kind == "segment"]
    if segments:
        files = f"{len(segments)} file{'' if len(segments) == 1 else 's'}"
        screen.print(f"{'segments':<12} {desk.megabytes(segments):>10}  {files}, not used now")
    for one in found:
        if one.kind == "temporary":
            screen.print(f"{'temporary':<12} {desk.megabytes([one]):>10}  {one.name}", markup=False)
    for shot in dict.fromkeys(one.shot for one in found if one.shot):
        mine = [one for one in found if one.shot == shot]
        numbers: dict[str, list[str]] = {}
        for one in mine:
            kind, number = one.name.split()
            numbers.setdefault(kind, []).append(number)
        names = "; ".join(f"{kind} {', '.join(them)}" for kind, them in numbers.items())
        screen.print(f"{shot:<12} {desk.megabytes(mine):>10}  is removed; takes: {names}")
