"""A person's words -> how they look: the templates they are put together from, their
measures and their colours.

The same words and id give the same looks in every shot. What the words leave open is
chosen by a hash of the id, so that two people without a description still differ. English
and Chinese. Knows no poses and draws nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from studio.engines.sketch.description import Description, named_part
from studio.engines.sketch.lexicon import (
    AGES,
    BEARD_NOUNS,
    BUILDS,
    HUMAN,
    MEN,
    NUMBERS,
    TITLES,
    WOMEN,
    WOMEN_NAMES,
    Age,
    Sex,
)
from studio.engines.sketch.library import mention
from studio.engines.sketch.palette import beast_colours, person_colours
from studio.engines.sketch.parts import parts

_YEARS = re.compile(
    r"(\d{1,3})[\s-]*(?:years?|yrs|岁)|(?:of|aged?|in h(?:er|is)|about)\s+(\d{1,3}|[a-z]+)"
    r"|([a-z]+)[\s-]years?|([一二三四五六七八九十]+)多?岁"
)


@dataclass(frozen=True)
class Appearance:
    """Names of templates (empty: none), measures, and colours by role.

    `tall` is the height as a share of a grown man's (for children beside a child's usual
    one), `stout` the width of the body as a share of the usual one; `animal` is the template
    of an animal, which then has nothing else but hat and glasses.
    """

    sex: Sex
    age: Age
    tall: float
    stout: float
    head: str
    hair: str
    hat: str
    beards: tuple[str, ...]
    marks: tuple[str, ...]
    glasses: tuple[str, ...]
    coat: str
    over: str
    shoes: str
    animal: str
    roles: Mapping[str, str]


@lru_cache(maxsize=512)
def appearance_of(who: str, name: str, looks: str, wears: str | None) -> Appearance:
    """How somebody looks: their id, name, the cast sheet's words, and other clothes if any."""
    said = Description(who, name, looks, wears or "")
    glasses = tuple(filter(None, (said.part("glasses"),)))
    if animal := _animal(said):
        hat = said.part("hat")
        return Appearance(
            "man", "grown", 1, 1, "", "", hat, (), (), glasses, "", "", "", animal,
            beast_colours(said, animal, hat),
        )  # fmt: skip
    age, sex = _age(said), _sex(said)
    hat, coat, over = _hat(said, age), _coat(said, sex, age), said.part("over")
    tall, stout = _measures(said, sex, age)
    return Appearance(
        sex=sex,
        age=age,
        tall=tall,
        stout=stout,
        head="head-child" if age == "child" else f"head-{sex}",
        hair=_hair(said, sex, age),
        hat=hat,
        beards=_beards(said, sex, age),
        marks=_marks(said, age),
        glasses=glasses,
        coat=coat,
        over=over,
        shoes=said.part("shoe")
        or ("shoe-boot" if coat in ("coat-oilskin", "coat-uniform") else "shoe-plain"),
        animal="",
        roles=person_colours(said, age, sex, hat, coat, over),
    )


def _animal(said: Description) -> str:
    """The animal that somebody is: by the looks, if those name it and no human being, or by
    a name like Fox, The Hungry Fox, 小狐狸."""
    if said.says(HUMAN, said.looks):
        return ""
    beasts = [part for part in parts("figures").values() if part.kind == "animal"]
    looks = re.sub(r"\b\w+[- ](?:skin|fur|coat|hat|collar|cloak)\b", "", said.looks)
    told = [
        (at, -len(word), beast.name)
        for beast in beasts
        for word in beast.words
        if (at := mention((word,), looks)) is not None
    ]
    if told:
        return min(told)[2]
    name = said.name.lower().split() or [""]
    common = len(name) == 1 or name[0].strip(".") in TITLES
    for beast in beasts:
        if (common and name[-1] in beast.words) or any(
            len(word) > 1 and not word.isascii() and word in said.name for word in beast.words
        ):
            return beast.name
    return ""


def _age(said: Description) -> Age:
    for found in _YEARS.finditer(said.looks.lower()):
        word = next(each for each in found.groups() if each)
        years = int(word) if word.isascii() and word.isdecimal() else NUMBERS.get(word, 0)
        if years:
            steps: tuple[tuple[int, Age], ...] = ((13, "child"), (30, "young"), (56, "grown"))
            return next((age for below, age in steps if years < below), "old")
    told = [
        (at, age) for age, words in AGES.items() if (at := mention(words, said.all)) is not None
    ]
    if any(age == "child" for _, age in told):
        return "child"
    return min(told)[1] if told else "grown"


