"""From a story's text to its blocks: headings, breaks and paragraphs without Markdown marks.

Takes plain text, Markdown or a screenplay-like text; knows nothing of what it says.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "break", "slug", "paragraph"]


@dataclass(frozen=True)
class Block:
    """A piece of the story. `speaker` is set where a script names who speaks it."""

    kind: Kind
    text: str
    speaker: str = ""


_SLUG = re.compile(r"^\.?\s*(INT|EXT|INT\.?/EXT|I/E|EST)[. ]\s*\S", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_BREAK = re.compile(r"^\s*(?:(?:[-*_=~·•#—]\s*){3,}|[*⁂§]\s*)$")
_TAG = re.compile(r"<[/a-zA-Z][^<>\n]{0,200}>")
_MARKUP = re.compile(rf"<!--.*?-->|{_TAG.pattern}", re.DOTALL)
_RULE = re.compile(r"^\s*[|:\- ]+\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)、])\s+")
_CUE = re.compile(r"^[^\W\d_a-z][^a-z]{0,38}?(?:\s*\([^)]*\))?$")
_PLAY = re.compile(r"^([A-Z][\w.'’ -]{0,28}|[一-鿿]{1,6})\s*[:：]\s+(\S.*)$")
_CHAPTER = re.compile(
    r"^(chapter|part|act|scene|prologue|epilogue)\b.{0,60}$|^第.{1,6}[章节幕回]", re.IGNORECASE
)


def blocks(text: str) -> list[Block]:
    """The story's blocks in order. An empty list where the text holds no word."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\ufeff\u200b\u200c\u200d\u2060\u00ad]", "", text)
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    commented = text.rfind("-->") + 3 if "-->" in text else 0
    text = _MARKUP.sub("", text[:commented]) + _TAG.sub("", text[commented:])
    found: list[Block] = []
    for chunk in re.split(r"\n[^\S\n]*\n", text):
        found += _chunk([line for line in chunk.split("\n") if line.strip()])
    return [block for block in found if block.kind == "break" or re.search(r"\w", block.text)]


def _chunk(lines: list[str]) -> list[Block]:
    """The blocks of lines that no empty line divides."""
    found: list[Block] = []
    prose: list[str] = []

    def flush() -> None:
        if prose:
            found.extend(_prose(prose))
            prose.clear()

    if len(lines) > 1 and _is_cue(lines[0]):
        speech = " ".join(line for line in lines[1:] if not re.fullmatch(r"\s*\(.*\)\s*", line))
        name = re.sub(r"\(.*?\)", "", lines[0]).strip().title()
        return [Block("paragraph", plain(speech), speaker=name)]
    for line in lines:
        heading = _HEADING.match(line.strip())
        if heading:
            flush()
            found.append(Block("heading", plain(heading[1])))
        elif _BREAK.match(line):
            flush()
            found.append(Block("break", ""))
        elif _RULE.match(line) or line.strip().startswith("```"):
            flush()
        elif _SLUG.match(line.strip()):
            flush()
            found.append(Block("slug", plain(line.strip().lstrip("."))))
        elif _ITEM.match(line):
            flush()
            prose.append(_ITEM.sub("", line))
        else:
            prose.append(re.sub(r"^\s*(?:>\s?)+", "", line))
    flush()
    return found


def _is_cue(line: str) -> bool:
    line = line.strip()
    return (
        bool(_CUE.match(line))
        and not _SLUG.match(line)
        and line[-1] not in ".!?,;:"
        and any(character.isalpha() and character.isupper() for character in line)
    )


def _prose(lines: list[str]) -> list[Block]:
    lines = [plain(line) for line in lines]
    played = [_PLAY.match(line) for line in lines]
    if len(lines) == 1 and _CHAPTER.match(lines[0]):
        return [Block("heading", lines[0])]
    if sum(1 for match in played if match) * 2 > len(lines) and (
        len(lines) > 1 or _short(played[0])
    ):
        return [
            Block("paragraph", match[2], speaker=match[1]) if match else Block("paragraph", line)
            for line, match in zip(lines, played, strict=True)
        ]
    lengths = sorted(len(line) for line in lines)
    verse = len(lines) > 2 and lengths[len(lines) // 2] < 52 and all(_opens(line) for line in lines)
    if verse:
        return [Block("paragraph", line) for line in lines]
    joint = "" if re.search(r"[一-鿿，。]$", lines[0]) else " "
    return [Block("paragraph", joint.join(lines).strip())]


def _short(match: re.Match[str] | None) -> bool:
    return match is not None and len(match[1].split()) <= 2


def _opens(line: str) -> bool:
    first = next((character for character in line if character.isalpha()), "A")
    return first.isupper() or not (first.isupper() or first.islower())


def plain(text: str) -> str:
    """One line without Markdown's marks: links keep their words, pictures go.

    Marks that are further apart than any (1,000 characters of a link, 2,000 of emphasis)
    are none, so that a long line takes no longer than many short ones.
    """
    linked = text.rfind(")") + 1
    links = re.sub(r"!\[[^\]]{0,999}\]\([^)]*\)", "", text[:linked])
    text = re.sub(r"\[([^\]]{0,999})\]\([^)]*\)", r"\1", links) + text[linked:]
    text = re.sub(r"\[\^?[\w-]+\](?!\()", "", text)
    text = re.sub(r"(\*\*\*|\*\*|\*|___|__|`+|~~)(\S|\S.{0,1999}?\S)\1", r"\2", text)
    text = re.sub(r"(?<!\w)_(\S|\S.{0,1999}?\S)_(?!\w)", r"\1", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+\-.!>])", r"\1", text)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()
