"""The models that Storyreel knows and those that a project needs: whether their weights are on this
machine, whether its card can run them, and getting them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio.errors import Missing, StudioError
from studio.models import hub
from studio.models.contract import Contract, Task, contract, contracts
from studio.models.described import described
from studio.models.hub import Repository
from studio.models.local import places
from studio.models.weights import checkpoint, known
from studio.project import Project
from studio.residency.card import Card, cards
from studio.residency.planner import choices
from studio.schema.film import EngineKind
from studio.stages.production import crew_of


@dataclass(frozen=True)
class Need:
    """A model that film.yaml chooses, as it is named there, and what it is to do."""

    kind: EngineKind
    model: str
    task: Task
    contract: Contract


@dataclass(frozen=True)
class Standing:
    """Where a model stands: `needed` by which engines of the project; `folder` where its weights
    lie whole, else None and `amiss` why; `fits` how this card runs it ("resident, 33 GB"), None
    where there is no card or it fits in no way."""

    contract: Contract
    model: str
    task: Task
    needed: tuple[EngineKind, ...]
    folder: Path | None
    amiss: StudioError | None
    fits: str | None

    @property
    def state(self) -> Literal["here", "not here", "amiss"]:
        """Whether its weights are whole, not here at all, or here and not usable."""
        if self.folder is not None:
            return "here"
        lies = Path(self.model).expanduser().is_dir() or any(places(self.contract))
        return "amiss" if lies else "not here"

    @property
    def gigabytes(self) -> float:
        """GB (10**9 bytes) of all weights: in 16 bit as published, and as they are once here."""
        one = self.contract if self.folder is None else known(str(self.folder))
        return sum(one.weights.values())


def needs(project: Project) -> list[Need]:
    """The models that the project's engines run; none where they are all embedded. Raises
    StudioError where film.yaml names one that is not known."""
    crew, _ = crew_of(project, project.read_film())
    found = []
    for kind, spec in crew.items():
        if (one := spec.contract()) is not None:
            chosen = spec.chosen()
            task: Task = getattr(chosen, "task", one.tasks[0])
            found.append(Need(kind, chosen.model, task, one))
    return found


def standings(project: Project | None) -> tuple[list[Standing], Card | None]:
    """Every known model, those that the project needs first; and the card that they are held
    against, None where there is none."""
    card = next(iter(cards()), None)
    needed = needs(project) if project else []
    found = []
    for one in dict.fromkeys((need.model, need.task) for need in needed):
        same = [need for need in needed if (need.model, need.task) == one]
        kinds = tuple(need.kind for need in same)
        found.append(_standing(same[0].contract, *one, kinds, card))
    names = {standing.contract.name for standing in found}
    found += [
        _standing(one, one.name, one.tasks[0], (), card)
        for one in contracts()
        if one.name not in names
    ]
    return found, card


def check(project: Project) -> list[Standing]:
    """The models that the project needs, each with its weights or with what is amiss."""
    return [standing for standing in standings(project)[0] if standing.needed]


def show(model: str) -> tuple[Contract, list[tuple[str, str, str]]]:
    """A model's contract, and each part of it in words with its source. Raises StudioError where
    nothing is known of the model."""
    one = known(model)
    return one, [(part, said, one.sources[part]) for part, said in described(one).items()]


def look(model: str) -> Repository:
    """What Hugging Face holds of a model: a known one, or a repository of somebody's own. Raises
    StudioError where it is neither, Missing where it cannot be asked for."""
    try:
        one = contract(model)
    except StudioError:
        if model.count("/") != 1 or model[0] in "/.~":
            raise
        return hub.look(model)
    return hub.look(one.repository, one.revision)


def pull(repository: Repository, note: Callable[[str], None]) -> Path:
    """Get a model's weights from Hugging Face, and check them; the folder where they lie. Raises
    Missing where they cannot be got or came broken."""
    return hub.pull(repository, note)


def _standing(
    one: Contract, model: str, task: Task, needed: tuple[EngineKind, ...], card: Card | None
) -> Standing:
    folder: Path | None = None
    amiss: StudioError | None = None
    fits: str | None = None
    try:
        folder = checkpoint(model, task)
    except StudioError as error:
        amiss = error
    if card is not None:
        with suppress(Missing):
            first = choices(one, card, "standard")[0]
            fits = f"{first.policy}, {first.peak:.0f} GB"
    return Standing(one, model, task, needed, folder, amiss, fits)
