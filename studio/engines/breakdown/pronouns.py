"""Whom a sentence means: names, roles and pronouns, each with the person behind it."""

from __future__ import annotations

import re

from studio.engines.breakdown.company import Company, Meant, Memory
from studio.engines.breakdown.lexicon import grammar, is_chinese, talk

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
SEX = {
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
    "il": "m", "elle": "f", "er": "m",
}  # fmt: skip
FIRST = grammar("pronouns_first")
WE = frozenset(["we", "us", "our", "ours", "ourselves"])


class Finder:
    """Finds people in sentences, in the company that is there."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.people = company.people

    def found(self, text: str, me: str | None, memory: Memory, block: int) -> list[Meant]:
        """The people meant in `text`, in order: by a name, as subject, object or possessive."""
        if is_chinese(text):
            return self._chinese(text, me, memory)
        mentions = self.people.mentions(text)
        found: list[Meant] = []
        for mention in mentions:
            person = self.company.generic(mention, text, memory, [m.person for m in mentions])
            if person:
                found.append(Meant(person, mention.start, mention.end, "name"))
        covered = [(mention.start, mention.end) for mention in mentions]
        for token in _TOKEN.finditer(text):
            low = token[0].lower().replace("’", "'")
            if any(start <= token.start() < end for start, end in covered):
                determiner = token.start() in [start for start, _ in covered]
                if not (determiner and (low in ("his", "her", "my"))):
                    continue
            how = (
                "possessive"
                if low in ("his", "my", "her") and self._possesses(text, token.end())
                else ""
            )
            how = how or ("object" if low in ("him", "me", "her") else "subject")
            if low in FIRST:
                if me:
                    found.append(Meant(me, token.start(), token.end(), how))
            elif low in ("they", "them") and how == "subject":
                found += [
                    Meant(person, token.start(), token.end(), "we")
                    for person in self.company.they(memory, me)
                ]
            elif low in WE and me:
                found.append(Meant(me, token.start(), token.end(), "we"))
            elif low in SEX:
                earlier = [
                    item.person
                    for item in sorted(found, key=lambda item: item.start)
                    if item.start < token.start() and item.how != "we"
                ]
                person = self._pronoun(SEX[low], how, earlier, memory, block, me)
                if person:
                    self.company.learn(person, SEX[low])
                    found.append(Meant(person, token.start(), token.end(), how))
        return sorted(found, key=lambda item: item.start)

    def _chinese(self, text: str, me: str | None, memory: Memory) -> list[Meant]:
        found = [
            Meant(self.company.generic(m, text, memory, []) or m.person, m.start, m.end, "name")
            for m in self.people.mentions(text)
        ]
        for match in re.finditer(r"[他她它]们", text):
            found += [
                Meant(person, match.start(), match.end(), "we")
                for person in self.company.they(memory, me)
            ]
        for match in re.finditer(r"[他她它我](?!们)", text):
            before = [item.person for item in found if item.start < match.start()]
            if match[0] == "我":
                person = me
            elif before:
                person = before[0]
            else:
                person = memory.subject or (memory.recent[0] if memory.recent else None)
            if person:
                possessive = text[match.end() : match.end() + 1] == "的"
                found.append(
                    Meant(
                        person,
                        match.start(),
                        match.end(),
                        "possessive" if possessive else "subject",
                    )
                )
        return sorted(found, key=lambda item: item.start)

    def _pronoun(
        self, sex: str, how: str, earlier: list[str], memory: Memory, block: int, me: str | None
    ) -> str | None:
        """Whom he or she means: the sentence's own subject, the last one's, the most recent."""
        inside = [person for person in earlier if person != me and self.company.fits(person, sex)]
        if inside and how != "object":
            return inside[0]
        if how == "object" and len(set(earlier)) == 1 and inside:
            others = [
                p for p in memory.recent if p not in (earlier[0], me) and self.company.fits(p, sex)
            ]
            return others[0] if others else None
        if inside:
            return inside[-1]
        choices = [memory.subject] if memory.subject and memory.subject_block == block else []
        choices += [*memory.recent]
        for person in choices:
            if person and person != me and person not in earlier and self.company.fits(person, sex):
                if person == memory.subject and memory.subject_block == block:
                    return person
                exact = self.people.by_id[person].sex == sex
                better = next(
                    (p for p in memory.recent[:4] if p != me and self.people.by_id[p].sex == sex),
                    None,
                )
                return person if exact or better is None else better
        return None

    def _possesses(self, text: str, end: int) -> bool:
        after = _TOKEN.match(text, end + 1)
        if after is None:
            return False
        word = after[0].lower()
        return word not in talk("stop") or word in ("own", "first", "last", "two", "little")
