"""Final Draft in: FDX, an XML of typed paragraphs.

A file may come from anywhere, so it is read by a parser that knows no document types: nothing in
it can name another file, or spell out to more than it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from studio.errors import DocumentError
from studio.screenplay.paragraphs import Paragraph, ParagraphKind, TitlePage, clean

DEEPEST = 60
"""Elements within one another; Final Draft writes about ten."""

_KINDS: dict[str, ParagraphKind] = {
    "Scene Heading": "heading",
    "Character": "cue",
    "Parenthetical": "parenthetical",
    "Dialogue": "dialogue",
    "Transition": "transition",
    "Singing": "lyrics",
    "Lyrics": "lyrics",
    "New Act": "section",
    "End of Act": "section",
    "Sequence": "section",
}


def paragraphs_of(text: str, name: str) -> tuple[TitlePage, list[Paragraph]]:
    """Title page and paragraphs of an FDX text. Raises DocumentError with the line where it is
    no XML, declares a document type, or is no script of Final Draft."""
    root = _parsed(text, name)
    content = root.find("Content")
    if root.tag != "FinalDraft" or content is None:
        raise DocumentError(
            f"{name} is no Final Draft script: it begins with <{root.tag}>"
            + ("" if root.tag != "FinalDraft" else " and has no <Content>"),
            "export it as .fdx once more, or as .fountain",
        )
    loose = list(root.iterfind("ScriptNotes/ScriptNote"))
    return tuple(_credits(root)), list(_script(content, loose))


def _parsed(text: str, name: str) -> Element:
    """The tree of an XML text."""
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    depth = 0

    def refuse(*_: object) -> None:
        raise DocumentError(
            f"{name}:{parser.CurrentLineNumber}: declares a document type, which no script of"
            " Final Draft does",
            "take the <!DOCTYPE …> out, or export the script once more",
        )

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise DocumentError(
                f"{name}:{parser.CurrentLineNumber}: more than {DEEPEST} elements within one"
                " another, which no script has",
                "export the script once more",
            )
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise DocumentError(
            f"{name}:{error.lineno}: broken XML: {said}", "export the script from its program again"
        ) from None
    return builder.close()


def _script(content: Element, loose: list[Element]) -> Iterator[Paragraph]:
    """The paragraphs of a script. A note that stands apart belongs to the paragraph in which its
    range of characters begins."""
    notes = sorted(((_begins(note), at, note) for at, note in enumerate(loose)), reverse=True)
    read = 0
    for element in content.iterfind("Paragraph"):
        yield from _paragraph(element)
        read += len(_text(element)) + 1
        while notes and notes[-1][0] < read:
            yield from _notes(notes.pop()[2])
    for _, _, note in reversed(notes):
        yield from _notes(note)


def _begins(note: Element) -> int:
    first = note.get("Range", "").partition(",")[0]
    return int(first) if first.isdecimal() else 0


def _paragraph(element: Element) -> Iterator[Paragraph]:
    """A paragraph, and whatever stands within it: two who speak at once, a summary, notes."""
    for both in element.iterfind("DualDialogue"):
        cues = 0
        for inner in both.iterfind("Paragraph"):
            for paragraph in _paragraph(inner):
                cues += paragraph.kind == "cue"
                second = paragraph.kind == "cue" and cues > 1
                yield Paragraph(paragraph.kind, paragraph.text, dual=second)
    kind = _KINDS.get(element.get("Type", ""), "action")
    text = clean(_text(element))
    if kind == "action" and element.get("Alignment") == "Center":
        kind = "centered"
    if kind == "parenthetical" and text[:1] + text[-1:] in ("()", "（）"):
        text = text[1:-1].strip()
    number = element.get("Number", "") if kind == "heading" else ""
    if text or number:
        yield Paragraph(kind, text, number)
    for properties in element.iterfind("SceneProperties"):
        said = [properties.get("Title", ""), *map(_text, properties.iterfind("Summary/Paragraph"))]
        yield from (Paragraph("synopsis", clean(each)) for each in said if each.strip())
    for note in element.iterfind("ScriptNote"):
        yield from _notes(note)


def _notes(note: Element) -> Iterator[Paragraph]:
    text = clean("\n".join(map(_text, note.iterfind("Paragraph"))))
    if text:
        yield Paragraph("note", text)


def _text(element: Element) -> str:
    """A paragraph's own words, whatever styles they are in."""
    return "".join("".join(text.itertext()) for text in element.iterfind("Text"))


def _credits(root: Element) -> Iterator[tuple[str, str]]:
    """A title page has no keys: its first line is the title, `written by` stands above the
    author, `Draft date: …` names itself."""
    lines = [clean(_text(line)) for line in root.iterfind("TitlePage/Content/Paragraph")]
    key = "Title"
    for line in filter(None, lines):
        named, colon, rest = line.partition(":")
        if key in ("Title", "Author"):
            yield key, line
            key = ""
        elif line.lower().endswith("by"):
            yield "Credit", line
            key = "Author"
        elif colon and rest.strip():
            yield named.strip(), rest.strip()
        else:
            yield "", line
