"""`studio scene`: scenes added, moved, renamed and removed."""

from __future__ import annotations

import click

from studio.commands.options import project_option
from studio.commands.shot import say, spot
from studio.desk import scenes as desk
from studio.project import Project


@click.group("scene")
def command() -> None:
    """Add, move, rename or remove a scene.

    Its shots keep their ids, and with them their takes. Comments in storyboard.yaml stay with
    what they stand above.
    """


@command.command("add")
@click.option("--after", metavar="SC", help="Put it after this scene.")
@click.option("--before", metavar="SC", help="Put it before this scene.")
@click.option("--heading", metavar="TEXT", required=True, help='"INT. KITCHEN - NIGHT"')
@click.option("--place", metavar="ID", help="A place that is there already.")
@project_option
def add(
    after: str | None, before: str | None, heading: str, place: str | None, project: Project
) -> None:
    """Add a scene without shots, and print its id.

    Its place is the one that the heading names; where there is none of that name, it is added to
    `places`. The last part of the heading is its time.
    """
    say(desk.add(project, spot(after, before), heading, place))


@command.command("move")
@click.argument("scene", metavar="SC")
@click.option("--after", metavar="SC", help="Put it after this scene.")
@click.option("--before", metavar="SC", help="Put it before this scene.")
@project_option
def move(scene: str, after: str | None, before: str | None, project: Project) -> None:
    """Move a scene with its shots."""
    say(desk.move(project, scene, spot(after, before)))


@command.command("rename")
@click.argument("scene", metavar="SC")
@click.argument("new", metavar="NEW")
@project_option
def rename(scene: str, new: str, project: Project) -> None:
    """Give a scene another id; its shots keep theirs."""
    say(desk.rename(project, scene, new))


@command.command("remove")
@click.argument("scene", metavar="SC")
@project_option
def remove(scene: str, project: Project) -> None:
    """Take a scene and its shots out of the storyboard. Their takes stay in takes/."""
    say(desk.remove(project, scene))
