"""`studio make`: render what is missing or stale, up to a goal."""

from __future__ import annotations

import click

from studio import pipeline
from studio.commands.options import (
    goal_option,
    json_option,
    print_json,
    project_option,
    select_option,
    time_span,
)
from studio.commands.progress import console, shown
from studio.pipeline import Goal, Made
from studio.project import Project


@click.command("make")
@project_option
@select_option
@goal_option
@click.option("--clean", is_flag=True, help="A reel without the strip below the picture.")
@click.option("--yes", is_flag=True, help="Render clips without waiting for approval.")
@click.option(
    "--budget",
    type=time_span,
    metavar="TIME",
    help="Such as 6h or 1h30m: finish whole scenes within it, begin no clip after it.",
)
@json_option
def command(
    project: Project,
    selection: tuple[str, ...],
    goal: Goal,
    clean: bool,
    yes: bool,
    budget: float | None,
    as_json: bool,
) -> int:
    """Render what is missing or stale, up to the film.

    Finished steps are never rendered again: a take whose request has not changed is used as
    it is. With --select only those shots are rendered; the film is cut when every shot has
    its clip. Ctrl-C ends after the running steps, a second Ctrl-C ends them.

    With an animator that needs a GPU it stops after the keyframes and says how long the clips
    would take; `studio approve` or --yes lets them be rendered.

    Exit codes: 0 done, 1 some shots failed, 2 something to correct, 3 clips wait for approval,
    4 an engine is missing, 130 interrupted.
    """
    if clean and goal != "reel":
        raise click.UsageError("--clean is for a reel: studio make --to reel --clean")
    with shown(quiet=as_json) as (listener, cancel):
        made = pipeline.make(
            project, goal, selection, listener, cancel, clean_reel=clean, yes=yes, budget=budget
        )
    report(made, as_json)
    if made.waiting:
        raise made.waiting
    return 1 if made.failed else 0


def report(made: Made, as_json: bool) -> None:
    """What a run did, as JSON or in a line or two."""
    if as_json:
        print_json(
            {
                "schema": "make/1",
                "rendered": [
                    {"step": one.step, "shot": one.shot, "take": one.take} for one in made.rendered
                ],
                "failed": [
                    {"step": one.step, "shot": one.shot, "error": one.error} for one in made.failed
                ],
                "waiting": made.waiting.message if made.waiting else None,
                "film": str(made.film) if made.film else None,
                "seconds": round(made.seconds, 3),
            }
        )
        return
    screen = console()
    takes = sum(one.take is not None for one in made.rendered)
    idle = "nothing rendered" if made.waiting else "nothing to render"
    what = f"{takes} takes rendered" if made.rendered or made.failed else idle
    screen.print(f"{what}, {len(made.failed)} failed, {made.seconds:.1f}s")
    if made.failed:
        screen.print("[cyan]tip:[/] `studio make` tries only what failed again")
    if made.film:
        screen.print(str(made.film), markup=False)
