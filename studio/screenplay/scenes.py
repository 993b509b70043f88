"""From a screenplay's paragraphs to a Story: scenes, beats, who speaks and how."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from studio.schema.story import Beat, ScriptScene, Story
from studio.schema.storyboard import Heard
from studio.screenplay.paragraphs import TRANSITION, Paragraph, TitlePage

_EXTENSION = re.compile(r"\s*[(（]([^()（）]*)[)）]")
_HEARD: tuple[tuple[Heard, re.Pattern[str]], ...] = (
    ("vo", re.compile(r"v\.? ?o\.?|voice[ -]?over|旁白|画外音|内心独白", re.IGNORECASE)),
    ("off", re.compile(r"o\.? ?[sc]\.?|off([ -]?(screen|camera|stage))?|画外", re.IGNORECASE)),
)
_FROM_AFAR = re.compile(
    r"filtered|(on|over|through|via) .+|电话里?|广播里?|收音机里?", re.IGNORECASE
)
_CONTINUED = re.compile(r"cont(?:['’]?d|inued|inuing)?\.?|more|续|继续", re.IGNORECASE)


def story_of(paragraphs: Iterable[Paragraph], page: TitlePage) -> Story:
    """The story of a screenplay's paragraphs and its title page."""
    script = _Script()
    for paragraph in paragraphs:
        script.take(paragraph)
    scenes = script.finished()
    title = next((text for key, text in page if key.lower() == "title"), "")
    return Story(
        text="\n\n".join(filter(None, map(_as_prose, scenes))),
        title=" ".join(title.split()),
        scenes=scenes,
        credits=tuple((key, text) for key, text in page if key.lower() != "title"),
    )


class _Cue:
    """Whoever has the word, and what of it has not become a beat yet."""

    def __init__(self, paragraph: Paragraph) -> None:
        said = [" ".join(each.split()) for each in _EXTENSION.findall(paragraph.text)]
        self.who = _EXTENSION.sub("", paragraph.text).strip() or paragraph.text
        self.dual = paragraph.dual
        self.heard: Heard = "on"
        self.how: list[str] = []
        self.lines: list[str] = []
        self.spoke = False
        for part in (part.strip() for each in said for part in re.split(r"[,，;；/]", each)):
            heard = next((name for name, form in _HEARD if form.fullmatch(part)), None)
            if heard:
                self.heard = heard
            elif part and not _CONTINUED.fullmatch(part):
                self.how.append(part)
                self.heard = "off" if _FROM_AFAR.fullmatch(part) else self.heard


class _Script:
    """Takes paragraphs one by one."""

    def __init__(self) -> None:
        self._scenes: list[ScriptScene] = []
        self._heading = Paragraph("heading", "")
        self._beats: list[Beat] = []
        self._cue: _Cue | None = None

    def take(self, paragraph: Paragraph) -> None:
        """The next paragraph of the script."""
        kind, text, cue = paragraph.kind, paragraph.text, self._cue
        if kind == "heading":
            self._end_scene()
            self._heading = paragraph
        elif kind == "cue":
            self._end_cue()
            self._cue = _Cue(paragraph)
        elif kind == "parenthetical" and cue is not None:
            self._say(cue)
            cue.how.append(text)
        elif kind == "dialogue" and cue is not None:
            cue.lines.append(text)
        elif kind == "lyrics":
            if cue is not None:
                self._say(cue)
                cue.spoke = True
            self._beats.append(self._spoken("lyrics", text, cue))
        elif kind == "note":
            if cue is not None:
                self._say(cue)
            self._beats.append(Beat("note", text))
        elif kind == "parenthetical" or kind == "dialogue":
            self._beats.append(Beat("action", text))
        else:
            self._end_cue()
            named = kind == "action" and TRANSITION.fullmatch(text)
            self._beats.append(Beat("transition" if named else kind, text))

    def finished(self) -> tuple[ScriptScene, ...]:
        """Every scene; the first without a heading only where something stands before one."""
        self._end_scene()
        return tuple(self._scenes)

    def _say(self, cue: _Cue) -> None:
        """The lines so far become a beat."""
        said = "\n".join(cue.lines).strip("\n")
        if said:
            self._beats.append(self._spoken("dialogue", said, cue))
            cue.spoke = True
        cue.lines = []

    def _spoken(self, kind: Literal["dialogue", "lyrics"], text: str, cue: _Cue | None) -> Beat:
        if cue is None:
            return Beat(kind, text)
        how, cue.how = "; ".join(cue.how), []
        return Beat(kind, text, cue.who, how, cue.heard, cue.dual)

    def _end_cue(self) -> None:
        cue, self._cue = self._cue, None
        if cue is None:
            return
        self._say(cue)
        left = "; ".join(cue.how)
        if left or not cue.spoke:
            self._beats.append(Beat("action", left or cue.who, cue.who if left else ""))

    def _end_scene(self) -> None:
        self._end_cue()
        heading = self._heading
        if heading.text or heading.number or self._beats:
            self._scenes.append(ScriptScene(heading.text, heading.number, tuple(self._beats)))
        self._heading, self._beats = Paragraph("heading", ""), []


def _as_prose(scene: ScriptScene) -> str:
    """A scene as it is read aloud at a table: without notes, sections and synopses."""
    parts = [scene.heading] if scene.heading else []
    for beat in scene.beats:
        if beat.kind in ("note", "section", "synopsis"):
            continue
        if not beat.who:
            parts.append(beat.text)
            continue
        if beat.kind == "action":
            parts.append(f"{beat.who} ({beat.text})")
            continue
        heard = {"on": "", "off": " (O.S.)", "vo": " (V.O.)"}[beat.heard]
        how = f"({beat.how})\n" if beat.how else ""
        parts.append(f"{beat.who}{heard}\n{how}{beat.text}")
    return "\n\n".join(parts)
