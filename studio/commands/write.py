"""`studio write`: the storyboard from the story, or what changed merged into it."""

from __future__ import annotations

import click

from studio.commands.options import project_option
from studio.commands.progress import console, shown
from studio.desk import write as desk
from studio.project import Project

SHORT = 200
"""Characters of a line on the screen."""


@click.command("write")
@project_option
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option(
    "-s",
    "--select",
    "selection",
    metavar="TERM[,TERM]",
    multiple=True,
    help="Shots that may change although their takes are circled or were made on a GPU: an id "
    "with wildcards (sc010_*), a scene (sc010), state:stale, cast:NAME.",
)
def command(project: Project, dry_run: bool, selection: tuple[str, ...]) -> None:
    """Write storyboard.yaml from the story; where there is one, merge into it what changed.

    After the story, the cast or the length changed, the writer writes anew. What it has now,
    what it once wrote (drafts/) and what you made of it are merged by shot and field: your edits
    win, and what the writer has instead stands as a comment in storyboard.yaml, `# conflict: …`.
    Delete the comment when you have decided. Scenes whose part of the story did not change stay
    as they are, and shots with circled or GPU-made takes too, unless they are selected.
    """
    screen = console()
    if not project.storyboard_file.exists():
        if dry_run:
            screen.print("there is no storyboard yet: studio write writes one", markup=False)
            return
        with shown() as (listener, cancel):
            desk.write(project, listener, cancel)
        screen.print(str(project.storyboard_file), markup=False)
        return
    with shown() as (listener, cancel):
        difference = desk.rewrite(project, selection, listener, cancel, dry_run=dry_run)
    for line in lines(difference, dry_run=dry_run):
        screen.print(line if len(line) <= SHORT else f"{line[: SHORT - 1]}…", markup=False)


def lines(difference: desk.Difference, *, dry_run: bool) -> list[str]:
    """A difference as it is read on the screen."""
    found = []
    for heading, said in difference.sections.items():
        found += [f"{heading}:", *(f"  {line}" for line in said)]
    if difference.conflicts:
        found.append("Conflicts, listed in storyboard.yaml (your version stands):")
        found += [f"  {id_}: {text}" for id_, text in difference.conflicts]
    if difference.left_alone:
        found.append("Left alone (change them too with: studio write --select SHOT):")
        found += [f"  {id_}: {why}" for id_, why in difference.left_alone.items()]
    if not difference.summary:
        noted = difference.noted and not dry_run
        found.append("nothing to change" + ("; the new draft is kept" if noted else ""))
    elif dry_run:
        found.append(f"would be: {difference.summary} (nothing was written)")
    else:
        found.append(difference.summary)
    return found
