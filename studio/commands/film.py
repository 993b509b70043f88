"""`studio film`: from a story file to an mp4 in one go."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from studio import pipeline, scaffold
from studio.commands.make import report
from studio.commands.options import json_option
from studio.commands.progress import console, shown
from studio.errors import RenderFailed


@click.command("film")
@click.argument("story", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The mp4 to write."
)
@click.option(
    "--length", metavar="TIME", default="60s", show_default=True, help="Such as 90s or 2m."
)
@json_option
def command(story: Path, output: Path, length: str, as_json: bool) -> int:
    """Turn STORY, a text, a Markdown file or a screenplay (.fountain, .fdx), into a film.

    The project folder stays beside the film, under its name, and can be worked on from
    there; the same command again goes on where it stopped.
    """
    project = scaffold.project_for(story, output, length)
    with shown(quiet=as_json) as (listener, cancel):
        made = pipeline.make(project, "film", (), listener, cancel)
    if made.film is None:
        report(made, as_json)
        if made.waiting:
            raise made.waiting
        raise RenderFailed(
            f"{len(made.failed)} steps failed, so there is no film yet",
            f"look at them with: studio status -p {project.root}",
        )
    part = output.with_name(f".{output.name}.part")
    shutil.copyfile(made.film, part)
    part.replace(output)
    made.film = output.resolve()
    report(made, as_json)
    if not as_json:
        console().print(f"project: {project.root}", markup=False)
    return 0
