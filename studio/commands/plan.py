"""`studio plan`: what `make` would do, and why."""

from __future__ import annotations

from collections import Counter

import click

from studio import pipeline
from studio.commands.options import (
    goal_option,
    json_option,
    print_json,
    project_option,
    select_option,
)
from studio.commands.progress import console
from studio.pipeline import Goal
from studio.project import Project


@click.command("plan")
@project_option
@select_option
@goal_option
@click.option("--prompts", is_flag=True, help="Show the filled-in prompts of the steps, too.")
@json_option
def command(
    project: Project, selection: tuple[str, ...], goal: Goal, prompts: bool, as_json: bool
) -> int:
    """Show every step that `studio make` would run, and why. Renders nothing.

    With models it also says how each would be run on this machine's card and for how long, and
    what a model would refuse (exit code 2).

    A clip whose keyframe is painted anew is listed; where the new picture comes out equal to
    the old one and nothing else changed that the clip is made from, `make` keeps the clip.
    """
    plan = pipeline.plan(project, goal, selection)
    if as_json:
        print_json(
            {
                "schema": "plan/1",
                "steps": [
                    {"step": one.step, "shot": one.shot, "reason": one.reason} for one in plan.steps
                ],
                "notes": [
                    *plan.notes,
                    *(f"{what} is circled; {text}" for what, text in plan.drift.items()),
                ],
                "refused": plan.refused,
                "forecasts": plan.forecasts,
            }
        )
        return 2 if plan.refused else 0
    screen = console()
    texts = pipeline.prompts(project) if prompts else {}
    for one in plan.steps:
        screen.print(f"{one.step:<10} {one.shot or '':<12} {one.reason}", markup=False)
        if text := texts.get((one.step, one.shot or "")):
            screen.print(f"{'':<11}{text}", markup=False, style="dim")
    for what, text in plan.drift.items():
        screen.print(f"circled    {what}: {text}", markup=False)
    for note in plan.notes:
        screen.print(f"note: {note}", markup=False)
    for line in plan.forecasts:
        screen.print(line, markup=False)
    for line in plan.refused:
        screen.print("[red]refused:[/] ", end="")
        screen.print(line, markup=False)
    counts = Counter(one.step for one in plan.steps)
    summary = ", ".join(f"{count} {step}" for step, count in counts.items())
    screen.print(f"to do: {summary}" if plan.steps else "nothing to do", markup=False)
    return 2 if plan.refused else 0
