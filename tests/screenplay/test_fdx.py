"""Final Draft in: the same script gives the same story, and a hostile file one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.errors import DocumentError
from studio.schema.story import Beat
from studio.screenplay import read_screenplay

SAMPLES = Path(__file__).parents[1] / "data" / "screenplays"


def beats(paragraphs: str) -> list[Beat]:
    text = f"<FinalDraft><Content>{paragraphs}</Content></FinalDraft>"
    story = read_screenplay(text, "story.fdx")
    return [beat for scene in story.scenes for beat in scene.beats]


def test_fountain_and_final_draft_give_the_same_story() -> None:
    one, two = (
        read_screenplay((SAMPLES / name).read_text(encoding="utf-8"), name)
        for name in ("the-bell-buoy.fountain", "the-bell-buoy.fdx")
    )
    assert one == two
    assert len(one.scenes) == 7


def test_every_run_of_a_paragraph_is_read() -> None:
    found = beats(
        "<Paragraph Type='Action'><Text>He </Text><Text Style='Bold'>runs</Text>"
        "<Text>.</Text></Paragraph>"
    )
    assert found == [Beat("action", "He runs.")]


def test_notes_that_stand_apart_come_where_their_range_begins() -> None:
    text = (
        "<FinalDraft><Content><Paragraph Type='Action'><Text>One.</Text></Paragraph>"
        "<Paragraph Type='Action'><Text>Two.</Text></Paragraph></Content><ScriptNotes>"
        "<ScriptNote Range='1,3'><Paragraph><Text>first</Text></Paragraph></ScriptNote>"
        "<ScriptNote Range='7,3'><Paragraph><Text>second</Text></Paragraph></ScriptNote>"
        "</ScriptNotes></FinalDraft>"
    )
    (scene,) = read_screenplay(text, "story.fdx").scenes
    assert [beat.text for beat in scene.beats] == ["One.", "first", "Two.", "second"]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<FinalDraft><Content><Paragraph><Text>&c;</Text></Paragraph></Content></FinalDraft>"""
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><FinalDraft>&x;</FinalDraft>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "story.fdx:2: declares a document type"),
        (OUTSIDE, "story.fdx:1: declares a document type"),
        ("<FinalDraft>\n<Content>\n<Text>cut of", "story.fdx:3: broken XML"),
        ("INT. A - DAY\n\nIt is Fountain.", "story.fdx:1: broken XML"),
        ("<FinalDraft>&x;</FinalDraft>", "story.fdx:1: broken XML: undefined entity"),
        ("<html><body/></html>", "is no Final Draft script: it begins with <html>"),
        ("<FinalDraft/>", "has no <Content>"),
        ("<FinalDraft><Content/></FinalDraft>", "holds no script"),
        ("<FinalDraft>" + "<a>" * 100_000, "elements within one another"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_screenplay(text, "story.fdx")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.tip
