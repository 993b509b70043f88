"""The speaking cast of a screenplay: one person for every cue, and nobody else for its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from studio.engines.breakdown.ids import new_id
from studio.engines.breakdown.lexicon import entries, is_chinese, talk
from studio.engines.breakdown.mentions import People, Person
from studio.engines.breakdown.names import NameUse
from studio.engines.breakdown.roles import role_words
from studio.engines.breakdown.script import titled
from studio.engines.breakdown.units import Turn, Unit

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_AGED = re.compile(r"([^\W\d_]+(?:[ '’-][^\W\d_]+){0,3})\s*[(（][^\d()（）]{0,12}(\d{1,2})(?!\d)")
_SEVERAL = re.compile(r"&|\b(?:and|all|both|crowd|everyone|everybody|chorus)\b|众|大家|齐声", re.I)


Uses = dict[tuple[str, ...], NameUse]


def add_cues(people: People, units: Sequence[Unit], uses: Uses) -> Uses:
    """A person for every cue, who is every turn's speaker from now on; gives the names that are
    left for others. Those that a cue is part of (`Nora Quill`) mean that person too, and a script
    introduces whoever does not speak in capitals: other words are no names."""
    known: dict[str, str] = {}
    for index, turn in _turns(units):
        key = " ".join(turn.cue.split()).casefold()
        if key not in known:
            known[key] = _person(people, titled(" ".join(turn.cue.split())), index)
        turn.speaker = known[key]
        people.by_id[known[key]].count += 1
    for words in uses:
        part = next((w for w in (words[0], words[-1]) if (w,) in people.names), None)
        if part is not None and words not in people.names:
            person = people.by_id[people.names[(part,)]]
            people.names[words] = person.id
            if part == words[0] and person.name == part:
                person.name = " ".join(words)
    actions = _actions(units)
    for name, age in (
        (found[1], int(found[2])) for text in actions for found in _AGED.finditer(text)
    ):
        called = set(name.casefold().split())
        for cue, who in known.items():
            if called & {"young", "old", "little"} <= set(cue.split()) <= called or (
                is_chinese(name) and name.endswith(cue)
            ):
                people.by_id[who].age = people.by_id[who].age or age
    left = {words: use for words, use in uses.items() if words not in people.names}
    if not actions:
        return left
    capitals = {word for text in actions for word in _TOKEN.findall(text) if word.isupper()}
    return {
        words: use
        for words, use in left.items()
        if is_chinese(words[0]) or capitals.issuperset(word.upper() for word in words)
    }


def link_cues_to_roles(people: People, units: Sequence[Unit]) -> None:
    """The keeper whom an action names is whoever speaks as KEEPER."""
    for person in dict.fromkeys(turn.speaker for _, turn in _turns(units)):
        speaker = people.by_id[person] if person else None
        if speaker is None or not speaker.noun:
            continue
        owners = people.roles.get(speaker.noun, [])
        same = {each for each in owners if not people.by_id[each].cued}
        for owner in same:
            people.by_id.pop(owner)
        for owners in people.roles.values():
            owners[:] = dict.fromkeys(speaker.id if each in same else each for each in owners)
        people.roles.setdefault(speaker.noun, [speaker.id])


def _actions(units: Sequence[Unit]) -> list[str]:
    """A script's actions as they are written; none where the story is prose."""
    scenes = {id(unit.script): unit.script for unit in units if unit.script}
    return [beat.text for scene in scenes.values() for beat in scene.beats if beat.kind == "action"]


def _turns(units: Sequence[Unit]) -> Iterator[tuple[int, Turn]]:
    seen: set[int] = set()
    for unit in units:
        for turn in (unit.turn, unit.second.turn if unit.second else None):
            if turn is not None and turn.cue and id(turn) not in seen:
                seen.add(id(turn))
                yield unit.index, turn


def _person(people: People, name: str, first: int) -> str:
    words = [word for word in _TOKEN.findall(name) if not _title(word)]
    role, noun, _ = role_words().get(
        name if is_chinese(name) else words[-1].lower() if words else "", ("", "", False)
    )
    person = Person(
        new_id(people.by_id, name, role), name[:100], name[:100], first=first, cued=True
    )
    person.group = bool(_SEVERAL.search(name))
    if role:
        sort = entries("roles")[role].rest[0]
        person.role, person.noun = role, noun
        person.sex, person.sort = (sort if sort in "mf" else "n"), (sort if sort in "ac" else "n")  # type: ignore[assignment]
    for sex in "mf":
        titles = {word.rstrip(".") for word in _TOKEN.findall(name)} & talk(f"title_{sex}")
        if titles or (words and words[0] in talk("male" if sex == "m" else "female")):
            person.sex = sex
    people.by_id[person.id] = person
    people.names.setdefault(tuple(words) or (name,), person.id)
    return person.id


def _title(word: str) -> bool:
    return any(word in talk(f"title_{sort}") for sort in "mfn")
