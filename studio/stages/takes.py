"""What keyframes and clips have in common: for every shot one current take, rendered
where there is none that is fresh.

A stage says what its engine would be asked for (`request`); everything else, judging,
reasons, numbering, rendering and placing, is here.
"""

from __future__ import annotations

import itertools
import json
import platform
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from studio import __version__
from studio.engines.base import EngineSpec
from studio.engines.requests import AnimateRequest, Figure, PaintRequest, Panel, Reading, Request
from studio.errors import StudioError
from studio.events import Listener, Note, StageEnded, StageStarted, StepDone, StepFailed
from studio.executors import Cancel, Done, Executor, Failed, Job
from studio.fingerprint import canonical, differences, digest, seed_of
from studio.schema.film import EngineKind
from studio.schema.storyboard import Scene, Shot, TakeKind
from studio.schema.take import MadeBy, Take
from studio.stages.production import Production
from studio.stages.tried import Tried
from studio.stages.words import made_from
from studio.takes import Standing

_CALLED = {"panel.place_id": "place", "panel.figures": "cast", "size": "frame"}
"""Parts of a request that the storyboard or film.yaml knows by another name."""


@dataclass(frozen=True)
class Step:
    """Something that a run does or would do, and why."""

    step: str
    shot: str | None
    reason: str


@dataclass(frozen=True)
class Outcome:
    """A step that ran: the number of the new take, or the error."""

    step: str
    shot: str | None
    take: int | None = None
    error: str = ""


