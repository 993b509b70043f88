"""A story as units: its sentences in order, told or spoken, with the turn of talk they are in.

A long speech in which somebody tells what happened is cut like the story itself, one
level down: its sentences are narrated by the teller, its inner quotes are spoken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from studio.engines.breakdown.lexicon import is_chinese, talk
from studio.engines.breakdown.quotes import Span, spans
from studio.engines.breakdown.reading import Block
from studio.engines.breakdown.sentences import sentences, words_of
from studio.errors import DocumentError
from studio.schema.story import ScriptScene
from studio.schema.storyboard import Heard

MOST_SENTENCES = 200_000
"""About 12 MB of English; a storyboard of so many takes minutes."""

_OPENING = "“\"‘「『«„»'"


@dataclass
class Turn:
    """One person's turn of talk: the words around it that say who speaks.

    Of a screenplay `cue` names the speaker, `how` is the parenthetical, `heard` where from.
    """

    block: int
    level: int
    before: str = ""
    after: str = ""
    named: str = ""
    closed: bool = False
    runs_on: bool = False
    continues: bool = False
    speaker: str | None = None
    manner: str = ""
    cue: str = ""
    how: str = ""
    heard: Heard = "on"


@dataclass
class Unit:
    """One sentence. Everything after `turn` is found out later, module by module.

    `aloud`: it is said on screen, rather than seen. Of a screenplay: its scene, the transition
    `entry` that leads into it, the notes that follow it, the line that is spoken at once with it,
    and whether it is a `fragment` of a sentence that no shot holds.
    """

    index: int
    text: str
    spoken: bool
    level: int
    block: int
    turn: Turn | None = None
    told_by: Turn | None = None
    heading: str = ""
    people: list[str] = field(default_factory=list)
    subject: str | None = None
    said: str = ""
    voiced: str = ""
    scene: int = 0
    weight: float = 0.0
    notice: bool = False
    aloud: bool = False
    script: ScriptScene | None = None
    entry: str = ""
    notes: list[str] = field(default_factory=list)
    second: Unit | None = None
    fragment: bool = False

    @property
    def speaker(self) -> str | None:
        """Who speaks this sentence; None where it is narrated or nobody knows."""
        return self.turn.speaker if self.turn else None

    @property
    def teller(self) -> str | None:
        """Who tells this sentence as part of a tale of their own."""
        return self.told_by.speaker if self.told_by else None


def too_many() -> DocumentError:
    """What is said of a story that is too long."""
    return DocumentError(
        f"the story has more than {MOST_SENTENCES:,} sentences, which is as many as the"
        " writer breakdown reads",
        "keep in the story what the film tells, a few chapters of it",
    )


def units_of(blocks: Sequence[Block]) -> list[Unit]:
    """The sentences of all blocks; a heading waits for the first sentence below it."""
    reader = _Reader()
    heading = following = ""
    followings = []
    for block in reversed(blocks):
        followings.append(following)
        following = block.text if block.kind == "paragraph" else following
    for number, (block, following) in enumerate(zip(blocks, reversed(followings), strict=True)):
        if block.kind == "paragraph":
            first = len(reader.units)
            reader.paragraph(number, block, following[:1] in _OPENING and bool(following))
            if heading and len(reader.units) > first:
                reader.units[first].heading, heading = heading, ""
        else:
            heading = f"{block.kind}:{block.text}" if block.text or not heading else heading
    if not reader.units:
        for number, block in enumerate(blocks):
            if block.text:
                reader.paragraph(number, Block("paragraph", block.text), False)
    return reader.units


class _Reader:
    def __init__(self) -> None:
        self.units: list[Unit] = []
        self._telling = False

    def paragraph(self, number: int, block: Block, quote_follows: bool) -> None:
        if block.speaker:
            self._speech(block.text, Turn(number, 0, named=block.speaker), 0)
            return
        parts = _joined(spans(block.text))
        continues = self._telling and block.text[:1] in _OPENING
        self._telling = False
        for at, part in enumerate(parts):
            if not part.spoken:
                after_speech = at > 0 and parts[at - 1].spoken
                before_speech = at + 1 < len(parts) and parts[at + 1].spoken
                self._narration(
                    part.text, number, 0, after_speech, before_speech, alone=len(parts) == 1
                )
                continue
            runs_on = part.open and quote_follows and at == len(parts) - 1
            self._telling = self._telling or runs_on
            turn = Turn(number, 0, *_around(parts, at), runs_on=runs_on)
            turn.continues = continues and at == 0
            turn.closed = part.text.endswith((".", "…"))
            if runs_on or turn.continues or _is_tale(part.text):
                self._tale(part.text, number, turn)
            else:
                self._speech(part.text, turn, 0)

    def _tale(self, text: str, number: int, turn: Turn) -> None:
        """What somebody tells: its sentences at level 1, with the telling turn at hand."""
        parts = _joined(spans(text))
        for at, part in enumerate(parts):
            if part.spoken:
                inner = Turn(number, 1, *_around(parts, at), closed=part.text.endswith("."))
                self._speech(part.text, inner, 1, teller=turn)
                continue
            after_speech = at > 0 and parts[at - 1].spoken
            before_speech = at + 1 < len(parts) and parts[at + 1].spoken
            self._narration(part.text, number, 1, after_speech, before_speech, False, teller=turn)

    def _speech(self, text: str, turn: Turn, level: int, teller: Turn | None = None) -> None:
        for sentence in sentences(text):
            stop = "。" if is_chinese(sentence) else "."
            closed = re.sub(r"[,，、;；:：]$", stop, sentence)
            closed += stop if closed[-1:].isalnum() else ""
            self._add(Unit(0, closed, True, level, turn.block, turn), teller)

    def _narration(
        self,
        text: str,
        number: int,
        level: int,
        after_speech: bool,
        before_speech: bool,
        alone: bool,
        teller: Turn | None = None,
    ) -> None:
        found = sentences(text.lstrip(" ,;:.—–-"))
        for at, sentence in enumerate(found):
            is_tag = (after_speech and at == 0 and _says_early(sentence)) or (
                before_speech and at == len(found) - 1 and _says_late(sentence)
            )
            if not is_tag and re.search(r"\w", sentence):
                notice = alone and len(found) <= 3 and len(words_of(sentence)) <= 14 and level == 0
                self._add(Unit(0, sentence, False, level, number, notice=notice), teller)

    def _add(self, unit: Unit, teller: Turn | None) -> None:
        if len(self.units) == MOST_SENTENCES:
            raise too_many()
        unit.index = len(self.units)
        unit.told_by = teller
        self.units.append(unit)


def _joined(parts: list[Span]) -> list[Span]:
    """“Evidently,” said I, “he knows.” is one speech: its second half joins the first."""
    found: list[Span] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        if (
            at + 2 < len(parts)
            and part.spoken
            and not parts[at + 1].spoken
            and parts[at + 2].spoken
        ):
            tag, rest = parts[at + 1].text, parts[at + 2]
            if part.text.endswith(",") and not re.search(r"[.!?]$", tag) and _says_early(tag):
                found += [
                    Span(f"{part.text} {rest.text}", True, rest.open),
                    Span(tag, spoken=False),
                ]
                at += 3
                continue
        found.append(part)
        at += 1
    return found


def _around(parts: Sequence[Span], at: int) -> tuple[str, str]:
    """The narration just before and just after a spoken part."""
    before = parts[at - 1].text if at and not parts[at - 1].spoken else ""
    after = parts[at + 1].text if at + 1 < len(parts) and not parts[at + 1].spoken else ""
    return before, after


_PAST = re.compile(r"\b(?:was|were|had|did|went|came|said|\w{3,}ed)\b")
_PRESENT = re.compile(r"\b(?:is|are|am|has|have|do|does|will|shall|can|’s|'s|’ll|’ve|you|your)\b")


def _is_tale(text: str) -> bool:
    """A speech of more than ninety words, told mostly in the past."""
    length = len(words_of(text))
    if is_chinese(text):
        return length > 160
    return length > 90 and len(_PAST.findall(text)) > 1.5 * len(_PRESENT.findall(text))


def _says_early(sentence: str) -> bool:
    if is_chinese(sentence):
        return bool(re.match(r".{0,12}?(?:说|道|问|答|喊|叫|嚷)", sentence)) and len(sentence) < 20
    words = [word.lower() for word in words_of(sentence)[:6]]
    says = talk("say") | talk("say_fr") | talk("say_de")
    opens_low = sentence[:1].islower()
    return any(word.split("-")[0] in says for word in words[: 6 if opens_low else 4])


def _says_late(sentence: str) -> bool:
    if is_chinese(sentence):
        return (
            bool(re.search(r"(?:说|道|问|答|喊|叫|嚷|想)(?:了)?[：:，,]?$", sentence))
            and len(sentence) < 26
        )
    words = [word.lower() for word in words_of(sentence)]
    ends = sentence.rstrip().endswith((",", ":")) or len(words) < 6
    return (
        ends
        and len(words) < 12
        and any(word in talk("say") | talk("say_fr") | talk("say_de") for word in words[-5:])
    )
