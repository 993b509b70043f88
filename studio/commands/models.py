"""`studio models`: the models of pictures and clips, and their weights on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from studio.commands.columns import columns
from studio.commands.options import json_option, print_json, project_option
from studio.commands.progress import console
from studio.desk import models as desk
from studio.errors import StudioError
from studio.project import Project

HEADINGS = ("model", "needed by", "weights", "GB", "licence", "commercial use", "this card")
COLOURS = {"here": "green", "amiss": "red", "too": "red"}


def _perhaps(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Project | None:
    """The project that is named, or that lies here; None where none does."""
    if value is not None:
        return Project.find(value, upward=False)
    try:
        return Project.find(Path.cwd())
    except StudioError:
        return None


@click.group("models")
def command() -> None:
    """List the models, and get and check their weights.

    Models of pictures and clips are looked for in Hugging Face's cache, or in a folder that
    film.yaml names. Nothing is downloaded unless you say `studio models pull`.
    """


@command.command("list")
@click.option(
    "-p",
    "--project",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_perhaps,
    help="The project whose needs are marked; by default the nearest one upward, if there is one.",
)
@json_option
def list_(project: Project | None, as_json: bool) -> None:
    """List every model: who needs it, whether it is here, its licence, whether it fits."""
    found, card = desk.standings(project)
    if as_json:
        shown = None
        if card:
            shown = {"name": card.name, "total": card.total, "free": card.free}
        print_json(
            {"schema": "models/1", "card": shown, "models": [_as_json(one) for one in found]}
        )
        return
    rows = []
    for one in found:
        licence = one.contract.licence
        gate = ", gated" if licence.gated else ""
        rows.append(
            [
                one.contract.name,
                ", ".join(one.needed),
                one.state,
                f"{one.gigabytes:.1f}",
                licence.name + gate,
                licence.commercial,
                (one.fits or "too small") if card else "none here",
            ]
        )
    screen = console()
    screen.print(columns(HEADINGS, rows, COLOURS, screen.width), end="")
    if card:
        free, total = card.free / 1e9, card.total / 1e9
        screen.print(f"this card: {card.name}, {free:.0f} of {total:.0f} GB free", markup=False)
    for one in found:
        if one.needed and one.amiss:
            _print_amiss(one)


@command.command("show")
@click.argument("model")
def show(model: str) -> None:
    """Show what a MODEL takes and gives, and where each figure comes from.

    MODEL is its name, its repository on Hugging Face, or a folder.
    """
    one, parts = desk.show(model)
    screen = console()
    screen.print(one.name, style="bold", markup=False)
    screen.print(f"https://huggingface.co/{one.repository}", markup=False)
    screen.print(f"does {', '.join(one.tasks)}, run by {', '.join(one.pipelines.values())}")
    for part, said, source in parts:
        screen.print(f"{part:9} {said}", markup=False)
        screen.print(f"          {source}", style="dim", markup=False)


@command.command("check")
@project_option
@json_option
def check(project: Project, as_json: bool) -> int:
    """Check the weights of every model that the project needs.

    Exits with 4 where something is missing, half-downloaded, broken, pickled, or of a model that
    does something else.
    """
    found = desk.check(project)
    lacking = [one for one in found if one.amiss]
    if as_json:
        print_json({"schema": "weights/1", "models": [_as_json(one) for one in found]})
        return 4 if lacking else 0
    screen = console()
    if not found:
        screen.print("this project needs no model: its engines are all embedded")
    for one in found:
        if one.amiss:
            _print_amiss(one)
        else:
            who = ", ".join(one.needed)
            screen.print(f"{who}: {one.contract.name} is whole, in {one.folder}", markup=False)
    return 4 if lacking else 0


@command.command("pull")
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@click.option("--dry-run", is_flag=True, help="Only say what would be downloaded, and how much.")
def pull(models: tuple[str, ...], dry_run: bool) -> None:
    """Download the weights of MODELs from Hugging Face.

    A MODEL is its name (studio models list) or a repository on Hugging Face. What is here is not
    downloaded again, and a download that stopped goes on. Then every file is held against its
    checksum. A gated model needs your consent on its page, and `hf auth login`.
    """
    screen = console()

    def note(text: str) -> None:
        screen.print(text, markup=False)

    for model in models:
        found = desk.look(model)
        if dry_run:
            for one in found.files:
                note(f"{_size(one.size):>9}  {one.path}{'  here' if one.here else ''}")
        note(f"{found.name}: {_size(found.lacking)} of {_size(found.size)} to download")
        if not dry_run:
            note(f"{found.name} is whole, in {desk.pull(found, note)}")


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 10**8 else f"{count / 1e6:.1f} MB"


def _print_amiss(one: desk.Standing) -> None:
    if one.amiss:
        screen = console()
        who = ", ".join(one.needed)
        screen.print(f"{who}: {one.amiss.message}", style="red", markup=False)
        if one.amiss.tip:
            screen.print(f"  {one.amiss.tip}", markup=False)


def _as_json(one: desk.Standing) -> dict[str, Any]:
    licence = one.contract.licence
    return {
        "name": one.contract.name,
        "model": one.model,
        "repository": one.contract.repository,
        "task": one.task,
        "needed_by": list(one.needed),
        "state": one.state,
        "folder": str(one.folder) if one.folder else None,
        "error": one.amiss.message if one.amiss else "",
        "tip": one.amiss.tip if one.amiss else "",
        "gigabytes": round(one.gigabytes, 3),
        "licence": licence.name,
        "commercial": licence.commercial,
        "gated": licence.gated,
        "fits": one.fits,
    }
