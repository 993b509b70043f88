"""A person's words -> how they look: the templates they are put together from, their
measures and their colours.

The same words and id give the same looks in every shot. What the words leave open is
chosen by a hash of the id, so that two people without a description still differ. English
and Chinese. Knows no poses and draws nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from studio.engines.sketch.colour import darken, lighten, mix
from studio.engines.sketch.library import mention
from studio.engines.sketch.parts import Template, parts

Age = Literal["child", "young", "grown", "old"]
Sex = Literal["man", "woman"]


@dataclass(frozen=True)
class Appearance:
    """Names of templates (empty: none), measures, and colours by role.

    `tall` is the height as a share of a grown man's, `stout` the width of the body as a
    share of the usual one; `animal` is the template of an animal, which then has no other.
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


_COLOURS: Mapping[str, tuple[str, ...]] = {
    "#1f3560": ("navy", "dark blue", "midnight blue", "深蓝", "藏青"),
    "#7fa8cf": ("light blue", "pale blue", "sky blue", "浅蓝", "天蓝"),
    "#2f62a8": ("blue", "蓝"),
    "#a92f35": ("red", "scarlet", "crimson", "红"),
    "#6a2530": ("maroon", "burgundy", "wine", "dark red", "酒红", "深红"),
    "#234a38": ("dark green", "forest green", "bottle green", "墨绿", "深绿"),
    "#6a7040": ("olive", "khaki", "moss", "军绿", "橄榄"),
    "#3f7d4c": ("green", "emerald", "绿", "翠"),
    "#2f7a78": ("teal", "turquoise", "cyan", "青"),
    "#5f4128": ("brown", "chestnut", "leather", "棕", "褐", "咖啡"),
    "#b08a5c": ("tan", "beige", "camel", "sand", "tweed", "straw", "米色", "驼色", "卡其"),
    "#26252c": ("black", "dark", "黑"),
    "#ece6d8": ("white", "ivory", "白"),
    "#ddcfae": ("cream", "linen", "奶油"),
    "#50535c": ("charcoal", "slate", "dark grey", "dark gray", "深灰"),
    "#858993": ("grey", "gray", "ashen", "灰"),
    "#d4a32f": ("yellow", "mustard", "黄"),
    "#c8a040": ("gold", "golden", "金"),
    "#c2c6cc": ("silver", "银"),
    "#c9692c": ("orange", "rust", "橙", "橘"),
    "#62407f": ("purple", "violet", "lilac", "紫"),
    "#d6869a": ("pink", "rose", "粉"),
}

_HAIR: Mapping[str, tuple[str, ...]] = {
    "#221e24": ("black", "jet", "raven", "黑"),
    "#35261f": ("dark", "深"),
    "#7b3a22": ("auburn", "chestnut", "赤褐"),
    "#b2521f": ("red", "ginger", "copper", "fiery", "flaming", "orange", "红"),
    "#5c3d26": ("brown", "棕", "褐"),
    "#d2a652": ("blond", "blonde", "fair", "golden", "yellow", "flaxen", "straw", "sandy", "金",
                "黄"),
    "#e4e2dc": ("white", "snowy", "snow-white", "白"),
    "#b9bdc4": ("silver", "银"),
    "#8b8e96": ("grey", "gray", "grizzled", "greying", "graying", "灰", "花白"),
}  # fmt: skip

_SKIN: Mapping[str, tuple[str, ...]] = {
    "#5e3d2c": ("dark skin", "dark-skinned", "black skin", "ebony", "深色皮肤"),
    "#8d5f41": ("brown skin", "brown-skinned", "olive-brown"),
    "#f2cdb2": ("pale", "fair skin", "fair-skinned", "pallid", "white skin", "苍白", "白皙"),
    "#cf9a70": ("tanned", "weathered", "sunburnt", "sunburned", "olive skin", "bronzed", "古铜",
                "黝黑", "风霜"),
    "#e3a27e": ("ruddy", "rosy", "florid", "红润"),
}  # fmt: skip

