"""What is wrong with a document, and where: one DocumentError with file, line and key."""

from __future__ import annotations

import difflib
import re
import types
import typing
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from studio.documents.dialect import Loader
from studio.errors import DocumentError

Loc = tuple[str | int, ...]


def broken_yaml(path: Path, text: str, error: Exception) -> DocumentError:
    """Of PyYAML's error, or of ruamel's, which has the same parts."""
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
    if odd := _UNSEEN.search(text):
        at = text.count("\n", 0, odd.start()) + 1
        return DocumentError(
            f"{path.name}:{at}: an unseen character (U+{ord(odd[0]):04X}) stands here",
            "delete it; where a line should end there, end it with Enter",
        )
    if "another document" in problem:
        return DocumentError(
            f"{path.name}:{line}: a second document begins here (---)",
            "a file holds one: remove this line, or move what follows into a file of its own",
        )
    if problem == "second occurrence":
        return DocumentError(
            f"{path.name}:{line}: this anchor (&) is there already", "give one another name"
        )
    return DocumentError(
        f"{path.name}:{line}: not YAML: {problem}",
        "look at this line and the one above it: indent, quotes, a colon without a space",
    )


_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
"""Control characters, which YAML refuses, and line ends that no editor shows as such."""


def first_problem(
    path: Path, text: str, model: type[BaseModel], error: ValidationError
) -> DocumentError:
    """What a person should mend first, of all that a model refuses."""
    found = error.errors()
    # an unknown key explains a missing one, so it is shown first
    first = min(found, key=lambda item: item["type"] != "extra_forbidden")
    loc = tuple(part for part in first["loc"] if part != "[key]")
    line = line_of(text, loc)
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
        case "invalid_key":
            what = f"the key {first['input']!r} is not text"
            tip = "put it in quotes"
        case "float_parsing" | "float_type" | "int_parsing" | "int_type" | "int_from_float":
            what = f"{key}: {first['input']!r} is no number"
        case "model_type" | "dict_type":
            what = f"{key}: {first['input']!r} is no mapping"
            tip = "write it as {key: value}, or one key a line"
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


def line_of(text: str, loc: Loc) -> int:
    """The line (from 1) of the deepest part of `loc` that the text has."""
    node = yaml.compose(text, Loader=Loader)
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