class TakeStage(ABC):
    """One kind of take for every shot of a production. What a stage judges follows from its
    class and the production alone, so that all stages of a class share their judgements."""

    kind: ClassVar[TakeKind]
    engine_kind: ClassVar[EngineKind]

    def __init__(self, production: Production) -> None:
        self.production = production
        self.takes = production.takes
        self.spec: EngineSpec = production.crew[self.engine_kind]

    # --- what a stage says of itself ---------------------------------------------------

    @abstractmethod
    def request(self, shot: str, seed: int, frames: int) -> Request | None:
        """What the engine would be asked for; None while a parent is not there."""

    def frames(self, shot: str) -> int:
        """How many frames a take must have at least."""
        return 1

    def asks(self, shot: str) -> int:
        """How many frames a new take would be asked for. Raises StudioError where the engine
        cannot make as many as are needed."""
        return self.frames(shot)

    def parents(self, shot: str) -> dict[str, str]:
        """Content hashes of the takes that this one is made from."""
        return {}

    def readings(self, shot: str) -> tuple[Reading, ...]:
        """What text encoders have to read for the shot; known before its parents are there."""
        return ()

    def waits_for(self, shot: str) -> str:
        """Why `request` is None, as a reason."""
        return "waits for another step"

    def spec_of(self, shot: str) -> EngineSpec:
        """The engine that renders the shot."""
        return self.spec

    # --- judging -----------------------------------------------------------------------

    def standing(self, shot: str) -> Standing:
        """Where the shot's take of this kind stands now; of a shot that shows another's clip,
        where that one's stands."""
        shot = self.production.shown_of(shot)
        return self.takes.judged(type(self), shot, self._standing)

    def _standing(self, shot: str) -> Standing:
        circled = self._shot(shot)[1].takes.get(self.kind)
        return self.takes.standing(shot, self.kind, self.wanted, self.frames(shot), circled)

    def renders(self, shots: Iterable[str]) -> list[str]:
        """Those of the shots that have takes of their own."""
        return [shot for shot in shots if self.production.shown_of(shot) == shot]

    def reason(self, shot: str) -> str:
        """Why the shot's take would be rendered; empty where it would not."""
        standing = self.standing(shot)
        if standing.state == "fresh":
            lacking = len(self.lacking(shot))
            return f"{lacking} more of {self.wished(shot)} takes" if lacking else ""
        if standing.state == "failed":
            return f"failed before: {standing.error}"
        newest = standing.newest
        if newest is None:
            return "no take yet"
        now = self._request(shot, newest.variation, newest.frames)
        if now is None:
            return self.waits_for(shot)
        if changed := self._changed(newest, now):
            return f"changed: {changed}"
        return f"take {newest.number} has {newest.frames} frames, {self.frames(shot)} are needed"

    def drift(self, shot: str) -> str:
        """What changed since a circled take was made; empty where nothing did."""
        standing = self.standing(shot)
        if not standing.circled or standing.current is None:
            return ""
        take = standing.current
        now = self._request(shot, take.variation, take.frames)
        if take.frames < self.frames(shot):
            return f"has {take.frames} frames, {self.frames(shot)} are needed"
        if now is None or self._fingerprint(shot, now) in {
            take.fingerprint,
            *self.takes.accepted(take),
        }:
            return ""
        return f"changed since: {self._changed(take, now)}"

    def plan(self, shots: Iterable[str]) -> list[Step]:
        """The steps that would run now."""
        reasons = ((shot, self.reason(shot)) for shot in self.renders(shots))
        return [Step(self.kind, shot, reason) for shot, reason in reasons if reason]

    def own(self, shot: str) -> str:
        """A person's own picture that the take would be, by its file; empty where there is none."""
        return ""

    def unfit(self, shot: str) -> str:
        """Why the engine cannot do the shot, found without it; empty where it can try."""
        return ""

    def wished(self, shot: str) -> int:
        """How many takes of the shot film.yaml asks for; of a person's own picture one."""
        if self.own(shot):
            return 1
        choice = getattr(self.production.film.engines, self.engine_kind)
        return 1 if choice is None else choice.takes

    def lacking(self, shot: str) -> list[int]:
        """Variations that are still to be rendered beside the first, so that the shot has as many
        fresh takes as film.yaml asks for; none where a take is circled. Those that were rendered
        before an edit come first: their compositions are kept."""
        wished = self.wished(shot)
        if wished == 1 or self.standing(shot).circled:
            return []
        needed = self.frames(shot)
        tried = [
            take
            for take in self.takes.of(shot, self.kind)
            if take.frames >= needed and self.wanted(take) == take.fingerprint
        ]
        fresh = {take.variation for take in tried if take.status == "good"}
        fresh = fresh or {self._first(shot)}
        further = (
            n for n in itertools.count() if n not in fresh | {take.variation for take in tried}
        )
        return list(itertools.islice(further, max(wished - len(fresh), 0)))

    def due(self, shot: str) -> int:
        """How many takes of the shot would be rendered."""
        return (self.standing(shot).state != "fresh") + len(self.lacking(shot))

    def _first(self, shot: str) -> int:
        """The variation that is rendered where none is fresh: the newest take's, which keeps its
        composition, or the one that failed."""
        standing, tried = self.standing(shot), self.takes.of(shot, self.kind)
        if standing.state == "failed" and tried:
            return tried[-1].variation
        return standing.newest.variation if standing.newest else 0

    # --- rendering ---------------------------------------------------------------------

    def run(
        self, shots: Iterable[str], executor: Executor, on_event: Listener, cancel: Cancel
    ) -> Iterator[Outcome]:
        """Render what is not fresh, keeping the composition of the newest take; and of every
        shot one take before any has two."""
        shots = self.renders(shots)
        jobs = [(shot, self._first(shot)) for shot in shots if self.standing(shot).state != "fresh"]
        further = [(n, (shot, v)) for shot in shots for n, v in enumerate(self.lacking(shot))]
        jobs += [job for _, job in sorted(further, key=lambda one: one[0])]
        yield from self.render(jobs, executor, on_event, cancel)

    def retake(
        self,
        shots: Iterable[str],
        count: int,
        executor: Executor,
        on_event: Listener,
        cancel: Cancel,
    ) -> Iterator[Outcome]:
        """Render `count` more variations of each shot: every shot has one before any has two. A
        person's own picture has no other variation, and is left out."""
        highest = {}
        for shot in self.renders(shots):
            if own := self.own(shot):
                on_event(Note(f"{shot} shows {own}: change the picture itself", warning=True))
                continue
            tried = self.takes.of(shot, self.kind)
            highest[shot] = max((take.variation for take in tried), default=-1)
        jobs = [(shot, highest[shot] + n) for n in range(1, count + 1) for shot in highest]
        yield from self.render(jobs, executor, on_event, cancel)

    def render(
        self,
        jobs: Iterable[tuple[str, int]],
        executor: Executor,
        on_event: Listener,
        cancel: Cancel,
    ) -> Iterator[Outcome]:
        """Render (shot, variation) pairs; results are placed as they come."""
        asked: dict[tuple[str, int], Request] = {}
        for shot, variation in jobs:
            request = self._request(shot, variation, self.asks(shot))
            if request is not None:
                asked[shot, variation] = request
        if not asked:
            return
        on_event(StageStarted(self.kind, len(asked)))
        work: dict[str, tuple[EngineSpec, list[Job]]] = {}
        tried, unfit = Tried(), []
        for (shot, key), request in asked.items():
            spec = self.spec_of(shot)
            if why := self.unfit(shot):
                unfit.append(Failed(Job(self.kind, shot, key, request), why))
                continue
            if isinstance(request, PaintRequest | AnimateRequest):
                request = replace(request, read=self.production.texts.files(spec, request))
            work.setdefault(spec.name, (spec, []))[1].append(Job(self.kind, shot, key, request))
        yield from self._rendered(unfit, tried, on_event)
        for spec, jobs_of_it in work.values():
            results = executor.run(spec, jobs_of_it, on_event, cancel)
            yield from self._rendered(results, tried, on_event)
        on_event(StageEnded(self.kind))

    def _rendered(
        self, results: Iterable[Done | Failed], tried: Tried, on_event: Listener
    ) -> Iterator[Outcome]:
        for result in results:
            job = result.job
            take = self._take(job)
            match result:
                case Done():
                    recorded = self._recorded(job.shot) | dict(result.rendered.facts)
                    recorded["seconds"] = round(result.seconds, 3)
                    recorded["peak_mb"] = result.peak_mb
                    take = take.model_copy(update={"recorded": recorded})
                    take = self.takes.place(take, result.rendered.files)
                    on_event(StepDone(self.kind, job.shot, take.number, result.seconds))
                    for note in tried.notes(take.made_by.engine, recorded):
                        on_event(note)
                    yield Outcome(self.kind, job.shot, take.number)
                case Failed():
                    update = {"status": "failed", "error": result.error}
                    self.takes.place(
                        take.model_copy(update=update | {"recorded": self._recorded(job.shot)}), {}
                    )
                    on_event(StepFailed(self.kind, job.shot, result.error, result.detail))
                    yield Outcome(self.kind, job.shot, error=result.error)

    # --- parts -------------------------------------------------------------------------

    def _shot(self, shot: str) -> tuple[Scene, Shot]:
        return self.production.shots[shot]

    def _request(self, shot: str, variation: int, frames: int) -> Request | None:
        first_id = self._shot(shot)[1].first_id
        seed = seed_of(self.production.film.seed, first_id, variation)
        return self.request(shot, seed, frames)

    def wanted(self, take: Take) -> str:
        """The fingerprint that a take should have now, at its own variation and number of
        frames; empty where that cannot be known yet."""
        request = self._request(take.shot, take.variation, take.frames)
        return "" if request is None else self._fingerprint(take.shot, request)

    def _changed(self, take: Take, now: Request) -> str:
        """The fields in which a take's request differs from that of now, as the storyboard calls
        them; empty where none does."""
        hashed = json.loads(json.dumps(self._hashed(take.shot, now)))
        paths = (path.removeprefix("request.") for path in differences(take.request, hashed))
        names = list(
            dict.fromkeys(_CALLED.get(path, path).removeprefix("panel.") for path in paths)
        )
        return ", ".join(names[:4]) + (" …" if len(names) > 4 else "")

    def _hashed(self, shot: str, request: Request) -> dict[str, Any]:
        spec = self.spec_of(shot)
        form: dict[str, Any] = canonical(
            {
                "engine": spec.name,
                "revision": spec.engine_class().revision,
                "settings": spec.identity(),
                "request": request,
            }
        )
        return form

    def _fingerprint(self, shot: str, request: Request) -> str:
        return digest(self._hashed(shot, request))

    def _take(self, job: Job) -> Take:
        request, spec = job.request, self.spec_of(job.shot)
        engine = spec.engine_class()
        hashed = self._hashed(job.shot, request)
        return Take(
            schema="take/1",
            shot=job.shot,
            kind=self.kind,
            number=self.takes.next_number(job.shot, self.kind),
            fingerprint=digest(hashed),
            variation=job.key,
            frames=getattr(request, "frames", 1),
            made_by=MadeBy(
                engine=spec.name,
                revision=engine.revision,
                about=spec.about(),
                embedded=engine.embedded,
                settings=dict(spec.settings),
            ),
            request=hashed,
            parents=self.parents(job.shot),
        )

    def _recorded(self, shot: str) -> dict[str, Any]:
        return {
            **self._words(shot),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "storyreel": __version__,
            "python": platform.python_version(),
            "system": platform.platform(terse=True),
        }

    def _words(self, shot: str) -> dict[str, Any]:
        return {"words": made_from(*self._shot(shot), self.kind)}

    def panel(self, shot: str) -> Panel | None:
        """The shot's fields, for an engine that composes from them."""
        if not self.spec.reads("panel"):
            return None
        scene, fields = self._shot(shot)
        storyboard = self.production.storyboard
        place = storyboard.places[scene.place]
        speakers = {line.who for line in fields.dialogue if line.heard == "on"}
        return Panel(
            size=fields.size,
            framing=fields.framing,
            angle=fields.angle,
            heading=scene.heading,
            place_id=scene.place,
            place=", ".join(part for part in (place.name, place.looks) if part),
            time=scene.time,
            weather=scene.weather,
            action=fields.action,
            look=self.production.film.look,
            figures=tuple(
                Figure(
                    id=person.who,
                    name=storyboard.cast[person.who].name,
                    looks=storyboard.cast[person.who].looks,
                    wears=person.wears,
                    at=person.at,
                    facing=person.facing,
                    does=person.does,
                    speaks=person.who in speakers,
                )
                for person in fields.cast
            ),
        )


def require(production: Production, shots: Iterable[str]) -> None:
    """Raise StudioError where a shot is not in the storyboard."""
    for shot in shots:
        if shot not in production.shots:
            raise StudioError(
                f"there is no shot {shot} in storyboard.yaml", "list them with: studio status"
            )
