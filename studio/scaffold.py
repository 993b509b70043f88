"""Starting a project folder, from a template or from a story."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from studio.documents import changed_document, read_text
from studio.errors import StudioError
from studio.project import (
    FILM_MODELINE,
    STORY_NAMES,
    Project,
    read_story,
    story_name,
    write_atomic,
)
from studio.schema.base import Model
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard
from studio.schema.time import Duration
from studio.templates import templates

SHORTEST = 8  # seconds of a film from one command, cards included
CHINESE = range(0x4E00, 0xA000)
CHINESE_SHARE = 0.2  # of a text's letters, from which on it counts as Chinese


def json_schema(document: str) -> dict[str, Any]:
    """The JSON schema of `film` or `storyboard`."""
    models: dict[str, type[Model]] = {"film": Film, "storyboard": Storyboard}
    model = models[document]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
    }


def new_project(folder: Path, template: str, story: Path | None) -> Project:
    """A project in `folder`, which must be new or empty.

    Raises StudioError where it is neither, where there is no such template, or where the
    story does not read.
    """
    source = templates() / "projects" / template
    if not (source / "film.yaml").is_file():
        known = sorted(path.name for path in source.parent.iterdir() if path.is_dir())
        raise StudioError(f"there is no template {template!r}", f"known: {', '.join(known)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudioError(f"{folder} is not empty", "name a new folder; nothing was changed")
    if story is not None:
        read_story(story)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    except OSError as error:
        raise StudioError(
            f"{folder} cannot be made: {error.strerror or error}",
            "look at the permissions and the space of the folder above it",
        ) from error
    project = Project(folder)
    title = folder.resolve().name.replace("-", " ").replace("_", " ").title()
    if story is not None:
        title = _take_story(project, story) or title
        project.storyboard_file.unlink(missing_ok=True)
    _set(project, title=title)
    write_schemas(project)
    return project


def project_for(story: Path, output: Path, length: str) -> Project:
    """The project beside the film `output`: a new one, or the one that is there already.

    Raises StudioError where the one that is there is of another story or length, where the
    output is no mp4, or where the story does not read.
    """
    if output.suffix.lower() != ".mp4":
        raise StudioError(f"{output} is no mp4", f"write -o {output.with_suffix('.mp4').name}")
    try:
        duration = Duration.parse(length)
    except ValueError as error:
        raise StudioError(f"--length: {error}") from None
    if duration.unit != "s" or duration.amount < SHORTEST:
        raise StudioError(
            f"--length {length} is too short or not in seconds",
            f"title and end card take 5.5s of it: give {SHORTEST}s or more",
        )
    wanted = str(duration)
    told = read_story(story)
    folder = output.with_suffix("")
    if (folder / "film.yaml").is_file():
        project = Project(folder)
        film = project.read_film()
        if project.read_story() != told or str(film.length) != wanted:
            raise StudioError(
                f"{folder} holds another story or length",
                f"give the film another name, or work on that one: studio make -p {folder}",
            )
        return project
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudioError(f"{folder} is there and is no project", "give the film another name")
    if output.exists():
        raise StudioError(f"{output} is there already", "give the film another name")
    project = new_project(folder, "short-film", story)
    _set(project, length=wanted)
    return project


def write_schemas(project: Project) -> None:
    """Put both JSON schemas where the modelines of the YAML files point."""
    for document in ("film", "storyboard"):
        path = project.studio_folder / f"{document}.schema.json"
        text = json.dumps(json_schema(document), ensure_ascii=False, indent=1) + "\n"
        if not path.is_file() or path.read_bytes() != text.encode():
            write_atomic(path, text)


def _take_story(project: Project, story: Path) -> str:
    """Copy a story in and set the film's language; gives the title that the story has."""
    told = read_story(story)
    for name in STORY_NAMES:
        (project.root / name).unlink(missing_ok=True)
    write_atomic(project.root / story_name(story), read_text(story))
    letters = [char for char in told.title + told.text if char.isalpha()]
    chinese = sum(ord(char) in CHINESE for char in letters)
    if letters and chinese / len(letters) > CHINESE_SHARE:
        _set(project, language="zh")
    return told.title or story.stem.replace("-", " ").replace("_", " ").title()


def _set(project: Project, **values: str) -> None:
    text = changed_document(project.film_file, lambda film: film.update(values))
    if not text.startswith("# yaml-language-server"):
        text = f"{FILM_MODELINE}\n{text}"
    write_atomic(project.film_file, text)
