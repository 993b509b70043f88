"""Changes of a storyboard's text, field by field, each where it belongs in the text as it was.

Everything between the changes stays byte for byte. A scene, a shot, a person or a place is a
mapping of fields; its fields may be changed, added and left out, and comments put above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.documents import dump_document
from studio.revise.merging.conflicts import MARK, spelled
from studio.revise.merging.merge import Clash, writers_fields
from studio.revise.text.blocks import Block, Blocks, Fields, Node, fields_of, lines_in
from studio.revise.text.edits import indented
from studio.schema.base import Model

_ALIAS = re.compile(r"[ \t]*\*[^\s,}\]]+")


@dataclass(frozen=True)
class Edit:
    """What stands from `start` to `end` becomes `new`. An insertion belongs to what stands before
    it (`tail`), or to what comes after it."""

    start: int
    end: int
    new: str
    tail: bool = False

    def inside(self, start: int, end: int) -> bool:
        """Whether it belongs to this part of the text."""
        if self.start == self.end:
            return start < self.start < end or self.start == (end if self.tail else start)
        return start <= self.start and self.end <= end


@dataclass(frozen=True)
class Holder:
    """What holds fields. `above`: where the line begins that it begins on; `dash` and `indent`:
    the columns of itself and of its fields; `part`: its lines, without those of its shots."""

    fields: Fields
    flow: bool
    above: int
    dash: int
    indent: int
    part: tuple[int, int]


class Pen(Blocks):
    """A text and the changes that are to be made to it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._edits: list[Edit] = []

    def change(self, start: int, end: int, new: str, *, tail: bool = False) -> None:
        """Write something else from `start` to `end`."""
        self._edits.append(Edit(start, end, new, tail))

    def supersede(self, start: int, end: int, new: str) -> None:
        """Write a part anew as a whole; `new` holds the changes inside it already."""
        self._edits = [each for each in self._edits if not each.inside(start, end)]
        self.change(start, end, new)

    def slice(self, start: int, end: int) -> str:
        """A part of the text with the changes inside it made."""
        made, at = "", start
        inside = (each for each in self._edits if each.inside(start, end))
        for edit in sorted(inside, key=lambda each: (each.start, not each.tail, each.end)):
            made += self.text[at : edit.start] + edit.new
            at = edit.end
        return made + self.text[at:end]

    def lines(self, text: str, indent: int) -> str:
        """Lines of YAML as this text would have them."""
        return indented(text, indent).replace("\n", self.newline)

    # --- fields ------------------------------------------------------------------------

    def item(self, block: Block, old: Model, new: Model, clashes: Sequence[Clash]) -> None:
        """Change a scene's or a shot's own fields, and put its conflicts above them."""
        shots = block.fields.get("shots")
        end = shots[0].start_mark.index if shots else block.end
        first = min(key.start_mark.index for key, _ in block.fields.values())
        self.fields(
            Holder(
                block.fields,
                block.flow,
                self.line_start(first),
                block.dash,
                block.indent,
                (block.first, end),
            ),
            old,
            new,
            clashes,
        )

    def fields(self, holder: Holder, old: Model, new: Model, clashes: Sequence[Clash]) -> None:
        """Change the fields in which two models differ, and put conflicts above theirs."""
        order = [field.alias or name for name, field in type(new).model_fields.items()]
        for name in writers_fields(type(new)):
            value = getattr(new, name)
            if value == getattr(old, name):
                continue
            field = type(new).model_fields[name]
            key = field.alias or name
            if key not in holder.fields:
                self._add_field(holder, order, key, self._written(new, name, holder))
            elif value == field.get_default(call_default_factory=True):
                self._drop_field(holder, key)
            else:
                self._set_field(holder, key, new, name)
        for clash in clashes:
            self._say(holder, clash)

    def _set_field(self, holder: Holder, key: str, model: Model, name: str) -> None:
        name_node, node = holder.fields[key]
        if is_flow(node) and not holder.flow:
            written = f" {_inline(model, name)}"
        else:
            written = self._written(model, name, holder)
        colon = self.text.index(":", name_node.end_mark.index) + 1
        alias = _ALIAS.match(self.text, colon)
        end = alias.end() if alias else max(colon, self.end_of(node))
        self.change(colon, end, written)

    def _written(self, model: Model, name: str, holder: Holder) -> str:
        """A field's value as it stands behind its colon."""
        if holder.flow:
            return f" {_inline(model, name)}"
        dumped = dump_document(model, include={name}, exclude_defaults=True).rstrip("\n")
        first, _, rest = dumped.partition(":")[2].partition("\n")
        return first + (self.newline + self.lines(rest, holder.indent) if rest else "")

    def _add_field(self, holder: Holder, order: Sequence[str], key: str, value: str) -> None:
        spot = self._after(holder, order, key)
        if holder.flow:
            self.change(spot, spot, f", {key}:{value}", tail=True)
        else:
            line = f"{' ' * holder.indent}{key}:{value}{self.newline}"
            self.change(spot, spot, line, tail=True)

    def _after(self, holder: Holder, order: Sequence[str], key: str) -> int:
        """Where a field belongs that is not there: behind the last that comes before it."""
        before = [name for name in order[: order.index(key)] if name in holder.fields]
        name = before[-1] if before else next(iter(holder.fields))
        spot = self.end_of(holder.fields[name][1])
        return spot if holder.flow else self.line_end(spot)

    def _drop_field(self, holder: Holder, key: str) -> None:
        names = list(holder.fields)
        at = names.index(key)
        name, value = holder.fields[key]
        start, end = name.start_mark.index, self.end_of(value)
        if at == 0:
            end = holder.fields[names[1]][0].start_mark.index
        elif holder.flow:
            start = self.end_of(holder.fields[names[at - 1]][1])
        else:
            start, end = self.line_start(start), self.line_end(end)
        self.change(start, end, "")

    def _say(self, holder: Holder, clash: Clash) -> None:
        """A comment above the field, or above all of it; older ones about the field go."""
        spot, indent = holder.above, holder.dash
        if clash.field in holder.fields and not holder.flow:
            spot = self.line_start(holder.fields[clash.field][0].start_mark.index)
            indent = holder.dash if spot == holder.above else holder.indent
        at = holder.part[0]
        for line in lines_in(self.text[slice(*holder.part)]):
            if clash.field and line.lstrip().startswith(f"{MARK}{clash.field}: "):
                self.change(at, at + len(line), "")
            at += len(line)
        self.change(spot, spot, f"{' ' * indent}{MARK}{clash.text}{self.newline}")

    # --- cast and places ---------------------------------------------------------------

    def sheets(
        self,
        key: str,
        old: Mapping[str, Model],
        new: Mapping[str, Model],
        clashes: Sequence[Clash],
    ) -> None:
        """Change the cast or the places."""
        node = self.top[key][1] if key in self.top else None
        entries = fields_of(node)
        said = {id_: [each for each in clashes if each.id == id_] for id_ in new}
        added = [id_ for id_ in new if id_ not in old]
        gone = [id_ for id_ in old if id_ not in new]
        if node is None or is_flow(node) or len(gone) == len(entries):
            if old != new or clashes:
                self._all_entries(key, node, new, said)
            return
        for id_ in new:
            if id_ in old:
                self._entry(entries, id_, old[id_], new[id_], said[id_])
        for id_ in gone:
            name, value = entries[id_]
            start, end = self.line_start(name.start_mark.index), self.line_end(self.end_of(value))
            self.change(start, end, "")
        if added:
            column = next(iter(entries.values()))[0].start_mark.column
            spot = self.line_end(self.end_of(node))
            lines = "".join(_entry_lines(id_, new[id_], said[id_]) for id_ in added)
            self.change(spot, spot, self.lines(lines, column), tail=True)

    def _entry(
        self, entries: Fields, id_: str, old: Model, new: Model, clashes: Sequence[Clash]
    ) -> None:
        name, value = entries[id_]
        above = self.line_start(name.start_mark.index)
        holder = Holder(
            fields_of(value),
            is_flow(value),
            above,
            name.start_mark.column,
            value.start_mark.column,
            (self._comments_above(above), self.line_end(self.end_of(value))),
        )
        self.fields(holder, old, new, clashes)

    def _comments_above(self, spot: int) -> int:
        """Where the comment lines begin that stand directly above a line."""
        while spot > 0:
            above = self.line_start(spot - 1)
            if not self.text[above:spot].lstrip().startswith("#"):
                break
            spot = above
        return spot

    def _all_entries(
        self,
        key: str,
        node: Node | None,
        new: Mapping[str, Model],
        said: Mapping[str, Sequence[Clash]],
    ) -> None:
        """All of the cast or the places written out, where they are not or stand in braces."""
        lines = "".join(_entry_lines(id_, sheet, said[id_]) for id_, sheet in new.items())
        lines = self.newline + self.lines(lines, 2) if new else f" {{}}{self.newline}"
        if node is None:
            spot = self.line_start(self.top["scenes"][0].start_mark.index)
            self.change(spot, spot, f"{key}:{lines}")
            return
        colon = self.text.index(":", self.top[key][0].end_mark.index) + 1
        self.supersede(colon, self.line_end(max(colon, self.end_of(node))), lines)


def is_flow(node: Any) -> bool:
    """Whether a value stands in braces or brackets."""
    return bool(getattr(node, "flow_style", False))


def leaves(node: Node) -> Iterator[Node]:
    """The values in a value that hold no others."""
    children = [
        part for each in node.value for part in (each if isinstance(each, tuple) else [each])
    ]
    if isinstance(node.value, str) or not children:
        yield node
        return
    for child in children:
        yield from leaves(child)


def _inline(model: Model, name: str) -> str:
    """A field's value on one line, for a place in braces."""
    dumped = model.model_dump(mode="json", by_alias=True, exclude_defaults=True, include={name})
    return spelled(next(iter(dumped.values())), bare=True)


def _entry_lines(id_: str, sheet: Model, clashes: Sequence[Clash]) -> str:
    comments = "".join(f"{MARK}{each.text}\n" for each in clashes)
    return f"{comments}{id_}:\n{indented(dump_document(sheet, exclude_defaults=True), 2)}"
