"""Who is in a story: names, roles and the narrator.

A person may be called by several words: `Mr. Sherlock Holmes` is `Holmes`, the narrator
`I` is the Watson that others speak to, `a girl named Mara` is `Mara`. Which of them a
shot needs, and what they look like, is decided elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from studio.engines.breakdown.cues import add_cues, link_cues_to_roles
from studio.engines.breakdown.identity import link_by_name_given, link_roles_to_names
from studio.engines.breakdown.ids import new_id
from studio.engines.breakdown.lexicon import is_chinese, talk
from studio.engines.breakdown.mentions import People, Person
from studio.engines.breakdown.names import NameUse, names_in
from studio.engines.breakdown.roles import add_roles
from studio.engines.breakdown.units import Unit


def find_people(units: Sequence[Unit], language: str) -> People:
    """The people of a story, by what its sentences call them."""
    names = names_in(units, language.startswith("de"))
    people = People({}, {}, {})
    _add_names(people, add_cues(people, units, names.people))
    add_roles(people, units)
    link_cues_to_roles(people, units)
    link_roles_to_names(people, units)
    link_by_name_given(people, units)
    _count(people, units)
    if not any(unit.script for unit in units):
        _add_narrator(people, units)
    return people


def _add_names(people: People, uses: dict[tuple[str, ...], NameUse]) -> None:
    """Full names first; a single word joins the full name that ends (or begins) with it."""
    full = sorted(
        (use for use in uses.values() if len(use.words) > 1),
        key=lambda use: (-use.count, use.first),
    )
    single = [use for use in uses.values() if len(use.words) == 1]
    for use in full:
        longer = next(
            (
                words
                for words in people.names
                if len(words) > 1 and words[-1:] == use.words[-1:] and (words[0] == use.words[0])
            ),
            None,
        )
        if longer:
            people.names[use.words] = people.names[longer]
            continue
        team = use.words[0] == "Team"
        alone = uses.get(use.words[-1:]) if not team else None
        first_alone = uses.get(use.words[:1])
        short = " ".join(use.words)
        if alone and not any(
            other is not use and other.words[-1:] == use.words[-1:] for other in full
        ):
            short = use.words[-1]
        elif first_alone:
            short = use.words[0]
        person = Person(
            new_id(people.by_id, short, " ".join(use.words)),
            " ".join(use.words),
            short,
            first=use.first,
        )
        person.group = team
        if team:
            person.role, person.noun = "runner", "team"
        _sex_of_name(person, use)
        people.by_id[person.id] = person
        people.names[use.words] = person.id
    for use in single:
        owners = [
            owner
            for words, owner in people.names.items()
            if len(words) > 1 and use.words[0] in (words[-1], words[0]) and words[0] != "Team"
        ]
        if owners:
            best = max(dict.fromkeys(owners), key=lambda owner: -people.by_id[owner].first)
            people.names[use.words] = best
            _sex_of_name(people.by_id[best], use)
            continue
        word = use.words[0]
        title = next(
            (t for t, _ in sorted(use.titles.items(), key=lambda item: (-item[1], item[0]))), ""
        )
        shown = (
            f"{title}{'.' if title in ('Mr', 'Mrs', 'Ms', 'Dr') else ''} {word}" if title else word
        )
        person = Person(
            new_id(people.by_id, word),
            shown,
            word if not title or title in ("Mr", "Dr") else shown,
            first=use.first,
        )
        _sex_of_name(person, use)
        people.by_id[person.id] = person
        people.names[use.words] = person.id


def _sex_of_name(person: Person, use: NameUse) -> None:
    for sort in "mf":
        if any(title in talk(f"title_{sort}") for title in use.titles):
            person.sex = sort
    if person.sex == "n":
        for sort, table in (("m", "male"), ("f", "female")):
            if use.words[0] in talk(table):
                person.sex = sort


def _count(people: People, units: Sequence[Unit]) -> None:
    """How often everybody is mentioned, and the sex that pronouns near them tell."""
    votes: dict[str, Counter[str]] = {}
    alone = ""
    for unit in units:
        found = people.mentions(unit.text)
        for mention in found:
            people.by_id[mention.person].count += 1
        here = {mention.person for mention in found}
        if len(here) == 1 and not unit.spoken:
            alone = found[0].person
            votes.setdefault(alone, Counter()).update(_pronouns(unit.text[found[0].end :]))
        elif not here and alone and not unit.spoken:
            votes.setdefault(alone, Counter()).update(_pronouns(unit.text))
        else:
            alone = ""
    for identity, vote in votes.items():
        person = people.by_id[identity]
        if person.sex == "n" and vote["m"] != vote["f"]:
            person.sex = "m" if vote["m"] > vote["f"] else "f"


def _pronouns(text: str) -> dict[str, int]:
    """How often a text says he and she, and their possessives."""
    low = text.lower()
    hers = [word for word in re.findall(r"\bher (\w+)", low) if word not in talk("stop")]
    return {
        "m": len(re.findall(r"\b(?:he|his|il)\b|他", low)),
        "f": len(re.findall(r"\b(?:she|elle)\b|她", low)) + len(hers),
    }


def _add_narrator(people: People, units: Sequence[Unit]) -> None:
    """`I` of the narration: whoever is only ever spoken to, else an unnamed narrator."""
    told = [unit for unit in units if not unit.spoken and unit.level == 0]
    first_person = sum(1 for unit in told if re.search(r"\b(?:I|me|my|je|ich)\b|我", unit.text))
    if (first_person < 2 and first_person * 2 < len(told)) or not first_person:
        return
    acted = Counter(mention.person for unit in told for mention in people.mentions(unit.text))
    spoken_to: Counter[str] = Counter()
    for unit in units:
        if unit.spoken and unit.level == 0:
            for mention in people.mentions(unit.text):
                after = unit.text[mention.end : mention.end + 1]
                before = unit.text[: mention.start].rstrip()
                if (
                    after in ",!?." and (before.endswith((",", "dear")) or not before)
                ) or "dear" in before[-5:]:
                    spoken_to[mention.person] += 1
    named = set(people.names.values())
    best = next(
        (
            p
            for p, n in sorted(spoken_to.items(), key=lambda item: (-item[1], item[0]))
            if n >= 1 and not acted[p] and p in named
        ),
        None,
    )
    if best is None:
        chinese = any(is_chinese(unit.text) for unit in told[:5])
        name = "我" if chinese else "the narrator"
        best = new_id(people.by_id, "narrator")
        sex = "mf"[len(told[0].text) % 2]
        people.by_id[best] = Person(best, "我" if chinese else "Narrator", name, sex=sex)
    people.by_id[best].narrator = True
    people.by_id[best].count += first_person
    people.by_id[best].first = 0
    for title, role in (("Doctor", "doctor"), ("Captain", "captain"), ("Professor", "teacher")):
        if (
            sum(
                1
                for unit in units
                if unit.spoken and re.search(rf"(?:^|, ){title}[,.!?]", unit.text)
            )
            >= 2
        ):
            people.names.setdefault((title,), best)
            people.by_id[best].role = people.by_id[best].role or role
    if people.by_id[best].sex == "n" and any(
        re.search(r"\b(?:sir|my dear fellow|old chap)\b", unit.text) for unit in units
    ):
        people.by_id[best].sex = "m"
