"""What a writer may use besides story and brief: the film's language model, the writer by rules,
and how long the prompts of its models may be.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from studio.engines.base import Aid, EngineSpec, Talk, known_engines
from studio.errors import Interrupted, StudioError
from studio.events import Listener, Note, StepProgress
from studio.executors import Cancel
from studio.models.tokens import budgets
from studio.project import Project
from studio.schema.film import EngineChoice, Film

SILENCE = 30
"""Seconds after which a writer that asks a model says how far it is."""
LLM = EngineChoice(engine="vllm")
"""Where film.yaml names none."""


def llm_of(film: Film) -> EngineSpec:
    """The film's language model, by name and settings. Raises StudioError for an unknown name."""
    choice, known = film.engines.llm or LLM, known_engines("llm")
    if choice.engine not in known:
        raise StudioError(
            f"film.yaml: there is no llm called {choice.engine!r}", f"known: {', '.join(known)}"
        )
    return EngineSpec("llm", choice.engine, known[choice.engine], choice.settings)


def talk_of(
    project: Project, film: Film, note: Callable[[str], None]
) -> Callable[[], AbstractContextManager[Talk]]:
    """What opens the film's language model; nothing is started before it is asked something."""
    spec = llm_of(film)

    def opened() -> AbstractContextManager[Talk]:
        talk: AbstractContextManager[Talk] = spec.open().talk(project.studio_folder, note)
        return talk

    return opened


def aid_of(
    project: Project, film: Film, writer: EngineSpec, on_event: Listener, cancel: Cancel
) -> Aid:
    """Everything that a writer may use; one by rules needs none of it."""

    def note(text: str) -> None:
        on_event(Note(text))

    spoke = time.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal spoke
        if cancel.is_set():
            raise Interrupted("stopped; the answers so far are kept", "go on with the same command")
        on_event(StepProgress("storyboard", None, done, max(total, 1)))
        if time.monotonic() - spoke > SILENCE:
            spoke = time.monotonic()
            note(f"{done} of {total} questions are answered so far")

    if writer.engine_class().embedded:
        return Aid(report=report, note=note)
    keyframe, motion, said = budgets(_model(film, "painter"), _model(film, "animator"))
    for text in said:
        note(text)
    return Aid(
        talk=talk_of(project, film, note),
        rules=EngineSpec("writer", "breakdown", known_engines("writer")["breakdown"]).open(),
        keyframe=keyframe,
        motion=motion,
        report=report,
        note=note,
    )


def _model(film: Film, kind: str) -> str | None:
    """The model that the film's painter or animator is set to."""
    model = getattr(film.engines, kind).settings.get("model")
    return model if isinstance(model, str) else None
