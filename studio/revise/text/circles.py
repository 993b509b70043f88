"""Circled takes in a storyboard's text: text in, text out, every other character as it was."""

from __future__ import annotations

from studio.errors import StudioError
from studio.revise.text.blocks import fields_of
from studio.revise.text.edits import Edits
from studio.schema.storyboard import TakeKind


def circled(text: str, shot: str, kind: TakeKind, number: int | None) -> str:
    """The storyboard with take `number` of a shot circled, or with none of that kind.

    Raises StudioError where there is no such shot, or its `takes` is an alias of another's.
    """
    edits = Edits(text)
    _, block = edits.shot(shot)
    name, node = block.fields.get("takes", (None, None))
    if name and node and node.start_mark.index < name.start_mark.index:
        raise StudioError(f"{shot}: takes is an alias (*)", "write out what is meant")
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
