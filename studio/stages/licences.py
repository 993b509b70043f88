"""Whether the models of a film may be used for what the film is for (`use` in film.yaml)."""

from __future__ import annotations

from studio.engines.base import EngineSpec
from studio.errors import StudioError
from studio.models.contract import Contract, contracts
from studio.schema.film import Film
from studio.stages.production import Crew


def licence_notes(film: Film, crew: Crew) -> list[str]:
    """For a commercial film, where a model wants to be registered first, one line each; nothing
    for a private one. Raises StudioError for a model whose licence forbids commercial use."""
    if film.use != "commercial":
        return []
    notes = []
    for spec in crew.values():
        model = spec.contract()
        if model is None or model.licence.commercial == "allowed":
            continue
        if model.licence.commercial == "not allowed":
            raise _forbidden(spec, model)
        notes.append(
            f"{model.name}: the {model.licence.name} allows commercial use once you registered;"
            f" it says where: https://huggingface.co/{model.repository}/blob/main/LICENSE"
        )
    return notes


def _forbidden(spec: EngineSpec, model: Contract) -> StudioError:
    others = [one.name for one in contracts() if _serves_for(one, model)]
    instead = f"{others[0]} for the {spec.kind}" if others else f"another {spec.kind}"
    return StudioError(
        f"film.yaml says `use: commercial`, and the {model.licence.name} of {model.name} does not"
        " allow that",
        f"choose {instead}, or say `use: private`",
    )


def _serves_for(other: Contract, model: Contract) -> bool:
    """Whether commercial use of `other` is allowed, and it does what `model` does."""
    return (
        other.licence.commercial == "allowed"
        and other.references >= model.references
        and set(model.tasks) <= set(other.tasks)
    )
