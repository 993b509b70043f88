"""The words of a shot: its action, narration and line, and what each person does.

English prompts need English gestures: what people do is read from the verbs, so that a
Chinese story too says `flies` and `looks at`. Action, narration and lines stay in the
story's language and, wherever they can, in its own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.engines.breakdown.lexicon import entries, is_chinese, talk, third_person, verb_forms
from studio.engines.breakdown.mentions import People
from studio.engines.breakdown.sentences import (
    shortened,
    speech_seconds,
    without_apposition,
    words_of,
)
from studio.engines.breakdown.tense import present
from studio.engines.breakdown.units import Unit
from studio.engines.breakdown.weight import LONGEST, props_in, verbs_in

if TYPE_CHECKING:
    from studio.engines.breakdown.drafts import Draft

_TIMES_ZH = {
    "dawn": "黎明",
    "morning": "早晨",
    "day": "白天",
    "afternoon": "午后",
    "dusk": "黄昏",
    "evening": "傍晚",
    "night": "夜里",
}


class Voice:
    """Writes in the story's language."""

    def __init__(self, people: People, units: Sequence[Unit]) -> None:
        self.people = people
        self.chinese = sum(1 for unit in units if is_chinese(unit.text)) * 2 > len(units)
        self.narrator = next((p.id for p in people.by_id.values() if p.narrator), None)
        self.last_told: Unit | None = None
        told = [unit.text for unit in units if not unit.spoken]
        self.past = sum(1 for text in told if _is_past(text)) * 2 >= len(told)

    # --- what a shot says

    def worded(self, draft: Draft) -> Draft:
        """The draft with its action, and the narration or line that fits the longest shot."""
        unit = draft.unit
        if draft.kind == "say":
            spoken_text = unit.text if unit.spoken else _unaddressed(unit.text)
            draft.line = shortened(spoken_text, LONGEST) or _cut_back(spoken_text)
            draft.speaker = draft.speaker or unit.speaker
            if unit.script:
                scripted_line(draft, unit)
            draft.action = self._talks(draft)
        else:
            draft.action = self._notice(unit) if draft.reads else self._action(unit)
            told = self._told(unit)
            teller = unit.teller if unit.level and draft.part.told else None
            if told and teller:
                draft.line, draft.speaker, draft.heard = told, teller, "vo"
            else:
                draft.narration = told
            if told:
                self.last_told = unit
        draft.measure()
        return draft

    def _told(self, unit: Unit) -> str:
        """The sentence as narration; a pronoun that would hang in the air gets its name. What a
        screenplay shows, nobody tells."""
        if unit.script:
            return ""
        before = self.last_told
        next_to = (
            before is not None and before.subject == unit.subject and before.index + 1 >= unit.index
        )
        text = unit.text if next_to else unit.voiced
        if unit.level:
            text = _unaddressed(text)
        text = re.sub(
            r"^(?:Well|Now|Oh|Ah|Yes|No|You see)(?:, (?:sir|Mr\. \w+|gentlemen))*, ", "", text
        )
        text = text[:1].upper() + text[1:]
        found = shortened(text, 3.6) or shortened(text, LONGEST) or ""
        found = self._named(found, unit) if not next_to else found
        found = re.sub(r"[,;:，；：]$", "。" if self.chinese else ".", found)
        return found if len(words_of(found)) > 3 else ""

    def _action(self, unit: Unit) -> str:
        text = unit.said or unit.text
        if self.chinese or is_chinese(text):
            return text if speech_seconds(text) < 9 else shortened(text, 8.5) or text
        subject = self.people.by_id.get(unit.subject or "")
        several = (
            subject is not None
            and subject.group
            and subject.short.endswith(("s", "men", "folk", "people"))
        )
        text = re.sub(r"^(?:And|But|So|Then|Well|Now|However)(?:,)? ", "", text)
        text = _unaddressed(text) if unit.level else text
        text = without_apposition(text[:1].upper() + text[1:])
        text = re.sub(r", (?:and )?(?:he|she|they) sa(?:id|ys):$", ".", text)
        text = re.sub(r"[,;:]$", ".", present(text, several) if self.past else text)
        return self._named(shortened(text, 8.8) or _cut_back(text, 30), unit)

    def _notice(self, unit: Unit) -> str:
        """Something that is read: a card, a letter, a sign."""
        return f"上面写着：“{unit.text}”" if self.chinese else f"It reads: “{unit.text}”"

    def _named(self, text: str, unit: Unit) -> str:
        """A clause that begins with a pronoun, with its name instead."""
        subject = self.people.by_id.get(unit.subject or "")
        pronoun = {"m": "He ", "f": "She "}.get(subject.sex if subject else "", "They ")
        if subject is None or subject.group or not text.startswith(pronoun) or pronoun == "They ":
            return text
        return f"{self.name(subject.id)} {text[len(pronoun) :]}"

    def _talks(self, draft: Draft) -> str:
        unit = draft.unit
        name = self.name(draft.speaker)
        others = [person for person in draft.cast if person.who != draft.speaker]
        if self.chinese:
            return f"{name}对{self.name(others[0].who)}说话。" if others else f"{name}说话。"
        manner = f", {unit.turn.manner}" if unit.turn and unit.turn.manner else ""
        verb = "asks" if unit.text.rstrip().endswith("?") else "speaks to"
        target = f" {self._lower(others[0].who)}" if others else ""
        verb = verb if others or verb == "asks" else "speaks"
        return f"{name} {verb}{target}{manner}."

    def name(self, person: str | None) -> str:
        """The short name of somebody, with a capital."""
        if person is None:
            return ""
        short = self.people.by_id[person].short
        return short[:1].upper() + short[1:]

    def _lower(self, person: str) -> str:
        return self.people.by_id[person].short

    # --- what people do, in English

    def doing(self, person: str, unit: Unit) -> str:
        """What the subject of a sentence does: its predicate, or its verb."""
        if not is_chinese(unit.text):
            said = self._now(unit)
            short = self.people.by_id[person].short
            if unit.script:
                said = said.replace(self.people.by_id[person].name, short)
            found = re.search(rf"\b{re.escape(short)}\b(?!['’])\s+([^,;:.!?—]+)", said)
            noun = self.people.by_id[person].noun
            if found is None and noun:
                found = re.search(rf"\b{re.escape(noun)}\b\s+([^,;:.!?—]+)", said)
            if found and found[1].split()[0] not in (
                "with",
                "of",
                "in",
                "from",
                "at",
                "on",
                "by",
                "to",
                "and",
                "who",
            ):
                return _predicate(found[1]) or self._gesture(unit)
            bodily = re.search(rf"\b{re.escape(short)}['’]s?\s+(?:[\w-]+\s+){{0,2}}(\w+)\b", said)
            if bodily:
                part = bodily[1].rstrip("s")
                return {"eye": "looks closely", "hand": "reaches out", "face": "is moved"}.get(
                    part, "stands tense"
                )
        return self._gesture(unit)

    def _now(self, unit: Unit) -> str:
        """The sentence with names, in the present."""
        text = without_apposition(unit.said or unit.text)
        text = re.sub(r"\b(an?|the) (\w+), (?=\w)", r"\1 \2 ", text)
        return present(text) if self.past else text

    def _gesture(self, unit: Unit) -> str:
        known = verbs_in(unit.text)
        if any(verb.base in ("appear", "emerge") for verb in known):
            return "appears"
        if not known:
            return "stands still"
        if not is_chinese(unit.text):
            said = self._now(unit)
            for token in re.finditer(r"[a-z]+", said):
                form = verb_forms().get(token[0])
                if form is not None and form.form == "third" and form.verb in known:
                    found = _predicate(re.split(r"[,;:.!?—]", said[token.start() :])[0])
                    return (
                        re.sub(r"^(\w+) (?:an?|the|[A-Z]\w*)\b.*", r"\1", found)
                        if form.verb.tags & {"still", "move"}
                        else found
                    )
        verb = known[0]
        if verb.base == "listen":
            return "stands still"
        props = props_in(unit.text)
        if is_chinese(unit.text) and "take" in verb.tags and props:
            return f"{third_person(verb.base)} the {props[0]}"
        endings = {
            "look": " around",
            "sit": " down",
            "stand": " still",
            "pick": " something up",
            "hold": " something",
        }
        return third_person(verb.base) + endings.get(verb.base, "")

    def beside(self, person: str, unit: Unit) -> str:
        """What somebody else in the shot does."""
        first = next((p for p in [unit.subject, *unit.people] if p and p != person), None)
        return self.looks_at(first) or "looks on"

    def looks_at(self, person: str | None) -> str | None:
        """What who listens to somebody does, in English; None where there is no English name."""
        if person is None or is_chinese(self._lower(person)):
            return None
        return f"looks at {self._lower(person)}"

    def speaking(self, unit: Unit) -> str:
        """How somebody speaks."""
        ends = unit.text.rstrip()[-1:]
        verb = "asks" if ends in "?？" else "speaks with force" if ends in "!！" else "speaks"
        manner = unit.turn.manner if unit.turn else ""
        return f"{verb}, {manner}" if manner else verb

    def still(self, person: str, unit: Unit) -> str:
        """What a face does in a close view."""
        return "speaks" if unit.speaker == person else "looks ahead, thinking"

    def thing(self, key: str, text: str) -> str:
        """A thing, in English, by the story's own word where that is English."""
        return f"the {entries('props')[key].english[0] if self.chinese else self._word(key, text)}"

    def _word(self, key: str, text: str) -> str:
        """The story's own word for a thing."""
        entry = entries("props")[key]
        listed = entry.chinese if self.chinese else entry.english
        low = text.lower()
        own = [
            word for word in listed if re.search(word if self.chinese else rf"\b{word}s?\b", low)
        ]
        return max(own, key=len, default=listed[0])

    # --- further views of a moment

    def insert(self, draft: Draft, key: str) -> Draft:
        """The thing that matters, filling the frame."""
        word = self._word(key, draft.unit.text)
        draft.subject = self.thing(key, draft.unit.text)
        draft.action = f"{word}的特写。" if self.chinese else f"Close on the {word}."
        return draft

    def face(self, draft: Draft) -> Draft:
        """A face, near."""
        name = self.name(draft.cast[0].who)
        draft.action = f"{name}的脸。" if self.chinese else f"{name}, close."
        return draft

    def reaction(self, draft: Draft) -> Draft:
        """Who listens, or looks on."""
        name = self.name(draft.cast[0].who)
        hears = draft.unit.spoken
        if self.chinese:
            draft.action = f"{name}静静地听着。" if hears else f"{name}静静地看着。"
        else:
            draft.action = f"{name} {'listens' if hears else 'looks on'}."
        return draft

    def wide(self, draft: Draft) -> Draft:
        """People small in their place."""
        where = draft.part.location.name if draft.part.location else ""
        names = [self.name(person.who) for person in draft.cast]
        if self.chinese:
            view = {"high": "俯瞰", "low": "仰望"}.get(draft.angle, "远景")
            draft.action = (
                f"{'和'.join(names)}，{view}：{where}。" if names else f"{view}：{where}。"
            )
        elif names:
            draft.action = f"{' and '.join(names)}, small in the frame: {_lower_first(where)}."
        else:
            view = {"high": "High over", "low": "Looking up from"}.get(draft.angle, "Slowly across")
            draft.action = f"{view} the place: {_lower_first(where)}."
        return draft

    def seen(self, draft: Draft, who: str) -> Draft:
        """What somebody sees."""
        name = self.name(who)
        where = draft.part.location.name if draft.part.location else ""
        draft.action = (
            f"{name}眼中的{where}。"
            if self.chinese
            else f"What {_lower_the(name)} sees: {_lower_first(where)}."
        )
        return draft

    def place(self, draft: Draft, own: Unit | None = None) -> Draft:
        """The place, to begin with: by the story's `own` sentence for it where there is one."""
        part = draft.part
        if own is not None:
            draft.action, draft.own = self._action(own), self._told(own)
            return draft
        where = part.location.name if part.location else ""
        if self.chinese:
            draft.action = f"{_TIMES_ZH.get(part.time, '')}，{where}。"
        else:
            when = {"day": "by day", "night": "at night", "dawn": "at dawn", "dusk": "at dusk"}.get(
                part.time, f"in the {part.time}"
            )
            weather = f", {part.weather}" if part.weather and part.weather != "clear" else ""
            draft.action = f"{where} {when}{weather}."
        return draft


