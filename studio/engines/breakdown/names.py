"""The names that a story calls people by, and the names of its places.

Names are read from capitals and from what stands around them in Latin scripts, and
from 叫, 小, 老, 阿 and surnames in Chinese. Gives names with their evidence; who is who
is decided in `people`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from studio.engines.breakdown.lexicon import chinese_verbs, grammar, phrases, talk, verb_forms
from studio.engines.breakdown.units import Unit

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PLACING = {
    "in": 1.5,
    "at": 0.7,
    "near": 1.0,
    "to": 0.4,
    "from": 0.5,
    "into": 1.5,
    "across": 1.5,
    "of": 0.3,
}
_BE = grammar("names_be")


@dataclass
class NameUse:
    """A name as the story uses it: its words without title, and the evidence found."""

    words: tuple[str, ...]
    count: int = 0
    score: float = 0.0
    first: int = 0
    titles: Counter[str] = field(default_factory=Counter)
    acts: int = 0
    stands: int = 0
    called: int = 0


@dataclass
class Names:
    """People's names by their words, and the names of places as they are written."""

    people: dict[tuple[str, ...], NameUse]
    places: Counter[str]


def bare(word: str) -> str:
    """A word without its possessive ending."""
    if word[-2:] in ("'s", "’s"):
        return word[:-2]
    return word[:-1] if word[-1:] in "'’" else word


def names_in(units: Sequence[Unit], german: bool) -> Names:
    """Every name of a person or place in the story, in order of first use."""
    units = [*units, *_tags(units)]
    lower = Counter(
        word.lower() for unit in units for word in _TOKEN.findall(unit.text) if word[0].islower()
    )
    people: dict[tuple[str, ...], NameUse] = {}
    places: Counter[str] = Counter()
    for unit in units:
        for part, context in _runs(unit, lower):
            _weigh(unit, part, context, people, places, german)
    for turn_name in dict.fromkeys(
        unit.turn.named for unit in units if unit.turn and unit.turn.named
    ):
        words = tuple(turn_name.split())
        if any(word[0].isupper() for word in words):
            use = people.setdefault(words, NameUse(words))
            use.score, use.acts, use.count = use.score + 5, use.acts + 1, use.count + 1
    people.update(_chinese_names(units))
    kept = {
        words: use
        for words, use in people.items()
        if use.score >= 1.5
        and (use.acts or use.called or use.titles or use.stands or use.count > 1 or len(words) > 1)
    }
    return Names(kept, places)


def _tags(units: Sequence[Unit]) -> list[Unit]:
    """The words around speech (`said Holmes`) as sentences of their own."""
    found: list[Unit] = []
    turns = {
        id(turn): (unit.index, turn) for unit in units for turn in (unit.turn, unit.told_by) if turn
    }
    for index, turn in turns.values():
        before = turn.before if turn.before.rstrip().endswith((",", ":")) else ""
        found += [
            Unit(index, tag, False, turn.level, turn.block) for tag in (before, turn.after) if tag
        ]
    return found


def _is_listed(word: str) -> bool:
    """Whether a word is a thing, a place, weather or a role: no name where a sentence begins."""
    return any(
        phrases(table).at([word], 0) for table in ("props", "places", "weather", "times", "roles")
    )


@dataclass(frozen=True)
class _Context:
    before: str
    after: str
    start: int
    end: int


def _runs(unit: Unit, lower: Counter[str]) -> list[tuple[list[str], _Context]]:
    """Runs of capitalised words that may be names, with the words around them."""
    tokens = list(_TOKEN.finditer(unit.text))
    stop, found, at = talk("stop"), [], 0
    while at < len(tokens):
        run: list[str] = []
        first = at
        while at < len(tokens):
            word = tokens[at][0]
            if not word[0].isupper() or word in ("I", "O") or word.startswith(("I'", "I’")):
                break
            if run:
                gap = unit.text[tokens[at - 1].end() : tokens[at].start()]
                ends = run[-1].endswith(("'s", "’s")) and word not in talk("placename")
                joined = gap.isspace() or (
                    gap.strip() == "." and (len(run[-1]) == 1 or _title(run[-1]))
                )
                if not joined or ends:
                    break
            elif (
                bare(word).lower() in stop or (at == 0 and lower[bare(word).lower()])
            ) and not _title(word):
                break
            run.append(word)
            at += 1
        if run:
            before = tokens[first - 1][0].lower() if first else ""
            after = tokens[at][0].lower() if at < len(tokens) else ""
            found.append(
                (run, _Context(before, after, tokens[first].start(), tokens[at - 1].end()))
            )
        else:
            at += 1
    return found


def _title(word: str) -> str:
    for sort in ("m", "f", "n"):
        if word in talk(f"title_{sort}"):
            return sort
    return ""


