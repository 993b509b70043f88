"""Files of marks: what reads, and what is said of what does not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studio.edit.marks import read_marks
from studio.errors import DocumentError
from studio.schema.time import Rate

RATE = Rate(Fraction(24))


def marks_of(folder: Path, content: str | bytes, rate: Rate = RATE) -> tuple[Fraction, ...]:
    path = folder / "marks.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_marks(path, rate)


@pytest.mark.parametrize(
    "content",
    [
        "0\n12.5\n62.5\n3723.25\n",
        "0\r\n12.500\r\n1:02.5\r\n01:02:03.250",
        "0:00\n0:12.5\n01:02.5\n62:03.25\n",
        "time,label\n0,a\n12.5,b\n62.5,c\n3723.25,d\n",
        '# made by hand\n\nTime (s);what\n\n0;a\n"12,5";b,c\n62,5;\n# the end\n1:02:03,25\n',
        "0.000000\t0.000000\tin\n12.5\t13\tverse, one\n\\\t100\t200\n62.5\t70\t\n3723.25\t0\tout\n",
        "0,000000\t0,000000\tin\n12,5\t13\tverse\n62,5\t70\t\n3723,25\t0\tout\n",
        "0.0e+00\n1.25e+01\n6.250E+01\n3.72325e3\n",
        "0\r12.5\r62.5\r3723.25\r",
        b"\xef\xbb\xbftime\n0\n12.5\n62.5\n3723.25\n",
    ],
)
def test_forms_of_marks(tmp_path: Path, content: str | bytes) -> None:
    expected = (0, Fraction(25, 2), Fraction(125, 2), Fraction(14893, 4))
    assert marks_of(tmp_path, content) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1\n2\n2\n3\n", r"^marks.csv:3: 2 does not come after the mark before it$"),
        ("time\n\n# x\n10\n5\n", r"^marks.csv:5: 5 does not come after"),
        ("1\n1.04\n", r"^marks.csv:2: 1.04 lies within a frame of"),
        ("-1\n2\n", r"^marks.csv:1: -1 is below zero$"),
        ("time\nsoon\n", r"^marks.csv:2: 'soon' is no time$"),
        ("l2.5\n13\n", r"^marks.csv:1: 'l2.5' is no time$"),
        ("1\n2 s\n", r"^marks.csv:2: '2 s' is no time$"),
        ("1\nnan\n", r"^marks.csv:2: 'nan' is no time$"),
        ("1\n1e999999999\n", r"^marks.csv:2: '1e999999999' is no time$"),
        ("00:00:01:12\n", r"^marks.csv:1: '00:00:01:12' is no time$"),
        ("0:12\n1:75\n", r"^marks.csv:2: 1:75 counts over 60$"),
        ("1:75:10\n", r"^marks.csv:1: 1:75:10 counts over 60$"),
        (",time\n0,0.5\n1,1.5\n", r"^marks.csv:1: the first column is empty$"),
        ("12,5\n13,5\n14,25\n", r"^marks.csv:1: is the comma of the decimals, or between two"),
        ("# nothing\n\ntime\n", r"^marks.csv holds no mark$"),
        ("", r"^marks.csv holds no mark$"),
        (b"\xff\xfe1\x00\n\x00", r"^marks.csv is no text in UTF-8$"),
        (b"fLaC\x00\x00", r"^marks.csv is no text in UTF-8$"),
        (b"caf\xe9\n1\n", r"^marks.csv is no text in UTF-8$"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(DocumentError, match=message) as refused:
        marks_of(tmp_path, content)
    assert refused.value.tip


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^none\.csv is not there$"):
        read_marks(tmp_path / "none.csv", RATE)
    with pytest.raises(DocumentError, match="cannot be read"):
        read_marks(tmp_path, RATE)


def test_marks_may_be_a_frame_apart_at_a_higher_rate(tmp_path: Path) -> None:
    assert len(marks_of(tmp_path, "1\n1.04\n", Rate(Fraction(25)))) == 2
