"""`studio write`: the storyboard from the story."""

from __future__ import annotations

import click

from studio import pipeline
from studio.commands.options import project_option
from studio.commands.progress import console, shown
from studio.project import Project


@click.command("write")
@project_option
def command(project: Project) -> None:
    """Write storyboard.yaml from the story, where there is none.

    What is there already is a person's, and is never overwritten: move it away to have a new
    one written.
    """
    with shown() as (listener, _):
        pipeline.write(project, listener)
    console().print(str(project.storyboard_file), markup=False)
