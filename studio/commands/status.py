"""`studio status`: where every shot stands."""

from __future__ import annotations

import click

from studio.commands.columns import columns
from studio.commands.options import json_option, print_json, project_option, select_option
from studio.commands.progress import console
from studio.desk import status as desk
from studio.project import Project

COLOURS = {"fresh": "green", "stale": "yellow", "missing": "dim", "failed": "red"}


@click.command("status")
@project_option
@select_option
@click.option("--check", is_flag=True, help="Exit with 3 where anything is not fresh.")
@json_option
def command(project: Project, selection: tuple[str, ...], check: bool, as_json: bool) -> int:
    """Show where every shot stands: fresh, stale, missing or failed, the cast sheets, and the
    film.

    Reads only; it works while a `make` runs.
    """
    status = desk.status(project, selection)
    if as_json:
        print_json(
            {
                "schema": "status/1",
                "shots": [
                    {
                        "id": shot.id,
                        "shows": shot.shows,
                        "keyframe": shot.keyframe.state,
                        "clip": shot.clip.state,
                        "takes": {
                            kind: standing.current.number
                            for kind, standing in (("keyframe", shot.keyframe), ("clip", shot.clip))
                            if standing.current
                        },
                    }
                    for shot in status.shots
                ],
                "cast": [
                    {
                        "id": sheet.who,
                        **{kind: one.state for kind, one in sheet.pictures.items()},
                        "takes": {
                            kind: one.current.number
                            for kind, one in sheet.pictures.items()
                            if one.current
                        },
                    }
                    for sheet in status.sheets
                ],
                "film": status.film,
                "engines": status.engines,
                "by_rules": status.by_rules,
                "conflicts": [
                    {"line": one.line, "id": one.shot, "text": one.text} for one in status.conflicts
                ],
            }
        )
    elif not status.shots:
        console().print("there is no storyboard yet: studio make writes one")
    else:
        screen = console()
        if status.sheets:
            rows = [
                [one.who, *map(desk.said_of, one.pictures.values()), _short(one.looks)]
                for one in status.sheets
            ]
            headings = ("cast", *status.sheets[0].pictures, "looks")
            screen.print(columns(headings, rows, COLOURS, screen.width))
        rows = []
        for shot in status.shots:
            of = f" of {shot.shows}" if shot.shows != shot.id else ""
            cells = [desk.said_of(standing) + of for standing in (shot.keyframe, shot.clip)]
            rows.append([shot.id, f"{float(shot.seconds):.2f}", *cells, _short(shot.action)])
        headings = ("shot", "seconds", "keyframe", "clip", "action")
        screen.print(columns(headings, rows, COLOURS, screen.width), end="")
        standings = [(one.who, each) for one in status.sheets for each in one.pictures.values()]
        standings += [(one.id, each) for one in status.shots for each in (one.keyframe, one.clip)]
        for id_, standing in standings:
            if standing.error:
                screen.print(f"{id_}: {standing.error}", markup=False, style="red")
        for one in status.conflicts:
            where = f"storyboard.yaml:{one.line} {one.shot}"
            screen.print(f"conflict: {where}: {one.text}", markup=False, style="yellow")
        if status.by_rules:
            said = ", ".join(status.by_rules)
            screen.print(f"by rules: {said}: the model gave no answer that holds", style="yellow")
        for line in status.engines:
            screen.print(line, markup=False)
        screen.print(f"film: {status.film}, {float(status.seconds):.1f}s planned", markup=False)
    return 3 if check and not status.all_fresh else 0


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) < 60 else f"{text[:57]}…"
