"""The marks of a song: a file of times that cuts may fall on.

CSV with commas, semicolons or tabs (as its first row has them); the first column is the
time, the others are not read.
A time is seconds (`12.5`), `1:02.5` or `00:01:02.500`; where the columns are not separated by
commas, decimals may be. A first row without a digit in its first column names the columns;
empty rows and rows that begin with # are not read. A label track that Audacity exports
(start, end, label) is such a file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from studio.errors import DocumentError
from studio.schema.time import Rate

_TIME = re.compile(
    r"(?:(?:(?P<h>\d+):(?=\d+:))?(?P<m>\d+):(?=\d\d?(?:\.|$)))?(?P<s>\d+(?:\.\d*)?(?:e[-+]?\d\d?)?)",
    re.IGNORECASE,
)
_WRITE = "write seconds or minutes and seconds: 12.5, 1:02.5, 00:01:02.500"
_DECIMAL_COMMA = re.compile(r"\d+(:\d+)*,\d+\s*")


def read_marks(path: Path, rate: Rate) -> tuple[Fraction, ...]:
    """The times of a file of marks in seconds, increasing, at least a frame of `rate` apart.

    Raises DocumentError, its message beginning with FILE:LINE, for a time that does not
    read, is below zero, or does not come after the one before; and for a file that is
    missing, no text, or holds no time.
    """
    marks: list[Fraction] = []
    rows = list(_rows(path))
    for number, (line, cell) in enumerate(rows):
        if not number and cell and not any(mark.isdecimal() for mark in cell):
            continue
        where = f"{path.name}:{line}"
        if not cell:
            raise DocumentError(f"{where}: the first column is empty", "it holds the times")
        mark = _time(cell, where)
        if marks and mark <= marks[-1]:
            raise DocumentError(
                f"{where}: {cell} does not come after the mark before it", "sort the rows by time"
            )
        if marks and (mark - marks[-1]) * rate.fps < 1:
            raise DocumentError(
                f"{where}: {cell} lies within a frame of the mark before it",
                "remove one of the two",
            )
        marks.append(mark)
    if not marks:
        raise DocumentError(f"{path.name} holds no mark", f"{_WRITE}, one a row")
    return tuple(marks)


def _rows(path: Path) -> Iterator[tuple[int, str]]:
    """Line number and first column of every row that counts."""
    lines = [
        (number, line.strip("\r "))
        for number, line in enumerate(_text(path).split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith(("#", "\\"))
    ]
    commas = [number for number, line in lines if _DECIMAL_COMMA.fullmatch(line)]
    if len(lines) > 1 and len(commas) >= len(lines) - 1:
        raise DocumentError(
            f"{path.name}:{commas[0]}: is the comma of the decimals, or between two columns?",
            "write decimals with a point: 12.5",
        )
    between = next((mark for mark in "\t;" if lines and mark in lines[0][1]), ",")
    for number, line in lines:
        first = next(csv.reader([line], delimiter=between, skipinitialspace=True))[0].strip()
        yield number, first if between == "," else first.replace(",", ".")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise DocumentError(
            f"{path.name} {why}", "film.yaml names it: song: marks; write the times of cuts into it"
        ) from error
    try:
        if b"\0" in data:
            raise UnicodeError
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeError:
        raise DocumentError(f"{path.name} is no text in UTF-8", "save it as CSV in UTF-8") from None


def _time(cell: str, where: str) -> Fraction:
    found = _TIME.fullmatch(cell)
    if not found:
        if cell.startswith("-"):
            raise DocumentError(f"{where}: {cell} is below zero", "a song begins at 0")
        raise DocumentError(f"{where}: {cell!r} is no time", _WRITE)
    hours, minutes, seconds = found["h"], found["m"], Fraction(found["s"])
    if (minutes and seconds >= 60) or (hours and int(minutes) >= 60):
        raise DocumentError(f"{where}: {cell} counts over 60", _WRITE)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + seconds
