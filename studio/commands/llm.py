"""`studio llm`: the language model's server, kept between commands."""

from __future__ import annotations

import click

from studio.commands.options import json_option, print_json, project_option
from studio.commands.progress import console
from studio.desk import llm as desk
from studio.project import Project


@click.group("llm")
def command() -> None:
    """Keep the language model running between commands.

    A command that needs the language model starts it, which takes a minute or more, and stops it
    at its end. While you work on a storyboard, keep it instead.
    """


@command.command("start")
@project_option
def start(project: Project) -> None:
    """Start the film's language model, and keep it.

    It runs until `studio llm stop`, answers on this machine alone, to a key that only you can
    read, and writes .studio/llm.log. One that sleeps is woken.
    """
    screen = console()
    standing, began = desk.start(project, lambda text: screen.print(text, markup=False))
    screen.print(
        f"{standing.model} runs{'' if began else ' already'} at {standing.url}", markup=False
    )
    screen.print("stop it with: studio llm stop")


@command.command("stop")
@project_option
def stop(project: Project) -> None:
    """Stop it, and clear away what a crash left of it."""
    name = desk.stop(project)
    console().print(f"{name} is stopped" if name else "no language model is kept", markup=False)


@command.command("status")
@project_option
@json_option
def status(project: Project, as_json: bool) -> None:
    """Say whether a language model is kept.

    It is running, asleep, starting, none, or elsewhere where film.yaml names a base_url.
    """
    standing = desk.status(project)
    url = None if standing else desk.elsewhere(project)
    if as_json:
        print_json(
            {
                "schema": "llm/1",
                "state": standing.state if standing else "elsewhere" if url else "none",
                "model": standing.model if standing else None,
                "url": standing.url if standing else url,
                "pid": standing.pid if standing else None,
                "since": standing.since if standing else None,
                "memory": standing.memory if standing else None,
                "log": str(standing.log) if standing else None,
            }
        )
        return
    screen = console()
    if standing:
        screen.print(
            f"{standing.state}  {standing.model} at {standing.url}\n"
            f"process {standing.pid} since {standing.since}, {standing.memory / 1e9:.1f} GB of"
            f" memory\nlog {standing.log}\nstop it with: studio llm stop",
            markup=False,
        )
    elif url:
        screen.print(f"film.yaml has a server for the language model: {url}", markup=False)
    else:
        screen.print("no language model is kept: a command that needs it starts it for itself")
        screen.print("keep one with: studio llm start")
