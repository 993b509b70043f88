"""`studio doctor`: whether this machine and the project are fit to work."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from studio import checkup, gpucheck
from studio.checkup import Finding
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
@click.option(
    "--gpu",
    is_flag=True,
    help="Look at the graphics card, too: packages, driver, free memory, what each model would be "
    "run with, and a small picture under every policy. Takes about a minute.",
)
@json_option
def command(folder: Path | None, gpu: bool, as_json: bool) -> int:
    """Check Python, ffmpeg, fonts, engines and the disk, and the project where there is one.

    With --gpu the last thing, on stdout, is a report in Markdown to paste into an issue.

    Exit code 4 where something that films need is missing.
    """
    project = None
    if folder is not None:
        project = Project.find(folder, upward=False)
    elif any((each / "film.yaml").is_file() for each in (Path.cwd(), *Path.cwd().parents)):
        project = Project.find(Path.cwd())
    screen = console()
    found, of_the_card = [], []
    for one in (*checkup.machine(), *(checkup.project(project) if project else ())):
        found.append(one)
        if not as_json:
            _draw(screen, one)
    for one in gpucheck.looked(project) if gpu else ():
        of_the_card.append(one)
        if not as_json:
            _draw(screen, one)
    if as_json:
        print_json(
            {
                "schema": "doctor/1",
                "checks": [
                    {"check": one.check, "ok": one.ok, "says": one.says, "tip": one.tip}
                    for one in (*found, *of_the_card)
                ],
            }
        )
    elif gpu:
        click.echo(gpucheck.report(of_the_card))
    return 0 if all(one.ok for one in (*found, *of_the_card)) else 4


def _draw(screen: Console, one: Finding) -> None:
    screen.print(f"[{'green]ok' if one.ok else 'red]no'}[/]  ", end="")
    screen.print(f"{one.check:<10} {one.says}", markup=False)
    if one.tip:
        screen.print(f"{'':<15}{one.tip}", markup=False, style="cyan")
