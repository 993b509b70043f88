"""What the film's models would refuse, found before anything is loaded: sizes, frames, prompts
that are too long or in a language that is not read, a licence that does not allow the film's use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from studio.errors import StudioError
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


def _of_shot(stage: TakeStage, contract: Contract, shot: str) -> Iterator[str]:
    if isinstance(stage, Sheets):
        texts = [stage.prompt(shot)]
        written = None
    else:
        scene, fields = stage.production.shots[shot]
        write = stage.production.prompter
        if isinstance(stage, Clips):
            texts, written = [write.motion(scene, fields), fields.avoid], fields.motion
            try:
                stage.asks(shot)
            except StudioError as error:
                yield f"{error.message}: {error.tip}" if error.tip else error.message
        else:
            texts, written = [write.keyframe(scene, fields)], fields.keyframe
    for text in texts:
        yield from contract.problems(tokens=_tokens(contract, stage.spec.settings, text))
    if written is None:
        yield from contract.problems(language=stage.production.film.language)


def _tokens(contract: Contract, settings: object, text: str) -> int:
    """What the model reads of a text: estimated, and counted exactly only where the estimate,
    which rather says too many, is over its limit."""
    estimated = ESTIMATES[contract.prompt.encoder](text)
    if estimated <= contract.prompt.tokens:
        return estimated
    model = settings.get("model") if isinstance(settings, dict) else None
    folder = Path(model).expanduser() if isinstance(model, str) else None
    return budget(contract, folder if folder and folder.is_dir() else None).count(text)
