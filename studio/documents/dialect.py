"""The YAML that people write here: YAML 1.2's idea of true, false and null (so that `heard: on`
stays a word), no key twice, no aliases that explode. Read and written by PyYAML's C code.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from studio.errors import DocumentError

DEEPEST = 100
"""Lists and mappings within each other."""

MOST_VALUES = 200_000
"""Values that the aliases of a document add, when they are written out."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class Loader(_LOADER):  # type: ignore[misc]
    """Safe, fast, with YAML 1.2's plain words, and without keys that are there twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """A mapping; raises ConstructorError at a key that stands in it already."""
        seen: dict[str, Any] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a list or a mapping cannot be a key", key.start_mark
                )
            if key.value in seen and key.tag == "tag:yaml.org,2002:str":
                raise yaml.constructor.ConstructorError(
                    None,
                    None,
                    f"{key.value!r} is there already, in line {seen[key.value] + 1}",
                    key.start_mark,
                )
            seen[key.value] = key.start_mark.line
        return super().construct_mapping(node, deep)


class Dumper(_DUMPER):  # type: ignore[misc]
    """Writes what Loader reads back unchanged."""

    def ignore_aliases(self, data: Any) -> bool:
        """Equal values are written out, each where it stands."""
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


def _integer(loader: Any, node: Any) -> int:
    """A leading zero is not octal in YAML 1.2."""
    digits = loader.construct_scalar(node)
    if len(digits) > _MOST_DIGITS:
        raise yaml.constructor.ConstructorError(
            None, None, f"a number of {len(digits)} digits", node.start_mark
        )
    return int(digits)


_MOST_DIGITS = 100

Loader.yaml_implicit_resolvers = _resolvers()
Dumper.yaml_implicit_resolvers = _resolvers()
Loader.yaml_constructors = {
    **_LOADER.yaml_constructors,
    "tag:yaml.org,2002:int": _integer,
}


_INDENTED = re.compile(rf"^[ -]{{{DEEPEST}}}", re.MULTILINE)
_BRACKETS = re.compile(r"[\[\]{}]")
_ALIAS = re.compile(r"(?:^|[\s\[{,])\*[^\s*]", re.MULTILINE)


def suspicious(text: str) -> bool:
    """Whether a text may hold what `refuse_bombs` refuses; quick, and false for most."""
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        if depth > DEEPEST:
            return True
    return ("&" in text and _ALIAS.search(text) is not None) or _INDENTED.search(text) is not None


def refuse_bombs(text: str, path: Path) -> None:
    """Raises DocumentError where the text nests too deeply, or its aliases spell out to more
    values than anybody writes."""
    inside: list[tuple[str | None, int]] = []  # the open lists and mappings: anchor, values
    values: dict[str | None, int] = {}
    added = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            inside.append((event.anchor, 1))
            if len(inside) > DEEPEST:
                raise DocumentError(
                    f"{path.name}:{line}: more than {DEEPEST} lists and mappings within each other",
                    "look at the brackets and the indent above this line",
                )
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, count = inside.pop()
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor in {anchor for anchor, _ in inside}:
                raise DocumentError(
                    f"{path.name}:{line}: *{event.anchor} stands inside &{event.anchor} itself",
                    "write out what is meant",
                )
            anchor, count = None, values.get(event.anchor, 1)
            added += count
        elif isinstance(event, yaml.ScalarEvent):
            anchor, count = event.anchor, 1
        else:
            continue
        if anchor is not None:
            values[anchor] = count
        if inside:
            inside[-1] = (inside[-1][0], inside[-1][1] + count)
        if added > MOST_VALUES:
            raise DocumentError(
                f"{path.name}:{line}: aliases (*) spell out to more than {MOST_VALUES:,} values",
                "write out what is meant, with fewer aliases",
            )
