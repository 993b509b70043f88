"""YAML documents that people write: read into models, and changed without losing a comment.

Reading uses PyYAML's C loader with YAML 1.2's idea of true, false and null (so that
`heard: on` stays a word). Whatever is wrong becomes one DocumentError that begins with
FILE:LINE and says what to do. Changing goes through ruamel.yaml, which keeps comments,
order and quotes. What would take the machine's memory or its stack (a huge file, anchors
that spell out to millions of values, lists within lists) is refused before it is read.
Knows no project.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from studio.documents.dialect import Dumper, Loader, refuse_bombs, suspicious
from studio.documents.mistakes import Loc, broken_yaml, first_problem, line_of
from studio.errors import DocumentError

M = TypeVar("M", bound=BaseModel)

LARGEST_TEXT = 20_000_000
"""Bytes of a story or another text; a novel has one million."""

LARGEST_YAML = 8_000_000
"""Characters of a YAML file; a storyboard of a thousand shots has less than one million."""

_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t].*)?$", re.MULTILINE)


def read_text(path: Path) -> str:
    """A text file in UTF-8, with or without a byte order mark. Raises DocumentError."""
    try:
        size = path.stat().st_size
        if size > LARGEST_TEXT:
            raise DocumentError(
                f"{path.name} has {size / 10**6:.0f} MB; up to {LARGEST_TEXT // 10**6} MB are read",
                "keep in it what the film needs; a whole novel has one",
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise DocumentError(f"{path} is not there") from None
    except IsADirectoryError:
        raise DocumentError(f"{path} is a folder, not a file") from None
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}") from error
    if b"\0" in data[:65536]:
        raise DocumentError(f"{path.name} is not a text file", "save it as plain text in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DocumentError(
            f"{path.name}:{line}: not UTF-8 (byte {data[error.start]:#04x})",
            f"save it as UTF-8, or run: iconv -f latin1 -t utf8 {path.name}",
        ) from None


def read_document(path: Path, model: type[M]) -> M:
    """The model that a YAML file holds.

    Raises DocumentError with file, line and key for what is missing, unknown or wrong.
    """
    return parse_document(read_text(path), path, model)


def parse_document(text: str, path: Path, model: type[M]) -> M:
    """The model that a YAML text holds; `path` is the file that errors name. Raises
    DocumentError."""
    data = content_of(text, path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise first_problem(path, text, model, error) from None


def content_of(text: str, path: Path) -> Any:
    """What a YAML text holds, a mapping of plain values; `path` is the file that errors name.
    Raises DocumentError."""
    if len(text) > LARGEST_YAML:
        raise DocumentError(
            f"{path.name} has {len(text) // 10**6} MB; up to {LARGEST_YAML // 10**6} are read",
            "look at it with an editor: a thousand shots take less than one",
        )
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise DocumentError(
            f"{path.name}:{line}: a merge left its conflict here ({conflict[0][:7]})",
            "keep one of the two sides, and remove the lines of <<<<<<<, ======= and >>>>>>>",
        )
    try:
        if suspicious(text):
            refuse_bombs(text, path)
        data = yaml.load(text, Loader=Loader)  # noqa: S506 - Loader is a SafeLoader
    except yaml.YAMLError as error:
        raise broken_yaml(path, text, error) from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path.name}: {error}") from None
    if not isinstance(data, dict):
        raise DocumentError(
            f"{path.name}:1: holds no keys",
            f"its first line is: schema: {path.stem}/1",
        )
    return data


def problem_at(path: Path, loc: Loc, message: str, tip: str = "") -> DocumentError:
    """A DocumentError that points at the line of `loc` in the file."""
    return DocumentError(f"{path.name}:{line_of(read_text(path), loc)}: {message}", tip)


def dump_document(model: BaseModel, modeline: str = "", **options: Any) -> str:
    """YAML text of a model, keys in the model's order; `options` go to model_dump."""
    data = model.model_dump(mode="json", by_alias=True, **options)
    body: str = yaml.dump(data, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
    return f"{modeline}\n{body}" if modeline else body


def changed_document(path: Path, change: Callable[[Any], None]) -> str:
    """The text of a YAML file after `change` has altered its (round-trip) content.

    Its line ends (LF or CRLF) and its byte order mark stay. Raises DocumentError where the
    file does not read.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.util import load_yaml_guess_indent

    text = read_text(path)
    content_of(text, path)
    windows = text.count("\r\n") * 2 > text.count("\n")
    try:
        content, indent, offset = load_yaml_guess_indent(text.replace("\r\n", "\n"))
    except YAMLError as error:
        raise broken_yaml(path, text, error) from None
    yaml_rt = YAML()
    yaml_rt.preserve_quotes = True
    yaml_rt.width = 4096
    if indent is not None:
        yaml_rt.indent(mapping=2, sequence=indent, offset=offset or 0)
    change(content)
    out = io.StringIO()
    yaml_rt.dump(content, out)
    changed = out.getvalue()
    if windows:
        changed = changed.replace("\n", "\r\n")
    return f"\ufeff{changed}" if path.read_bytes().startswith(b"\xef\xbb\xbf") else changed
