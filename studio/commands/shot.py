"""`studio shot`: shots added, split, moved, renamed and removed."""

from __future__ import annotations

import click

from studio.commands.options import project_option
from studio.commands.progress import console
from studio.desk import shots as desk
from studio.project import Project


@click.group("shot")
def command() -> None:
    """Add, split, move, rename or remove a shot.

    Ids are permanent: takes stay with their shot wherever it moves, and a new shot gets an id
    between those of its neighbours. Comments in storyboard.yaml stay with what they stand above.
    """


@command.command("add")
@click.option("--after", metavar="ID", help="Put it after this shot.")
@click.option("--before", metavar="ID", help="Put it before this shot.")
@click.option("--scene", metavar="SC", help="Put it at the end of this scene.")
@click.option("--duration", metavar="TIME", help="3s unless you say another.")
@click.option("--action", metavar="TEXT", default="", help="What is seen to happen.")
@click.option("--size", metavar="SIZE", help="MS unless you say another.")
@click.option("--copy", metavar="ID", help="Begin with what this shot shows, without its words.")
@project_option
def add(
    after: str | None,
    before: str | None,
    scene: str | None,
    duration: str | None,
    action: str,
    size: str | None,
    copy: str | None,
    project: Project,
) -> None:
    """Add a shot, and print its id.

    With --copy it has the other's size, cast, action, prompts and duration; narration, dialogue,
    transition and circled takes stay with the other.
    """
    done = desk.add(
        project,
        spot(after, before, scene),
        duration=duration,
        action=action,
        size=size,
        copy=copy,
    )
    say(done)


@command.command("split")
@click.argument("shot", metavar="ID")
@click.option(
    "--at",
    metavar="TIME",
    required=True,
    help="Where, from the shot's beginning: 1.5s, 36f, 2 beats.",
)
@click.option("--new-picture", is_flag=True, help="The second part gets a picture of its own.")
@project_option
def split(shot: str, at: str, new_picture: bool, project: Project) -> None:
    """Split a shot in two, and print the id of the second part.

    The first part keeps id, words, transition and takes; the second shows the rest of the same
    clip, so the film plays as before and nothing is rendered. Shorten, move or change it then.
    """
    say(desk.split(project, shot, at, new_picture=new_picture))


@command.command("move")
@click.argument("shot", metavar="ID")
@click.option("--after", metavar="ID", help="Put it after this shot.")
@click.option("--before", metavar="ID", help="Put it before this shot.")
@click.option("--scene", metavar="SC", help="Put it at the end of this scene.")
@project_option
def move(
    shot: str, after: str | None, before: str | None, scene: str | None, project: Project
) -> None:
    """Move a shot, also into another scene. It keeps its id and its takes."""
    say(desk.move(project, shot, spot(after, before, scene)))


@command.command("rename")
@click.argument("shot", metavar="ID")
@click.argument("new", metavar="NEW")
@project_option
def rename(shot: str, new: str, project: Project) -> None:
    """Give a shot another id. Its takes and its pictures in boards/ move with it.

    Its first id stays in storyboard.yaml as `was`, and nothing is rendered. NEW is an id that no
    shot ever had, or the shot's own first one.
    """
    say(desk.rename(project, shot, new))


@command.command("remove")
@click.argument("shots", metavar="ID...", nargs=-1, required=True)
@project_option
def remove(shots: tuple[str, ...], project: Project) -> None:
    """Take shots out of the storyboard. Their takes stay, and count again with the id."""
    say(desk.remove(project, shots))


def spot(after: str | None, before: str | None, scene: str | None = None) -> desk.Spot:
    """The one place that the options name. Raises UsageError for none or several."""
    named: list[desk.Spot] = []
    if after is not None:
        named.append(desk.Spot("after", after))
    if before is not None:
        named.append(desk.Spot("before", before))
    if scene is not None:
        named.append(desk.Spot("at the end of", scene))
    if len(named) != 1:
        raise click.UsageError("say where, with one of the options --after, --before …")
    return named[0]


def say(done: desk.Done) -> None:
    """What was done, for people; a new id also on stdout, for programs."""
    console().print(done.text, markup=False)
    if done.id:
        click.echo(done.id)
