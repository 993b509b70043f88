"""Who of a shot moves, and how: read from `does`, and from what the action says of them, in
English and Chinese.

It decides what arrow a story artist would draw at a figure, so it would rather see no move
than a wrong one: a verb counts where the figure is its subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from studio.schema.storyboard import Presence, Shot

Move = Literal["go", "enter", "leave", "turn", "up", "down", "jump"]
Way = Literal["left", "right"]

_GO = (
    "walk run stride march step crawl creep rush hurry dash race sprint flee chase follow row "
    "sail swim fly ride drive gallop wander stroll limp stagger stumble tiptoe approach advance "
    "retreat skate ski jog sneak scramble glide slide wade paddle stalk pace"
)
_PAST = {
    "run": "ran", "creep": "crept", "flee": "fled", "swim": "swam", "fly": "flew", "ride": "rode",
    "drive": "drove", "slide": "slid", "go": "went", "come": "came", "rise": "rose",
    "fall": "fell", "sink": "sank", "leap": "leapt", "spin": "spun", "stand": "stood",
    "get": "got", "sit": "sat", "spring": "sprang", "dive": "dove",
}  # fmt: skip
_DOUBLED = ("run", "swim", "step", "skid", "spin", "hop", "sit", "get", "drop", "stop", "jog")
_WHERE = (
    r"(?:to|towards?|in|into|inside|out|outside|away|off|up|down|back|through|home|over|along|"
    r"past|across|closer|nearer|around|round|after|from|forward|under|on(?:to)?)\b"
)
_END = r"(?=\s*(?:[,.;!?]|$|and\b|then\b))"
_PLACE = (
    r"(?:room|house|frame|picture|kitchen|tower|shop|bar|street|stage|scene|forest|building|"
    r"boat|ship|hall|office|church|cave|car|train|city|village|garden|shore|lighthouse)\b"
)


def _forms(*verbs: str) -> str:
    """A pattern of the verbs' forms, the base form in the group `base`."""
    forms = []
    for verb in verbs:
        stem = verb.removesuffix("e")
        if verb in _DOUBLED:
            stem += verb[-1]
        third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "o")) else f"{verb}s"
        past = _PAST.get(verb, f"{stem}ed")
        if verb.endswith("y") and verb[-2] not in "aeiou":
            third, past = f"{verb[:-1]}ies", _PAST.get(verb, f"{verb[:-1]}ied")
        forms += [third, past]
    gerunds = [
        ((verb if verb.endswith("ee") else verb.removesuffix("e")) + verb[-1] * (verb in _DOUBLED))
        + "ing"
        for verb in verbs
    ]
    return rf"\b(?:{'|'.join(forms)}|(?P<gerund>{'|'.join(gerunds)})|(?P<base>{'|'.join(verbs)}))\b"