def scripted_line(draft: Draft, unit: Unit) -> None:
    """The line of a screenplay, word for word, with how and where it is spoken."""
    draft.line, draft.speaker, draft.second = unit.text, unit.speaker, unit.second
    if unit.turn is not None:
        draft.how, draft.heard = unit.turn.how, unit.turn.heard
    draft.measure()


def _is_past(text: str) -> bool:
    """Whether a sentence is told in the past."""
    forms = verb_forms()
    words = [word.lower() for word in words_of(text)]
    return any(
        word in ("was", "were", "had", "did") or (word in forms and forms[word].form == "past")
        for word in words
    )


def _unaddressed(text: str) -> str:
    """A sentence of a tale without those that it is told to."""
    return re.sub(
        r",? (?:(?:Mr|Mrs|Miss|Ms|Dr)\.? [A-Z]\w+|sir|madam|gentlemen)(?=[,.;!?])", "", text
    )


def _lower_first(name: str) -> str:
    return (
        name
        if len(name.split()) > 1 and name.split()[-1][:1].isupper()
        else name[:1].lower() + name[1:]
    )


def _lower_the(name: str) -> str:
    return "the" + name[3:] if name.startswith("The ") else name


def _predicate(text: str) -> str:
    """The first words of a predicate, cut where a new clause begins."""
    words = text.split()
    ends = {
        "and",
        "but",
        "until",
        "while",
        "when",
        "which",
        "who",
        "as",
        "because",
        "that",
        "so",
        "where",
        "if",
    }
    kept: list[str] = []
    for word in words[:12]:
        if word.lower() in ends and kept and kept[-1] not in ("hundred", "thousand"):
            break
        kept.append(word)
    loose = talk("stop") - {
        "him",
        "her",
        "it",
        "them",
        "up",
        "down",
        "out",
        "off",
        "away",
        "there",
        "again",
        "himself",
        "herself",
    }
    while kept and kept[-1].lower() in loose:
        kept.pop()
    auxiliary = {"is", "are", "has", "have", "was", "had", "can", "would"}
    if not kept or (len(kept) == 1 and kept[0].lower() in auxiliary):
        return ""
    return " ".join(kept)


def _cut_back(text: str, words: int = 14) -> str:
    """A sentence that has no whole clause short enough: its beginning, and that it goes on."""
    if is_chinese(text):
        return text if len(text) <= 26 else text[:25].rstrip("，、") + "……"
    parts = text.split()
    return text if len(parts) <= words else " ".join(parts[:words]).rstrip(",;:—") + "…"
