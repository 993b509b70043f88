"""What people and places look like, in English words that repeat from shot to shot.

A person's looks are the story's own describing words; where it is silent, age, hair,
clothes and a mark are chosen by a hash of the person's id, fitting the story's period.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeVar

from studio.engines.breakdown.lexicon import Entry, entries, is_chinese, rows
from studio.engines.breakdown.mentions import Mention, People, Person
from studio.engines.breakdown.parts import Location
from studio.engines.breakdown.units import Unit

Option = TypeVar("Option")
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PERIODS = {
    "victorian": ", 1890s",
    "medieval": ", fairy-tale middle ages",
    "modern": ", present day",
    "future": ", science fiction",
    "china": ", old China, ink-painting mood",
    "plain": "",
}


@cache
def _list(sort: str) -> tuple[str, ...]:
    text = next(words for key, words in rows("looks") if key == sort)
    return tuple(text.split(";") if ";" in text else text.split())


def choice(options: Sequence[Option], *seed: str) -> Option:
    """One of the options, the same for the same seed on every machine."""
    digest = hashlib.sha256("\n".join(seed).encode()).digest()
    return options[int.from_bytes(digest[:4], "big") % len(options)]


def period_of(units: Iterable[Unit]) -> str:
    """What the story's words suggest: victorian, medieval, modern, future, china or plain."""
    counts: Counter[str] = Counter()
    chinese = total = 0
    for unit in units:
        total += 1
        chinese += is_chinese(unit.text)
        words = [word.lower() for word in _TOKEN.findall(unit.text)]
        for period in ("victorian", "medieval", "modern", "future"):
            known = _list(f"era_{period}")
            counts[period] += len({word for word in words if word in known})
    if chinese * 2 > total:
        return "china"
    best = max(sorted(counts), key=lambda period: counts[period])
    return best if counts[best] >= 2 else "plain"


Described = tuple[Unit, list[Mention]]
"""A narrated sentence, with whom it mentions."""


def described(units: Sequence[Unit], people: People) -> list[Described]:
    """Every narrated sentence with its mentions, for `describe`."""
    return [
        (unit, people.mentions(unit.text, predicates=True)) for unit in units if not unit.spoken
    ]


def describe(person: Person, told: Sequence[Described], period: str) -> str:
    """One description, 10 to 40 words, to be repeated in every prompt."""
    row = entries("roles").get(person.role or "")
    words = _told(person, told)
    if person.age:
        sex = person.sex if person.sex in "mf" else choice(("m", "f"), person.id)
        nouns = {"m": ("boy", "man"), "f": ("girl", "woman")}[sex]
        words.insert(0, f"{nouns[person.age > 17]} of {person.age}")
    if row is not None and row.rest[0] in ("a", "c"):
        return _creature(person, row, words)
    if person.group:
        return _group(person, row, period)
    return _human(person, row, words, period)


def _creature(person: Person, row: Entry, told: list[str]) -> str:
    looks = row.rest[1]
    noun = person.noun
    known = next((word for word in row.english if re.search(rf"\b{word}\b", looks)), row.english[0])
    if noun in row.english and noun != known:
        looks = re.sub(rf"\b{known}\b", noun, looks, count=1)
    young = noun.startswith("小") or "little" in person.id or "young" in person.id or "baby" in told
    old = noun.startswith("老") or "old" in person.id.split("_")
    if young or old:
        looks = re.sub(r"^an? ", "a young, small " if young else "an old, grey-muzzled ", looks)
    if person.group:
        looks = re.sub(r"^an? ", "several of them alike, each a ", looks)
    return looks


def _group(person: Person, row: Entry | None, period: str) -> str:
    if row is None or row.key == "people":
        crowd = {
            "victorian": "Victorian coats and hats",
            "medieval": "medieval tunics and cloaks",
            "china": "old Chinese cotton clothes",
        }
        return f"a crowd of men and women in {crowd.get(period, 'plain everyday clothes')}"
    if row.key == "runner":
        colour = choice(("red", "blue", "yellow", "green", "white"), person.id)
        return f"a team of lean athletes in {colour} sports kit with numbers"
    outfit = row.rest[1].split(", ", 1)[-1].removeprefix("in ")
    if re.match(r"an? (?:old |young )?(?:man|woman|boy|girl|child)", outfit):
        outfit = "plain everyday clothes"
    noun = person.short if not is_chinese(person.short) else row.english[0] + "s"
    noun = re.sub(r"^the ", "", noun)
    return (
        f"a small group of {noun}, {'in ' if not outfit.startswith(('in', 'with')) else ''}{outfit}"
    )


