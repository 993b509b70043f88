"""`studio diff`: what changed between two versions, in words."""

from __future__ import annotations

import click

from studio.commands.options import json_option, print_json, project_option
from studio.commands.progress import console
from studio.desk.versions import compare
from studio.project import Project


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@project_option
@json_option
def command(first: str, second: str | None, project: Project, as_json: bool) -> None:
    """Say in words what changed from version A to version B, or to the project as it is now.

    Shots that were added, removed, moved, retimed and rendered anew, the lines that changed,
    and whatever else is different. `studio version` lists the versions. Reads only.
    """
    difference = compare(project, first, second)
    if as_json:
        lengths = (difference.before.seconds, difference.after.seconds)
        print_json(
            {
                "schema": "diff/1",
                "from": first,
                "to": second,
                "seconds": [None if one is None else round(float(one), 3) for one in lengths],
                "changes": [
                    {"about": one.about, "id": one.id or None, "kind": one.kind, "words": one.words}
                    for one in difference.found
                ],
            }
        )
        return
    screen = console()
    for heading, lines in difference.told.items():
        screen.print(heading, style="bold")
        for line in lines:
            screen.print(f"  {line}", markup=False)
    if not difference.found:
        screen.print(f"nothing changed since {first}" if second is None else "nothing changed")
    if difference.waiting:
        count = difference.waiting
        shots = f"{count} shot{' is' if count == 1 else 's are'}"
        screen.print(f"note: {shots} not rendered yet as written: studio make", markup=False)
