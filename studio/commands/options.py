"""Options that several commands share, and the project that they name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from studio.project import Project

F = TypeVar("F", bound=Callable[..., Any])


def project_option(function: F) -> F:
    """-p/--project: passes `project`, the folder as a Project."""
    return click.option(
        "-p",
        "--project",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        callback=lambda _ctx, _param, value: (
            Project.find(Path.cwd()) if value is None else Project.find(value, upward=False)
        ),
        help="The project's folder; by default the nearest one upward that holds film.yaml.",
    )(function)


def select_option(function: F) -> F:
    """--select: passes `selection`, a tuple of expressions."""
    return click.option(
        "-s",
        "--select",
        "selection",
        metavar="TERM[,TERM]",
        multiple=True,
        help="Only these shots: an id with wildcards (sc010_*), a scene (sc010), state:stale, "
        "state:failed, cast:NAME. `a,b` means both; several --select mean any.",
    )(function)


def goal_option(function: F) -> F:
    """--to: passes `goal`, how far to go."""
    return click.option(
        "--to",
        "goal",
        type=click.Choice(["storyboard", "cast", "keyframes", "reel", "clips", "film"]),
        default="film",
        show_default=True,
        help="How far to go. A reel is cut from the best there is and renders no clip.",
    )(function)


def time_span(text: str) -> float:
    """A length of time such as 6h, 90m or 1h30m in seconds, for an option's type. Raises
    BadParameter for what is no time, or no time at all."""
    parts = re.fullmatch(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?", text.strip().lower())
    hours, minutes = (float(part or 0) for part in parts.groups()) if parts else (0.0, 0.0)
    if not hours and not minutes:
        raise click.BadParameter(f"{text!r} is no time: write 6h, 90m or 1h30m")
    return hours * 3600 + minutes * 60


def json_option(function: F) -> F:
    """--json: passes `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON on stdout (docs/json.md)."
    )(function)


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