def _human(person: Person, row: Entry | None, told: list[str], period: str) -> str:
    sex = person.sex if person.sex in "mf" else choice(("m", "f"), person.id)
    role = row.rest[1] if row else ""
    noun = {"m": "man", "f": "woman"}[sex]
    if row is not None and row.key in ("man", "woman", "friend"):
        role = ""
    aged = next(
        (
            phrase
            for phrase in told
            if re.fullmatch(r"(?:wo)?man of \w+|(?:girl|boy|child|lady) of \w+", phrase)
        ),
        None,
    )
    if aged:
        role = f"a {aged}"
        told = [phrase for phrase in told if phrase != aged]
    given_age = re.match(r"an? (?:old |young )?(?:man|woman|girl|boy|child)(?: of [\w-]+)?", role)
    adjectives = [word for word in told if word in _list("build") + _list("age") + _list("face")]
    if "old" in person.id.split("_") or person.noun.startswith("老"):
        adjectives.insert(0, "old")
    if "young" in person.id.split("_"):
        adjectives.insert(0, "young")
    features = [phrase for phrase in told if " " in phrase]
    ages = [word for word in adjectives if word in _list("age")]
    if given_age:
        head = given_age[0]
        extra = [word for word in adjectives if word not in ("old", "young", "little", "elderly")]
        told_so = ", ".join(dict.fromkeys(extra[:3]))
        head = re.sub(r"^an? ", f"a {told_so + ' ' if told_so else ''}", head)
        if noun == "woman" and head.endswith("child of seven"):
            head = head.replace("child", "girl")
    else:
        extra = list(
            dict.fromkeys([*[w for w in adjectives if w not in _list("age")][:3], *ages[:1]])
        )
        age = (
            ""
            if ages
            else choice(("of thirty", "of thirty-five", "of forty", "of fifty"), person.id, "age")
        )
        age = "of twenty-five" if "young" in extra or "boyish" in extra else age
        head = f"a {', '.join(extra)} {noun} {age}" if extra else f"a {noun} {age}"
    parts = [re.sub(r"\s+", " ", head).strip()]
    body = _list("body")
    hair = [phrase for phrase in features if phrase.split()[-1] in body]
    clothes = [phrase for phrase in features if phrase.split()[-1] in _list("clothes")]
    if "red" in {word.split("headed")[0].rstrip("-") for word in told if "headed" in word}:
        hair.insert(0, "blazing red hair")
    elif not _has_hair(role, told):
        hair.insert(0, _invented_hair(person, sex, parts[0], told))
    parts += hair[:3]
    outfit = re.sub(r"^an? [^,]*?(?:,|$)\s*", "", role) if given_age else role
    outfit = re.sub(r"^of [\w-]+,\s*", "", outfit)
    if clothes:
        parts.append("wearing " + " and ".join(_article(item) for item in clothes[:3]))
    elif outfit:
        parts.append(outfit)
    if not clothes and not re.search(r"\bin\b", outfit):
        parts.append("in " + choice(_list(f"{period}_{sex}"), person.id, "clothes"))
    if len(hair) < 2:
        words = set(" ".join([*told, *hair]).split())
        marks = [mark for mark in _list("mark") if not words & _parts_of_face(mark)]
        parts.append(choice(marks, person.id, "mark"))
    return _a_an(", ".join(part for part in parts if part))


def _has_hair(role: str, told: Sequence[str]) -> bool:
    """Whether the story's words, or those of the role, already say what the hair is like."""
    words = " ".join([role, *told]).split()
    return any(
        word.strip(",") in _list("hair") or word.rstrip(",").endswith(("-haired", "headed"))
        for word in words
    ) or any(word in role for word in ("beard", "shaven"))


def _invented_hair(person: Person, sex: str, head: str, told: Sequence[str]) -> str:
    """Hair that fits the age: no grey for the young, no beard where the story has the chin."""
    words = set(" ".join(told).split())
    child = re.search(r"\b(?:boy|girl|child)\b", head)
    young = child or re.search(r"\b(?:young|youthful|boyish|thirty|twenty\S*)\b", head)
    shaven = child or words & set(_list("beard"))
    options = [
        option
        for option in _list("man_hair" if sex == "m" else "woman_hair")
        if not (young and re.search("grey|thinning", option))
        and not (shaven and re.search("beard|whiskers", option))
    ]
    return choice(options, person.id, "hair")


def _parts_of_face(mark: str) -> set[str]:
    """What a mark is about, so that it never contradicts the story's own words for it."""
    words = set(re.findall(r"[a-z-]+", mark))
    about = words & {"nose", "eyes", "cheeks", "cheek", "eyebrows", "brows", "scar", "freckled"}
    return about | ({"cheeks", "cheekbones"} if about & {"cheek", "cheeks"} else set())


