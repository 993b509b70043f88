"""What the film's models would refuse, found before anything is loaded: sizes, frames, prompts
that are too long or in a language that is not read, a licence that does not allow the film's use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from studio.errors import Missing, StudioError
from studio.models.contract import Contract
from studio.models.tokens import ESTIMATES, budget
from studio.stages.cast import Sheets
from studio.stages.clips import Clips
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production
from studio.stages.takes import TakeStage


def refused(production: Production, work: Iterable[tuple[TakeStage, Sequence[str]]]) -> list[str]:
    """A line for everything in the shots that each stage would render that its model does not
    take, with what it takes instead; none where all is well."""
    found: list[str] = []
    for stage, shots in work:
        with suppress(Missing):  # what is missing keeps nobody from planning
            found += _amiss(stage)
        contract = stage.spec.contract()
        if contract is None:
            continue
        if isinstance(stage, Keyframes | Clips):
            native, painted = production.native, stage.kind == "keyframe"
            found += contract.problems(size=native.keyframe if painted else native.clip)
        for shot in shots:
            if stage.spec_of(shot) == stage.spec:
                found += (f"{shot} {stage.kind}: {why}" for why in _of_shot(stage, contract, shot))
    return found


def _amiss(stage: TakeStage) -> Iterator[str]:
    """What is wrong with the engine's own settings and adapters. Raises Missing."""
    try:
        stage.spec.ready()
    except Missing:
        raise
    except StudioError as error:
        yield f"{error.message}: {error.tip}" if error.tip else error.message


def _of_shot(stage: TakeStage, contract: Contract, shot: str) -> Iterator[str]:
    written: str | None = ""  # a sheet's is composed of looks, in whatever language those are
    own = ""
    if isinstance(stage, Sheets):
        texts = {"": stage.prompt(shot)}
    else:
        scene, fields = stage.production.shots[shot]
        write = stage.production.prompter
        if isinstance(stage, Clips):
            texts = {"": write.motion(scene, fields), "avoid: ": fields.avoid}
            own, written = "motion", fields.motion
            try:
                stage.asks(shot)
            except StudioError as error:
                yield f"{error.message}: {error.tip}" if error.tip else error.message
        else:
            texts = {"": write.keyframe(scene, fields)}
            own, written = "keyframe", fields.keyframe
    instead = f"; write the shot's `{own}` yourself" if written is None else ""
    for part, text in texts.items():
        count = _tokens(contract, stage.spec.settings, text)
        more = "" if part else instead and f"{instead}, shorter"
        yield from (f"{part}{why}{more}" for why in contract.problems(tokens=count))
    if written is None:
        spoken = contract.problems(language=stage.production.film.language)
        yield from (f"{why}{instead}, in one that it reads" for why in spoken)


def _tokens(contract: Contract, settings: object, text: str) -> int:
    """What the model reads of a text: estimated, and counted exactly only where the estimate,
    which rather says too many, is over its limit."""
    estimated = ESTIMATES[contract.prompt.encoder](text)
    if estimated <= contract.prompt.tokens:
        return estimated
    model = settings.get("model") if isinstance(settings, dict) else None
    folder = Path(model).expanduser() if isinstance(model, str) else None
    return budget(contract, folder if folder and folder.is_dir() else None).count(text)
