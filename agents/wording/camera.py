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
_WAYS = r"(?:left|right|up|down|in|out|back|closer|forward|to the (?:left|right))"
_MOVE = r"(?:pan|tilt|zoom|dolly|truck|crane|arc|push|pull)"
_STATEMENT = re.compile(
    rf"(?:\b(?:camera|lens|viewpoint|perspective|drone)|\bthe (?:shot|view|frame)),? "
    rf"{_AIDS}(?:{_VERB}|{_STILL})\b"
    rf"|\bcamera(?:'s|’s)? (?:movements?|motion|moves?|work)\b"
    rf"|\b(?:a|an|slow|gentle|smooth|steady|subtle|quick|fast|gradual) {_MOVE}[- ]{_WAYS}\b"
    rf"|(?:(?<=^)|(?<=[,;.] )){_MOVE}s? (?:slowly |gently )?{_WAYS}\b"
    rf"|\b{_MOVE}(?: (?:camera|lens))? (?:movement|motion)\b"
    rf"|\bzoom(?:s|ed|ing)?\b|\bwhip pan\b|\bpanning (?:left|right|across|over|to|shot)\b"
    rf"|\b(?:tracking|trucking|dolly|crane|orbit(?:ing)?|handheld|hand-held|static|steadicam|drone)"
    rf" (?:shot|camera|footage)\b|\b(?:handheld|hand-held|shaky) camera\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\bthe camera (?:then |now |also |\w+ly )*"
    r"(?!(?:is|was|has|as|its|looks|faces|lies|sits|stands|rests|hangs)\b)[a-z]+s\b",
    re.IGNORECASE,
)
_SECOND = re.compile(
    rf"\{{movement\}}[^.;{{}}]*?[, ](?:and|then|before|while)(?: then)? {_AIDS}{_VERB}\b[^.;]*",
    re.IGNORECASE,
)
_HOLDS_STILL = re.compile(rf"\b(?:camera|lens|shot|frame) {_AIDS}{_STILL}\b", re.IGNORECASE)

_SHOWN = r"(?:scene|shot|picture|image|screen|view|perspective|angle|camera|footage|action|film)"
_EDIT = re.compile(
    rf"\b(?:smash|jump|match|hard|quick|rapid|fast)[- ]cuts?\b"
    r"|\b(?:we|it|camera|scene|shot|film|then|and|suddenly|abruptly|quickly)"
    r" cuts? (?:to|away|back)\b"
    rf"|(?:(?<=^)|(?<=[.;,] ))cut(?:ting)? (?:to|back|away)\b|\bintercut\w*\b|\bcross-?cut\w*\b"
    rf"|\bfad(?:es?|ing) (?:to|from|into) (?:black|white|the next)\b"
    rf"|(?:(?<=^)|(?<=[.;,] ))fade (?:in|out|to)\b"
    rf"|\b{_SHOWN} (?:then |\w+ly )*"
    rf"(?:cuts|changes|shifts|switches|jumps|fades|dissolves|transitions|wipes)\b"
    r"|\bcross-?(?:fades?|dissolves?)\b"
    r"|\bdissolves? (?:to|into) (?:the next|another|a new|black)\b"
    r"|\b(?:next|following|another|second|final|last|previous|opening)"
    r" (?:shot|scene|frame|clip)\b"
    r"|\btransition(?:s|ing)? (?:to|into) (?:an? |the )?(?:[\w-]+ )?"
    r"(?:shot|view|close-?up|angle|scene|perspective)\b"
    r"|(?:(?<=^)|(?<=[.;] ))transition(?:s|ing)? (?:to|into)\b|\bmontage\b|\bsplit[- ]screen\b"
    r"|\bflash(?:back|forward)\b"
    rf"|\b(?:scene|shot|frame) (?:\d+|one|two|three)\b|\bjumps? (?:forward|ahead|back) in time\b"
    rf"|\b(?:collage|diptych|triptych|time[- ]?lapse)\b|\bsmash to\b|\bjump to a\b",
    re.IGNORECASE,
)


def camera_faults(text: str, slate: Slate) -> Iterator[Fault]:
    """A second movement, another than the shot's, none; any at all in a keyframe."""
    if slate.which == "keyframe":
        for said in _statements(text, slate):
            yield Fault(
                "camera", f'"{said}": a still picture has no camera movement: leave it out', said
            )
        return
    wanted = MOVES[slate.shot.movement]
    times = text.count("{movement}")
    said_so = list(_statements(text, slate))
    still = slate.shot.movement == "static" and _HOLDS_STILL.search(text)
    if times == 0 and len(said_so) == 1 and still:
        return
    if times == 0:
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


def edit_faults(text: str, _slate: Slate) -> Iterator[Fault]:
    """Cuts, fades and whatever else is done at the editing table."""
    for match in _EDIT.finditer(text):
        yield Fault(
            "cut",
            f'"{match[0]}" is an edit: one shot is one continuous take, of one moment',
            match[0],
        )


def _statements(text: str, slate: Slate) -> Iterator[str]:
    """What is said of the camera. One that does anything at all is the film's, unless the shot
    tells of one."""
    found = list(_STATEMENT.finditer(text))
    if "camera" not in slate.told.casefold():
        known = [match.span() for match in found]
        found += [
            match
            for match in _DOES.finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in known)
        ]
    for match in sorted(found, key=lambda match: match.start()):
        yield match[0].strip(" ,")
