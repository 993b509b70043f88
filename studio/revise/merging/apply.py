"""A merged storyboard, written into the text that a person has: only what changed is touched.

Comments, order, quotes, indents and line ends of everything else stay byte for byte. What
belongs to a shot (`blocks`) moves with it; what a person said above one that is removed
stays. Conflicts become comments (`conflicts`), each once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from studio.documents import dump_document, parse_document
from studio.errors import DocumentError, StudioError
from studio.revise.merging.conflicts import MARK, read
from studio.revise.merging.merge import Clash
from studio.revise.text.blocks import Block, Blocks, lines_in
from studio.revise.text.blocks import Scene as SceneBlock
from studio.revise.text.edits import indented
from studio.revise.text.pen import Pen, leaves
from studio.schema.storyboard import Scene, Shot, Storyboard

_REMARK = re.compile(r"[ \t,\]}]*(?<=[ \t])#")


def applied(text: str, mine: Storyboard, wanted: Storyboard, clashes: Sequence[Clash]) -> str:
    """The text of `mine`, changed so that it reads as `wanted`, with a comment for each clash
    that it does not list yet.

    Raises DocumentError where scenes or shots stand in brackets, StudioError where the text
    cannot be changed in place (other parts of it name what would change).
    """
    listed = {(each.shot, each.text) for each in read(text)}
    new = [each for each in clashes if (each.id, each.text) not in listed]
    if mine == wanted and not new:
        return text
    changed = _Writing(text).written(mine, wanted, new)
    if not _reads_as(changed, wanted):
        raise StudioError(
            "storyboard.yaml cannot be changed in place",
            "write out what it names by anchors (& and *), then try again",
        )
    return changed


def _reads_as(text: str, wanted: Storyboard) -> bool:
    try:
        return parse_document(text, Path("storyboard.yaml"), Storyboard) == wanted
    except DocumentError:
        return False


def commented(text: str) -> set[str]:
    """Ids of the shots to which a comment belongs that is no conflict."""
    blocks = Blocks(text)
    return {shot.id for _, shot in blocks.shots() if _has_comment(blocks, shot)}


def _has_comment(blocks: Blocks, shot: Block) -> bool:
    values = [value for _, value in shot.fields.values()]
    for leaf in (leaf for value in values for leaf in leaves(value)):
        spot = blocks.end_of(leaf)
        if _REMARK.match(blocks.text[spot : blocks.line_end(spot)]):
            return True
    texts = [(value.start_mark.index, value.end_mark.index) for value in values]
    at = shot.first
    for line in lines_in(blocks.lines_of(shot)):
        inside = any(start <= at < end for start, end in texts if blocks.text[start] in "|>")
        if line.lstrip().startswith("#") and not _is_conflict(line) and not inside:
            return True
        at += len(line)
    return False


class _Writing(Pen):
    """Fields first, then the order of shots, then that of scenes: each takes over what was
    changed inside it."""

    _present: set[str]

    def written(self, mine: Storyboard, wanted: Storyboard, clashes: Sequence[Clash]) -> str:
        self.sheets("cast", mine.cast, wanted.cast, [c for c in clashes if c.kind == "cast"])
        self.sheets(
            "places", mine.places, wanted.places, [c for c in clashes if c.kind == "places"]
        )
        self._present = {each.id for each in wanted.scenes} | {
            each.id for _, each in wanted.shots()
        }
        scenes = {scene.id: scene for scene in mine.scenes}
        shots = {shot.id: shot for _, shot in mine.shots()}
        there = [scene for scene in wanted.scenes if scene.id in scenes]
        for scene in there:
            said = [each for each in clashes if (each.kind, each.id) == ("scenes", scene.id)]
            self.item(self.scene(scene.id).block, scenes[scene.id], scene, said)
        for _, shot in wanted.shots():
            if shot.id in shots:
                said = [each for each in clashes if (each.kind, each.id) == ("shots", shot.id)]
                self.item(self.shot(shot.id)[1], shots[shot.id], shot, said)
        # all lists are made before one is put in its place: a shot may come from any of them
        lists = [
            (self.scene(scene.id), scene, self._shots_of(scene))
            for scene in there
            if [each.id for each in scenes[scene.id].shots] != [each.id for each in scene.shots]
        ]
        for block, scene, made in lists:
            self._arrange_shots(block, scene, made)
        if list(scenes) != [scene.id for scene in wanted.scenes]:
            blocks = [scene.block for scene in self.scenes]
            made = self._arranged(blocks, {each.id: each for each in wanted.scenes}, blocks[0].dash)
            self.supersede(blocks[0].first, blocks[-1].end, made)
        return self.slice(0, len(self.text))

    def _shots_of(self, wanted: Scene) -> str:
        """The lines of the shots that a scene is to have."""
        scene = self.scene(wanted.id)
        shots = {shot.id: shot for shot in wanted.shots}
        return self._arranged(scene.shots, shots, self._dash_in(scene))

    def _arrange_shots(self, scene: SceneBlock, wanted: Scene, made: str) -> None:
        block = scene.block
        if "shots" not in block.fields:
            head = f"{' ' * block.indent}shots:{self.newline}"
            self.change(block.content_end, block.content_end, head + made, tail=True)
            return
        key, node = block.fields["shots"]
        colon = self.text.index(":", key.end_mark.index) + 1
        if not scene.shots:
            self.change(colon, max(colon, self.end_of(node)), "")
            spot = self.line_end(self.end_of(node))
            self.change(spot, spot, made, tail=True)
        elif wanted.shots:
            self.supersede(scene.shots[0].first, scene.shots[-1].end, made)
        else:
            self.supersede(colon, scene.shots[-1].end, f" []{self.newline}{made}")

    def _dash_in(self, scene: SceneBlock) -> int:
        """The column of the dashes of a scene's shots, or where they would stand."""
        if scene.shots:
            return scene.shots[0].dash
        for other in self.scenes:
            if other.shots:
                return scene.block.indent + other.shots[0].dash - other.block.indent
        return scene.block.indent

    def _arranged(
        self, blocks: Sequence[Block], wanted: Mapping[str, Scene] | Mapping[str, Shot], dash: int
    ) -> str:
        """The lines of the wanted items: those of `blocks` as they stand, those from elsewhere
        taken from there, new ones written out. What stands between two blocks and belongs to
        neither comes before the second."""
        usual = self.newline * self._blank_lines(blocks)
        made, remarks = "", ""
        waiting = list(blocks)
        for id_, item in wanted.items():
            while waiting and waiting[0].id not in wanted:
                remarks += self._remarks(blocks, waiting.pop(0))
            block = next((each for each in blocks if each.id == id_), None)
            between = usual
            if block is not None:
                waiting = [each for each in waiting if each is not block]
                body = self.slice(block.first, block.end)
                between = self._gap(blocks, block) if block is not blocks[0] else usual
            else:
                body = self._body(item, dash)
            made += (between if made else between.lstrip("\r\n")) + remarks + body
            remarks = ""
        return made + "".join(self._remarks(blocks, each) for each in waiting)

    def _body(self, item: Scene | Shot, dash: int) -> str:
        """The lines of an item that is not in its list yet."""
        for _, block in self.shots():
            if block.id == item.id:
                return indented(self.slice(block.first, block.end), dash - block.dash)
        fields = item.model_copy(update={"shots": []}) if isinstance(item, Scene) else item
        dumped = self.lines(dump_document(fields, exclude_defaults=True), dash + 2)
        lines = f"{' ' * dash}- {dumped.lstrip(' ')}"
        if isinstance(item, Scene) and item.shots:
            first = self.scenes[0]
            inner = dash + 2 + self._dash_in(first) - first.block.indent
            shots = self._arranged([], {shot.id: shot for shot in item.shots}, inner)
            lines += f"{' ' * (dash + 2)}shots:{self.newline}{shots}"
        return lines

    def _gap(self, blocks: Sequence[Block], block: Block) -> str:
        """What stands between a block and the one before it."""
        at = blocks.index(block)
        return self.text[blocks[at - 1].end : block.first] if at else ""

    def _remarks(self, blocks: Sequence[Block], gone: Block) -> str:
        """What a person said above a block that goes, without the conflicts about it; what
        belongs to one that moves goes with it."""
        own = "" if gone.id in self._present else self.text[gone.first : gone.content_end]
        lines = ""
        for line in lines_in(self._gap(blocks, gone) + own):
            if line.strip() and not line.lstrip().startswith("#"):
                break
            lines += line if line.strip() and not _is_conflict(line) else ""
        return lines

    def _blank_lines(self, blocks: Sequence[Block]) -> int:
        """How many blank lines keep the items of a list apart; of another where it has one."""
        for each in (blocks, *(scene.shots for scene in self.scenes)):
            if len(each) > 1:
                gap = lines_in(self.text[each[0].end : each[1].first])
                return sum(not line.strip() for line in gap)
        return 0


def _is_conflict(line: str) -> bool:
    return line.lstrip().startswith(MARK)
