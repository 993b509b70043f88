"""Fountain in: plain text with a few marks.

screenplay_tools reads the lines. What it would lose or take for something else is settled before
it reads (`_settled`): capitals outside A to Z, headings within emphasis, FADE IN: and its like,
the title page, the boneyard; and after it (`_paragraphs`): notes within a line, emphasis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from screenplay_tools.fountain.parser import Parser
from screenplay_tools.screenplay import Element, ElementType, Script

from studio.errors import DocumentError
from studio.screenplay.paragraphs import TRANSITION, Paragraph, ParagraphKind, TitlePage, clean

_KINDS: dict[ElementType, ParagraphKind] = {
    ElementType.HEADING: "heading",
    ElementType.ACTION: "action",
    ElementType.CHARACTER: "cue",
    ElementType.DIALOGUE: "dialogue",
    ElementType.PARENTHETICAL: "parenthetical",
    ElementType.LYRIC: "lyrics",
    ElementType.TRANSITION: "transition",
    ElementType.SECTION: "section",
    ElementType.SYNOPSIS: "synopsis",
}
_GUARD = "\ufdd0"
"""Stands before what the library would take for something else; no text may hold it."""
_HEADING = re.compile(r"(?:INT|EXT|EST|I/E)[. /]", re.IGNORECASE)
_FORCED_HEADING = re.compile(r"\.(?=[^\W_])|(?=(?:内景|外景|内外景)[ 　.·])")
_ENTRY = re.compile(r"([^\s:：][^:：]{0,40}):\s*(.*)")
_NOTE = re.compile(r"\[\[(\d+)\]\]")
_STARS = re.compile(r"(?<!\\)(\*{1,3})(?=[^\s*])(.{0,300}?[^\s\\*])\1")
_LOW_LINE = re.compile(r"(?<![\\\w])_(?=\S)(.{0,300}?[^\s\\])_(?!\w)")


def paragraphs_of(text: str, name: str) -> tuple[TitlePage, list[Paragraph]]:
    """Title page and paragraphs of a Fountain text. Raises DocumentError where a boneyard or a
    note is never closed: what follows would be gone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(_GUARD, "")
    text = _without_boneyard(text, name)
    _refuse_open_notes(text, name)
    page, lines = _title_page(text.split("\n"))
    parser = Parser()
    parser.mergeActions = parser.mergeDialogue = False  # which takes quadratic time
    for line in ["", *_settled(lines), ""]:
        parser.add_line(line)
    parser.finalize()
    return page, list(_paragraphs(parser.script))


def _without_boneyard(text: str, name: str) -> str:
    """What stands between /* and */ is taken out."""
    kept, place = [], 0
    while (start := text.find("/*", place)) >= 0:
        end = text.find("*/", start + 2)
        if end < 0:
            line = text.count("\n", 0, start) + 1
            raise DocumentError(
                f"{name}:{line}: /* opens a boneyard that is never closed",
                "write */ where it ends, or take the /* out",
            )
        kept.append(text[place:start])
        place = end + 2
    return "".join([*kept, text[place:]])


def _refuse_open_notes(text: str, name: str) -> None:
    """A note ends in its own paragraph, or the words behind it would be taken for it."""
    for paragraph in text.split("\n\n"):
        opens = paragraph.rfind("[[")
        if opens > paragraph.rfind("]]"):
            said = paragraph[opens:].partition("\n")[0][:60]
            raise DocumentError(
                f"{name}: “{said}” opens a note that is never closed",
                "write ]] where it ends, before the next empty line",
            )


def _title_page(lines: list[str]) -> tuple[TitlePage, list[str]]:
    """The `Key: text` lines that the script begins with, and the rest. Further lines of an entry
    are indented."""
    entries: list[tuple[str, list[str]]] = []
    for at, line in enumerate(lines):
        entry = _ENTRY.fullmatch(line.rstrip())
        if entry and not TRANSITION.fullmatch(line.strip()) and not _HEADING.match(line):
            entries.append((entry[1].strip(), [entry[2]]))
        elif entries and line.strip() and line[:1].isspace():
            entries[-1][1].append(line)
        elif entries and not line.strip():
            found = ((key, clean(_plain("\n".join(said)))) for key, said in entries)
            return tuple((key, said) for key, said in found if said), lines[at:]
        else:
            break
    return (), lines


def _settled(lines: list[str]) -> Iterator[str]:
    """The lines, marked where the library alone would misread them; a note of several lines is
    one, since joining them one by one takes quadratic time."""
    before = ""
    note: list[str] = []
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        opens, closes = not before.strip(), not after.strip()
        bare = _plain(line.strip())
        if (note and line) or line.rfind("[[") > line.rfind("]]"):
            note.append(line)
            if line.rfind("]]") > line.rfind("[["):
                yield " ".join(note)
                note = []
        elif note:
            yield from (" ".join(note), line)
            note = []
        elif _HEADING.match(bare):
            inside = not opens and not bare.isupper()
            yield f"{_GUARD}{line.strip()}" if inside else bare
        elif _FORCED_HEADING.match(bare):
            yield f"INT. {_GUARD}{bare.removeprefix('.')}"
        elif opens and TRANSITION.fullmatch(bare) and (closes or bare.endswith(":")):
            yield f">{bare}"
        elif opens and not closes and _is_cue(bare):
            yield f"@{bare.removeprefix('@')}"
        else:
            yield line
        before = line
    yield " ".join(note)


def _is_cue(line: str) -> bool:
    """Whether a line is a cue by its capitals, of whatever script has them."""
    name = re.split(r"[(（^]", line)[0]
    return name[:1].isalnum() and name.isupper() and not TRANSITION.fullmatch(line)


def _paragraphs(script: Script) -> Iterator[Paragraph]:
    """The library's elements as paragraphs; actions that no empty line divides are one."""
    action: list[str] = []
    for element in script.elements:
        kind = _KINDS.get(element.type)
        raw = _raw(element)
        text = clean(_plain(_NOTE.sub("", raw)))
        notes = [clean(_plain(script.notes[int(each)].text_raw)) for each in _NOTE.findall(raw)]
        plain_action = kind == "action" and not element.centered
        if action and not (plain_action and text):
            yield Paragraph("action", "\n".join(action))
            action = []
        if plain_action and text:
            action.append(text)
        elif kind == "heading":
            yield Paragraph("heading", text, element.scene_number or "")
        elif kind == "cue":
            yield Paragraph("cue", text, dual=element.is_dual_dialogue)
        elif kind == "action" and text:
            yield Paragraph("centered", text)
        elif kind == "dialogue" and len(text) > 2 and text[0] + text[-1] in ("()", "（）"):
            yield Paragraph("parenthetical", text[1:-1].strip())
        elif kind and (text or kind == "dialogue"):
            yield Paragraph(kind, text)
        if notes and action:
            yield Paragraph("action", "\n".join(action))
            action = []
        yield from (Paragraph("note", note) for note in notes if note)
    if action:
        yield Paragraph("action", "\n".join(action))


def _raw(element: Element) -> str:
    """An element's text with the places of its notes."""
    if element.type is ElementType.CHARACTER:
        return f"{element.name} ({element.extension})" if element.extension else element.name
    text = str(element.text_raw)
    return text.partition(_GUARD)[2] if _GUARD in text else text


def _plain(text: str) -> str:
    """Text without emphasis: ***, **, *, _; an escaped mark is a mark."""
    marked = ""
    while text != marked and ("*" in text or "_" in text):
        marked, text = text, _LOW_LINE.sub(r"\1", _STARS.sub(r"\2", text))
    return re.sub(r"\\([*_])", r"\1", text)
