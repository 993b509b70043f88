"""The colours of a person by role: skin, hair, clothes, as told or as chosen for them.

Takes a `Description` and the names of the templates that are worn; gives daylight colours.
"""

from __future__ import annotations

from collections.abc import Mapping

from studio.engines.sketch.colour import darken, lighten, luminance, mix
from studio.engines.sketch.description import Description
from studio.engines.sketch.lexicon import (
    ACCENTS,
    BEARD_NOUNS,
    BEASTS,
    CLOTHS,
    COLOURS,
    EYES,
    HAIR,
    HAIR_NOUNS,
    HAIRS,
    SKIN,
    SKINS,
    TROUSERS,
    VESTS,
    Age,
    Sex,
)
from studio.engines.sketch.parts import parts

_FACE = {
    "white": "#f6f2ea",
    "pupil": "#17110f",
    "mouth": "#571f22",
    "teeth": "#f3ece0",
    "tongue": "#b65a56",
    "tear": "#c4e3f4",
    "metal": "#cfa84a",
}
_NONE = "#444444"


def person_colours(
    said: Description, age: Age, sex: Sex, hat: str, coat: str, over: str
) -> Mapping[str, str]:
    """The colours of a human being who wears these templates (empty: none)."""
    skin = _skin(said)
    hair = _hair(said, age)
    cloth = _cloth(said, coat) or said.pick("coat colour", CLOTHS)
    accent = said.pick("trim", [each for each in ACCENTS if each != cloth])
    texts = (said.wears, said.looks)
    hooded = _told(said, hat) if hat == "hat-hood" else None
    over_told = _told(said, over)
    return _FACE | {
        "skin": skin,
        "hair": hair,
        "brow": darken(hair, 0.25) if luminance(hair) < 0.65 else "#a5a4a4",
        "eye": "#3a2619" if said.chinese else said.pick("eye", EYES),
        "lid": mix(skin, "#8a4a3a", 0.18),
        "lash": darken(mix(hair, "#2a1c18", 0.75), 0.1),
        "lips": mix(skin, "#b0413e", 0.42 if sex == "woman" else 0.24),
        "blush": mix(skin, "#d8503f", 0.6),
        "coat": cloth,
        "trim": accent,
        "shirt": said.colour(COLOURS, ("shirt", "blouse", "衬衫"), *texts)
        or ("#e6dfcf" if luminance(cloth) < 0.8 else "#b7c3cf"),
        "vest": said.pick("vest", VESTS),
        "legs": said.colour(COLOURS, ("trousers", "pants", "breeches", "jeans", "裤"), *texts)
        or said.pick("legs", TROUSERS),
        "shoes": said.colour(COLOURS, ("boots", "boot", "shoes", "shoe", "靴", "鞋"), *texts)
        or said.pick("shoes", ("#2c2622", "#3a2a20", "#22232a")),
        "hat": _hat(said, hat, over_told),
        "band": accent if hat in ("hat-straw", "hat-scarf", "hat-knit") else "#1c1a20",
        "over": (over_told or hooded or _default(over) or accent) if over else _NONE,
    }


def beast_colours(said: Description, animal: str, hat: str) -> Mapping[str, str]:
    """The colours of an animal: its fur as told, else as its template says."""
    part = parts("figures")[animal]
    nouns = (*part.words, *BEASTS)
    fur = next(
        (
            told
            for table in (HAIR, COLOURS)
            if (told := said.colour(table, nouns, said.looks, said.name))
        ),
        part.data["colour"],
    )
    dark = mix(fur, "#1c1210", 0.72) if luminance(fur) > 0.3 else darken(fur, 0.5)
    return _FACE | {
        "fur": fur,
        "belly": part.data.get("belly", lighten(fur, 0.5)),
        "mane": mix(fur, "#1c120c", 0.7),
        "skin": fur,
        "lid": fur,
        "eye": part.data.get("eye", "#3a2a1c"),
        "lash": "#1f1613",
        "brow": dark,
        "hat": _hat(said, hat, None),
        "band": "#1c1a20",
        "trim": said.colour(COLOURS, ("scarf", "collar", "ribbon", "围巾"), said.wears, said.looks)
        or said.pick("trim", ACCENTS),
    }


def _skin(said: Description) -> str:
    told = next((skin for skin, words in SKIN.items() if said.says(words, said.looks)), None)
    return told or ("#ecc09a" if said.chinese else said.pick("skin", SKINS))


def _hair(said: Description, age: Age) -> str:
    told = said.colour(HAIR, HAIR_NOUNS, said.looks) or said.colour(HAIR, BEARD_NOUNS, said.looks)
    if told:
        return told
    if age == "old":
        return said.pick("hair colour", ("#8b8e96", "#b9bdc4", "#e4e2dc"))
    return "#241f24" if said.chinese else said.pick("hair colour", HAIRS)


def _hat(said: Description, hat: str, over: str | None) -> str:
    if not hat:
        return _NONE
    hooded = over if hat == "hat-hood" else None
    return _told(said, hat) or hooded or _default(hat) or said.pick("hat colour", CLOTHS)


def _cloth(said: Description, coat: str) -> str | None:
    """The colour of what is worn on the trunk: told of it, or of all clothes of the shot."""
    pieces = [part for part in parts("figures").values() if part.kind in ("hat", "over", "shoe")]
    plain = not any(said.says(part.words, said.wears) for part in pieces)
    dressed = said.colour(COLOURS, tuple(word for words in COLOURS.values() for word in words),
                          said.wears) if plain else None  # fmt: skip
    return _told(said, coat) or dressed or _default(coat)


def _told(said: Description, part: str) -> str | None:
    if not part:
        return None
    return said.colour(COLOURS, parts("figures")[part].words, said.wears, said.looks)


def _default(part: str) -> str | None:
    return parts("figures")[part].data.get("colour") if part else None
