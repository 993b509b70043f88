"""What a prompt says of the camera and of the edit, read by its words.

A prompt holds one continuous take: its camera moves once, as the shot says, and nothing is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.wording.slate import Fault, Slate
from studio.prompts import MOVES

_VERB = (
    r"(?:pan(?:s|ned|ning)?|tilt(?:s|ed|ing)?|zoom(?:s|ed|ing)?|doll(?:y|ies|ied|ying)"
    r"|truck(?:s|ed|ing)?|track(?:s|ed|ing)?|cran(?:es?|ed|ing)|pedestal(?:s|ing)?"
    r"|push(?:es|ed|ing)?|pull(?:s|ed|ing)?|orbit(?:s|ed|ing)?|circl(?:es?|ed|ing)"
    r"|arc(?:s|ed|ing)?|rotat(?:es?|ed|ing)|spin(?:s|ning)?|turn(?:s|ed|ing)?|roll(?:s|ed|ing)?"
    r"|mov(?:es?|ed|ing)|travel(?:s|led|ling)?|glid(?:es?|ed|ing)|drift(?:s|ed|ing)?"
    r"|float(?:s|ed|ing)?|fl(?:y|ies|ying)|sweep(?:s|ing)?|swoop(?:s|ed|ing)?|swing(?:s|ing)?"
    r"|follow(?:s|ed|ing)?|ris(?:es?|ing)|lift(?:s|ed|ing)?|ascend(?:s|ed|ing)?"
    r"|descend(?:s|ed|ing)?|sink(?:s|ing)?|lower(?:s|ed|ing)?|drop(?:s|ped|ping)?"
    r"|clos(?:es|ing) in|approach(?:es|ing)?|advanc(?:es?|ing)|retreat(?:s|ed|ing)?"
    r"|back(?:s|ed|ing)? (?:away|up|off)|shak(?:es?|ing)|sway(?:s|ed|ing)?)"
)
_STILL = (
    r"(?:(?:holds?|stays?|remains?|stands?|keeps?|is|held|kept)\b(?: \w+)?"
    r" ?\b(?:still|static|fixed|steady|stationary|locked(?: off)?|motionless|unmoving))"
)
_AIDS = (
    r"(?:(?:then|now|is|begins? to|starts? to|continues? to|will|also|never|does not|\w+ly)[ ,]+)*"
)
_CLAUSE = (
    r"(?:^|(?<=[.,;:—–!?}] )|(?<=\band )|(?<=\bas )|(?<=\bbut )|(?<=\bthen )|(?<=\buntil )"
    r"|(?<=\bwhen )|(?<=\bwhere )|(?<=\bwhile )|(?<=\bwith ))"
)
"""Where a subject may stand: `the camera` in `her back to the camera` is none."""
_OBJECTS = r"(?!(?:security|surveillance|cctv|video|film|photo|television|tv|web) )"
_SUBJECT = (
    rf"{_CLAUSE}(?:(?:the |a |our )?{_OBJECTS}(?:[\w-]+ )?camera"
    r"|the (?:shot|view|frame|viewpoint|perspective))"
)
_WAYS = r"(?:left|right|up|down|in|out|back|closer|forward|to the (?:left|right))"
_MOVE = r"(?:pan|tilt|zoom|dolly|truck|crane|arc|push|pull)"
_SLOW = r"(?:slow|gentle|smooth|steady|subtle|quick|fast|gradual)"
_STATEMENT = re.compile(
    rf"{_SUBJECT},? {_AIDS}(?:{_VERB}|{_STILL})\b"
    r"|\bcamera(?:'s|’s)? (?:movements?|motion|moves?|work)\b"
    rf"|\b{_SLOW} (?:camera )?{_MOVE}[- ](?:{_WAYS}|across|over)\b"
    rf"|(?:^|(?<=[,;.] )){_MOVE} (?:slowly |gently )?{_WAYS}(?=[.,;]|$)"
    rf"|(?:^|(?<=[;.] )){_MOVE} (?:slowly |gently )?{_WAYS} (?:on|to|towards?|from|over|across)\b"
    rf"|\b{_MOVE}(?: (?:camera|lens))? (?:movement|motion)\b"
    r"|\bzoom(?:s|ed|ing)? (?:slowly |gently )?(?:in|out|back|closer)\b|\blens zooms\b"
    r"|\bslow zoom\b|\bwhip pan\b|\bpanning (?:left|right|across|over|to|shot)\b",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"\b(?:tracking|trucking|dolly|crane|orbit(?:ing)?|handheld|hand-held|static|steadicam|drone)"
    r" (?:shot|camera|footage)\b|\bshaky camera\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    rf"{_CLAUSE}the camera (?:then |now |also |\w+ly )*"
    r"(?!(?:is|was|has|as|its|looks|faces|lies|sits|stands|rests|hangs)\b)[a-z]+s\b",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\{movement\}(?:(?!\b(?:as|while|when|she|he|they|it|\w+ing)\b)[^.;{}])*?"
    rf"[, ](?:and|then|before)(?: then)? {_AIDS}{_VERB}\b[^.;]*",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:^|(?<=[.;] ))(?:The )?(?:[\w-]+ )?camera [^.,;{}]*?"
    r"(?=[.,;]|$| (?:as|while|until|when|revealing|and)\b)",
    re.IGNORECASE,
)
_STILLNESS = re.compile(
    rf"\b(?:camera|shot|frame) {_AIDS}{_STILL}\b|\b(?:no|without) camera (?:movement|motion)\b"
    r"|\b(?:static|locked[- ]off|fixed|stationary) (?:shot|camera)\b",
    re.IGNORECASE,
)
_UNSTEADY = re.compile(
    r"(?:the )?(?:hand-?held|shaky) (?:camera|shot|footage)(?=[.,;]|$)"
    r"|the (?:hand-?held )?camera (?:\w+ly )?(?:sways?|shakes?|trembles|wavers|bobs)",
    re.IGNORECASE,
)

_SHOWN = r"(?:scene|shot|view|perspective|angle|camera|footage|film|video)"
_OTHER = r"(?:another|a new|the (?:next|following|second|final|last|opening))"
_EDIT = re.compile(
    rf"\b(?:smash|jump|match|hard|quick|rapid|fast)[- ]cuts?\b"
    r"|\b(?:we|camera|scene|shot|film) cuts? (?:to|away|back)\b"
    r"|\b(?:then|and|suddenly|abruptly|quickly) cuts? to (?:an?|the|black|another)\b"
    r"|(?:^|(?<=[.;] ))(?:then )?cut(?:s|ting)? (?:to|back to|away)\b"
    r"|\bcut to (?:an? |the )?(?:[\w-]+ )?(?:shot|view|close-?up|angle|scene)\b"
    r"|\bintercut\w*\b|\bcross-?cut\w*\b"
    rf"|\b(?:{_SHOWN}|screen|picture|image) (?:then |\w+ly )*"
    r"(?:cuts?|fades?|goes|dissolves?) (?:to|into|from) (?:black|white|the next|another)\b"
    r"|(?:^|(?<=[.;] ))fad(?:e|es|ing) (?:in|out|to)\b|\b(?:fade|fades|fading) to black\b"
    rf"|\b{_SHOWN} (?:then |\w+ly )*"
    rf"(?:cuts|changes|shifts|switches|jumps|fades|dissolves|transitions|wipes)\b"
    r"|\bcross-?(?:fades?|dissolves?)\b"
    r"|\bdissolves? (?:to|into) (?:the next|another|a new|black)\b"
    r"|\b(?:next|following|previous) (?:shot|scene|frame|clip)\b"
    rf"|\b(?:in|to|into) {_OTHER} (?:shot|scene|frame|clip)\b"
    r"|\btransition(?:s|ing)? (?:to|into) (?:an? |the )?(?:[\w-]+ )?"
    r"(?:shot|view|close-?up|angle|scene|perspective)\b"
    r"|(?:^|(?<=[.;] ))transition(?:s|ing)? (?:to|into)\b|\bmontage\b|\bsplit[- ]screen\b"
    r"|\bflash(?:back|forward)\b|\b(?:scene|shot) \d+\b"
    r"|\bjumps? (?:forward|ahead|back) in time\b"
    r"|\btime[- ]?lapse\b|\bsmash to\b|\bjump to a\b",
    re.IGNORECASE,
)


def camera_faults(text: str, slate: Slate) -> Iterator[Fault]:
    """A second movement, another than the shot's, none; any at all in a keyframe."""
    said_so = list(_statements(text, slate))
    if slate.which == "keyframe":
        for said in said_so:
            yield Fault(
                "camera", f'"{said}": a still picture has no camera movement: leave it out', said
            )
        return
    wanted = MOVES[slate.shot.movement]
    times = text.count("{movement}")
    held = slate.shot.movement == "static" and _STILLNESS.search(text)
    if times == 0 and not held:
        yield Fault("camera", f"the camera is missing: say {{movement}}. once ({wanted})")
    if times > 1:
        yield Fault("camera", f"{{movement}} is there {times} times: the camera moves once")
    for said in said_so:
        yield Fault(
            "camera",
            f'"{said}" is a camera movement of your own: the camera does {{movement}} and nothing'
            f" else ({wanted}): leave it out",
            said,
        )
    if second := second_movement(text):
        yield Fault(
            "camera",
            f'"{second}" is a second camera movement: end after {{movement}}',
            second,
        )