def _sex(said: Description) -> Sex:
    woman, man = mention(WOMEN, said.all), mention(MEN, said.all)
    if woman is not None or man is not None:
        return "woman" if man is None or (woman is not None and woman < man) else "man"
    if said.says(("dress", "skirt", "gown", "裙", "旗袍")):
        return "woman"
    first = re.match(r"[a-z]{3,}", said.name.lower())
    if first and (first[0] in WOMEN_NAMES or first[0].endswith("a")):
        return "woman"
    return "woman" if said.choose("sex", 3) == 0 else "man"


def _measures(said: Description, sex: Sex, age: Age) -> tuple[float, float]:
    tall = (1.0 if sex == "man" else 0.955) + (said.choose("tall", 7) - 3) * 0.008
    stout = 1 + (said.choose("stout", 7) - 3) * 0.025
    if age == "child":
        tall = 0.64 + (said.choose("tall", 5) - 2) * 0.02
    if age == "old":
        tall -= 0.03
    for words, taller, wide in BUILDS:
        if said.says(words):
            tall, stout = tall + taller, wide or stout
    return tall, stout


def _hair(said: Description, sex: Sex, age: Age) -> str:
    phrases = re.split(r"[,;，；、]", said.looks)
    told = ", ".join(each for each in phrases if mention(BEARD_NOUNS, each) is None)
    if part := named_part("hair", told) or named_part("hair", told, "who"):
        return part
    fitting = {
        ("child", "woman"): ("hair-pigtails", "hair-fringe", "hair-bob"),
        ("child", "man"): ("hair-tousled", "hair-fringe", "hair-short"),
        ("old", "woman"): ("hair-bun", "hair-curly", "hair-braid"),
        ("old", "man"): ("hair-bald", "hair-receding", "hair-short"),
    }.get((age, sex))
    usual = [
        part.name
        for part in parts("figures").values()
        if part.kind == "hair" and part.data.get("usual") in (sex, "both")
    ]
    return said.pick("hair", fitting or usual)


def _beards(said: Description, sex: Sex, age: Age) -> tuple[str, ...]:
    beard, moustache = (
        named_part(kind, said.looks) or named_part(kind, said.looks, "who")
        for kind in ("beard", "moustache")
    )
    if beard in ("beard-full", "beard-long"):
        moustache = moustache or "moustache-thick"
    told = tuple(filter(None, (beard, moustache)))
    if told or said.looks.strip() or sex == "woman" or age in ("child", "young"):
        return told
    chosen: tuple[tuple[str, ...], ...] = (
        ("moustache-thick",),
        ("beard-full", "moustache-thick"),
        ("beard-sideburns",),
        (),
        (),
    )
    return chosen[said.choose("beard", len(chosen))]


def _hat(said: Description, age: Age) -> str:
    if said.says(("bareheaded", "hatless", "no hat", "without a hat", "不戴帽")):
        return ""
    told = said.part("hat")
    if told or said.looks.strip() or age == "child" or said.choose("hat?", 10) < 6:
        return told
    return said.pick("hat", ("hat-cap", "hat-brim", "hat-bowler", "hat-straw", "hat-knit"))


def _coat(said: Description, sex: Sex, age: Age) -> str:
    told = said.part("coat")
    if told:
        return told
    if sex == "woman" and not said.chinese:
        grown = ("coat-dress", "coat-dress", "coat-long", "coat-sweater")
        return "coat-dress" if age == "child" else said.pick("coat", grown)
    if age == "child":
        return said.pick("coat", ("coat-shirt", "coat-sweater"))
    if said.chinese:
        return said.pick("coat", ("coat-robe", "coat-jacket", "coat-shirt"))
    return said.pick("coat", ("coat-jacket", "coat-long", "coat-braces", "coat-sweater",
                              "coat-frock", "coat-shirt"))  # fmt: skip


def _marks(said: Description, age: Age) -> tuple[str, ...]:
    told = [
        part.name
        for part in parts("figures").values()
        if part.kind == "mark" and said.says(part.words)
    ]
    return tuple(dict.fromkeys((["mark-wrinkles"] if age == "old" else []) + told))
