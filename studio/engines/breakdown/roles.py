"""The people whom a story calls by a role: `the old keeper`, `a fox`, 老人."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from studio.engines.breakdown.ids import new_id
from studio.engines.breakdown.lexicon import entries, is_chinese, plural
from studio.engines.breakdown.mentions import CONTRAST, GENERIC, People, Person
from studio.engines.breakdown.units import Turn, Unit

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def add_roles(people: People, units: Sequence[Unit]) -> None:
    """Roles that act in the narration; `the old X` and `the young X` are two people."""
    words = role_words()
    probe = People(
        {word: Person(word, word, word) for word in words}, {}, {word: [word] for word in words}
    )
    seen: dict[str, int] = {}
    adjectives: dict[str, Counter[str]] = {}
    for index, text in _narrated(units):
        for mention in probe.mentions(text):
            before = [word.lower() for word in _TOKEN.findall(text[mention.start : mention.end])]
            seen.setdefault(mention.person, index)
            told = adjectives.setdefault(mention.person, Counter())
            told.update(["", *(word for word in before if word in CONTRAST)])
    for word, first in seen.items():
        key, singular, several = words[word]
        row = entries("roles")[key]
        sort = row.rest[0]
        if word in GENERIC:
            adjectives[word] = Counter({"": 1})
        kinds = [kind for kind in adjectives[word] if kind and adjectives[word][kind] >= 1]
        variants = (
            sorted(kinds)
            if len(kinds) > 1
            and sum(adjectives[word][k] for k in kinds) * 2 >= adjectives[word][""]
            else [""]
        )
        for variant in variants or [""]:
            adjective = variant or next(
                (k for k in ("old", "young", "little") if adjectives[word][k]), ""
            )
            adjective = "" if word.startswith(f"{adjective} ") else adjective
            shown = " ".join(part for part in (adjective, word) if part)
            chinese_id = key if not several else f"{key}s"
            person = Person(
                new_id(people.by_id, chinese_id if is_chinese(word) else shown.replace("'", "")),
                shown if is_chinese(word) else f"the {shown}" if not several else shown,
                word if is_chinese(word) else f"the {shown}",
                sort if sort in "mf" else "n",
                sort if sort in "ac" else "n",  # type: ignore[arg-type]
                key,
                singular,
                several,
                first=first,
            )
            if not is_chinese(word):
                person.name = shown[:1].upper() + shown[1:]
            if sort == "a" or sort == "c":
                person.sex = "n"
            people.by_id[person.id] = person
            people.roles.setdefault(word, []).append(person.id)


def role_words() -> dict[str, tuple[str, str, bool]]:
    """Every role word: its row's key, its singular and whether it means several."""
    found: dict[str, tuple[str, str, bool]] = {}
    for row in entries("roles").values():
        for word in row.english:
            found.setdefault(word, (row.key, word, row.key == "people"))
        for word in row.english:
            found.setdefault(plural(word), (row.key, word, True))
        for word in row.chinese:
            found.setdefault(word, (row.key, word, row.key == "people" or word.endswith("们")))
            found.setdefault(word + "们", (row.key, word, True))
    return found


def _narrated(units: Sequence[Unit]) -> Iterator[tuple[int, str]]:
    """What is narrated, with the words around speech that say who speaks."""
    turn: Turn | None = None
    for unit in units:
        if not unit.spoken:
            yield unit.index, unit.text
        elif unit.turn is not turn and unit.turn is not None:
            turn = unit.turn
            yield (
                unit.index,
                turn.before if turn.before.rstrip().endswith((":", ",", "：", "，")) else "",
            )
            yield unit.index, turn.after
