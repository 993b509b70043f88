"""A screenplay: its scenes, beats and lines stand as they were written. The model is asked only
for what people and places look like, and for synopses, all of the script at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.asking import Answer, Asker, Question, Unanswered
from agents.bible import ScenePlan
from agents.pages import filled, quoted
from agents.reading.outline import faults_of_script, script_schema
from agents.reading.parts import Allowance, allowance, parts_of, passages_of, tokens_in
from agents.reading.sheets import ROLE, Roster, Treatment, one_line, paintable, unpaintable
from studio.schema.story import ScriptScene, Story
from studio.schema.storyboard import Scene

OPENING = "Opening"
"""The place of what a script says before its first heading."""
ASKED_TOKENS = 160
"""What the looks of one, or a synopsis, take at most of an answer."""
_PLAYED = ("action", "dialogue", "centered", "lyrics")
_SIDE = re.compile(
    r"^\.?\s*(?P<side>INT\.?\s*/\s*EXT|EXT\.?\s*/\s*INT|I\s*/\s*E|INT|EXT|EST)\b\.?\s*[-–—:]?\s*",
    re.IGNORECASE,
)
_TIMES = {
    "dawn": "dawn sunrise daybreak morgengrauen aube alba amanecer 黎明 拂晓",
    "morning": "morning vormittag matin mattina mañana 早晨 清晨 早上 上午",
    "noon": "noon midday mittag midi mezzogiorno mediodía 中午 正午",
    "afternoon": "afternoon nachmittag après-midi pomeriggio tarde 下午",
    "dusk": "dusk sunset twilight dämmerung crépuscule tramonto atardecer 黄昏 傍晚",
    "evening": "evening abend soir soirée sera 晚上",
    "night": "night midnight nacht nuit notte noche 夜 深夜",
    "day": "day tag jour giorno día 日 白天",
}
_TIME_OF = {word: time for time, words in _TIMES.items() for word in words.split()}
_GOES_ON = re.compile(r"\b(?:continuous|later|same|moments|fortlaufend|später)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """What a scene's heading says: INT or EXT, the place, the time; empty where it is silent."""

    side: str
    place: str
    time: str


@dataclass
class _Group:
    """Some of a script that is read together, and what is asked of it: person_mara, scene_2."""

    text: str = ""
    asked: list[str] = field(default_factory=list)


async def in_script(asker: Asker, story: Story, system: str, context: int) -> Treatment:
    """The scenes as they stand, with looks and synopses as far as the model has given them."""
    scenes = _filmed(story.scenes)
    headings = _headings(scenes)
    people, places = Roster("person"), Roster("place")
    at = [places.add(heading.place, "", heading.side) for heading in headings]
    cued = [
        [(people.add(_name(beat.who), ""), beat.heard) for beat in scene.beats if beat.who.strip()]
        for scene in scenes
    ]
    texts = [_as_text(scene) for scene in scenes]
    names = {f"person_{who}": one.name for who, one in people.sheets.items()}
    names |= {f"place_{each}": one.name for each, one in places.sheets.items()}
    names |= {f"scene_{n}": f"[{n}] {one_line(scene.heading)}" for n, scene in enumerate(scenes, 1)}
    page = filled(ROLE, "script", story=story.title, number="", parts="", known="")
    fixed = tokens_in(system) + tokens_in(page)
    room = allowance(context, fixed, sum(map(tokens_in, texts)))
    met = [[f"place_{at[n]}", *(f"person_{who}" for who, _ in cues)] for n, cues in enumerate(cued)]
    groups = _groups(scenes, texts, met, room)
    answers = await asker.ask_all(
        [_question(story, groups, n, system, names) for n in range(len(groups))]
    )
    said: dict[str, str] = {}
    for answer in answers:
        formed = answer.last if isinstance(answer, Unanswered) else answer
        said |= formed.model_dump() if formed else {}
    for roster, kind in ((people, "person"), (places, "place")):
        for id_ in roster.sheets:
            looks = said.get(f"{kind}_{id_}", "")
            if looks and not unpaintable(looks):
                roster.describe(id_, paintable(looks))
    plans = []
    for n, (scene, heading) in enumerate(zip(scenes, headings, strict=True)):
        seen = [who for who, heard in cued[n] if heard != "vo"]
        seen += [who for who, one in people.sheets.items() if _acts(one.name, scene)]
        plans.append(
            ScenePlan(
                scene=Scene(
                    id="sc000",
                    heading=one_line(scene.heading)[:300] or OPENING.upper(),
                    place=at[n],
                    time=heading.time,
                    synopsis=_synopsis(scene, one_line(said.get(f"scene_{n + 1}", ""))),
                ),
                text=texts[n],
                beats=scene.beats,
                people=tuple(dict.fromkeys(seen)),
            )
        )
    voices = frozenset(who for cues in cued for who, heard in cues if heard == "vo")
    return Treatment(tuple(plans), people.sheets, places.sheets, voices)


# --- what the script says --------------------------------------------------------------


def _filmed(scenes: Sequence[ScriptScene]) -> list[ScriptScene]:
    """The scenes; what stands before the first heading and is no scene opens the first."""
    first, *others = scenes
    if others and not first.heading and not any(beat.kind in _PLAYED for beat in first.beats):
        opened = ScriptScene(others[0].heading, others[0].number, first.beats + others[0].beats)
        return [opened, *others[1:]]
    return list(scenes)