_ENGLISH_VERBS: list[tuple[str, Move]] = [
    (_forms("enter", "arrive"), "enter"),
    (_forms("come", "walk", "run", "step", "rush", "burst") + r" in(?:to|side)?\b", "enter"),
    (_forms("exit", "depart"), "leave"),
    (_forms("leave") + rf"(?:{_END}| (?:the|his|her|their|its) {_PLACE})", "leave"),
    (
        _forms("go", "walk", "run", "ride", "drive", "fly", "rush", "hurry", "step")
        + r" (?:away|off|out)\b",
        "leave",
    ),
    (_forms("jump", "leap", "spring", "hop"), "jump"),
    (_forms("climb") + r" (?:\w+ )?down\b", "down"),
    (
        _forms("step", "walk", "run", "come", "go")
        + r" down the (?:stairs|steps|ladder|stairway|hill|slope)\b",
        "down",
    ),
    (_forms("sit", "kneel", "lie", "crouch", "bend", "duck") + r" (?:\w+ )?down\b", "down"),
    (
        _forms("fall", "drop") + rf"(?:{_END}| (?:into|from|off|over|to|onto|down|through|out)\b)",
        "down",
    ),
    (_forms("sink", "descend", "collapse", "dive", "tumble", "land"), "down"),
    (_forms("climb", "ascend", "rise"), "up"),
    (_forms("stand", "get", "jump") + r" (?:up|to (?:his|her|their|its) feet)\b", "up"),
    (_forms("spin", "twirl", "whirl", "rotate"), "turn"),
    (
        _forms("turn") + rf"(?:{_END}|(?: \w+ly)? (?:around|round|about|once|his head|"
        rf"her head|to|away|towards?|from|back|left|right|and)\b| \w+ly{_END})",
        "turn",
    ),
    (
        _forms(*_GO.split())
        + r"(?! (?:a|an|the|his|her|its) (?:hand|finger|tap|bath|risk|tongue|eyes?|thumb)s?\b)",
        "go",
    ),
    (_forms("cross") + r"(?! (?:his|her|their|its|him|the fingers))", "go"),
    (_forms("go", "come", "move", "head") + rf"(?:{_END}| {_WHERE})", "go"),
]
_CHINESE_VERBS: list[tuple[str, Move]] = [
    (r"转过?身?[跑走冲逃飞]|[跑走冲逃飞奔溜]出|离开|离去|[跑走逃飞]开|[跑走飞]掉", "leave"),
    (r"进入|[走跑冲闯]进(?:来|屋|门|房)", "enter"),
    (r"跳舞", "turn"),
    (r"一跃|跃起|跳[上下过起进出了]|跳跃|蹦", "jump"),
    (r"爬|攀|登上|站起|起身|飞起|升起", "up"),
    (r"坐下|蹲下|跪下|趴下|躺下|跌|摔|倒下|坠|[落掉滑爬走跳沉]下|落在|沉入", "down"),
    (r"转[过了]?身|转过头|回过?头|转圈|旋转|转了", "turn"),
    (
        r"[走跑冲飞游爬划]来|走(?!廊|神|运)|跑(?!道)|奔(?!放)|冲(?!突|动)|追|逃|赶(?!紧|快)|"
        r"划船|划着|游向|游过|飞(?!机|船)|骑|绕着|穿过|前进|后退|溜",
        "go",
    ),
]
_ENGLISH = [(re.compile(pattern, re.IGNORECASE), move) for pattern, move in _ENGLISH_VERBS]
_CHINESE = [(re.compile(pattern), move) for pattern, move in _CHINESE_VERBS]
_INTO = re.compile(r"(?:走来|跑来|飞来|游来|爬来|冲来|走出|跑出|飞出)[^。，；！？]{0,14}$")
_NO_VERB_AFTER = re.compile(
    r"\b(?:the|an?|his|her|its|their|some|no|this|that|these|those|to|of|with|on|in|at|by),?$",
    re.IGNORECASE,
)
_TO_BEGIN = re.compile(r"\b(?:begins?|began|starts?|started|turns?) to$", re.IGNORECASE)
_OPENERS = ("and", "while", "as", "when", "then", "but", "where", "until", ",", ":", "—", "–", '"')
_BREAK = re.compile(r"\b(?:while|as|when|where|until|that|who|which|because|if)\b", re.IGNORECASE)
_BEGUN = re.compile(
    r"(?:\b(?:is|are|was|were|be|keeps?|starts?|begins?|goes|comes|,|and)|^)\s*$", re.IGNORECASE
)
_WAY = re.compile(
    r"\b(?:(?:to|towards?) the |further |far )(left|right)\b|\b(left|right)wards?\b"
    r"|[向往朝](左|右)",
    re.IGNORECASE,
)


