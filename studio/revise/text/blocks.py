"""Where the scenes and shots of a storyboard.yaml lie in its text, and which comments belong
to each.

What belongs to a scene or shot, and moves with it: its own lines; the comment lines directly
above its dash, unless they are indented deeper than the dash (those belong to what stands
above them); and the comments below it that are indented deeper than its dash. Other comments
belong to nobody and stay where they are.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from studio.errors import DocumentError, StudioError

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Node = yaml.Node
Fields = dict[str, tuple[Node, Node]]
"""Key and value of each field of a mapping, by the key's name."""


@dataclass(frozen=True)
class Block:
    """A scene or a shot; places count characters from the beginning of the text.

    first, end      its lines, with the comments that belong to it
    content_end     after the line on which its own content ends
    dash, indent    columns of its dash and of its keys
    flow            whether it is written in braces
    """

    id: str
    flow: bool
    first: int
    end: int
    content_end: int
    dash: int
    indent: int
    fields: Fields


@dataclass(frozen=True)
class Scene:
    """A scene's own block, and those of its shots in order."""

    block: Block
    shots: list[Block]

    @property
    def id(self) -> str:
        """The scene's id."""
        return self.block.id


class Blocks:
    """The blocks of a text that reads without an error as a storyboard.

    Raises DocumentError where scenes or shots stand in brackets.
    """

    def __init__(self, text: str) -> None:
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.text = text if text.endswith("\n") else text + self.newline
        self.top = fields_of(yaml.compose(self.text, Loader=_LOADER))
        self.scenes = [
            Scene(scene, self._blocks(scene.fields.get("shots"), "shots"))
            for scene in self._blocks(self.top.get("scenes"), "scenes")
        ]

    def shots(self) -> Iterator[tuple[Scene, Block]]:
        """Every shot with its scene, in the order of the film."""
        for scene in self.scenes:
            for shot in scene.shots:
                yield scene, shot

    def shot(self, id_: str) -> tuple[Scene, Block]:
        """A shot with its scene. Raises StudioError where there is none."""
        for scene, shot in self.shots():
            if shot.id == id_:
                return scene, shot
        raise _not_there("shot", id_, [shot.id for _, shot in self.shots()])

    def scene(self, id_: str) -> Scene:
        """A scene. Raises StudioError where there is none."""
        for scene in self.scenes:
            if scene.id == id_:
                return scene
        raise _not_there("scene", id_, [scene.id for scene in self.scenes])

    def lines_of(self, block: Block) -> str:
        """A block's lines, with the comments that belong to it."""
        return self.text[block.first : block.end]

    def raw(self, owner: Block, key: str) -> str:
        """A field's value as it is written, its further lines indented as they are; an anchor is
        left out. A value that begins on a line of its own begins with the line's end."""
        name, value = owner.fields[key]
        if value.start_mark.index < name.start_mark.index:  # an alias: what it names is elsewhere
            rest = self.text[name.end_mark.index :]
            return rest[rest.index("*") :].split(maxsplit=1)[0].rstrip(",}]")
        written = self.text[value.start_mark.index : self.end_of(value)]
        anchor = re.match(r"&\S+[ \t]*", written)
        written = written[anchor.end() :] if anchor else written
        block = isinstance(value, yaml.CollectionNode) and not value.flow_style
        if block and not written.startswith(self.newline):
            return self.newline + " " * value.start_mark.column + written
        return written

    def end_of(self, node: Node) -> int:
        """Where what is written for a value ends."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.ScalarNode):
            return start + len(self.text[start:end].rstrip()) if node.style in ("|", ">") else end
        if not isinstance(node, yaml.CollectionNode) or node.flow_style:
            return end
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (node, last)
        if value.start_mark.index < key.start_mark.index:  # an alias
            return self.line_end(key.end_mark.index) - 1
        return self.end_of(value)

    def line_start(self, spot: int) -> int:
        """Where the line of a place begins."""
        return self.text.rfind("\n", 0, spot) + 1

    def line_end(self, spot: int) -> int:
        """Where the line after that of a place begins."""
        return self.text.find("\n", spot) + 1 or len(self.text)

    # --- reading -----------------------------------------------------------------------

    def _blocks(self, field: tuple[Node, Node] | None, what: str) -> list[Block]:
        key, node = field if field else (None, None)
        if key is None or not isinstance(node, yaml.SequenceNode) or not node.value:
            return []
        if node.flow_style:
            raise DocumentError(
                f"storyboard.yaml:{node.start_mark.line + 1}: {what} stand in brackets",
                "write them as a list: each begins a line of its own, with a dash",
            )
        dash = node.start_mark.column
        starts = [self._dash_line(item, dash) for item in node.value]
        limits = [*starts[1:], self._limit(node)]
        blocks: list[Block] = []
        for item, start, limit in zip(node.value, starts, limits, strict=True):
            floor = blocks[-1].end if blocks else self.line_end(key.end_mark.index)
            fields = fields_of(item)
            content_end = self._content_end(item, start, limit)
            blocks.append(
                Block(
                    id=fields["id"][1].value if "id" in fields else "",
                    flow=bool(item.flow_style),
                    first=self._with_comments_above(start, floor, dash if blocks else None),
                    end=self._with_comments_below(content_end, limit, dash),
                    content_end=content_end,
                    dash=dash,
                    indent=dash + 2 if item.flow_style else item.start_mark.column,
                    fields=fields,
                )
            )
        return blocks

    def _dash_line(self, item: Node, dash: int) -> int:
        """Where the line begins that holds an item's dash."""
        start = self.line_start(item.start_mark.index)
        while self.text[start : start + dash].strip() or self.text[start + dash] != "-":
            start = self.line_start(start - 1)
        return start

    def _limit(self, node: Node) -> int:
        """Where the line begins of what follows a list."""
        end = node.end_mark.index
        return int(end) if end >= len(self.text) else self.line_start(end)

    def _content_end(self, item: Node, start: int, limit: int) -> int:
        """After the last line of an item that is neither blank nor a comment."""
        # what looks like a comment may be a line of a text, so the parser is asked as well
        end, spot = self.line_end(self.end_of(item)), start
        for line in lines_in(self.text[start:limit]):
            spot += len(line)
            if line.strip() and not line.lstrip().startswith("#"):
                end = max(end, spot)
        return min(end, limit)

    def _with_comments_above(self, start: int, floor: int, dash: int | None) -> int:
        """Where the comments begin that stand directly above a line, no deeper than `dash`."""
        while start > floor:
            above = self.line_start(start - 1)
            line = self.text[above:start]
            if not line.lstrip().startswith("#") or (dash is not None and _depth(line) > dash):
                break
            start = above
        return start

    def _with_comments_below(self, start: int, limit: int, dash: int) -> int:
        """Where the comments end that follow an item and are indented deeper than its dash."""
        end = spot = start
        for line in lines_in(self.text[start:limit]):
            spot += len(line)
            if not line.strip():
                continue
            if _depth(line) <= dash:
                break
            end = spot
        return end


def fields_of(node: Node | None) -> Fields:
    """The fields of a mapping; none of anything else."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: (key, value) for key, value in node.value}


def lines_in(text: str) -> list[str]:
    """The lines of a text with their ends, as YAML counts them."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _not_there(what: str, id_: str, known: list[str]) -> StudioError:
    close = difflib.get_close_matches(id_, known, 1, 0.5)
    return StudioError(
        f"there is no {what} {id_!r} in storyboard.yaml",
        f"did you mean {close[0]}?" if close else f"{what}s: {', '.join(known[:12]) or 'none'}",
    )
