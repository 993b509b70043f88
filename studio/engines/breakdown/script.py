"""A screenplay's scenes as units: its cues say who speaks, its lines stay as they are written.

What a beat is becomes what a sentence of prose would have to be guessed to be: an action is seen
and not told, a line has a speaker, a manner and whether it is heard from off screen, a transition
leads into the next unit, a note stays with the unit that it follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from studio.engines.breakdown.headings import heading_of
from studio.engines.breakdown.lexicon import is_chinese
from studio.engines.breakdown.sentences import sentences, speech_seconds
from studio.engines.breakdown.units import MOST_SENTENCES, Turn, Unit, too_many
from studio.engines.breakdown.weight import LONGEST
from studio.schema.story import Beat, ScriptScene
from studio.schema.time import CUT, Transition

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CAPITALS = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)*(?=[\W_]|$)")
_PAUSE = re.compile(
    r"(?:an? )?(?:long |short )?(?:beat|pause|silence|then)\.?|停顿?|沉默", re.IGNORECASE
)
_AGE = re.compile(r"\s*[(（](?:[a-z]+[ -])?\d{1,2}(?:['’]?s|岁)?[)）]", re.IGNORECASE)
_THE_END = re.compile(r"(?:the )?end\.?|fin\.?|完|剧终|全剧终", re.IGNORECASE)
_ITEM = re.compile(r"^(?:[-–—•*]+|[A-Z\d]{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r"[.!?…:。！？：]['\"”’」』)]*$")
_ENTRIES: tuple[tuple[str, str], ...] = (
    (r"WHITE|闪白", "dip to white 0.5s"),
    (r"DISSOLVE|CROSS ?FADE|叠化|溶|化入", "dissolve 1s"),
    (r"FADE (?:IN|UP|FROM)|淡入", "fade from black 1s"),
    (r"FADE|IRIS OUT|CUT TO BLACK|淡出", "fade to black 1s"),
    (r"WIPE|IRIS|划", "dissolve 0.5s"),
    (r"CUT|切|CONTINUOUS", "cut"),
)


def scripted(scenes: Iterable[ScriptScene]) -> list[Unit]:
    """The units of a screenplay in order; every one knows its scene. Raises DocumentError where
    there are more than MOST_SENTENCES."""
    scenes = list(scenes)
    names = _Capitals(scenes)
    units: list[Unit] = []
    entry = ""
    notes: list[str] = []
    for scene in scenes:
        first = len(units)
        for beat in scene.beats:
            if beat.kind == "transition":
                entry = beat.text
            elif beat.kind == "note" or (beat.kind == "lyrics" and not beat.who):
                sung = "~" if beat.kind == "lyrics" else ""
                (units[-1].notes if len(units) > first else notes).append(sung + beat.text)
            elif beat.kind not in ("section", "synopsis") and not _THE_END.fullmatch(beat.text):
                for unit in _units(beat, len(units), names):
                    if _speak_together(units[first:], unit, beat):
                        units[-1].second = unit
                        continue
                    unit.entry, entry = entry, ""
                    unit.notes, notes = notes, []
                    units.append(unit)
        place = heading_of(scene.heading).place
        if len(units) == first and place:
            units.append(Unit(0, f"{place}.", False, 0, first, entry=entry, notes=notes))
            entry, notes = "", []
        for index in range(first, len(units)):
            units[index].index, units[index].script = index, scene
        if len(units) > first:
            units[first].heading = f"slug:{scene.heading}"
        if len(units) > MOST_SENTENCES:
            raise too_many()
    return units


def entering(written: str) -> Transition | None:
    """The transition that a script writes: `SMASH CUT TO:` is a cut; None for what is none."""
    for words, transition in _ENTRIES:
        if re.search(words, written.upper()):
            return CUT if transition == "cut" else Transition.parse(transition)
    return None


def _units(beat: Beat, block: int, names: _Capitals) -> Iterator[Unit]:
    """A line in stretches that a shot holds; an action in sentences."""
    if beat.who and beat.kind in ("dialogue", "lyrics"):
        how = beat.how or ("singing" if beat.kind == "lyrics" else "")
        turn = Turn(block, 0, cue=beat.who, how=how, heard=beat.heard)
        turn.manner = "" if _PAUSE.fullmatch(how) or is_chinese(how) else how
        line = " ".join(beat.text.split())
        whole = set(sentences(line))
        for text in _stretches(line):
            fragment = not whole.issuperset(sentences(text))
            yield Unit(0, text, True, 0, block, turn, fragment=fragment)
        return
    if beat.kind == "centered":
        yield Unit(0, " ".join(beat.text.split()), False, 0, block, notice=True)
        return
    said = names.lowered(beat.text)
    if beat.who:
        said = "" if _PAUSE.fullmatch(said) else f"{titled(beat.who)} {said.rstrip('.')}."
    for paragraph in _paragraphs(said):
        for text in sentences(paragraph):
            yield Unit(0, text, False, 0, block)


def _speak_together(before: Sequence[Unit], unit: Unit, beat: Beat) -> bool:
    """Whether a line is the second of two at once that one shot holds."""
    if not beat.dual or not before or not before[-1].spoken or before[-1].second is not None:
        return False
    both = speech_seconds(before[-1].text) + speech_seconds(unit.text)
    return both <= LONGEST and before[-1].text != "" and unit.text == " ".join(beat.text.split())


def _paragraphs(text: str) -> Iterator[str]:
    """Lines that go on in the next one as one; the items of a list each for itself."""
    whole = ""
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        if whole and (_ITEM.match(line) or _SENTENCE_END.search(whole)):
            yield whole
            whole = ""
        line = _ITEM.sub("", line)
        whole = f"{whole}{'' if is_chinese(whole) else ' '}{line}".strip()
    if whole:
        yield whole


def _stretches(line: str) -> list[str]:
    """A line in stretches that each fit the longest shot: whole sentences, else clauses, else
    words. Nothing is lost."""
    found = [""]
    for piece in (piece for sentence in sentences(line) or [line] for piece in _pieces(sentence)):
        joint = "" if is_chinese(piece) or not found[-1] else " "
        joined = f"{found[-1]}{joint}{piece}"
        if found[-1] and speech_seconds(joined) > LONGEST:
            found.append(piece)
        else:
            found[-1] = joined
    return found


def _pieces(sentence: str) -> list[str]:
    if speech_seconds(sentence) <= LONGEST:
        return [sentence]
    found: list[str] = []
    for clause in re.split(r"(?<=[,;:—–])\s+|(?<=[，、；：])", sentence):
        fits = speech_seconds(clause) <= LONGEST
        found += [clause] if fits else re.findall(r"[一-鿿]\W*|\S+", clause)
    return found


_COMMON = frozenset(
    ["A", "AN", "THE", "AND", "OF", "IN", "ON", "AT", "TO", "WITH", "FROM", "FOR", "BY"]
)
"""Words in capitals that are no part of a name by themselves."""


class _Capitals:
    """Words that a script sets in capitals so that they are seen: names keep a capital, sounds
    and things lose theirs."""

    def __init__(self, scenes: Sequence[ScriptScene]) -> None:
        beats = [beat for scene in scenes for beat in scene.beats]
        self._names = {word.upper() for beat in beats for word in _WORD.findall(beat.who)}
        for beat in beats:
            if beat.kind == "action":
                named = re.findall(r"(?<=[\w,] )[A-Z][a-z'’]+", beat.text)
                introduced = re.findall(r"([A-Z][A-Z'’ -]+)\s*[(（]", beat.text)
                introduced += re.findall(r"\b([A-Z][A-Z'’-]+(?: [A-Z][A-Z'’-]+)*), \d", beat.text)
                self._names |= {word.upper() for word in named}
                self._names |= {word for each in introduced for word in _WORD.findall(each)}
        self._names -= _COMMON

    def lowered(self, text: str) -> str:
        """An action without its capitals."""

        def one(match: re.Match[str]) -> str:
            word = match[0]
            if not word.isupper() or word in ("TV", "OK", "UFO", "USB", "DVD", "CD", "PC", "ID"):
                return word
            before = text[: match.start()].rstrip()
            opens = not before or _SENTENCE_END.search(before[-2:])
            return titled(word) if word in self._names or opens else word.lower()

        return _AGE.sub("", _CAPITALS.sub(one, text))


def titled(cue: str) -> str:
    """A cue as a name: `O'NEIL` is O'Neil, `MARA'S MOTHER` Mara's Mother, `McREADY` McReady."""

    def one(match: re.Match[str]) -> str:
        word = match[0]
        short = len(re.split("['’]", word)[0]) == 1
        return word.title() if short else word.capitalize()

    if re.search("[a-z]", cue):
        return re.sub(r"\b(Ma?c)([A-Z]+)\b", lambda found: found[1] + found[2].capitalize(), cue)
    named = re.sub(r"(?<![^\W_])" + _WORD.pattern, one, cue)
    return re.sub(r"\d(?:ST|ND|RD|TH)\b", lambda found: found[0].lower(), named)
