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


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, here in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "m0: &m0 {a: 1, b: 2}\n" + "".join(
    f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 9)}], c{n}: 1}}\n" for n in range(1, 9)
)
SMALL = "schema: film/1\ntitle: a\n"


@pytest.mark.parametrize(
    ("text", "says", "tip"),
    [
        (SMALL + "title: b\n", "film.yaml:3: 'title' is there already, in line 2", "one of the"),
        (SMALL + LAUGHS, "aliases (*) spell out to more than 200,000 values", "write out"),
        (SMALL + MERGES, "aliases (*) spell out to more than 200,000 values", "write out"),
        (SMALL + "engines: &a {writer: *a}\n", "film.yaml:3: *a stands inside &a", "write out"),
        (
            "schema: film/1\n<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> theirs\n",
            "film.yaml:2: a merge left its conflict here (<<<<<<<)",
            "keep one of the two sides",
        ),
        (
            "schema: film/1\ntitle: a\n=======\n",
            "film.yaml:3: a merge left its conflict here (=======)",
            "",
        ),
        (SMALL + "a: " + "[" * 9000 + "]" * 9000, "film.yaml:3: more than 100 lists", "brackets"),
        (
            SMALL + "".join(" " * n + "a:\n" for n in range(1500)),
            "film.yaml:103: more than 100 lists and mappings within each other",
            "indent",
        ),
        (SMALL + "look: a\x07b\n", "film.yaml:3: an unseen character (U+0007)", "delete it"),
        (SMALL + "look: a\u2028b\n", "film.yaml:3: an unseen character (U+2028)", "Enter"),
        (SMALL + "---\n" + SMALL, "film.yaml:3: a second document begins here (---)", "one"),
        (SMALL + "1: a\n", "film.yaml:3: the key 1 is not text", "quotes"),
        (SMALL + "[a, b]: a\n", "film.yaml:3: not YAML: a list or a mapping cannot be a key", ""),
        (SMALL + "look: &a x\nlanguage: &a y\n", "film.yaml:4: this anchor (&) is there", "name"),
        (SMALL + "seed: " + "9" * 5000, "film.yaml:3: not YAML: a number of 5000 digits", ""),
        (SMALL + 'look: "a\\ud800b"\n', "film.yaml:3: not YAML: found invalid Unicode", ""),
        ("# nothing\n", "film.yaml:1: holds no keys", "schema: film/1"),
    ],
)
def test_what_no_person_would_write_is_refused_in_a_line(
    tmp_path: Path, text: str, says: str, tip: str
) -> None:
    path = tmp_path / "film.yaml"
    path.write_text(text, encoding="utf-8")
    changed = [] if "the key 1" in says else [lambda: changed_document(path, lambda _: None)]
    for attempt in (lambda: read_document(path, Film), *changed):
        with pytest.raises(DocumentError) as caught:
            attempt()
        assert says in caught.value.message
        assert tip in caught.value.tip
        assert "\n" not in caught.value.message + caught.value.tip
        assert len(caught.value.message) < 160


def test_files_too_large_to_be_meant_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.yaml"
    path.write_text(SMALL + "# " + "x" * 9_000_000, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"film.yaml has 9 MB; up to 8 are read"):
        read_document(path, Film)
    with path.open("r+b") as file:
        file.truncate(5_000_000_000)  # a hole: no disk is filled
    with pytest.raises(DocumentError, match=r"film.yaml has 5000 MB; up to 20 MB are read"):
        read_text(path)


def test_anchors_and_dates_go_on_working(tmp_path: Path) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(
        "schema: storyboard/1\nplaces: {p: {name: 2020-01-01}}\n"
        "cast: {m: {name: M, looks: &l grey}, t: {name: T, looks: *l}}\n"
        "scenes:\n- {id: sc010, heading: X, place: p, shots: [&s {id: sc010_sh010, duration: 4s},"
        " {<<: *s, id: sc010_sh020}]}\n",
        encoding="utf-8",
    )
    board = read_document(path, Storyboard)
    assert board.cast["t"].looks == "grey"
    assert board.places["p"].name == "2020-01-01"
    assert [shot.id for _, shot in board.shots()] == ["sc010_sh010", "sc010_sh020"]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_change_keeps_line_ends_and_the_mark(tmp_path: Path, mark: bytes, end: bytes) -> None:
    path = tmp_path / "film.yaml"
    lines = [b"schema: film/1  # mine", b"title: Old", b"look: |", b"  a", b"  b", b""]
    path.write_bytes(mark + end.join(lines))
    changed = changed_document(path, lambda film: film.update(title="New"))
    assert changed.encode() == path.read_bytes().replace(b"Old", b"New")
    path.write_bytes(changed.encode())
    assert read_document(path, Film).look == "a\nb\n"
