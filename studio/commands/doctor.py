"""`studio doctor`: whether this machine and the project are fit to work."""

from __future__ import annotations

from pathlib import Path

import click

from studio import checkup
from studio.commands.options import json_option, print_json
from studio.commands.progress import console
from studio.project import Project


@click.command("doctor")
@click.option(
    "-p",
    "--project",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Check this project, too; by default the nearest one upward, where there is one.",
)
@json_option
def command(folder: Path | None, as_json: bool) -> int:
    """Check Python, ffmpeg, fonts, engines and the disk, and the project where there is one.

    Exit code 4 where something that films need is missing.
    """
    findings = checkup.machine()
    if folder is not None:
        findings += checkup.project(Project.find(folder, upward=False))
    elif any((each / "film.yaml").is_file() for each in (Path.cwd(), *Path.cwd().parents)):
        findings += checkup.project(Project.find(Path.cwd()))
    if as_json:
        print_json(
            {
                "schema": "doctor/1",
                "checks": [
                    {"check": one.check, "ok": one.ok, "says": one.says, "tip": one.tip}
                    for one in findings
                ],
            }
        )
    else:
        screen = console()
        for one in findings:
            screen.print(f"[{'green]ok' if one.ok else 'red]no'}[/]  ", end="")
            screen.print(f"{one.check:<10} {one.says}", markup=False)
            if one.tip:
                screen.print(f"{'':<15}{one.tip}", markup=False, style="cyan")
    return 0 if all(one.ok for one in findings) else 4
