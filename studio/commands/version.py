"""`studio version`: keep what is shown to somebody, by name."""

from __future__ import annotations

import click
from rich.table import Table

from studio.commands.options import project_option
from studio.commands.progress import console, shown
from studio.desk import versions as desk
from studio.desk.states import versions
from studio.project import Project


@click.command("version")
@click.argument("name", required=False)
@project_option
def command(name: str | None, project: Project) -> None:
    """Keep the film, or else the reel, as version NAME; without NAME list the versions.

    versions/NAME holds the film or reel, the storyboard as YAML and PDF, film.yaml, the story,
    and changes.md: what changed since the version before, in words to send along. What is kept
    has to be up to date. A version is never written again.
    """
    screen = console()
    if name is None:
        _list(project)
        return
    with shown(quiet=True) as (listener, _):
        version = desk.keep(project, name, listener)
    screen.print(f"{name}: {' and '.join(version.kept)} kept; {version.summary}", markup=False)
    screen.print(str(project.versions_folder / name), markup=False)


def _list(project: Project) -> None:
    screen = console()
    table = Table(box=None, pad_edge=False)
    for heading in ("version", "date", "kept", "shots", "seconds", "changes"):
        table.add_column(heading, no_wrap=heading != "changes")
    for one in versions(project):
        cells = [one.name, one.at[:10], ", ".join(one.kept), str(len(one.shots))]
        table.add_row(*cells, f"{float(one.seconds):.2f}", one.summary.replace("[", "\\["))
    if table.row_count:
        screen.print(table)
    else:
        screen.print("no version was kept yet: studio version v1")
