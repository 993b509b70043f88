"""`studio takes`: the takes of one shot, or of one cast sheet."""

from __future__ import annotations

import click

from studio.commands.options import json_option, print_json, project_option
from studio.commands.progress import console
from studio.desk.status import takes_of
from studio.project import Project


@click.command("takes")
@click.argument("name", metavar="SHOT|PERSON")
@project_option
@json_option
def command(name: str, project: Project, as_json: bool) -> None:
    """List the takes of SHOT: which is current, what made them, what they show.

    Of PERSON, one of the cast, the pictures of the cast sheet.
    """
    listed = takes_of(project, name)
    if as_json:
        print_json(
            {
                "schema": "takes/1",
                "shot": name,
                "takes": [
                    {
                        "kind": one.take.kind,
                        "take": one.take.number,
                        "status": one.take.status,
                        "current": one.current,
                        "circled": one.circled,
                        "accepted": [
                            {"at": said.at, "reason": said.reason} for said in one.accepted
                        ],
                        "engine": one.take.made_by.engine,
                        "embedded": one.take.made_by.embedded,
                        "variation": one.take.variation,
                        "frames": one.take.frames,
                        "seconds": one.take.recorded.get("seconds"),
                        "made": one.take.recorded.get("made"),
                        "error": one.take.error,
                        "file": str(one.file) if one.file else None,
                    }
                    for one in listed
                ],
            }
        )
        return
    screen = console()
    if not listed:
        screen.print(f"{name} has no takes of its own")
    for one in listed:
        mark = "circled" if one.circled else "current" if one.current else ""
        take = one.take
        made = f"{take.made_by.engine} ({take.made_by.about})"
        screen.print(
            f"{take.stem:<15} {mark:<8} {take.recorded.get('made', ''):<26}"
            f"{take.error or one.file}  {made}",
            markup=False,
        )
        for said in one.accepted:
            why = f": {said.reason}" if said.reason else ""
            screen.print(f"{'':<24} accepted {said.at}{why}", markup=False)
