"""What a prompt says against the cast sheet or the hour.

Rules that are rather silent than wrong: only what is said of somebody by name or pronoun counts,
only colours of another family, only hours that no light could be mistaken for, and nothing that
the shot itself says. That another place is named is nothing: it may be seen from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.wording.clauses import sentences
from agents.wording.slate import Fault, Slate
from studio.schema.check import BRACES

_FAMILIES = {
    shade: family
    for family, shades in {
        "grey": "grey gray silver silvery white ashen snowy",
        "blond": "blond blonde golden fair flaxen yellow sandy",
        "red": "red ginger auburn copper scarlet crimson",
        "brown": "brown brunette chestnut hazel tan",
        "black": "black raven jet-black",
        "blue": "blue navy azure cobalt",
        "green": "green olive emerald",
        "pink": "pink",
        "purple": "purple violet",
        "orange": "orange",
    }.items()
    for shade in shades.split()
}
_NEAR = (
    {"blond", "red"},
    {"blond", "brown"},
    {"red", "orange"},
    {"red", "pink"},
    {"red", "brown"},
    {"blue", "black"},
)
_HAIR = ("hair", "braid", "braids", "ponytail", "curls", "bun", "plait", "plaits", "locks")
_WORN = (
    "beard moustache eyes coat overcoat jacket dress shirt hat cap scarf cloak suit gown sweater"
    " jersey robe trousers jeans skirt uniform apron vest waistcoat"
)
_FEATURES = dict.fromkeys(_HAIR, "hair") | {word: word for word in _WORN.split()}
_COLOURED = re.compile(
    rf"\b({'|'.join(_FAMILIES)})\b(?:,? (?!(?:and|or|of|in|on|over|under|with|to)\b)[\w-]+){{0,2}}?"
    rf" ({'|'.join(_FEATURES)})\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:man|woman|boy|girl|child|children|men|women|people|crowd|stranger|figure|somebody|"
    r"someone|passer-by|sailor|soldier|servant|clerk|doll|statue|dog|cat|horse)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:her|his|their)\b", re.IGNORECASE)

_YOUNG = r"young|youthful|teenage|adolescent|childlike"
_OLD = r"old|elderly|aged|ageing|aging|ancient"
_PERSON = r"(?:man|woman|boy|girl|lady|gentleman)"
_YEARS = {
    word: years
    for years, words in {
        8: "five six seven eight nine ten eleven twelve",
        16: "thirteen fourteen fifteen sixteen seventeen eighteen nineteen teens",
        25: "twenty twenties",
        35: "thirty thirties",
        45: "forty forties",
        55: "fifty fifties",
        65: "sixty sixties",
        75: "seventy seventies eighty eighties ninety nineties",
    }.items()
    for word in words.split()
}
_AGED = re.compile(
    rf"\b(?:(?P<number>\d{{1,2}})[- ]years?[- ]old|(?:of|aged|about|in (?:his|her|their)"
    rf"(?: early| mid| late)?)[ -](?P<word>{'|'.join(_YEARS)}|\d{{1,2}})\b"
    rf"|(?P<old>{_OLD}) (?:[\w-]+ )?(?:man|woman|lady|gentleman|person)"
    rf"|(?P<young>{_YOUNG}|little) (?:[\w-]+ )?(?:man|woman|lady|boy|girl|child|person))",
    re.IGNORECASE,
)

_HOURS = {
    "dawn": r"at dawn|dawn (?:light|sky|sun)|sunrise|daybreak|first light",
    "sun": r"daylight(?![- ](?:bulb|lamp|tube|balanced|film))|(?:bright|blazing|hot) sun(?:light"
    r"|shine)?|sunny|sunlit",
    "day": r"broad daylight|midday|at noon|noon sun|in the afternoon|afternoon (?:light|sun)",
    "dusk": r"at dusk|dusk (?:light|sky)|sunset|sundown|setting sun|twilight|nightfall",
    "moon": r"night sky|moonlight|moonlit|starlit|starry sky",
    "night": r"at night|night[- ]?time|midnight(?![- ](?:blue|black|green))|dead of night"
    r"|in the night",
}
_SAID_HOURS = {hour: re.compile(rf"\b(?:{words})\b", re.I) for hour, words in _HOURS.items()}
_NOT_NOW = re.compile(
    r"\b(?:like|than|no|not|without|before|after|until|till|since|waiting for)(?: an?| the)?"
    r"(?: \w+)? $|\b(?:painting|poster|photo\w*|picture|postcard|print|mural|drawing|calendar"
    r"|wallpaper|screen)\b[^.;,]*$",
    re.IGNORECASE,
)
"""What stands before an hour that is only spoken of."""
_TIMES = {
    "dawn": ("dawn", "sunrise", "daybreak"),
    "morning": ("morning",),
    "day": ("day", "noon", "midday", "daylight"),
    "afternoon": ("afternoon",),
    "evening": ("evening",),
    "dusk": ("dusk", "sunset", "twilight", "sundown", "nightfall"),
    "night": ("night", "midnight"),
}
_AGREES = {
    "dawn": {"dawn", "sun", "moon"},
    "morning": {"dawn", "sun", "day"},
    "day": {"sun", "day"},
    "afternoon": {"sun", "day", "dusk"},
    "evening": {"sun", "dusk", "moon", "night"},
    "dusk": {"sun", "dusk", "moon", "night"},
    "night": {"moon", "night"},
}


def contradictions(text: str, slate: Slate) -> Iterator[Fault]:
    """What stands in a prompt against the cast sheet and the scene's hour."""
    told = slate.told.casefold()
    for sentence in sentences(text):
        yield from _colours(sentence, slate, told)
    yield from _ages(text, slate, told)
    yield from _hours(text, slate, told)


