"""The film, and the reel: the cut made of every shot's current take, or of the best
there is.

What assembles them brings numpy, moviepy and OpenTimelineIO with it, and is loaded where a film
is looked into or made: a plan that ends with the takes has no need of it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.edit.media import Media
from studio.edit.sound import REVISION as SOUND
from studio.edit.stamp import REVISION, film_fingerprint
from studio.events import Listener, Note, StageEnded, StageStarted, StepDone
from studio.executors import Cancel
from studio.fingerprint import file_hash, fingerprint
from studio.project import write_atomic
from studio.schema.take import Take
from studio.stages.clips import Clips
from studio.stages.inbetweens import Inbetweens, rate_of
from studio.stages.keyframes import Keyframes
from studio.stages.panels import panels_in_clip, panels_in_slot
from studio.stages.production import Production
from studio.stages.write import written_by

if TYPE_CHECKING:
    from studio.edit.film import Assembled


class FilmStep:
    """film.mp4 with film.srt and cut.otio, from a fresh clip of every shot."""

    goal: Literal["film", "reel"] = "film"
    strip = False

    def __init__(self, production: Production) -> None:
        self.production = production
        self.project = production.project
        self.keyframes = Keyframes(production)
        self.clips = Clips(production)
        self.inbetweens = Inbetweens(production)

    @property
    def out(self) -> Path:
        """The file that the step makes."""
        return self.project.root / f"{self.goal}.mp4"

    def lacking(self) -> list[str]:
        """Shots whose take is not there yet."""
        return [shot for shot in self.production.shots if self._best(shot) is None]

    def reason(self, *, changed: bool) -> str:
        """Why the step would run; empty where its file is fresh. `changed` says that takes
        will be rendered first, so that what it is made of cannot be known yet."""
        if changed:
            return "its shots change" if self.out.exists() else "not made yet"
        missing = [path.name for path in self._results() if not path.is_file()]
        if missing:
            return "not made yet" if self.out.name in missing else f"{missing[0]} is missing"
        if self.lacking():
            return f"{len(self.lacking())} shots have no fresh take"
        if film_fingerprint(self.out) != self._fingerprint():
            return "its shots, cut or titles changed"
        return ""

    def run(self, on_event: Listener, cancel: Cancel) -> Assembled:
        """Assemble. Raises Interrupted, or RenderFailed where a take is not what it says."""
        from studio.edit.film import assemble
        from studio.edit.otio import to_otio

        production = self.production
        on_event(StageStarted(self.goal, 1))
        began = time.monotonic()
        media = self._media()
        assembled = assemble(
            production.timeline,
            media,
            production.film,
            production.storyboard,
            title_lines=(),
            end_lines=self.credits(),
            folder=self.project.studio_folder / "segments",
            out=self.out,
            fingerprint=self._fingerprint(),
            on_event=on_event,
            cancel=cancel,
            song=self._song(),
            strip=self.strip,
            step=self.goal,
        )
        if assembled.missing:
            on_event(
                Note(
                    f"no font here draws {' '.join(assembled.missing[:20])}: left out of the"
                    " picture; install a font that has them, such as Noto Sans CJK",
                    warning=True,
                )
            )
        if assembled.note:
            on_event(Note(assembled.note, warning=True))
        if self.goal == "film":
            write_atomic(self.project.root / "film.srt", assembled.srt)
            cut = to_otio(
                production.timeline,
                media,
                production.film,
                production.storyboard,
                self.project.root,
            )
            write_atomic(self.project.root / "cut.otio", cut)
        on_event(StepDone(self.goal, None, None, time.monotonic() - began))
        on_event(StageEnded(self.goal))
        return assembled

    def segments(self) -> set[str]:
        """Names of the files in .studio/segments that the step would join now; of a shot whose
        take is not there yet none is known."""
        from studio.edit.parts import parts_of

        production = self.production
        media = {shot: Media(Path(), "", "still") for shot in self.lacking()} | self._media()
        return parts_of(
            *(production.timeline, media, production.film, production.storyboard),
            title_lines=(),
            end_lines=self.credits(),
            strip=self.strip,
        ).names()

    def _results(self) -> list[Path]:
        root = self.project.root
        return [self.out, root / "film.srt", root / "cut.otio"]

    def _best(self, shot: str) -> Take | None:
        return self.inbetweens.standing(shot).current

    def _media(self) -> dict[str, Media]:
        media = {}
        for shot in self.production.shots:
            take = self._best(shot)
            if take is not None:
                media[shot] = Media(
                    path=self.production.takes.path(take),
                    sha256=next(iter(take.files.values())),
                    kind="still" if take.kind == "keyframe" else "clip",
                    frames=take.frames,
                    label=f"{take.stem.replace('_', ' ')} · {take.made_by.engine}",
                    panels=self._panels(shot, take),
                )
        return media

    def _panels(self, shot: str, take: Take) -> tuple[tuple[int, Path, str], ...]:
        """A still's further panels, by the frame of the slot from which each is shown."""
        if take.kind != "keyframe":
            return ()
        production, shown = self.production, self.production.shown_of(shot)
        fields, slots = production.shots[shown][1], production.slots
        panels = panels_in_clip(production.film, fields, slots[shown], take)
        return tuple(
            (first, production.takes.path(take, suffix), take.files[suffix])
            for first, suffix in panels_in_slot(panels, slots[shot])
        )

    def credits(self) -> list[str]:
        """What made the film, for the end card and the file's metadata: as the draft and the
        takes say, not as film.yaml wishes."""
        lines = []
        if writer := written_by(self.project):
            lines.append(f"Storyboard: {writer}")
        parts = (
            ("Pictures", self.keyframes),
            ("Movement", self.clips),
            ("Frames between", self.inbetweens),
        )
        for noun, best in parts:
            makers = {}
            for shot in self.production.shots:
                take = best.standing(shot).current
                if take is not None and take.kind == best.kind:
                    makers[take.made_by.engine] = take.made_by.about
            lines += [f"{noun}: {engine}, {about}" for engine, about in makers.items()]
        return lines

    def _song(self) -> Path | None:
        song = self.production.film.song
        return self.project.inside(song.file) if song else None

    def _fingerprint(self) -> str:
        production = self.production
        song = self._song()
        media = self._media()
        return fingerprint(
            {
                "revision": REVISION,
                "slots": production.timeline.slots,
                "takes": {
                    shot: [item.sha256, *([first, sha256] for first, _, sha256 in item.panels)]
                    for shot, item in media.items()
                },
                "labels": {shot: item.label for shot, item in media.items()} if self.strip else {},
                "film": production.film.model_dump(
                    mode="json", exclude={"engines", "seed", "length", "use"}
                ),
                "headings": {scene.id: scene.heading for scene in production.storyboard.scenes},
                "lines": {
                    shot.id: [shot.narration, *(line.model_dump() for line in shot.dialogue)]
                    for _, shot in production.storyboard.shots()
                },
                "names": {who: one.name for who, one in production.storyboard.cast.items()},
                "credits": self.credits(),
                "song": [SOUND, file_hash(song)] if song else None,
                "strip": self.strip,
            }
        )


class ReelStep(FilmStep):
    """reel.mp4: of each shot the best there is, with a strip that says what one sees."""

    goal = "reel"

    def __init__(self, production: Production, *, clean: bool = False) -> None:
        super().__init__(production)
        self.strip = not clean

    def _results(self) -> list[Path]:
        return [self.out]

    def _best(self, shot: str) -> Take | None:
        clip, keyframe = self.inbetweens.standing(shot), self.keyframes.standing(shot)
        older = clip.newest
        if older is not None and rate_of(older) != self.production.film.rate.fps:
            older = None  # shown as it is, it would run at another speed
        return clip.current or keyframe.current or older or keyframe.newest
