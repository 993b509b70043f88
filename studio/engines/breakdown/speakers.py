"""Who speaks: `said Holmes`, `he said`, `狐狸说：`, and taking turns where nobody says it."""

from __future__ import annotations

import re

from studio.engines.breakdown.company import Company, Memory
from studio.engines.breakdown.lexicon import is_chinese, talk, verb_forms
from studio.engines.breakdown.pronouns import FIRST, SEX, Finder
from studio.engines.breakdown.sentences import sentences
from studio.engines.breakdown.units import Turn

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


class Speakers:
    """Gives every turn of talk its speaker."""

    def __init__(self, company: Company, finder: Finder) -> None:
        self.company = company
        self.finder = finder
        self.people = company.people
        self.says = talk("say") | talk("say_fr") | talk("say_de")

    def assign(self, turn: Turn, text: str, level: int, teller: str | None = None) -> None:
        """Set the speaker of a turn whose words are `text`; `teller` tells the tale around it."""
        memory = self.company.memory[level]
        last = memory.last_turn
        same_block = last is not None and last.block == turn.block
        speaker = turn.speaker or self._found(turn, text, level, teller)
        self.company.note_turn(turn, speaker)
        turn.manner = turn.manner or _manner(turn.after)
        memory.last_turn = turn
        memory.told_since = memory.colon = False
        self.company.present.add(speaker)
        if not same_block or memory.speakers[-1:] != [speaker]:
            memory.speakers.append(speaker)
        memory.see(speaker)

    def _found(self, turn: Turn, text: str, level: int, teller: str | None) -> str:
        """Who speaks a turn, by its tags, by what is said, or by whose turn it is."""
        memory = self.company.memory[level]
        me = teller if level else self.company.narrator
        last = memory.last_turn
        same_block = last is not None and last.block == turn.block
        speaker = self._named(turn.named)
        if speaker is None and turn.continues and last is not None:
            speaker = last.speaker
        introduced = re.search(r"\b[Mm]y name,? is (.*)|我叫(.*)|我是(.*)", text)
        if speaker is None and introduced:
            given = self.people.mentions(introduced[1] or introduced[2] or introduced[3] or "")[:1]
            speaker = given[0].person if given and given[0].start < 5 else None
            if speaker is not None:
                self.company.give_name(speaker, memory, None)
        own_name = re.search(r"\b(?:[Mm]y name|I am|I’m|I'm)\b", text)
        spoken_of = set() if own_name else {m.person for m in self.people.mentions(text)}
        if speaker is None:
            speaker = self._from_tag(turn.after, True, memory, turn, me, spoken_of)
        if speaker is None:
            speaker = self._from_tag(turn.before, False, memory, turn, me, spoken_of)
        if speaker is None and memory.colon and not turn.before:
            speaker = memory.subject
        if speaker is None and same_block and last is not None:
            speaker = last.speaker
        if speaker is None and turn.before and memory.subject_block == turn.block:
            speaker = memory.subject
        if speaker is None and turn.after:
            found = self.finder.found((sentences(turn.after) or [""])[0], me, memory, -1)
            if found and found[0].start < 3 and found[0].how in ("name", "subject"):
                speaker = found[0].person
        if speaker is None or (
            self.company.addressed(speaker, text)
            and not (turn.after or turn.before or turn.continues)
        ):
            speaker = self._alternate(memory, text, me, speaker)
        named = re.match(r"(?:I am|I’m|I'm|[Mm]y name,? is|我是|我叫)\s*", text)
        if named:
            own = [m.person for m in self.people.mentions(text) if m.start == named.end()]
            if own and self.people.has_name(own[0]) and not self.people.has_name(speaker):
                self.company.rename(speaker, own[0])
                speaker = own[0]
        return speaker

    def _named(self, name: str) -> str | None:
        if not name:
            return None
        found = self.people.mentions(name) or self.people.mentions("the " + name.lower())
        if found:
            return found[0].person
        return self.company.voice(name)

    def _from_tag(
        self,
        tag: str,
        after: bool,
        memory: Memory,
        turn: Turn,
        me: str | None,
        spoken_of: set[str],
    ) -> str | None:
        """The speaker that `said Holmes`, `he said`, `狐狸说：` names."""
        if not tag or (after and turn.closed and tag.lstrip()[:1].isupper()):
            return None
        if after and tag.rstrip().endswith((":", "：")):
            return None
        clauses = sentences(tag.lstrip(" ,;—–-")) or [""]
        part = clauses[0] if after else clauses[-1]
        if is_chinese(part):
            if not re.search(r"[说道问答喊叫嚷叹想劝]", part):
                return None
            found = self.finder.found(part, me, memory, -1)
            return found[0].person if found else (memory.subject if not after else None)
        words = [word.lower() for word in _TOKEN.findall(part)]
        first_say = next(
            (n for n, word in enumerate(words) if word.split("-")[0] in self.says), None
        )
        if first_say is None or (after and first_say > 5):
            return None
        if re.search(r"\bthe other\b", part.lower()) and memory.addressed:
            return memory.addressed
        mentions = [
            m for m in self.people.mentions(part) if part[m.end : m.end + 2] not in ("'s", "’s")
        ]
        if mentions and len(_TOKEN.findall(part[: mentions[0].start])) <= first_say + 3:
            return self.company.generic(mentions[0], part, self._without(memory, turn), [])
        near = words[max(0, first_say - 3) : first_say + 3]
        if any(word in FIRST for word in near) or (
            len(near) > 0 and words[first_say] in ("observed",) and "i" in words
        ):
            return me
        for sex in (
            SEX[word] for word in (part_word.split("-")[-1] for part_word in near) if word in SEX
        ):
            narrated = (
                memory.subject if memory.subject_block == turn.block and turn.before else None
            )
            if narrated and self.company.fits(narrated, sex):
                return narrated
            choices = [memory.speakers[-2]] if len(memory.speakers) > 1 else []
            if (
                me in spoken_of
                and self.company.lead
                and self.company.fits(self.company.lead, sex)
                and self.company.lead not in spoken_of
            ):
                return self.company.lead
            if memory.told_since:
                choices = []
            for person in [*choices, *memory.recent]:
                last = memory.last_turn
                if person == me or person in spoken_of or not self.company.fits(person, sex):
                    continue
                if (
                    last
                    and last.block != turn.block
                    and person == last.speaker
                    and not memory.told_since
                ):
                    continue
                return person
            if (
                memory.last_turn
                and memory.last_turn.speaker
                and self.company.fits(memory.last_turn.speaker, sex)
            ):
                return memory.last_turn.speaker
        return None

    def _without(self, memory: Memory, turn: Turn) -> Memory:
        """The memory without whoever spoke the turn before this one."""
        last = memory.last_turn
        if last is None or last.block == turn.block:
            return memory
        return Memory([person for person in memory.recent if person != last.speaker])

    def _alternate(self, memory: Memory, text: str, me: str | None, tried: str | None) -> str:
        """Nobody says who speaks: the other one of the two who talk."""
        last = memory.last_turn.speaker if memory.last_turn else None
        choices: list[str] = []
        if len(memory.speakers) > 1:
            choices += [memory.addressed] if memory.addressed else []
            choices += reversed(memory.speakers[:-1][-3:])
        choices += memory.recent
        choices += [me] if me else []
        for person in choices:
            if person not in (last, tried) and not self.company.addressed(person, text):
                return person
        others = [person for person in choices if person != last]
        if others or (last is None and choices):
            return others[0] if others else choices[0]
        return self.company.voice("First voice" if last != "first_voice" else "Second voice")


def _manner(tag: str) -> str:
    """What the speaker does meanwhile: `said Holmes, relapsing into his armchair`."""
    found = re.search(r",\s+((?:\w+ly\s+)?\w+ing\s[^.,;:!?“”]{3,70})", tag)
    if not found:
        return ""
    first = found[1].split()[0].lower()
    return found[1].strip() if first in verb_forms() or first.endswith("ing") else ""
