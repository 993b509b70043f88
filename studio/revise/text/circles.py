"""Circled takes in a storyboard's text: text in, text out, every other character as it was."""

from __future__ import annotations

from studio.errors import StudioError
from studio.revise.text.blocks import Block, fields_of
from studio.revise.text.edits import Edits
from studio.schema.take import Kind, is_sheet


def circled(text: str, shot: str, kind: Kind, number: int | None) -> str:
    """The storyboard with take `number` of a shot circled, or of somebody's cast sheet
    (`cast_mara`), or with none of that kind.

    Raises StudioError where there is no such shot or person, or what is to be changed is an alias
    of another's.
    """
    edits = Edits(text)
    block = _person(edits, shot.removeprefix("cast_")) if is_sheet(shot) else edits.shot(shot)[1]
    name, node = block.fields.get("takes", (None, None))
    if name and node and node.start_mark.index < name.start_mark.index:
        raise StudioError(f"{block.id}: takes is an alias (*)", "write out what is meant")
    takes = {key: value.value for key, (_, value) in fields_of(node).items()}
    takes.pop(kind, None)
    if number is not None:
        takes[kind] = str(number)
    written = f"{{{', '.join(f'{key}: {take}' for key, take in takes.items())}}}"
    if node is None:
        if takes:
            edits.add_field(block, "takes", written, after=list(block.fields)[-1])
    elif takes:
        edits.set_value(node, written)
    else:
        edits.drop_field(block, "takes")
    return edits.changed()


def _person(edits: Edits, who: str) -> Block:
    """The fields of one of the cast."""
    cast = fields_of(edits.top["cast"][1]) if "cast" in edits.top else {}
    if who not in cast:
        raise StudioError(f"there is nobody {who!r} in storyboard.yaml", "see: studio status")
    name, node = cast[who]
    if node.start_mark.index < name.start_mark.index:
        raise StudioError(f"{who} is an alias (*)", "write out who is meant")
    return Block(
        id=who,
        flow=bool(getattr(node, "flow_style", False)),
        first=edits.line_start(name.start_mark.index),
        end=edits.line_end(edits.end_of(node)),
        content_end=edits.line_end(edits.end_of(node)),
        dash=name.start_mark.column,
        indent=node.start_mark.column,
        fields=fields_of(node),
    )
