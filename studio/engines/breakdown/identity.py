"""Words that turn out to mean one person: `a girl named Emily`, `Peter Jones, the police agent`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from studio.engines.breakdown.mentions import GENERIC, People, Person
from studio.engines.breakdown.roles import role_words
from studio.engines.breakdown.units import Unit

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_NAMED = re.compile(r"^\W*(?:named|called|,? whose name was|by the name of)\W+$")


def link_roles_to_names(people: People, units: Sequence[Unit]) -> None:
    """`a girl named Emily`, `Peter Jones, the police agent`, `Captain Zhao Fei`: one person."""
    named = set(people.names.values())
    for unit in units:
        if unit.spoken and not re.search(r"\b(?:is|[Tt]his)\b", unit.text):
            continue
        found = people.mentions(unit.text, predicates=True)
        for one, two in pairwise(found):
            between = unit.text[one.end : two.start]
            role, name = (one, two) if two.person in named else (two, one)
            if name.person not in named or role.person in named:
                continue
            if role.person not in people.by_id:
                continue  # merged by an earlier pair of this sentence
            chinese = re.fullmatch(r"(?:名叫|叫做|叫|名字叫)", between) and role is one
            if unit.spoken and not (
                re.match("[Tt]his ", unit.text[role.start : role.end])
                or (
                    re.fullmatch(r"\s(?:is|was)\s", between)
                    and people.by_id[role.person].noun not in GENERIC
                )
            ):
                continue
            links = (
                (role is one and (_NAMED.match(between) or chinese or between in (" ", ", ", "")))
                or (
                    role is two
                    and re.fullmatch(r", ?", between)
                    and re.match(r"[,.;]| (?:of|with|who|in|from)\b", unit.text[role.end :])
                )
                or (role is two and re.fullmatch(r"\s(?:is|was)\s", between))
            )
            if links and people.by_id[role.person].group == people.by_id[name.person].group:
                called = unit.text[role.start : role.end]
                if people.by_id[role.person].noun in GENERIC and not unit.spoken:
                    _take_over(people.by_id[role.person], people.by_id[name.person])
                else:
                    _merge(people, role.person, name.person, called)


def link_by_name_given(people: People, units: Sequence[Unit]) -> None:
    """`His name is Vincent Spaulding`: the last role that was spoken of has that name."""
    words = role_words()
    for at, unit in enumerate(units):
        given = re.search(r"\b(?:[Hh]is|[Hh]er) name (?:is|was) ", unit.text)
        named = [m.person for m in people.mentions(unit.text[given.end() :])][:1] if given else []
        if not given or not named or not people.has_name(named[0]):
            continue
        for earlier in reversed(units[max(0, at - 6) : at]):
            nouns = [words[w][1] for w in _TOKEN.findall(earlier.text.lower()) if w in words]
            noun = next((n for n in nouns if n not in GENERIC and n in people.roles), None)
            if noun:
                for role in list(people.roles[noun]):
                    if not people.has_name(role):
                        _merge(people, role, named[0], noun)
                break


def _merge(people: People, role: str, name: str, called: str) -> None:
    """The role's words now mean the named person, who takes over what the role says."""
    if role not in people.by_id or role == name or people.by_id[role].cued:
        return
    if people.by_id[role].noun in GENERIC and re.match(
        r"(?:the|my|our|his|her) |This fellow", called
    ):
        return
    old, new = people.by_id.pop(role), people.by_id[name]
    _take_over(old, new)
    if old.noun.split()[-1] in people.roles and len(old.noun.split()) > 1:
        for same in list(people.roles[old.noun.split()[-1]]):
            _merge(people, same, name, called)
    for owners in people.roles.values():
        owners[:] = list(dict.fromkeys(name if owner == role else owner for owner in owners))


def _take_over(old: Person, new: Person) -> None:
    new.role, new.noun, new.sort = new.role or old.role, new.noun or old.noun, old.sort
    new.sex = old.sex if new.sex == "n" else new.sex
