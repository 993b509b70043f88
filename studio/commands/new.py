"""`studio new`: a project folder to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from studio import scaffold
from studio.commands.progress import console


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    metavar="NAME",
    default="short-film",
    show_default=True,
    help="short-film, music-clip or fable.",
)
@click.option(
    "--story",
    type=click.Path(path_type=Path),
    help="Begin with this story (text, Markdown, .fountain or .fdx) instead of the template's.",
)
def command(folder: Path, template: str, story: Path | None) -> None:
    """Start a project in DIR, which is new or empty."""
    project = scaffold.new_project(folder, template, story)
    screen = console()
    screen.print(
        f"{folder} is a project: film.yaml says what film, {project.story_file().name} "
        "holds the story",
        markup=False,
    )
    screen.print(f"next: cd {shlex.quote(str(folder))} && studio make", markup=False)
