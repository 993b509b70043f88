"""YAML documents that people write: read into models, and changed without losing a comment.

Reading uses PyYAML's C loader with YAML 1.2's idea of true, false and null (so that
`heard: on` stays a word). Whatever is wrong becomes one DocumentError that begins with
FILE:LINE and says what to do. Changing goes through ruamel.yaml, which keeps comments,
order and quotes. Knows no project.
"""

from __future__ import annotations

import difflib
import io
import re
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from studio.errors import DocumentError

M = TypeVar("M", bound=BaseModel)
Loc = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Loader(_LOADER):  # type: ignore[misc]
    """Safe, fast, with YAML 1.2's plain words, and without keys that are there twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """A mapping; raises ConstructorError at a key that stands in it already."""
        seen: dict[str, Any] = {}
        for key, _ in node.value:
            if key.value in seen and key.tag == "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(
                    None,
                    None,
                    f"{key.value!r} is there already, in line {seen[key.value] + 1}",
                    key.start_mark,
                )
            seen[key.value] = key.start_mark.line
        return super().construct_mapping(node, deep)


class _Dumper(_DUMPER):  # type: ignore[misc]
    """Writes what _Loader reads back unchanged."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    words = {
        "tag:yaml.org,2002:null": (r"null|Null|NULL|~|", ["n", "N", "~", ""]),
        "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
        "tag:yaml.org,2002:int": (r"[-+]?[0-9]+", list("-+0123456789")),
        "tag:yaml.org,2002:float": (
            r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?",
            list("-+.0123456789"),
        ),
        "tag:yaml.org,2002:merge": (r"<<", ["<"]),
    }
    table: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for tag, (pattern, firsts) in words.items():
        for first in firsts:
            table.setdefault(first, []).append((tag, re.compile(rf"^(?:{pattern})$")))
    return table


_Loader.yaml_implicit_resolvers = _resolvers()
_Dumper.yaml_implicit_resolvers = _resolvers()
_Loader.yaml_constructors = {
    **_LOADER.yaml_constructors,
    # a leading zero is not octal in YAML 1.2
    "tag:yaml.org,2002:int": lambda loader, node: int(loader.construct_scalar(node)),
}


def read_text(path: Path) -> str:
    """A text file in UTF-8, with or without a byte order mark. Raises DocumentError."""
    try:
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
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 - _Loader is a SafeLoader
    except yaml.YAMLError as error:
        raise _broken_yaml(path, text, error) from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path.name}: {error}") from None
    if not isinstance(data, dict):
        raise DocumentError(
            f"{path.name}:1: holds no keys",
            f"its first line is: schema: {path.stem}/1",
        )
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _first_problem(path, text, model, error) from None


def problem_at(path: Path, loc: Loc, message: str, tip: str = "") -> DocumentError:
    """A DocumentError that points at the line of `loc` in the file."""
    return DocumentError(f"{path.name}:{_line_of(read_text(path), loc)}: {message}", tip)


def dump_document(model: BaseModel, modeline: str = "", **options: Any) -> str:
    """YAML text of a model, keys in the model's order; `options` go to model_dump."""
    data = model.model_dump(mode="json", by_alias=True, **options)
    body: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return f"{modeline}\n{body}" if modeline else body


def changed_document(path: Path, change: Callable[[Any], None]) -> str:
    """The text of a YAML file after `change` has altered its (round-trip) content."""
    from ruamel.yaml import YAML
    from ruamel.yaml.util import load_yaml_guess_indent

    text = read_text(path)
    content, indent, offset = load_yaml_guess_indent(text)
    yaml_rt = YAML()
    yaml_rt.preserve_quotes = True
    yaml_rt.width = 4096
    if indent is not None:
        yaml_rt.indent(mapping=2, sequence=indent, offset=offset or 0)
    change(content)
    out = io.StringIO()
    yaml_rt.dump(content, out)
    return out.getvalue()


# --- what went wrong, and where --------------------------------------------------------


def _broken_yaml(path: Path, text: str, error: yaml.YAMLError) -> DocumentError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    if line <= len(lines) and "\t" in lines[line - 1] and ("tab" in problem or "token" in problem):
        return DocumentError(
            f"{path.name}:{line}: a tab stands where YAML wants spaces",
            "indent with spaces",
        )
    if isinstance(error, yaml.constructor.ConstructorError) and "there already" in problem:
        return DocumentError(f"{path.name}:{line}: {problem}", "remove one of the two")
    return DocumentError(
        f"{path.name}:{line}: not YAML: {problem}",
        "look at this line and the one above it: indent, quotes, a colon without a space",
    )


def _first_problem(
    path: Path, text: str, model: type[BaseModel], error: ValidationError
) -> DocumentError:
    found = error.errors()
    # an unknown key explains a missing one, so it is shown first
    first = min(found, key=lambda item: item["type"] != "extra_forbidden")
    loc = tuple(part for part in first["loc"] if part != "[key]")
    line = _line_of(text, loc)
    key = _spell(loc)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    tip = ""
    match first["type"]:
        case "extra_forbidden":
            known = _fields_at(model, loc[:-1])
            close = difflib.get_close_matches(str(loc[-1]), known, 1, 0.5)
            what = f"unknown key {key}"
            tip = f"did you mean {close[0]}?" if close else f"known keys: {', '.join(known)}"
        case "missing":
            what = f"{key} is missing"
        case "literal_error":
            words = [str(word) for word in typing.get_args(_kind_at(model, loc))]
            close = difflib.get_close_matches(str(first["input"]), words, 1, 0.5)
            what = f"{key}: {first['input']!r} is not known"
            tip = (f"did you mean {close[0]}? " if close else "") + f"known: {', '.join(words)}"
        case "string_type":
            what = f"{key}: {first['input']!r} is not text"
            tip = "put it in quotes"
        case "string_pattern_mismatch":
            what = f"{key}: {first['input']!r} is malformed"
            tip = f"it has the form {_form(first['ctx']['pattern'])}"
        case _:
            what = f"{key}: {first['msg'].removeprefix('Value error, ')}"
    return DocumentError(f"{path.name}:{line}: {what}{more}", tip)


def _form(pattern: str) -> str:
    examples = {
        r"^sc\d{3,5}_sh\d{3,5}$": "sc010_sh020",
        r"^sc\d{3,5}$": "sc010",
        r"^[a-z][a-z0-9_]{0,39}$": "of a lower-case word, such as mara or old_keeper",
    }
    return examples.get(pattern, pattern)


def _spell(loc: Loc) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "the document"


def _line_of(text: str, loc: Loc) -> int:
    """The line (from 1) of the deepest part of `loc` that the text has."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next((item for item in node.value if item[0].value == str(part)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _fields_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the model knows at a place inside it."""
    kind = _kind_at(model, loc)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []


def _kind_at(model: type[BaseModel], loc: Loc) -> Any:
    """The type that the model declares at a place inside it, without None and Annotated."""
    kind: Any = model
    for part in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            by_key = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = by_key[str(part)].annotation if str(part) in by_key else None
        else:
            arguments = typing.get_args(kind)
            kind = arguments[-1] if arguments else None
        kind = _unwrapped(kind)
    return kind


def _unwrapped(kind: Any) -> Any:
    """X of `X | None` and of Annotated[X, …]."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        kind = next(item for item in typing.get_args(kind) if item is not type(None))
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    return kind
