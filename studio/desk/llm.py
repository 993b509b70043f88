"""The film's language model, kept between commands: started, looked at, stopped."""

from __future__ import annotations

from collections.abc import Callable

from studio.engines.vllm import Vllm, kept
from studio.engines.vllm.kept import Standing
from studio.errors import StudioError
from studio.project import Project
from studio.stages.writing import llm_of


def start(project: Project, note: Callable[[str], None]) -> tuple[Standing, bool]:
    """Have the film's language model run, and keep it; whether it had to be started. `note` hears
    one line of what takes long.

    Raises StudioError where it runs elsewhere or was started with other settings, ProjectBusy while
    another command starts it, Missing where something that it needs is not there.
    """
    engine = _engine(project)
    if url := engine.settings.base_url:
        raise StudioError(
            f"film.yaml has a server for the language model: {url}",
            "start it where it is; or remove base_url to have one started here",
        )
    began = kept.start(engine.settings, project.studio_folder, note)
    standing = kept.standing(project.studio_folder)
    if standing is None:
        raise StudioError(
            "the language model ended as soon as it ran",
            "read its log: .studio/llm.log",
        )
    return standing, began


def stop(project: Project) -> str | None:
    """Stop the language model that is kept, and clear away what a crash left of one; its name,
    None where there was none."""
    return kept.stop(project.studio_folder)


def status(project: Project) -> Standing | None:
    """The language model that is kept, None where there is none."""
    return kept.standing(project.studio_folder)


def elsewhere(project: Project) -> str | None:
    """The address of the server that film.yaml names, None where it names none."""
    return _engine(project).settings.base_url


def _engine(project: Project) -> Vllm:
    spec = llm_of(project.read_film())
    engine = spec.open()
    if not isinstance(engine, Vllm):
        raise StudioError(
            f"the language model {spec.name} is not one that studio starts",
            "film.yaml names it under engines: llm",
        )
    return engine
