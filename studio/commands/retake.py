"""`studio retake`: further takes of selected shots."""

from __future__ import annotations

import click

from studio import pipeline
from studio.commands.kinds import KIND, Kind
from studio.commands.make import report
from studio.commands.options import json_option, project_option, select_option
from studio.commands.progress import shown
from studio.errors import SelectionError
from studio.project import Project


@click.command("retake")
@click.argument("kind", type=KIND)
@project_option
@select_option
@click.option(
    "-n",
    "--number",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    help="Takes a shot.",
)
@json_option
def command(
    kind: Kind,
    project: Project,
    selection: tuple[str, ...],
    number: int,
    as_json: bool,
) -> int:
    """Render further takes of the selected shots, each with another seed. Of front, profile
    and full, the pictures of cast sheets, --select names people: mara, or cast:mara.

    The newest take becomes current; `studio circle` goes back to an earlier one. Nothing
    that was rendered before is lost.
    """
    if not selection:
        raise SelectionError(
            "retake needs to know which shots", "name them: studio retake --select sc010_sh020 clip"
        )
    with shown(quiet=as_json) as (listener, cancel):
        made = pipeline.retake(project, kind, selection, number, listener, cancel)
    report(made, as_json)
    return 1 if made.failed else 0