def second_movement(text: str) -> str:
    """What a prompt makes the camera do after {movement}: `and then tilts up`."""
    found = _SECOND.search(text)
    return found[0].partition("{movement}")[2].strip(" ,") if found else ""


def in_own_words(text: str, slate: Slate) -> str:
    """The one sentence, up to what else it says, in which a prompt itself says what the camera
    does: `The camera slowly pushes in`; empty where there is none, or more is said of it."""
    said = list(_statements(text, slate))
    found = _OWN.search(text)
    return found[0] if found and len(said) == 1 and said[0] in found[0] else ""


def edit_faults(text: str, _slate: Slate) -> Iterator[Fault]:
    """Cuts, fades and whatever else is done at the editing table."""
    for match in _EDIT.finditer(text):
        yield Fault(
            "cut",
            f'"{match[0]}" is an edit: one shot is one continuous take, of one moment',
            match[0],
        )


def _statements(text: str, slate: Slate) -> Iterator[str]:
    """What is said of the camera, but for what the shot's own movement is anyway; of a keyframe,
    what moves. One that does anything at all is the film's, unless the shot tells of one."""
    patterns = [_STATEMENT]
    patterns += [_KIND] if slate.which == "motion" else []
    patterns += [_DOES] if "camera" not in slate.told.casefold() else []
    harmless = slate.which == "keyframe" or slate.shot.movement == "static"
    spans = [match.span() for match in _STILLNESS.finditer(text)] if harmless else []
    if slate.shot.movement == "handheld":
        spans += [match.span() for match in _UNSTEADY.finditer(text)]
    found = []
    for pattern in patterns:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end in spans):
                found.append(match)
                spans.append(match.span())
    for match in sorted(found, key=lambda match: match.start()):
        yield match[0].strip(" ,")