def _headings(scenes: Sequence[ScriptScene]) -> list[Heading]:
    """What the headings say; a scene that goes on has the time of the one before."""
    found: list[Heading] = []
    for scene in scenes:
        heading = read_heading(scene.heading)
        if not heading.time and found and _GOES_ON.search(scene.heading):
            heading = Heading(heading.side, heading.place, found[-1].time)
        found.append(heading)
    return found


def read_heading(text: str) -> Heading:
    """`EXT. GULL ROCK, SHORE - DUSK` is outside, at Gull Rock, Shore, at dusk."""
    side = _SIDE.match(text)
    rest = re.sub(r"\s*\([^)]*\)", "", text[side.end() :] if side else text).strip()
    pieces = [piece for piece in re.split(r"\s+[-–—]+\s*|\s*[–—]+\s*", rest) if piece.strip()]
    time = ""
    while len(pieces) > 1 and ((named := _time(pieces[-1])) or _GOES_ON.search(pieces[-1])):
        time = time or named
        pieces.pop()
    place = _name(one_line(" - ".join(pieces))) or OPENING
    within = (side["side"] if side else "").upper().replace(".", "").replace(" ", "")
    both = {"INT": "INT", "EXT": "EXT", "EST": "EXT", "": ""}
    return Heading(both.get(within, "INT/EXT"), place[:200], time)


def _time(text: str) -> str:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold())
    signs = (time for word, time in _TIME_OF.items() if not word[0].isascii() and word in text)
    return next((_TIME_OF[word] for word in words if word in _TIME_OF), next(signs, ""))


def _name(text: str) -> str:
    """A name in capitals as it is written elsewhere: MRS. O'BRIEN is Mrs. O'Brien."""
    text = one_line(text)[:100]
    if not text.isupper():
        return text
    capital = re.sub(r"[^\W\d_]+(?:['’][^\W\d_]{1,2}\b)?", lambda m: m[0].capitalize(), text)
    return re.sub(r"\b(O|D|L)(['’])(\w)", lambda m: m[1] + m[2] + m[3].upper(), capital)


def _acts(name: str, scene: ScriptScene) -> bool:
    """Whether an action names somebody, in capitals or as a name."""
    told = "\n".join(beat.text for beat in scene.beats if beat.kind == "action")
    if not name.isascii():
        return name in told
    return any(re.search(rf"\b{re.escape(form)}\b", told) for form in (name, name.upper()))


def _as_text(scene: ScriptScene) -> str:
    lines = [scene.heading] if scene.heading else []
    for beat in scene.beats:
        how = f" ({beat.how})" if beat.how else ""
        if beat.kind in ("action", "centered", "lyrics"):
            lines.append(beat.text)
        elif beat.kind == "dialogue":
            lines.append(f"{beat.who}{how}: {beat.text}")
    return "\n\n".join(lines)


def _own_synopsis(scene: ScriptScene) -> str:
    return " ".join(beat.text for beat in scene.beats if beat.kind == "synopsis")


def _synopsis(scene: ScriptScene, said: str) -> str:
    """The script's own, else the model's, else what is seen or said first."""
    first = next((beat.text for beat in scene.beats if beat.kind in _PLAYED), "")
    return one_line(_own_synopsis(scene)) or said or one_line(first)


# --- what is asked ---------------------------------------------------------------------


def _groups(
    scenes: Sequence[ScriptScene],
    texts: Sequence[str],
    first_met: Sequence[Sequence[str]],
    room: Allowance,
) -> list[_Group]:
    """The script in parts that a question holds, each asking for whom and what it is the first to
    show. A part that asks for nothing new is not asked."""
    most = max(1, room.answer // ASKED_TOKENS)
    met: set[str] = set()
    groups = [_Group()]
    for n, scene in enumerate(scenes, 1):
        asked = [name for name in dict.fromkeys(first_met[n - 1]) if name not in met]
        met |= set(asked)
        asked += [] if _own_synopsis(scene) else [f"scene_{n}"]
        for piece in parts_of(passages_of(f"[{n}] {texts[n - 1]}"), room.part):
            last = groups[-1]
            full = tokens_in(last.text) + tokens_in(piece.text) > room.part
            if last.text and (full or len(last.asked) + len(asked) > most):
                groups.append(_Group())
            last = groups[-1]
            last.text = f"{last.text}\n\n{piece.text}".strip()
            last.asked += asked
            asked = []
    return [
        _Group(group.text, group.asked[at : at + most])
        for group in groups
        for at in range(0, len(group.asked), most)
    ]


def _question(
    story: Story, groups: Sequence[_Group], n: int, system: str, names: dict[str, str]
) -> Question[Answer]:
    group = groups[n]
    task = filled(
        ROLE,
        "script",
        story=quoted("story", f"{story.title}\n\n{group.text}".strip()),
        number=str(n + 1),
        parts=str(len(groups)),
        known=quoted("known", "\n".join(f"{each}: {names[each]}" for each in group.asked)),
    )
    tokens = max(400, len(group.asked) * ASKED_TOKENS)
    return Question(ROLE, system, task, script_schema(group.asked), tokens, faults_of_script)
