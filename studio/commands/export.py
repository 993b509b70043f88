"""`studio export`: the storyboard on paper, as one picture, as a list."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from studio.commands.options import project_option, select_option
from studio.commands.progress import console
from studio.desk import export as desk
from studio.project import Project

FORMS = {"pdf": desk.export_pdf, "sheet": desk.export_sheet, "csv": desk.export_csv}


@click.command("export")
@click.argument("form", metavar="pdf|sheet|csv", type=click.Choice(list(FORMS)))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="By default storyboard.pdf, contact-sheet.png or shotlist.csv in the project.",
)
@project_option
@select_option
def command(
    form: Literal["pdf", "sheet", "csv"],
    output: Path | None,
    project: Project,
    selection: tuple[str, ...],
) -> None:
    """Write the storyboard for others.

    \b
    pdf    panels with arrows for camera and figures, six a page, with their words
    sheet  all shots in one picture
    csv    the shot list for a spreadsheet: timecodes, sizes, moves, words, takes

    What has no picture yet is shown as an empty frame. Reads only; it works while a `make`
    runs.
    """
    written = FORMS[form](project, output, selection)
    screen = console()
    for note in written.notes:
        screen.print(f"note: {note}", markup=False, style="yellow")
    screen.print(str(written.path), markup=False)