def _weigh(
    unit: Unit,
    run: list[str],
    context: _Context,
    people: dict[tuple[str, ...], NameUse],
    places: Counter[str],
    german: bool,
) -> None:
    titles = []
    while len(run) > 1 and _title(run[0]):
        titles.append(run.pop(0))
    possessive = run[-1].endswith(("'s", "’s")) or unit.text[context.end : context.end + 1] in (
        "’",
        "'",
    )
    words = tuple(bare(word) for word in run)
    named_after = context.before in ("named", "called", "name", "nommé", "nommée", "namens")
    civil = any(
        title.rstrip(".") in ("Mr", "Mrs", "Ms", "Miss", "Dr", "Doctor") for title in titles
    )
    if not civil and (
        words[-1] in talk("placename") or (len(run) > 1 and run[-1].lower() in ("court", "hall"))
    ):
        places[" ".join(run)] += 1
        return
    if any(word in talk("notname") | talk("month") for word in words) and not (
        titles and len(words) > 1
    ):
        if words[-1] not in talk("notname") | talk("month") and titles:
            pass
        elif not (named_after or words[0] == "Team"):
            if context.before in _PLACING:
                places[" ".join(words)] += 1
            return
    if all(len(word) == 1 for word in words) or context.before == "st":
        return
    opens = context.before == "" and len(words) == 1 and not titles
    if opens and (words[0].lower() in verb_forms() or _is_listed(words[0].lower())):
        return
    if _title(words[0]) and len(words) == 1 and words[0] not in talk("male") | talk("female"):
        return
    article = context.before in (
        "the",
        "a",
        "an",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "le",
        "la",
        "les",
        "un",
        "une",
    )
    score = (
        3.0 * bool(titles or words[0] == "Team")
        + (len(words) > 1)
        + 3.0 * named_after
        + 0.5 * possessive
    )
    says = talk("say") | talk("say_fr") | talk("say_de")
    form = verb_forms().get(context.after)
    gap = unit.text[context.end :].lstrip()
    acts = bool(gap[:1].isalpha()) and (
        context.after in _BE
        or context.after in says
        or (form is not None and form.form in ("past", "third"))
        or context.after.endswith("ed")
    )
    acts = acts and context.before not in _PLACING and not (german and article)
    called = unit.spoken and (
        unit.text[context.end : context.end + 1] in ",!?."
        and (unit.text[: context.start].rstrip().endswith((",", "dear")) or context.start < 2)
    )
    score += 1.6 * acts + 1.6 * (context.before in says) + 1.2 * called
    score += 2.0 * (words[0] in talk("male") or words[0] in talk("female"))
    if any(
        tag and words[-1] in tag
        for tag in (unit.turn.after if unit.turn else "", unit.turn.before if unit.turn else "")
    ):
        score += 1.5
    score -= (
        _PLACING.get(context.before, 0.0)
        + 2.0 * (article and not titles)
        + 0.8 * (german and not acts)
    )
    use = people.setdefault(words, NameUse(words, first=unit.index))
    use.count += 1
    use.score += score
    use.acts += acts or context.before in says
    use.called += called
    use.titles.update(titles)
    given = words[0] in talk("male") or words[0] in talk("female")
    use.stands += given and (not gap[:1].isalpha() or context.after in talk("stop") or acts)


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_ACT = "说道问喊答笑想走看听把在就又很来去跑站坐拿对也点没是有给和跟从被一不"
_NO_NAME = grammar("names_no_name")


def _chinese_names(units: Sequence[Unit]) -> dict[tuple[str, ...], NameUse]:
    text_count: Counter[str] = Counter()
    firsts: dict[str, int] = {}
    pattern = re.compile(
        r"(?:(?<=[，。！？；：“”「」『』\s])|^|(?<=[和对跟向给把]))"
        rf"((?:小|老|阿)[一-鿿]|[{_SURNAMES}][一-鿿]{{1,2}}?)(?=[{_ACT}])"
    )
    called = re.compile(
        r"(?:名叫|叫做|名字叫|叫作|一个叫|位叫|只叫|名为)([一-鿿]{2,3}?)(?=[的，。、；！]|是|住)"
    )
    for unit in units:
        for pattern_found, sure in ((called, 3), (pattern, 1)):
            for match in pattern_found.finditer(unit.text):
                name = match[1]
                known = phrases("roles").at(list(name), 0) or phrases("places").at(list(name), 0)
                verb = chinese_verbs().at(list(name), 0)
                if name in _NO_NAME or known or verb or name[-1] in "的了着个是在":
                    continue
                text_count[name] += sure
                firsts.setdefault(name, unit.index)
    return {
        (name,): NameUse((name,), count, float(count), firsts[name], acts=count)
        for name, count in text_count.items()
        if count >= 2
    }
