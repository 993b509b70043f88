"""A prompt mended by code, where the model would not: what must not be said goes, clause by
clause, what must be said is added, and what is too long is trimmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agents.wording.camera import edit_faults, second_movement
from agents.wording.clauses import joined, parted, sentences, without
from agents.wording.english import foreign
from agents.wording.faults import PHRASE, faults, holds, missing
from agents.wording.slate import Slate, unbraced
from agents.wording.trimming import trimmed
from studio.schema.check import BRACES

_AWAY = "somebody out of frame"
_ANYBODY = "figure|person|character|subject|protagonist"
_MARKS = re.compile(
    r"```\w*|\*\*|__|</?[a-z]\w*>|^\s*#{1,6} |^\s*(?:[-*•]|\d+[.)]) "
    r"|^\s*(?:keyframe|motion|prompt|caption|description)(?: prompt)?\s*:",
    re.MULTILINE | re.IGNORECASE,
)
_SPARE_HOURS = r"at \w+|in the \w+|sunny|\w+lit"
_GOES = {
    "form",
    "absent person",
    "phrase",
    "camera",
    "cut",
    "other place",
    "time of day",
    "cast sheet",
}


def repaired(text: str, slate: Slate) -> str | None:
    """The prompt as it may be used; None where code cannot bring it there. What was right is
    left as it was."""
    if holds(text, slate):
        return text
    for remedy in _REMEDIES:
        text = remedy(text, slate)
    short = trimmed(text, slate)
    return short if short is not None and holds(short, slate) else None


def _plain(text: str, _slate: Slate) -> str:
    return " ".join(_MARKS.sub(" ", text).split())


def _told(text: str, _slate: Slate) -> str:
    """Without `The image shows`: what it shows is said."""

    def bare(sentence: str) -> str:
        found = PHRASE.match(sentence)
        rest = sentence[found.end() :].lstrip(" ,:") if found else sentence
        rest = re.sub(r"^(?:that|how) ", "", rest) if found else rest
        return rest[:1].upper() + rest[1:]

    return " ".join(bare(sentence) for sentence in sentences(text))


def _braced(text: str, slate: Slate) -> str:
    """Names in braces as they are called, each of the people's once; others in plain words."""
    seen: set[str] = set()

    def one(match: re.Match[str]) -> str:
        name = re.sub(r"\W+", "_", match[1].strip().casefold())
        for who in slate.cast:
            if name in (who, *(re.sub(r"\W+", "_", n.casefold()) for n in slate.called(who))):
                name = who
        name = "place" if name == slate.scene.place else name
        if name in slate.people and name in seen:
            plain = slate.cast[name].name
            return "they" if foreign(plain) else plain
        seen.add(name)
        known = name in (*slate.names, *slate.absent, "movement")
        return f"{{{name}}}" if known else match[1].replace("_", " ")

    return BRACES.sub(one, text)


def _eyelines(text: str, slate: Slate) -> str:
    """Looks and words at those who are not in the picture go out of frame."""
    for who in slate.absent:
        names = "|".join([re.escape(f"{{{who}}}"), *map(re.escape, slate.called(who))])
        toward = re.compile(rf"\b(at|to|towards?|from|with|for|after) (?:{names})(?!\w|['’]s)")
        text = toward.sub(rf"\1 {_AWAY}", text)
    return text


def _english(text: str, _slate: Slate) -> str:
    return " ".join(one for one in sentences(text) if not foreign(unbraced(one)))


def _uncut(text: str, slate: Slate) -> str:
    """Up to the first cut: what follows it is another shot, {movement} excepted."""
    parts = parted(text)
    for at, sentence in enumerate(parts):
        for n, clause in enumerate(sentence):
            if any(True for _ in edit_faults(clause.lead + clause.text, slate)):
                rest = [(c,) for s in parts[at:] for c in s if "{movement}" in c.text]
                return joined([*parts[:at], sentence[:n], *rest[:1]])
    return text


def _agreeing(text: str, slate: Slate) -> str:
    """Without the words that are against the cast sheet or the hour, where a sentence can do
    without them: `blonde hair` is hair, a `moonlit` beach is a beach."""
    for fault in faults(text, slate):
        said = re.escape(fault.said)
        if fault.kind == "cast sheet" and " " in fault.said:
            text = text.replace(fault.said, fault.said.split(" ", 1)[1], 1)
        elif fault.kind == "cast sheet":
            led = rf"\b(?:[Aa]n?|[Tt]he) {said} (?=\{{|[A-Z])"
            text = re.sub(rf"{led}|\b{said} ", "", text, count=1)
        elif fault.kind == "time of day" and re.fullmatch(_SPARE_HOURS, fault.said, re.I):
            text = re.sub(rf"\s*\b{said}\b", "", text, count=1)
        elif fault.kind == "time of day":
            text = re.sub(rf"\s*\b(?:in|under|by|of) (?:the |a )?{said}\b", "", text, count=1)
    return text


def _allowed(text: str, slate: Slate) -> str:
    """Without the clauses that may not stand."""
    if second := second_movement(text):
        text = re.sub(rf"[ ,]*{re.escape(second)}", "", text)
    said = [fault.said for fault in faults(text, slate) if fault.kind in _GOES and fault.said]
    if slate.which == "keyframe":
        said.append("{movement}")
    return without(text, lambda clause: any(one in clause for one in said))


def _once(text: str, _slate: Slate) -> str:
    """Each sentence once, and {movement} once."""
    seen: set[str] = set()
    kept = []
    for sentence in sentences(text):
        same = " ".join(re.findall(r"[\w{}]+", sentence.casefold()))
        if same not in seen:
            kept.append(sentence)
        seen.add(same)
    before, moved, after = " ".join(kept).partition("{movement}")
    return before + moved + (without(after, lambda clause: "{movement}" in clause) if moved else "")


def _complete(text: str, slate: Slate) -> str:
    """With everybody who is there, how the camera moves, and a keyframe's place and look."""
    for who in reversed(missing(text, slate)):
        text = _with_person(text, who, slate)
    wants = {fault.kind for fault in faults(text, slate)}
    if slate.which == "motion" and "camera" in wants and "{movement}" not in text:
        text = f"{text} {{movement}}."
    if "missing place" in wants:
        text = f"{text} {{place}}."
    return f"{text} {{look}}." if "missing look" in wants else text


def _with_person(text: str, who: str, slate: Slate) -> str:
    """Somebody by the name in braces: where the prompt names them in plain words, where it
    speaks of a figure like them or begins with a pronoun, else at its head."""
    if found := slate.mention(who, text):
        return f"{text[: found.start()]}{{{who}}}{text[found.end() :]}"
    kinds = re.findall(r"\b(?:man|woman|boy|girl|lady|gentleman)\b", slate.cast[who].looks)
    like = (
        rf"\b(?:a|an|the)(?: [\w-]+)? (?:{'|'.join([*kinds, _ANYBODY])})\b"
        r"|\b(?:somebody|someone)\b(?! out of frame)|^(?:she|he|they)\b"
    )
    if missing(text, slate) == [who] and (found := re.search(like, text, re.IGNORECASE)):
        return f"{text[: found.start()]}{{{who}}}{text[found.end() :]}"
    return f"{{{who}}}. {text}"


_REMEDIES: tuple[Callable[[str, Slate], str], ...] = (
    _plain,
    _told,
    _english,
    _braced,
    _eyelines,
    _uncut,
    _agreeing,
    _allowed,
    _once,
    _complete,
)
