"""Changes of a storyboard's text that touch no other character of it: comments, quotes,
indents and line ends stay as a person has them. Knows blocks and fields, not what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import yaml

from studio.errors import StudioError
from studio.revise.text.blocks import Block, Blocks, Node, Scene, lines_in


class Edits(Blocks):
    """The blocks of a text, and the changes that are to be made to it.

    All places are those of the text as it was; `changed` makes the changes.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._changes: list[tuple[int, int, str]] = []

    def changed(self) -> str:
        """The text with all changes made."""
        text = self.text
        for start, end, new in sorted(self._changes, key=lambda one: one[:2], reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _change(self, start: int, end: int, new: str) -> None:
        self._changes.append((start, end, new))

    # --- fields ------------------------------------------------------------------------

    def set_value(self, node: Node, new: str) -> None:
        """Put another value in the place of one."""
        self._change(node.start_mark.index, self.end_of(node), new)

    def add_field(self, block: Block, key: str, value: str, after: str) -> None:
        """Add a field, which is not there yet, after the field `after`."""
        spot = self.end_of(block.fields[after][1])
        if block.flow:
            self._change(spot, spot, f", {key}: {value}")
        else:
            spot = self.line_end(spot)
            self._change(spot, spot, f"{' ' * block.indent}{key}: {value}{self.newline}")

    def drop_field(self, block: Block, key: str) -> None:
        """Leave a field out that does not stand alone."""
        names = list(block.fields)
        at = names.index(key)
        start, end = block.fields[key][0].start_mark.index, self.end_of(block.fields[key][1])
        if at == 0:
            end = block.fields[names[1]][0].start_mark.index
        elif block.flow:
            start = self.end_of(block.fields[names[at - 1]][1])
        else:
            start, end = self.line_start(start), self.line_end(end)
        self._change(start, end, "")

    def add_entry(self, key: str, name: str, fields: Mapping[str, str]) -> None:
        """Add an entry, a mapping of fields to texts, to a mapping at the top of the storyboard."""
        inline = ", ".join(f"{field}: {scalar(text, flow=True)}" for field, text in fields.items())
        inline = f"{name}: {{{inline}}}"
        if key not in self.top:
            spot = self.line_start(self.top["scenes"][0].start_mark.index)
            self._change(spot, spot, f"{key}:{self.newline}  {inline}{self.newline}")
            return
        node = self.top[key][1]
        assert isinstance(node, yaml.MappingNode)  # noqa: S101 - the text reads as a storyboard
        if not node.value:
            self.set_value(node, f"{{{inline}}}")
            return
        last_name, last = node.value[-1]
        spot = self.end_of(last)
        if node.flow_style:
            self._change(spot, spot, f", {inline}")
            return
        outer, spot = " " * last_name.start_mark.column, self.line_end(spot)
        if last.flow_style:
            lines = [f"{outer}{inline}"]
        else:
            inner = " " * last.start_mark.column
            lines = [f"{outer}{name}:"]
            lines += [f"{inner}{field}: {scalar(text)}" for field, text in fields.items()]
        self._change(spot, spot, "".join(line + self.newline for line in lines))

    # --- blocks ------------------------------------------------------------------------

    def new_block(self, fields: Iterable[tuple[str, str]], dash: int, like: Block | None) -> str:
        """The lines of a block of fields and their values as written, its dash at a column and
        its keys as far from it as in the block `like`."""
        width = like.indent - like.dash if like else 2
        lines = ""
        for key, value in fields:
            space = "" if value.startswith(self.newline) else " "
            lines += f"{' ' * (dash + width)}{key}:{space}{value}{self.newline}"
        return f"{' ' * dash}-{' ' * (width - 1)}{lines.lstrip(' ')}"

    def take_out(self, blocks: Sequence[Block], at: int, holder: Block | None = None) -> None:
        """Take a block out of its list, and the blank lines that kept it apart. A list of shots
        that is empty then is written as [] in its scene, the `holder`."""
        block = blocks[at]
        before = self.text[blocks[at - 1].end : block.first] if at else "-"
        after = self.text[block.end : blocks[at + 1].first] if at + 1 < len(blocks) else "-"
        start, end = block.first, block.end
        if not before.strip():
            start -= len(before)
        elif not after.strip():
            end += len(after)
        self._change(start, end, "")
        if len(blocks) == 1 and holder is not None:
            colon = self._colon(holder)
            self._change(colon, colon, " []")

    def put_beside(
        self, blocks: Sequence[Block], at: int, lines: str, dash: int, *, after: bool
    ) -> None:
        """Put a block's lines, whose dash is at the column `dash`, before or after number `at` of
        a list; as many blank lines as in that list keep it apart."""
        beside = blocks[at]
        lines = indented(lines, beside.dash - dash)
        blank = self.newline * self._blank_lines(blocks, at + after)
        if after:
            self._change(beside.end, beside.end, blank + lines)
        else:
            self._change(beside.first, beside.first, lines + blank)

    def put_first(self, scene: Scene, lines: str, dash: int) -> None:
        """Put the lines of a shot into a scene that has none. Raises StudioError where the scene
        is written in braces."""
        block = scene.block
        if block.flow:
            raise StudioError(
                f"{block.id} is written in braces, so no shot can be put into it",
                "write it with one field a line",
            )
        lines = indented(lines, self.dash_in(scene) - dash)
        if "shots" not in block.fields:
            head = f"{' ' * block.indent}shots:{self.newline}"
            self._change(block.content_end, block.content_end, head + lines)
            return
        end = self.end_of(block.fields["shots"][1])
        self._change(self._colon(block), end, "")
        self._change(self.line_end(end), self.line_end(end), lines)

    def dash_in(self, scene: Scene) -> int:
        """The column of the dashes of a scene's shots, or where they would stand."""
        if scene.shots:
            return scene.shots[0].dash
        for other in self.scenes:
            if other.shots:
                return scene.block.indent + other.shots[0].dash - other.block.indent
        return scene.block.indent

    def _colon(self, scene: Block) -> int:
        """After the colon of a scene's `shots`."""
        return self.text.index(":", scene.fields["shots"][0].end_mark.index) + 1

    def _blank_lines(self, blocks: Sequence[Block], at: int) -> int:
        """How many blank lines keep blocks apart around number `at`; in a list of one, as many
        as in another list of shots."""
        for pairs in (blocks, *(scene.shots for scene in self.scenes)):
            if len(pairs) > 1:
                second = min(max(1, at), len(pairs) - 1)
                gap = lines_in(self.text[pairs[second - 1].end : pairs[second].first])
                full = (n for n, line in enumerate(reversed(gap)) if line.strip())
                return next(full, len(gap))
        return 0


def indented(lines: str, by: int) -> str:
    """Lines moved to the right by so many columns, or to the left."""
    moved = []
    for line in lines_in(lines):
        text = line.lstrip(" ")
        spaces = max(0, len(line) - len(text) + by) if text.strip() else 0
        moved.append(" " * spaces + text if by and text.strip() else line)
    return "".join(moved)


def scalar(text: str, *, flow: bool = False) -> str:
    """A text on one line as YAML writes it, in quotes where it needs them; `flow` for a place in
    braces."""
    dumped: str = yaml.safe_dump(
        [" ".join(text.split())], allow_unicode=True, width=10**9, default_flow_style=flow
    )
    return dumped.strip()[1:-1] if flow else dumped.removeprefix("- ").rstrip("\n")
