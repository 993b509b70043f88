"""Who is around as a story goes on, and who turns out to be whom.

A memory for each level of telling: who was there last, who spoke, who came in without a
name. `Company` answers whom `the stranger` or `they` means, and joins two people who
turn out to be one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from studio.engines.breakdown.ids import slug
from studio.engines.breakdown.lexicon import is_chinese
from studio.engines.breakdown.mentions import GENERIC, Mention, People, Person
from studio.engines.breakdown.units import Turn, Unit

_HOST = frozenset(["friend", "companion"])
_GLIMPSE = re.compile(r"\ban?\s+(?:[\w-]+,?\s+){0,3}(?:face|figure|hand|shape|silhouette)\b")
_APPEARS = re.compile(
    r"\b(?:appeared|peeped|emerged|reached|looked|came|rose|showed|slipped|stepped)\b"
)


@dataclass
class Memory:
    """What is remembered of one level of telling."""

    recent: list[str] = field(default_factory=list)
    subject: str | None = None
    subject_block: int = -1
    speakers: list[str] = field(default_factory=list)
    last_turn: Turn | None = None
    unknown: list[str] = field(default_factory=list)
    addressed: str | None = None
    told_since: bool = False
    colon: bool = False

    def see(self, person: str) -> None:
        """Somebody is there now."""
        if person in self.recent:
            self.recent.remove(person)
        self.recent.insert(0, person)
        del self.recent[12:]


@dataclass(frozen=True)
class Meant:
    """Somebody whom a sentence means: character span, and by what kind of word."""

    person: str
    start: int
    end: int
    how: str


class Company:
    """The people of a story while it is read from beginning to end."""

    def __init__(self, units: Sequence[Unit], people: People) -> None:
        self.units = units
        self.people = people
        self.memory = [Memory(), Memory()]
        self.narrator = next((p.id for p in people.by_id.values() if p.narrator), None)
        ranked = sorted(
            (p for p in people.by_id.values() if not p.narrator and not p.group),
            key=lambda p: (-p.count, p.first, p.id),
        )
        self.lead = ranked[0].id if ranked else None
        self.present: set[str] = set()
        self.used: set[str] = set()
        self.did: dict[str, set[str]] = {}
        self._numbers: dict[str, int] = {}
        self._told_of: dict[str, set[int]] = {}
        self._turns: dict[str, list[Turn]] = {}

    def note(self, unit: Unit) -> None:
        """Remember whom a sentence is about, once that is known."""
        for person in {*unit.people, unit.subject} - {None}:
            self._told_of.setdefault(str(person), set()).add(unit.index)

    def note_turn(self, turn: Turn, speaker: str) -> None:
        """Set the speaker of a turn, and remember it."""
        turn.speaker = speaker
        self._turns.setdefault(speaker, []).append(turn)

    def me(self, unit: Unit) -> str | None:
        """Whom `I` means in what is told: the narrator, or who tells this tale."""
        return unit.teller if unit.level else self.narrator

    def fits(self, person: str, sex: str) -> bool:
        """Whether he (m) or she (f) may mean this person."""
        known = self.people.by_id[person]
        return known.sex in (sex, "n") and not known.group

    def learn(self, person: str, sex: str) -> None:
        """A pronoun tells whether somebody new is a man or a woman."""
        known = self.people.by_id[person]
        if known.sex == "n" and known.sort == "n" and not known.group:
            known.sex = sex

    def they(self, memory: Memory, me: str | None) -> list[str]:
        """Whom they means: a group that was just there, else the last two."""
        group = next((p for p in memory.recent[:3] if self.people.by_id[p].group), None)
        if group is not None:
            return [group]
        return [p for p in memory.recent if p != me][:2] if len(memory.recent) > 1 else []

    def addressed(self, person: str, text: str) -> bool:
        """Whether a speech calls somebody by name (`Well, Watson, …`)."""
        for mention in self.people.mentions(text):
            after = text[mention.end : mention.end + 1]
            before = text[: mention.start].rstrip()
            told = re.match(r",\s+(?:the|a|an|who|whose|which|is|was)\b", text[mention.end :])
            alone = mention.start < 2 and len(text) - mention.end < 2 and after != "!"
            if (
                mention.person == person
                and not told
                and not alone
                and (after in ",!?.;" and (before.endswith((",", "!", "dear", "—")) or not before))
            ):
                return True
        return False

    def generic(self, mention: Mention, text: str, memory: Memory, beside: list[str]) -> str | None:
        """`the stranger`, `our client`: somebody who is known already, where there is one."""
        person = self.people.by_id[mention.person]
        called = text[mention.start : mention.end].lower()
        if person.group or is_chinese(text):
            return mention.person
        if person.noun not in GENERIC:
            return self.known_by_role(mention, called, memory)
        if self.people.has_name(mention.person):
            return mention.person
        if mention.new:
            return self.newcomer(person, memory, text[mention.start : mention.end])
        fitting = [
            p
            for p in memory.recent
            if p != self.narrator
            and p not in beside
            and (person.sex == "n" or self.fits(p, person.sex))
            and not self.people.by_id[p].group
        ]
        if person.noun in _HOST and called.startswith("my ") and self.lead:
            return self.lead
        if person.noun in (
            "client",
            "visitor",
            "guest",
            "stranger",
            "prisoner",
            "intruder",
            "suspect",
        ):
            fitting = [p for p in fitting if p != self.lead] or fitting
        if mention.person in memory.recent[:6] and person.count > 1:
            return mention.person
        return fitting[0] if fitting else mention.person

    def known_by_role(self, mention: Mention, called: str, memory: Memory) -> str:
        """`the old keeper` who kept the lighthouse, `her father` who just came in."""
        person = self.people.by_id[mention.person]
        if mention.person in self.present or self.people.has_name(mention.person) or mention.new:
            return mention.person
        if called.startswith(("his ", "her ", "my ", "their ")):
            came = next(
                (
                    p
                    for p in reversed(memory.unknown)
                    if p in memory.recent[:4] and self.fits(p, person.sex)
                ),
                None,
            )
            if came is not None:
                memory.unknown.remove(came)
                self.rename(came, mention.person)
            return mention.person
        for other in memory.recent:
            known = self.people.by_id[other]
            if not self.people.has_name(other) or known.role or not self.fits(other, person.sex):
                continue
            titled = bool(
                set(known.name.lower().split()) & set(called.split()) & {"old", "young", "little"}
            )
            if titled or any(
                person.noun.startswith(verb) for verb in self.did.get(other, ()) if len(verb) > 3
            ):
                self.rename(mention.person, other)
                return other
        return mention.person

    def newcomer(self, person: Person, memory: Memory, called: str) -> str:
        """`a small man`: each one somebody else, until a name is given to them."""
        words = called.split()[1:]
        shown = " ".join(words[-2:] if len(words) > 1 else words) or person.noun
        wanted = slug(shown) or person.id
        if wanted == person.id and wanted not in self.used:
            self.used.add(wanted)
            self.people.by_id.setdefault(wanted, person)
            memory.unknown = [*memory.unknown[-3:], wanted]
            return wanted
        taken = wanted in self.people.by_id
        identity = self._numbered(wanted, 2) if taken else wanted
        self.people.by_id[identity] = replace(
            person, id=identity, name=shown[:1].upper() + shown[1:], short=f"the {shown}", first=0
        )
        memory.unknown = [*memory.unknown[-3:], identity]
        return identity

    def _numbered(self, base: str, first: int) -> str:
        """The id with the lowest number that nobody has; ids that are taken stay taken."""
        number = self._numbers.get(base, first)
        while f"{base}_{number}" in self.people.by_id:
            number += 1
        self._numbers[base] = number
        return f"{base}_{number}"

    def glimpsed(self, text: str, memory: Memory) -> list[Meant]:
        """`a white face appeared`: somebody comes in whom nobody names yet."""
        seen = _GLIMPSE.search(text)
        if seen is None or not _APPEARS.search(text):
            return []
        known = next((p for p in memory.unknown if self.people.by_id[p].noun == "figure"), None)
        figure = Person("figure", "Figure", "the figure", role="figure", noun="figure")
        person = known or self.newcomer(figure, memory, "a figure")
        return [Meant(person, seen.start(), seen.end(), "glimpse")]

    def give_name(self, name: str, memory: Memory, speaker: str | None) -> None:
        """Whoever came in without a name is the one who is now called by a name nobody had."""
        unknown = next((p for p in reversed(memory.unknown) if p != speaker), None)
        if unknown is None or name in self.present or name == self.narrator:
            return
        memory.unknown.remove(unknown)
        self.present.add(name)
        self.rename(unknown, name)

    def rename(self, unknown: str, name: str) -> None:
        """Two of the people turn out to be one: what was said of the first is the second's."""
        gone, kept = self.people.by_id[unknown], self.people.by_id[name]
        kept.role, kept.noun = kept.role or gone.role, kept.noun or gone.noun
        kept.sex = gone.sex if kept.sex == "n" else kept.sex
        kept.sort = gone.sort if kept.sort == "n" else kept.sort
        for owners in self.people.roles.values():
            if gone.noun not in GENERIC:
                owners[:] = list(
                    dict.fromkeys(name if owner == unknown else owner for owner in owners)
                )
        told_of = self._told_of.setdefault(name, set())
        told_of |= self._told_of.pop(unknown, set())
        for index in told_of:
            unit = self.units[index]
            unit.people = list(dict.fromkeys(name if p == unknown else p for p in unit.people))
            unit.subject = name if unit.subject == unknown else unit.subject
        for turn in self._turns.pop(unknown, []):
            self.note_turn(turn, name)
        old, new = self.people.by_id[unknown].short, self.people.by_id[name].short
        for index in told_of:
            unit = self.units[index]
            if name in unit.people:
                for was, now in ((old, new), (old[:1].upper() + old[1:], new)):
                    unit.said, unit.voiced = (
                        unit.said.replace(was, now),
                        unit.voiced.replace(was, now),
                    )
        for store in self.memory:
            store.recent = [name if p == unknown else p for p in store.recent]
            store.speakers = [name if p == unknown else p for p in store.speakers]
            store.subject = name if store.subject == unknown else store.subject

    def voice(self, name: str) -> str:
        """Somebody who is only heard: a name from a script, or First voice."""
        identity = slug(name) or self._numbered("person", 1)
        if identity not in self.people.by_id:
            self.people.by_id[identity] = Person(identity, name, name)
            self.people.names.setdefault(tuple(name.split()), identity)
        return identity
