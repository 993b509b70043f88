"""`studio log`: what was done to the project, by command."""

from __future__ import annotations

import click

from studio import history
from studio.commands.options import json_option, print_json, project_option
from studio.commands.progress import console
from studio.project import Project


@click.command("log")
@click.option("-n", "--number", type=click.IntRange(1), help="Only the last N entries.")
@project_option
@json_option
def command(number: int | None, project: Project, as_json: bool) -> None:
    """List what was done to the project, by command, the oldest first (log.jsonl).

    Only commands that changed or rendered something are there.
    """
    entries = history.read(project)[-number:] if number else history.read(project)
    if as_json:
        print_json(
            {
                "schema": "log/1",
                "entries": [
                    {"at": one.at, "command": one.command, "did": one.did} for one in entries
                ],
            }
        )
        return
    screen = console()
    if not entries:
        screen.print("nothing was done yet")
    for one in entries:
        screen.print(f"{one.at}  studio {one.command}", markup=False)
        screen.print(f"{'':<27}{one.did}", markup=False, style="dim")
