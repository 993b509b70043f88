"""What is wrong with a prompt, found by code: every fault at once, each in words for the model.

What words say of the camera, of the edit and against the sheets is read in `camera` and
`contradictions`, whether they are English in `english`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from agents.wording.camera import camera_faults, edit_faults
from agents.wording.clauses import sentences
from agents.wording.contradictions import contradictions
from agents.wording.english import foreign
from agents.wording.slate import Fault, Slate, unbraced
from studio.schema.check import BRACES

LEAST = 3
"""Words of its own that a prompt has at least."""
_MARKUP = re.compile(
    r"```|\*\*|__|</?[a-z]\w*>|^\s*#{1,6} |^\s*(?:[-*•]|\d+[.)]) |[\[\]|<>=^\\*_`]|\"\w+\"\s*:"
    r"|^\s*(?:keyframe|motion|prompt|caption|description)(?: prompt)?\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_OPENING = (
    r"(?:in|throughout) (?:this (?:image|picture|photo(?:graph)?|video|clip|shot|scene|frame)"
    r"|the (?:image|video|clip|footage|animation))"
)
_SHOWS = (
    r"(?:shows?|depicts?|captures?|features?|portrays?|presents?|displays?|illustrates?|reveals?"
    r"|opens? (?:with|on)|begins? (?:with|on)|starts? (?:with|on))"
)
PHRASE = re.compile(
    rf"\b{_OPENING}\b,?(?: (?:we|one|you) (?:can )?(?:see|notice|observe)\b)?"
    rf"|\b(?:the|this|our) (?:image|picture|photo(?:graph)?|video|clip|footage|animation|scene"
    rf"|shot|frame|film|keyframe|prompt)(?: then| now)? {_SHOWS}\b"
    rf"|\b(?:this (?:video|clip|footage|animation)|the (?:video|footage|animation))\b"
    rf"|\b(?:we|you|viewers?|the viewer)(?: can| now| then)? (?:see|sees|notice|observe|watch)\b"
    rf"|(?<!at )(?<!towards )(?<!toward )(?<!facing )\bthe viewers?\b"
    rf"|\b(?:watermarks?|subtitles?|captions?)\b"
    rf"|\b(?:text overlay|on-?screen text|title card|overlaid text|end credits)\b"
    rf"|(?:(?<=^)|(?<=[.] ))(?:sure|certainly|of course)[,!]"
    rf"|\bhere(?:'s| is| are) (?:the|your|my) (?:\w+ )?(?:prompts?|keyframe|motion|description)\b"
    rf"|\bas an ai\b",
    re.IGNORECASE,
)


def faults(text: str, slate: Slate) -> list[Fault]:
    """Every fault of a prompt as it was written, with its names in braces."""
    if says_nothing(text):
        return [Fault("empty", "it says next to nothing: write what is there and what happens")]
    return [fault for check in _CHECKS for fault in check(text, slate)]


def says_nothing(text: str) -> bool:
    """Whether a prompt has next to no words of its own."""
    return len(re.findall(r"[^\W\d_]{2,}", unbraced(text))) < LEAST


def holds(text: str, slate: Slate) -> bool:
    """Whether a prompt may be used."""
    return all(fault.advice for fault in faults(text, slate))


def missing(text: str, slate: Slate) -> list[str]:
    """Who is in the shot and has to be named. What moves in a group, or beyond a shoulder, may be
    one of them alone."""
    said = BRACES.findall(text)
    if "cast" in said:
        return []
    several = slate.which == "motion" and slate.shot.framing in ("group", "over-the-shoulder")
    if several and set(said) & set(slate.people):
        return []
    return [who for who in slate.people if who not in said]


def _form(text: str, _slate: Slate) -> Iterator[Fault]:
    if found := _MARKUP.search(unbraced(text)):
        yield Fault(
            "form",
            f'"{found[0].strip()}": one plain paragraph, no list, heading, label or markup',
            found[0],
        )


def _repetition(text: str, _slate: Slate) -> Iterator[Fault]:
    said = [" ".join(re.findall(r"[\w{}]+", one.casefold())) for one in sentences(text)]
    twice = [one for one, times in Counter(said).items() if times > 1 and len(one) > 3]
    if twice:
        yield Fault("repeats", f'"{twice[0]}" is there more than once', twice[0])
        return
    words = re.findall(r"[\w{}’']+", text.casefold())
    runs = Counter(zip(*(words[start:] for start in range(4)), strict=False))
    run, times = max(runs.items(), key=lambda item: item[1], default=((), 0))
    if times > 3 or any(len(set(run)) == 1 for run in runs):
        yield Fault("repeats", "it repeats itself over and over", " ".join(run))


def _names(text: str, slate: Slate) -> Iterator[Fault]:
    said = BRACES.findall(text)
    for name in dict.fromkeys(said):
        if name in slate.absent:
            yield Fault(
                "absent person",
                f"{{{name}}} is not in this shot: leave {slate.cast[name].name} out",
                f"{{{name}}}",
            )
        elif name not in slate.names:
            known = " ".join(f"{{{each}}}" for each in slate.names)
            yield Fault(
                "unknown name",
                f"nothing is called {{{name}}} here: there is {known}",
                f"{{{name}}}",
            )
        elif name in slate.people and said.count(name) > 1:
            yield Fault(
                "repeats",
                f"{{{name}}} brings all the looks with it: write it once, afterwards"
                f" {slate.cast[name].name}, she, he or they",
            )
    for who in missing(text, slate):
        yield Fault(
            "missing person",
            f"{slate.cast[who].name} is in this shot: write {{{who}}}, once, in braces",
        )
    for who in slate.absent:
        if found := slate.mention(who, text):
            yield Fault(
                "absent person",
                f'"{found[0]}" is not in this shot: say "somebody out of frame", or leave'
                f" {slate.cast[who].name} out",
                found[0],
            )


def _setting(text: str, slate: Slate) -> Iterator[Fault]:
    if slate.which == "motion":
        return
    near = slate.shot.size in ("CU", "ECU") or slate.shot.framing == "insert"
    if slate.filled("{place}") and "{place}" not in text and not near:
        yield Fault("missing place", "it does not say where: write {place}, in braces")
    if slate.filled("{look}") and "{look}" not in text:
        yield Fault("missing look", "it does not say the film's look: end with {look}.")


def _phrases(text: str, slate: Slate) -> Iterator[Fault]:
    told = slate.told.casefold()
    for found in PHRASE.finditer(text):
        if found[0].casefold() not in told:
            yield Fault(
                "phrase",
                f'"{found[0]}": write what is there, never of a picture, a film or its viewers',
                found[0],
            )


def _language(text: str, _slate: Slate) -> Iterator[Fault]:
    for said, why in foreign(unbraced(text)):
        shown = said if len(said) <= 60 else f"{said[:60]}…"
        yield Fault("language", f'"{shown}": {why}: write English', said)


def _length(text: str, slate: Slate) -> Iterator[Fault]:
    if over := slate.budget.over(slate.filled(text)):
        names = slate.budget.count(slate.filled(" ".join(f"{{{n}}}" for n in BRACES.findall(text))))
        yield Fault(
            "too long",
            f"with its names filled in it comes to {slate.budget.tokens + over} tokens, {over} more"
            f" than the {slate.budget.tokens} that are read ({names} are the names'): say it in"
            " fewer words",
        )


def _order(text: str, slate: Slate) -> Iterator[Fault]:
    count, leading = slate.budget.count_leading, slate.budget.leading
    if not leading or count is None:
        return
    filled = slate.filled(text)
    for who in slate.people:
        name = slate.cast[who].name
        at = filled.find(name)
        if at >= 0 and count(filled[: at + len(name)]) > leading:
            yield Fault(
                "late name",
                f"{name} comes late: who is there and what they do stand first",
                advice=True,
            )


_CHECKS: tuple[Callable[[str, Slate], Iterator[Fault]], ...] = (
    _form,
    _language,
    _names,
    _setting,
    _phrases,
    contradictions,
    camera_faults,
    edit_faults,
    _repetition,
    _length,
    _order,
)