_BEASTS = ("fur", "feathers", "scales")
_AGES: Mapping[Age, tuple[str, ...]] = {
    "child": ("child", "children", "boy", "girl", "kid", "toddler", "schoolboy", "schoolgirl",
              "little boy", "little girl", "孩", "孩子", "男孩", "女孩", "儿童", "少年", "小姑娘"),
    "old": ("old", "elderly", "aged", "ancient", "grandmother", "grandfather", "granny", "grandpa",
            "grandma", "wrinkled", "white-haired", "grey-haired", "gray-haired", "crone",
            "old man", "old woman", "老", "老人", "奶奶", "爷爷", "外婆", "白发"),
    "young": ("young", "youth", "teenage", "teenager", "lad", "lass", "student", "apprentice",
              "maiden", "年轻", "青年", "学生"),
}  # fmt: skip
_WOMEN = ("woman", "girl", "female", "lady", "mother", "wife", "widow", "sister", "daughter",
          "queen", "princess", "aunt", "grandmother", "granny", "grandma", "mrs", "miss", "ms",
          "madam", "madame", "she", "her", "housekeeper", "maid", "maiden", "nurse", "waitress",
          "actress", "witch", "crone", "bride", "empress", "hostess", "schoolgirl", "lass", "mum",
          "mom", "女", "妇", "妈", "母", "姐", "妹", "奶奶", "姑", "娘", "婆", "她", "妻", "公主",
          "王后", "女王")  # fmt: skip
_MEN = ("man", "boy", "male", "gentleman", "father", "husband", "brother", "son", "king", "prince",
        "uncle", "grandfather", "grandpa", "mr", "sir", "lord", "he", "his", "him", "fisherman",
        "policeman", "monk", "priest", "emperor", "schoolboy", "lad", "waiter", "actor", "wizard",
        "groom", "soldier", "sailor", "captain", "beard", "bearded", "moustache", "mustache",
        "constable", "banker", "butler", "fellow", "dad", "男", "父", "爸", "爷", "叔", "伯", "兄",
        "弟", "他", "公子", "王子", "国王", "皇帝", "先生", "和尚", "道士", "书生", "胡子")  # fmt: skip
_WOMEN_NAMES = {
    "mary", "anne", "ann", "alice", "jane", "emily", "rose", "grace", "helen", "lucy", "sarah",
    "ruth", "kate", "elizabeth", "beth", "margaret", "nell", "mabel", "agnes", "violet", "irene",
    "chloe", "zoe", "sophie", "marie", "claire", "ingrid", "astrid", "eleanor", "charlotte",
}  # fmt: skip
_NUMBERS = {
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "twenties": 25, "thirties": 35, "forties": 45, "fifties": 55, "sixties": 65, "seventies": 75,
    "eighties": 85, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "二十": 20, "三十": 30,
    "四十": 40, "五十": 50, "六十": 60, "七十": 70, "八十": 80,
}  # fmt: skip
_HAIR_NOUNS = ("hair", "haired", "braid", "plait", "pigtail", "curl", "bun", "ponytail", "bob",
               "headed", "fringe", "locks", "tousled", "发", "辫", "髻", "刘海")  # fmt: skip
_BEARD_NOUNS = ("beard", "bearded", "moustache", "mustache", "whiskers", "goatee", "胡", "须")

_CLOTHS = ("#1f3560", "#7a2c33", "#2f5d46", "#5f4128", "#3b3f4a", "#6c5a86", "#a8632f", "#2f6e78",
           "#8a7a4a", "#4a5a82", "#94474f", "#566b3f")  # fmt: skip
_TROUSERS = ("#2b2c34", "#3d352f", "#4a4438", "#2e3a4c", "#55504a", "#3a2f38")
_SKINS = ("#f0c8a6", "#e6b48e", "#d9a07a", "#c68b62", "#9a6a48", "#6f4a35")
_ACCENTS = ("#a92f35", "#d4a32f", "#2f62a8", "#3f7d4c", "#c9692c", "#62407f", "#2f7a78", "#8a2f5a")


