"""YAML in and out: every fault has its line and what to do, and comments survive."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.documents import changed_document, dump_document, read_document, read_text
from studio.errors import DocumentError
from studio.schema.film import Film
from studio.schema.storyboard import Storyboard

HEAD = (
    "schema: storyboard/1\nplaces: {a: {name: A}}\nscenes:\n- id: sc010\n  heading: X\n  place: a\n"
)
SHOT = HEAD + "  shots:\n  - id: sc010_sh010\n    "


@pytest.mark.parametrize(
    ("text", "says", "tip"),
    [
        (
            SHOT + "duraton: 4s\n",
            "board.yaml:9: unknown key scenes[0].shots[0].duraton",
            "duration",
        ),
        (
            SHOT + "duration: 0s\n",
            "board.yaml:9: scenes[0].shots[0].duration: '0s' is not above zero",
            "",
        ),
        (SHOT + "duration: -4s\n", "'-4s' is not above zero", ""),
        (SHOT + "duration: 4\n", "'4' is no duration", ""),
        (SHOT + "duration: [4]\n", "write it as text, like 4s", ""),
        (
            SHOT + "duration: 4s\n    angle: worms eye\n",
            "'worms eye' is not known",
            "did you mean worm's eye?",
        ),
        (SHOT + "duration: 4s\n    size: XL\n", "board.yaml:10", "ECU, CU, MCU"),
        (SHOT + "duration: 4s\n    transition: dissolve\n", "'dissolve' has no length", ""),
        (SHOT + "duration: 4s\n    transition: wipe 1s\n", "'wipe 1s' is no transition", ""),
        (SHOT + "duration: 4s\n    takes: {clip: 0}\n", "takes count from 1", ""),
        (SHOT.replace("sc010_sh010", "sc10-1") + "duration: 4s\n", "board.yaml:8", "sc010_sh020"),
        (HEAD + "\tshots: []\n", "board.yaml:7: a tab stands where YAML wants spaces", "indent"),
        ("schema: storyboard/1\nscenes: [\n", "not YAML", "look at this line"),
        (
            "schema: storyboard/9\n",
            "board.yaml:1: schema: 'storyboard/9' is not known",
            "storyboard/1",
        ),
        ("just words\n", "holds no keys", "its first line"),
        (
            SHOT + "duration: 4s\n    notes: a\n    notes: b\n",
            "board.yaml:11: 'notes' is there already, in line 10",
            "remove one",
        ),
        ("schema: storyboard/1\ncast: {Mara: {name: Mara}}\n", "board.yaml:2", "lower-case"),
        ("a: !!python/object/apply:os.system [ls]\n", "not YAML", ""),
    ],
)
def test_each_fault_has_its_line_and_what_to_do(
    tmp_path: Path, text: str, says: str, tip: str
) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_document(path, Storyboard)
    assert says in caught.value.message
    assert tip in caught.value.tip
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schema: film/1\ntitle: 3\n", "film.yaml:2: title: 3 is not text"),
        ("schema: film/1\n", "title is missing"),
        ("schema: film/1\ntitle: a\nframe: 1280\n", "'1280' is no frame size"),
        ("schema: film/1\ntitle: a\nframe: 1281x720\n", "even numbers"),
        ("schema: film/1\ntitle: a\nrate: 0\n", "outside 1 to 240"),
        ("schema: film/1\ntitle: a\nsong: ../other/song.wav\n", "leads out of the project"),
        ("schema: film/1\ntitle: a\nsong: /etc/passwd\n", "leads out of the project"),
        ("schema: film/1\ntitle: a\nlength: 2 bars\n", "in seconds or minutes"),
        ("schema: film/1\ntitle: a\nengines: {panter: x}\n", "unknown key engines.panter"),
        ("schema: film/1\ntitle: a\nuse: commercal\n", "'commercal' is not known"),
    ],
)
def test_film_yaml_faults(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "film.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read_document(path, Film)
    assert says in caught.value.message


def test_words_of_yaml_1_1_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(
        "schema: storyboard/1\ncast: {a: {name: No}}\nplaces: {p: {name: on}}\nscenes:\n"
        "- {id: sc010, heading: 12:30, place: p, shots: [{id: sc010_sh010, duration: 4s,"
        " dialogue: [{who: a, line: yes, heard: off}]}]}\n",
        encoding="utf-8",
    )
    board = read_document(path, Storyboard)
    line = board.scenes[0].shots[0].dialogue[0]
    assert (board.cast["a"].name, board.places["p"].name) == ("No", "on")
    assert (line.line, line.heard, board.scenes[0].heading) == ("yes", "off", "12:30")


def test_not_utf8_and_binary_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "film.yaml"
    path.write_bytes("title: ä\n".encode("latin-1"))
    with pytest.raises(DocumentError, match=r"film.yaml:1: not UTF-8 \(byte 0xe4\)"):
        read_text(path)
    path.write_bytes(b"\x89PNG\r\n\0\0")
    with pytest.raises(DocumentError, match="not a text file"):
        read_text(path)
    with pytest.raises(DocumentError, match="is not there"):
        read_text(tmp_path / "none.yaml")
    with pytest.raises(DocumentError, match="is a folder"):
        read_text(tmp_path)


def test_a_change_keeps_comments_order_and_quotes(tmp_path: Path) -> None:
    text = (
        "# my film\nschema: film/1\nlook: 'grey: soft'   # as agreed\n\n"
        'title: "Old"\nengines:\n  painter: sketch   # fast\n'
    )
    path = tmp_path / "film.yaml"
    path.write_text(text, encoding="utf-8")
    changed = changed_document(path, lambda film: film.update(title="New"))
    assert changed == text.replace('"Old"', "New")


def test_a_dumped_document_reads_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(SHOT + "duration: 2.5s\n    transition: dip to white 0.5s\n", encoding="utf-8")
    board = read_document(path, Storyboard)
    path.write_text(dump_document(board, "# modeline", exclude_defaults=True), encoding="utf-8")
    assert path.read_text(encoding="utf-8").startswith("# modeline\nschema: storyboard/1\n")
    assert read_document(path, Storyboard) == board