def _colours(sentence: str, slate: Slate, told: str) -> Iterator[Fault]:
    for match in _COLOURED.finditer(sentence):
        feature = _FEATURES[match[2].casefold()]
        said = _FAMILIES[match[1].casefold()]
        near = {said}.union(*(pair for pair in _NEAR if said in pair))
        known = [
            _known_colours(slate.looks(who), feature)
            for who in _meant(sentence[: match.start()], slate)
        ]
        against = known and all(colours and not near & colours for colours in known)
        if against and match[0].casefold() not in told:
            yield Fault(
                "cast sheet",
                f'"{match[0]}" is against the cast sheet: the names in braces bring the looks:'
                " leave it out",
                match[0],
            )


def _known_colours(looks: str, feature: str) -> set[str]:
    return {
        _FAMILIES[match[1].casefold()]
        for match in _COLOURED.finditer(looks)
        if _FEATURES[match[2].casefold()] == feature
    }


def _meant(before: str, slate: Slate) -> tuple[str, ...]:
    """Of whom words may be said that follow `before` in a sentence: who is named last, after a
    pronoun anybody in the shot, after words of somebody else nobody."""
    spots = [(match.end(), match[1]) for match in BRACES.finditer(before)]
    spots = [(at, who) for at, who in spots if who in slate.people]
    for who in slate.people:
        spots += [
            (match.end(), who)
            for name in slate.called(who)
            for match in re.finditer(rf"\b{re.escape(name)}\b", before)
        ]
    pronoun = max((match.end() for match in _PRONOUN.finditer(before)), default=-1)
    last, who = max(spots, default=(-1, ""))
    if max(last, pronoun) < 0 or _OTHERS.search(before, max(last, pronoun, 0)):
        return ()
    return slate.people if pronoun > last else (who,)


def _ages(text: str, slate: Slate, told: str) -> Iterator[Fault]:
    for who in slate.people:
        years = _years(slate.looks(who))
        if years is None:
            continue
        names = "|".join([re.escape(f"{{{who}}}"), *map(re.escape, slate.called(who))])
        about = re.compile(
            rf"\b((?i:{_YOUNG}|{_OLD}))(?: {_PERSON})? (?:{names})(?!\w)"
            rf"|(?:{names}),? (?:an?|the) (?:[\w-]+ )?((?i:{_YOUNG}|{_OLD})) {_PERSON}\b"
        )
        for match in about.finditer(text):
            word = match[1] or match[2]
            young = bool(re.fullmatch(_YOUNG, word, re.IGNORECASE))
            if (years >= 50 if young else years <= 30) and word.casefold() not in told:
                yield Fault(
                    "cast sheet",
                    f'"{word}" is against the cast sheet, which says: {slate.looks(who)}',
                    word,
                )


def _years(looks: str) -> int | None:
    """About how old somebody is; None where the looks do not say."""
    if not (found := _AGED.search(looks)):
        return None
    if number := found["number"] or found["word"]:
        return int(number) if number.isdigit() else _YEARS[number.casefold()]
    return 70 if found["old"] else 20


def _hours(text: str, slate: Slate, told: str) -> Iterator[Fault]:
    words = re.findall(r"\w+", slate.scene.time.casefold())
    hours = {hour for hour, names in _TIMES.items() if set(names) & set(words)}
    if not hours:
        return
    agreed = set.union(*(_AGREES[hour] for hour in hours))
    for hour, said in _SAID_HOURS.items():
        for match in said.finditer(text) if hour not in agreed else ():
            if match[0].casefold() not in told and not _NOT_NOW.search(text[: match.start()]):
                yield Fault(
                    "time of day",
                    f'"{match[0]}": it is {slate.scene.time} in this scene: say {{time}}',
                    match[0],
                )