class _Words:
    """What the cast sheet and the shot say of somebody, and the choices of their id."""

    def __init__(self, who: str, name: str, looks: str, wears: str) -> None:
        self._who = who
        self.name = name
        self.looks = looks
        self.wears = wears
        self.all = f"{name}; {looks}; {wears}"
        self.chinese = bool(re.search(r"[一-鿿]", self.all))

    def says(self, words: Sequence[str], text: str | None = None) -> bool:
        return mention(words, self.all if text is None else text) is not None

    def choose(self, what: str, count: int) -> int:
        """A number below `count` that belongs to this person and to what is chosen."""
        digest = hashlib.sha256(f"{self._who}/{what}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % count

    def pick(self, what: str, among: Sequence[str]) -> str:
        return among[self.choose(what, len(among))]

    def part(self, kind: str, text: str) -> Template | None:
        """The template of a kind that the text names, the longest of its words first."""
        best: tuple[int, int, Template] | None = None
        for part in parts("figures").values():
            if part.kind != kind:
                continue
            for word in part.words:
                at = mention((word,), text)
                if at is not None and (best is None or (-len(word), at) < best[:2]):
                    best = (-len(word), at, part)
        return best[2] if best else None

    def colour(
        self, table: Mapping[str, tuple[str, ...]], nouns: Sequence[str], text: str
    ) -> str | None:
        """The colour that stands nearest before one of the nouns, in its phrase."""
        for phrase in re.split(r"[,;.，；。、]|\band\b|\bwith\b|\bin an?\b|和", text.lower()):
            at = mention(nouns, phrase)
            if at is None:
                continue
            before = [
                (place, -len(word), colour)
                for colour, words in table.items()
                for word in words
                if (place := mention((word,), phrase)) is not None
            ]
            near = [each for each in before if each[0] <= at + 1] or before
            if near:
                return max(near, key=lambda each: (each[0] - each[1] * 0.01, -each[1]))[2]
        return None


@lru_cache(maxsize=512)
def appearance_of(who: str, name: str, looks: str, wears: str | None) -> Appearance:
    """How somebody looks: their id, name, the cast sheet's words, and other clothes if any."""
    said = _Words(who, name, looks, wears or "")
    if animal := _animal(said):
        return _beast(said, animal)
    age = _age(said)
    sex = _sex(said)
    head = "head-child" if age == "child" else f"head-{sex}"
    hair = _hair(said, sex, age)
    hat = _hat(said, age)
    coat = _coat(said, sex, age)
    over = said.part("over", said.wears) or said.part("over", said.looks)
    tall, stout = _measures(said, sex, age)
    return Appearance(
        sex=sex,
        age=age,
        tall=tall,
        stout=stout,
        head=head,
        hair=hair,
        hat=hat,
        beards=_beards(said, sex, age),
        marks=_marks(said, age),
        glasses=tuple(part.name for part in [said.part("glasses", said.all)] if part),
        coat=coat,
        over=over.name if over else "",
        shoes=_shoes(said, coat),
        animal="",
        roles=_roles(said, age, hat, coat, over.name if over else ""),
    )


def _animal(said: _Words) -> str:
    """The animal that somebody is, if the name or, without a human word, the looks say so."""
    beasts = [part for part in parts("figures").values() if part.kind == "animal"]
    human = said.says(_WOMEN[:7] + _MEN[:7] + ("person", "男人", "女人", "人"), said.looks)
    title = re.sub(r"^(the|a|an|old|little|mr|mrs|big|小|老|大)\.?\s*", "", said.name.lower())
    for part in beasts:
        if not human and (
            title in part.words or said.says([w for w in part.words if len(w) > 1], said.name)
        ):
            return part.name
    if human:
        return ""
    found = [
        (at, part.name)
        for part in beasts
        if (at := mention(part.words, re.sub(r"\b\w+[- ](?:skin|coat|fur hat)\b", "", said.looks)))
        is not None
    ]
    return min(found)[1] if found else ""


def _beast(said: _Words, animal: str) -> Appearance:
    part = parts("figures")[animal]
    fur = said.colour(
        _COLOURS, (*part.words, *_BEASTS, "coat", "毛"), f"{said.looks}"
    ) or part.data.get("colour", "#8a6a4a")
    over = said.part("over", said.all)
    roles = {
        "fur": fur,
        "belly": part.data.get("belly", lighten(fur, 0.5)),
        "eye": part.data.get("eye", "#3a2a1c"),
        "trim": said.colour(_COLOURS, ("scarf", "collar", "ribbon", "围巾"), said.all)
        or said.pick("trim", _ACCENTS),
    }
    return Appearance(
        sex="man", age="grown", tall=part.file.number("height", 0.6), stout=1, head="", hair="", hat="",
        beards=(), marks=(), glasses=(), coat="", over=over.name if over else "", shoes="",
        animal=animal, roles=roles,
    )  # fmt: skip


def _age(said: _Words) -> Age:
    years = re.search(
        r"(\d{1,3})[\s-]*(?:years?|yrs|岁)|(?:of|aged?|in h(?:er|is)|about)\s+(\w+)|(\w+)[\s-]years?"
        r"|([一二三四五六七八九十]+)(?:多)?岁",
        said.looks.lower(),
    )
    if years:
        word = next((each for each in years.groups() if each), "")
        number = int(word) if word.isdecimal() else _NUMBERS.get(word.removeprefix("his "), 0)
        if number:
            return (
                "child" if number < 13 else "young" if number < 30 else "grown" if number < 56 else "old"
            )
    found = [(at, age) for age, words in _AGES.items() if (at := mention(words, said.all)) is not None]
    if any(age == "child" for _, age in found):
        return "child"
    return min(found)[1] if found else "grown"


def _sex(said: _Words) -> Sex:
    text = said.all
    woman, man = mention(_WOMEN, text), mention(_MEN, text)
    if woman is not None or man is not None:
        return "woman" if man is None or (woman is not None and woman < man) else "man"
    if said.says(("dress", "skirt", "gown", "裙", "旗袍")):
        return "woman"
    first = re.match(r"[a-z]+", said.name.lower())
    if first and (first[0] in _WOMEN_NAMES or (first[0].endswith("a") and len(first[0]) > 2)):
        return "woman"
    if first and len(first[0]) > 2 and not said.chinese:
        return "man" if said.choose("sex", 3) else "woman"
    return ("man", "woman")[said.choose("sex", 2)]


def _fits(part: Template, sex: Sex, age: Age) -> bool:
    return part.data.get("sex", sex) == sex and (
        part.data.get("age", age) == age or age == "child"
    )


def _hair(said: _Words, sex: Sex, age: Age) -> str:
    phrases = re.split(r"[,;，；、]", said.looks)
    hairy = ", ".join(each for each in phrases if mention(_BEARD_NOUNS, each) is None)
    if part := said.part("hair", hairy):
        return part.name
    if age == "child":
        return said.pick("hair", ("hair-pigtails", "hair-fringe", "hair-bob") if sex == "woman"
                         else ("hair-tousled", "hair-fringe", "hair-short"))  # fmt: skip
    if age == "old" and sex == "man":
        return said.pick("hair", ("hair-bald", "hair-receding", "hair-short"))
    if age == "old":
        return said.pick("hair", ("hair-bun", "hair-curly", "hair-braid"))
    among = [
        part.name
        for part in parts("figures").values()
        if part.kind == "hair" and part.data.get("sex") == sex and "age" not in part.data
        and part.name not in ("hair-bald", "hair-topknot")
    ]  # fmt: skip
    return said.pick("hair", [*among, "hair-curly"])


def _hat(said: _Words, age: Age) -> str:
    if said.says(("bareheaded", "hatless", "no hat", "without a hat", "光头", "不戴帽")):
        return ""
    bare = re.sub(r"\b(hair|curl)s? (in|under|like) a cap\b", "", said.all)
    if part := said.part("hat", said.wears) or said.part("hat", bare):
        return part.name
    if said.looks.strip() or age == "child" or said.choose("hat?", 10) < 6:
        return ""
    return said.pick("hat", ("hat-cap", "hat-brim", "hat-bowler", "hat-straw", "hat-knit"))


def _coat(said: _Words, sex: Sex, age: Age) -> str:
    if part := said.part("coat", said.wears) or said.part("coat", said.looks):
        return part.name
    if age == "child":
        return "coat-dress" if sex == "woman" else said.pick("coat", ("coat-shirt", "coat-sweater"))
    if said.chinese:
        return said.pick("coat", ("coat-robe", "coat-jacket", "coat-shirt"))
    if sex == "woman":
        return said.pick("coat", ("coat-dress", "coat-dress", "coat-long", "coat-sweater"))
    return said.pick("coat", ("coat-jacket", "coat-long", "coat-braces", "coat-sweater",
                              "coat-frock", "coat-shirt"))  # fmt: skip


def _beards(said: _Words, sex: Sex, age: Age) -> tuple[str, ...]:
    found = [said.part(kind, said.looks) for kind in ("beard", "moustache")]
    if any(found):
        beard, moustache = (part.name if part else "" for part in found)
        if beard in ("beard-full", "beard-long") and not moustache:
            moustache = "moustache-thick"
        return tuple(filter(None, (beard, moustache)))
    if sex == "woman" or age in ("child", "young") or said.says(("clean-shaven", "shaven")):
        return ()
    if said.looks.strip():
        return ()
    return (("moustache-thick",), ("beard-full", "moustache-thick"), (), (), ("beard-sideburns",))[
        said.choose("beard", 5)
    ]


def _marks(said: _Words, age: Age) -> tuple[str, ...]:
    found = [
        part.name
        for part in parts("figures").values()
        if part.kind == "mark" and said.says(part.words)
    ]
    return tuple(dict.fromkeys((["mark-wrinkles"] if age == "old" else []) + found))


def _shoes(said: _Words, coat: str) -> str:
    if part := said.part("shoe", said.all):
        return part.name
    return "shoe-boot" if coat in ("coat-oilskin", "coat-uniform") else "shoe-plain"


def _measures(said: _Words, sex: Sex, age: Age) -> tuple[float, float]:
    tall = {"man": 1.0, "woman": 0.955}[sex] + (said.choose("tall", 7) - 3) * 0.008
    stout = 1 + (said.choose("stout", 7) - 3) * 0.025
    if said.says(("tall", "towering", "giant", "lanky", "高大", "高个", "高")):
        tall += 0.06
    if said.says(("short man", "short woman", "small", "little man", "tiny", "dwarf", "short and",
                  "short stout", "矮", "矮小")):  # fmt: skip
        tall -= 0.08
    if said.says(("stout", "fat", "plump", "portly", "burly", "heavy", "round", "broad", "big",
                  "corpulent", "stocky", "胖", "肥", "魁梧", "壮")):  # fmt: skip
        stout = 1.26
    if said.says(("thin", "slim", "slender", "lean", "gaunt", "skinny", "lanky", "bony", "瘦", "纤细",
                  "苗条")):  # fmt: skip
        stout = 0.86
    if age == "child":
        tall = 0.64 + (said.choose("tall", 5) - 2) * 0.02
    if age == "old":
        tall -= 0.03
    return tall, stout


def _roles(said: _Words, age: Age, hat: str, coat: str, over: str) -> Mapping[str, str]:
    known = parts("figures")
    skin = next((hexa for hexa, words in _SKIN.items() if said.says(words, said.looks)), None)
    skin = skin or ("#ecc09a" if said.chinese else said.pick("skin", _SKINS[:4] * 2 + _SKINS[4:]))
    hair = said.colour(_HAIR, _HAIR_NOUNS, said.looks) or said.colour(_HAIR, _BEARD_NOUNS, said.looks)
    if hair is None and said.says(("blond", "blonde", "redhead", "brunette"), said.looks):
        hair = {"blond": "#d2a652", "blonde": "#d2a652", "redhead": "#b2521f"}.get(
            next(w for w in ("blonde", "blond", "redhead", "brunette") if said.says((w,))), "#4a3020"
        )
    if hair is None and age == "old":
        hair = said.pick("hair colour", ("#8b8e96", "#b9bdc4", "#e4e2dc"))
    if hair is None and said.chinese:
        hair = "#241f24"
    hair = hair or said.pick(
        "hair colour", ("#221e24", "#35261f", "#5c3d26", "#7b3a22", "#d2a652", "#9a6a38")
    )
    cloth = _cloth(said, coat, "coat") or said.pick("coat colour", _CLOTHS)
    accent = said.pick("trim", [each for each in _ACCENTS if each != cloth])
    shirt = _cloth(said, "coat-shirt", "shirt") if coat != "coat-shirt" else None
    legs = said.colour(_COLOURS, ("trousers", "pants", "breeches", "jeans", "shorts", "裤"), said.all)
    light = coat in ("coat-shirt", "coat-sweater")
    return {
        "skin": skin,
        "hair": hair,
        "brow": darken(hair, 0.25) if hair not in ("#e4e2dc", "#b9bdc4") else "#a5a4a4",
        "eye": said.pick("eye", ("#5a3d26", "#3f5c74", "#4d6146", "#4a3020", "#2f4a66"))
        if not said.chinese
        else "#3a2619",
        "white": "#f6f2ea",
        "pupil": "#17110f",
        "lid": mix(skin, "#8a4a3a", 0.18),
        "lash": darken(mix(hair, "#2a1c18", 0.75), 0.1),
        "lips": mix(skin, "#b0413e", 0.42 if _sex(said) == "woman" else 0.24),
        "mouth": "#571f22",
        "teeth": "#f3ece0",
        "tongue": "#b65a56",
        "tear": "#c4e3f4",
        "blush": mix(skin, "#d8503f", 0.6),
        "coat": cloth,
        "trim": accent,
        "shirt": shirt or ("#e6dfcf" if cloth != "#ece6d8" else "#b7c3cf"),
        "vest": said.pick("vest", ("#6b5a3a", "#54606e", "#6e3a3a", "#4a5a44", "#8a8274")),
        "legs": legs or (said.pick("legs", _TROUSERS) if not light else said.pick("legs", _TROUSERS[:4])),
        "shoes": _cloth(said, "shoe-boot", "shoes")
        or (known["shoe-boot"].data["colour"] if said.choose("shoes", 2) else "#3a2a20"),
        "hat": (_cloth(said, hat, "hat") or known[hat].data.get("colour") or
                (_cloth(said, over, "over") if over else None) or said.pick("hat colour", _CLOTHS))
        if hat else "#444444",
        "band": accent if hat in ("hat-straw", "hat-scarf", "hat-knit") else "#1c1a20",
        "over": (_cloth(said, over, "over") or known[over].data.get("colour") or accent)
        if over else "#444444",
        "metal": "#cfa84a",
    }  # fmt: skip


def _cloth(said: _Words, part: str, role: str) -> str | None:
    """The colour that the words give to a piece of clothing."""
    if not part:
        return None
    nouns: tuple[str, ...] = {
        "shoes": ("boots", "boot", "shoes", "shoe", "靴", "鞋"),
        "shirt": ("shirt", "blouse", "衬衫"),
    }.get(role, parts("figures")[part].words)
    for text in (said.wears, said.looks):
        found = said.colour(_COLOURS, nouns, text)
        if found:
            return found
    if role == "coat" and said.wears:
        return next((hexa for hexa, w in _COLOURS.items() if said.says(w, said.wears)), None)
    default = parts("figures")[part].data.get("colour")
    return default if role == "coat" else None
