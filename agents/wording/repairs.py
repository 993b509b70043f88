"""A prompt set right by code. `tidied` mends a model's harmless habits, of which it need not be
asked again: nothing that it says is lost. `repaired` mends what it would not: what must not be said
goes, clause by clause, what must be said is added, and what is too long is trimmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from agents.wording.camera import edit_faults, in_own_words, second_movement
from agents.wording.clauses import joined, parted, sentences, without
from agents.wording.english import foreign
from agents.wording.faults import PHRASE, faults, holds, missing, says_nothing
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
_QUOTED = re.compile(r'["“]([^"“”]+)["”]')
_BODY = (
    r"(?:hands?|arms?|face|eyes?|head|fingers?|body|back|legs?|feet|shoulders?|hair|braid|curls"
    r"|beard|coat|jacket|dress|shirt|sleeves?)"
)
_OWNED = rf"((?:[\w-]+ ){{0,2}}?{_BODY}(?: and (?:[\w-]+ )?{_BODY})?)\b"
_FOLK = "woman|man|girl|boy|lady|gentleman"
_SPARE_HOURS = r"at \w+|in the \w+|sunny|\w+lit"
_GOES = {
    "form",
    "absent person",
    "phrase",
    "camera",
    "cut",
    "time of day",
    "cast sheet",
}


def repaired(text: str, slate: Slate) -> str | None:
    """The prompt as it may be used; None where code cannot bring it there. What was right is
    left as it was."""
    if holds(text, slate):
        return text
    text = tidied(text, slate)
    for remedy in _REMEDIES:
        text = remedy(text, slate)
    short = trimmed(text, slate)
    return short if short is not None and holds(short, slate) else None


def tidied(text: str, slate: Slate) -> str:
    """The prompt as one plain paragraph, with everybody whom it names in plain words in braces,
    once, and the place, the look and the camera's movement as they are written here."""
    for habit in (_plain, _braced, _named, _owned, _moved, _set):
        text = habit(text, slate)
    return text


def _plain(text: str, _slate: Slate) -> str:
    bare = _MARKS.sub(" ", _MARKS.sub(" ", text))  # a label may stand in marks
    plain = " ".join(bare.split())
    quoted = _QUOTED.fullmatch(plain)
    return quoted[1] if quoted else plain


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
            return _plainly(name, slate)
        seen.add(name)
        known = name in (*slate.names, *slate.absent, "movement")
        return f"{{{name}}}" if known else match[1].replace("_", " ")

    return BRACES.sub(one, text)


def _plainly(who: str, slate: Slate) -> str:
    """Somebody who is named already: by name, where the model can read it."""
    person = slate.cast[who]
    if not foreign(person.name):
        return person.name
    kind = re.search(rf"\b(?:{_FOLK})\b", person.looks)
    return f"the {kind[0] if kind else 'figure'}"


def _owned(text: str, slate: Slate) -> str:
    """`{mara}'s hand` is the hand of {mara}: her looks follow her name, and own nothing."""
    for who in slate.people:
        own = rf"\{{{who}\}}['’]s {_OWNED}"
        text = re.sub(rf"(?:^|(?<=[.!?] )){own}", rf"The \1 of {{{who}}}", text)
        text = re.sub(own, rf"the \1 of {{{who}}}", text)
    return text


def _named(text: str, slate: Slate) -> str:
    """With those in braces whom it names in plain words, and the place."""
    for who in missing(text, slate):
        if found := slate.mention(who, text):
            text = f"{text[: found.start()]}{{{who}}}{text[found.end() :]}"
    place = slate.prompter.storyboard.places[slate.scene.place].name
    if slate.which == "keyframe" and "{place}" not in text:
        text = re.sub(rf"(?<!\w){re.escape(place)}(?!\w)", "{place}", text, count=1)
    return text


def _moved(text: str, slate: Slate) -> str:
    """With {movement} for what the camera does in words of the model's own."""
    if slate.which == "keyframe":
        return text
    text = re.sub(r"\b(?:the )?camera(?: movement)?:? \{movement\}", "{movement}", text, flags=re.I)
    if "{movement}" not in text and (own := in_own_words(text, slate)):
        text = text.replace(own, "{movement}", 1)
    return re.sub(r"\{movement\}(?= [A-Z{]|$)", "{movement}.", text)


def _set(text: str, slate: Slate) -> str:
    """With a keyframe's place and look, and how the camera moves."""
    wants = {fault.kind for fault in faults(text, slate) if not fault.said}
    if "missing place" in wants:
        head, look, tail = text.rpartition("{look}")
        text = f"{head}{{place}}. {look}{tail}" if look else f"{text} {{place}}."
    if "missing look" in wants:
        text = f"{text} {{look}}."
    if slate.which == "motion" and "camera" in wants and "{movement}" not in text:
        text = f"{text} {{movement}}."
    return text


def _shared(text: str, slate: Slate) -> str:
    """With {movement} once, in the sentence in which the camera is said beside something else."""
    own = in_own_words(text, slate) if slate.which == "motion" else ""
    along = own and re.search(rf"{re.escape(own)} (?:as|while|until|when)\b", text)
    return text.replace(own, "{movement}", 1) if along else text


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
    gap = " " if after.startswith(" ") else ""
    return before + moved + gap + without(after, lambda clause: "{movement}" in clause)


def _complete(text: str, slate: Slate) -> str:
    """With everybody who is there, how the camera moves, and a keyframe's place and look."""
    text = _named(text, slate)
    if (left := missing(text, slate)) and not says_nothing(text):
        text = _with_people(text, left, slate)
    return _set(text, slate)


def _with_people(text: str, left: Sequence[str], slate: Slate) -> str:
    """Those who are missing by their names in braces: one of them where the prompt speaks of
    a figure like them or begins with a pronoun, else all at its head."""
    kinds = re.findall(rf"\b(?:{_FOLK})\b", slate.cast[left[0]].looks)
    like = (
        rf"\b(?:a|an|the)(?: [\w-]+)? (?:{'|'.join([*kinds, _ANYBODY])})\b"
        r"|\b(?:somebody|someone)\b(?! out of frame)|^(?:she|he|they)\b"
    )
    if len(left) == 1 and (found := re.search(like, text, re.IGNORECASE)):
        return f"{text[: found.start()]}{{{left[0]}}}{text[found.end() :]}"
    names = " and ".join(f"{{{who}}}" for who in left)
    return f"There {'is' if len(left) == 1 else 'are'} {names}. {text}"


_REMEDIES: tuple[Callable[[str, Slate], str], ...] = (
    _told,
    _shared,
    _english,
    _eyelines,
    _uncut,
    _agreeing,
    _allowed,
    _once,
    _complete,
)
