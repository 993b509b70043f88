"""What rendering will take: how each model is run on this machine's card, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from studio.engines.base import EngineSpec
from studio.errors import Missing
from studio.models.contract import Contract
from studio.residency.card import Card, cards
from studio.residency.experience import experience
from studio.residency.planner import choices
from studio.residency.policy import Choice
from studio.schema.take import counted
from studio.stages.clips import Clips
from studio.stages.gate import lasting
from studio.stages.takes import TakeStage


@dataclass(frozen=True)
class Forecast:
    """How a stage's model is run (`choice`; None where no card is here to say), how many `takes`
    it renders, and the seconds that each shot to render takes with it."""

    kind: str
    model: str
    card: Card | None
    choice: Choice | None
    takes: int
    seconds: Mapping[str, float]

    def __str__(self) -> str:
        count = counted(self.takes, self.kind)
        if self.choice is None:
            return f"{count} by {self.model}: no card here says how long it takes"
        how = ", ".join((self.choice.policy, *self.choice.boosters))
        of = "" if self.card is None else f" of {self.card.total / 1e9:.0f}"
        return (
            f"{count} by {self.model}: {how}; {self.choice.peak:.1f} GB{of};"
            f" {lasting(sum(self.seconds.values()))} ({self.choice.source})"
        )


def forecast(stage: TakeStage, shots: Iterable[str]) -> Forecast | None:
    """What the stage will take of `shots`; None where it renders nothing with a model. Raises
    Missing where the card is too small for the model in any way."""
    contract = stage.spec.contract()
    rendering = [shot for shot in stage.renders(shots) if stage.reason(shot)]
    rendering = [shot for shot in rendering if stage.spec_of(shot) == stage.spec]
    if contract is None or not rendering:
        return None
    card, due = card_of(stage.spec), {shot: stage.due(shot) for shot in rendering}
    takes = sum(due.values())
    if card is None and not _on_cpu(stage.spec):
        unknown = dict.fromkeys(rendering, 0.0)
        return Forecast(stage.kind, contract.name, None, None, takes, unknown)
    choice = choice_of(stage, contract, card)
    seconds = {
        shot: choice.seconds * _pieces(stage, contract, shot) * due[shot] for shot in rendering
    }
    return Forecast(stage.kind, contract.name, card, choice, takes, seconds)


def choice_of(stage: TakeStage, contract: Contract, card: Card | None) -> Choice:
    """How the stage's model is run on a card; None: on the processor."""
    chosen, native = stage.spec.chosen(), stage.production.native
    size = native.clip if isinstance(stage, Clips) else native.keyframe
    takes = (take for shot in stage.production.shots for take in stage.takes.of(shot, stage.kind))
    measured = experience(takes)
    return choices(
        contract,
        card,
        chosen.quality,
        steps=chosen.steps,
        size=size,
        policy=chosen.policy,
        measured=measured,
    )[0]


def cramped(stage: TakeStage) -> bool:
    """Whether the stage's model would be run another way if nothing else held the card."""
    contract = stage.spec.contract()
    card = None if contract is None else card_of(stage.spec)
    if contract is None or card is None:
        return True
    alone = choice_of(stage, contract, replace(card, free=card.total))
    try:
        return choice_of(stage, contract, card) != alone
    except Missing:
        return True


def card_of(spec: EngineSpec) -> Card | None:
    """The card that the engine would be run on; None where there is none, or it is not to be."""
    return None if _on_cpu(spec) else next(iter(cards()), None)


def need_card(spec: EngineSpec) -> None:
    """Raise Missing where the engine is to be run on a card, and none is here."""
    if spec.model is not None and not _on_cpu(spec) and card_of(spec) is None:
        raise Missing(
            f"the {spec.kind} {spec.name} needs a CUDA card, and none is here",
            f"look with: studio doctor --gpu; or choose the embedded {spec.kind} in film.yaml",
        )


def _on_cpu(spec: EngineSpec) -> bool:
    return bool(spec.chosen().device == "cpu")


def _pieces(stage: TakeStage, contract: Contract, shot: str) -> int:
    """Clips of the model's length that the shot's clip is made of."""
    if contract.frames is None or not isinstance(stage, Clips):
        return 1
    return max(1, -(-(stage.asks(shot) - 1) // (contract.frames.default - 1)))