def move_of(
    shot: Shot, person: Presence, names: Mapping[str, str]
) -> tuple[Move | None, Way | None]:
    """How somebody in the shot moves, and the side of the frame that the words name, where they
    name one; (None, None) for who stays. `names` are the cast's by id."""
    texts = [text for text in (person.does or "", *_said_of(shot, person, names)) if text]
    for index, text in enumerate(texts):
        move = _move_in(text, as_phrase=index == 0 and bool(person.does))
        if move:
            way = _WAY.search(text)
            side = next((part for part in way.groups() if part), "") if way else ""
            ways: dict[str, Way] = {"left": "left", "左": "left", "right": "right", "右": "right"}
            return move, ways.get(side.lower())
    return None, None


def _move_in(text: str, *, as_phrase: bool) -> Move | None:
    """The first move in words whose subject is the figure; a phrase may begin with any form of
    its verb ("walk", "walking")."""
    found: list[tuple[int, int, Move]] = []
    for order, (pattern, move) in enumerate(_ENGLISH):
        for match in pattern.finditer(text):
            before = text[: match.start()]
            words = before.split()
            first = not words or (as_phrase and words[-1].lower() in ("and", "then"))
            held = _NO_VERB_AFTER.search(before.rstrip())
            begun = _TO_BEGIN.search(before.rstrip())
            if held and not begun:
                continue
            if match["base"] and not ((as_phrase and first) or begun or text.startswith("& ")):
                continue
            if match["gerund"] and not (first or _BEGUN.search(before)):
                continue
            found.append((match.start(), order, move))
    for order, (pattern, move) in enumerate(_CHINESE):
        found += [(match.start(), order, move) for match in pattern.finditer(text)]
    return min(found)[2] if found else None


def _said_of(shot: Shot, person: Presence, names: Mapping[str, str]) -> Iterator[str]:
    """The stretches of the action whose subject is this person."""
    present = {each.who: names.get(each.who, each.who) for each in shot.cast}
    action = shot.action
    for who, name in present.items():
        action = action.replace(f"{{{who}}}", name)
    for sentence in re.split(r"(?<=[.;!?…])\s+|[。；！？]", action):
        if re.search(r"[\u4e00-\u9fff]", sentence):
            yield from _chinese(sentence, present, person.who)
        else:
            yield from _english(sentence, present, person.who)


def _english(sentence: str, present: Mapping[str, str], who: str) -> Iterator[str]:
    mentions = []
    for other, name in present.items():
        pattern = rf"(?:\bthe )?\b{re.escape(name)}\b(?!['’]s)"
        for match in re.finditer(pattern, sentence, re.IGNORECASE):
            before = sentence[: match.start()].rstrip().lower()
            if not before or before.endswith(_OPENERS):
                mentions.append((match.start(), match.end(), other))
    pronoun = re.match(r"(?:he|she|they)\b", sentence.strip(), re.IGNORECASE)
    if pronoun and (len(present) == 1 or pronoun[0].lower() == "they"):
        mentions.append((0, pronoun.end(), who))
    mentions.sort()
    together: set[str] = set()
    for index, (_, end, other) in enumerate(mentions):
        until = mentions[index + 1][0] if index + 1 < len(mentions) else len(sentence)
        stretch = sentence[end:until]
        together.add(other)
        if stretch.strip().lower() in ("and", ",", ", and"):
            continue
        if who in together:
            broken = _BREAK.search(stretch)
            plural = len(together) > 1 or sentence[:end].lower().endswith("they")
            yield ("& " if plural else "") + (
                stretch[: broken.start()] if broken else stretch
            ).strip()
        together = set()


def _chinese(sentence: str, present: Mapping[str, str], who: str) -> Iterator[str]:
    subject: str | None = None
    for clause in re.split(r"[，、：]", sentence):
        mentions = sorted(
            (clause.find(name), each) for each, name in present.items() if name in clause
        )
        if mentions:
            start, subject = mentions[0]
            if subject == who and (came := _INTO.search(clause[:start])):
                yield came[0]
            clause = clause[start:]
        if subject == who:
            yield clause
