"""Who is meant: every unit's people, subject and speaker.

Walks the story once, in order. Afterwards every unit knows its people, its subject, its
speaker, and `said`: its text with names in place of the pronouns that would be lost
outside the story (`voiced`: the same, but the narrator stays `I`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from studio.engines.breakdown.company import Company, Memory
from studio.engines.breakdown.lexicon import is_chinese, talk, verb_forms
from studio.engines.breakdown.mentions import People
from studio.engines.breakdown.pronouns import WE, Finder
from studio.engines.breakdown.rewriting import rewritten
from studio.engines.breakdown.speakers import Speakers
from studio.engines.breakdown.units import Turn, Unit

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def resolve(units: Sequence[Unit], people: People) -> None:
    """Fill in people, subject, said and the turns' speakers of every unit."""
    _Resolver(units, people).walk()


class _Resolver:
    def __init__(self, units: Sequence[Unit], people: People) -> None:
        self.units = units
        self.people = people
        self.company = Company(units, people)
        self.finder = Finder(self.company)
        self.speakers = Speakers(self.company, self.finder)

    def walk(self) -> None:
        done: set[int] = set()
        for unit in self.units:
            if unit.told_by is not None and id(unit.told_by) not in done:
                done.add(id(unit.told_by))
                self.speakers.assign(unit.told_by, self._turn_text(unit.index, unit.told_by), 0)
                if not unit.told_by.continues:
                    self.company.memory[1] = Memory()
            if unit.turn is not None:
                if id(unit.turn) not in done:
                    done.add(id(unit.turn))
                    self.speakers.assign(
                        unit.turn, self._turn_text(unit.index, unit.turn), unit.level, unit.teller
                    )
                self._spoken(unit)
            else:
                self._narrated(unit)

    def _turn_text(self, index: int, turn: Turn) -> str:
        near = self.units[index : index + 12]
        return " ".join(unit.text for unit in near if turn in (unit.turn, unit.told_by))

    def _narrated(self, unit: Unit) -> None:
        memory = self.company.memory[unit.level]
        found = self.finder.found(unit.text, self.company.me(unit), memory, unit.block)
        if not found:
            found = self.company.glimpsed(unit.text, memory)
        ids: list[str] = []
        together: list[str] = []
        subject = None
        for item in found:
            person, start, end, how = item.person, item.start, item.end, item.how
            if how == "name" and unit.level and self.company.addressed(person, unit.text):
                continue
            possessive = (
                how == "possessive"
                or unit.text[end : end + 2] in ("'s", "’s")
                or unit.text[end : end + 2] in ("’ ", "' ")
            )
            if possessive and not self._bodily(unit.text[end:]):
                if how != "possessive":
                    memory.see(person)
                continue
            if how == "we":
                together += [person]
                if unit.text[start:end].lower() in WE:
                    together += [p for p in memory.recent if p != person][:1]
                continue
            if person not in ids:
                ids.append(person)
            if (
                subject is None
                and how != "object"
                and (how == "subject" or not self._prepositional(unit.text, start))
            ):
                subject = person
        ids += [person for person in dict.fromkeys(together) if person not in ids]
        unit.people = ids
        unit.subject = subject or (ids[0] if len(ids) == 1 and is_chinese(unit.text) else None)
        if (
            subject is None
            and is_chinese(unit.text)
            and not ids
            and memory.subject_block == unit.block
        ):
            unit.subject = memory.subject
            unit.people = [memory.subject] if memory.subject else []
        me = self.company.me(unit)
        unit.said = rewritten(unit.text, found, self.people, me)
        unit.voiced = rewritten(
            unit.text, [item for item in found if item.person != me], self.people, me
        )
        for person in reversed(ids):
            memory.see(person)
        self.company.present.update(ids)
        memory.told_since = True
        memory.colon = unit.text.rstrip().endswith((":", "："))
        if unit.subject:
            memory.see(unit.subject)
            done = {
                verb_forms()[word].verb.base
                for word in unit.text.lower().split()
                if word in verb_forms()
            }
            self.company.did.setdefault(unit.subject, set()).update(done)
            memory.subject, memory.subject_block = unit.subject, unit.block
        self.company.note(unit)

    def _spoken(self, unit: Unit) -> None:
        memory = self.company.memory[unit.level]
        unit.subject = unit.speaker
        unit.people = [unit.speaker] if unit.speaker else []
        unit.said = unit.voiced = unit.text
        self.company.note(unit)
        if unit.speaker:
            memory.subject, memory.subject_block = unit.speaker, unit.block
        for person in dict.fromkeys(m.person for m in self.people.mentions(unit.text)):
            if person == unit.speaker or (person == self.company.narrator and unit.level):
                continue
            if self.company.addressed(person, unit.text):
                memory.addressed = person
                self.company.give_name(person, memory, unit.speaker)
                if person not in memory.recent:
                    memory.recent.insert(1, person)

    def _bodily(self, rest: str) -> bool:
        words = [word.lower() for word in _TOKEN.findall(rest)[:5]]
        words = words[1:] if words[:1] == ["s"] else words
        return any(word in talk("body") for word in words[:4])

    def _prepositional(self, text: str, start: int) -> bool:
        before = _TOKEN.findall(text[:start])
        return bool(before) and before[-1].lower() in [
            "of",
            "to",
            "at",
            "with",
            "by",
            "from",
            "for",
            "upon",
            "on",
            "in",
            "into",
            "near",
            "behind",
            "beside",
            "after",
            "before",
            "past",
            "toward",
            "towards",
            "over",
            "under",
            "about",
            "against",
            "like",
            "than",
        ]