def _article(phrase: str) -> str:
    plural = phrase.endswith("s") and not phrase.endswith("ss")
    return phrase if plural else f"a {phrase}"


def _a_an(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)


def _told(person: Person, told: Sequence[Described]) -> list[str]:
    """The story's describing words and phrases for somebody, in order, each once."""
    if any(is_chinese(unit.text) for unit, _ in told[:3]):
        return []
    found: list[str] = []
    for unit, mentions in told:
        mine = [mention for mention in mentions if mention.person == person.id]
        about = unit.subject == person.id
        for mention in mine:
            called = _TOKEN.findall(unit.text[mention.start : mention.end].lower())
            found += [
                word for word in called if word in _list("build") + _list("age") + _list("face")
            ]
        wears = re.search(r"\b(?:wore|wears|wearing|dressed in|in a|in his|in her)\b", unit.text)
        alone = len(set(unit.people)) == 1
        if about and (wears or alone):
            found += _phrases(unit.text, _list("body"), possessed=True)
            found += _said_of_body(unit.text)
            if wears:
                found += _phrases(unit.text[wears.start() :], _list("clothes"), possessed=False)
        for mention in mine:
            near = unit.text[mention.start : mention.end + 40]
            found += [
                f"{colour} hair"
                for colour in re.findall(r"\b([a-z]+)-haired\b", near.lower())
                if f"{colour}-haired" not in _list("face")
            ]
            aged = re.search(r"\b((?:wo)?man|girl|boy|child|lady) (?:of|aged) ([a-z]+)\b", near)
            if aged and aged[2] not in ("the", "a", "his", "her", "my", "this"):
                found.append(f"{aged[1]} of {aged[2]}")
            after = unit.text[mention.end : mention.end + 140]
            if re.match(r"\s+(?:with|in|of)\b|,", after):
                tail = re.split(r"[.;:]", after)[0]
                found += _phrases(tail, _list("body") + _list("clothes"), possessed=False)
    return list(dict.fromkeys(found))[:14]


def _said_of_body(text: str) -> list[str]:
    """`Her hair was white` as `white hair`, `he was bald` as `bald`."""
    found = [
        f"{said[2]} {said[1]}"
        for said in re.finditer(
            r"\b(?:his|her|their|whose|the) ([a-z]+) (?:was|were|is|are|hung|fell) "
            r"(?:very |quite |all |as )?([a-z]+)\b",
            text.lower(),
        )
        if said[1] in _list("body") and said[2] in _list("colour") + _list("describing")
    ]
    bare = re.search(r"\b(?:was|is|were) (?:quite |almost )?(bald|bearded|clean-shaven)\b", text)
    return [*found, *([bare[1]] if bare else [])]


def _phrases(text: str, nouns: Sequence[str], possessed: bool) -> list[str]:
    """Noun phrases such as `fiery red hair`, with at least one describing word."""
    describing = {word for sort in ("colour", "build", "age", "describing") for word in _list(sort)}
    words = [token.lower() for token in _TOKEN.findall(text)]
    found = []
    for at, word in enumerate(words):
        if (
            word not in nouns
            or (words[at + 1 : at + 2] and words[at + 1] in nouns)
            or (possessed and word in ("hands", "fingers", "lips", "eye"))
        ):
            continue
        start = at
        while (
            start
            and at - start < 4
            and (
                words[start - 1] in describing
                or words[start - 1] in nouns
                or words[start - 1].endswith("’s")
            )
        ):
            start -= 1
        phrase = " ".join(words[start:at])
        if phrase:
            found.append(f"{phrase} {word}")
    return found


def place_looks(location: Location, period: str) -> str:
    """What a place looks like: its kind's picture and the story's own adjectives for it."""
    row = entries("places")[location.kind]
    looks = row.rest[1]
    own = []
    for words in location.words:
        if words != "named" and not is_chinese(words):
            named_words = location.name.lower() if location.words["named"] else ""
            own += [
                word
                for word in words.split()[:-1]
                if word.isalpha() and word not in looks and word not in named_words
            ]
    known = set(
        " ".join(entry for item in entries("places").values() for entry in item.english).split()
    )
    adjectives = list(dict.fromkeys(word.lower() for word in own if word.lower() not in known))[:3]
    named = (
        f"{location.name}: " if location.words["named"] and not is_chinese(location.name) else ""
    )
    return f"{named}{looks}{''.join(', ' + word for word in adjectives)}{_PERIODS[period]}"
