"""Policies that ran out of memory are said once, and not once a shot."""

from __future__ import annotations

from studio.stages.tried import Tried

RESIDENT, TILED = ({"policy": name, "why": "out of memory"} for name in ("resident", "tiled"))


def test_a_line_a_policy_and_not_a_shot() -> None:
    tried = Tried()
    some = {"tried": [RESIDENT], "policy": "tiled"}
    worse = {"tried": [RESIDENT, TILED], "policy": "model offload"}
    first = [note.text for note in tried.notes("cogvideox", some)]
    second = [note.text for note in tried.notes("cogvideox", worse)]
    assert first == ["cogvideox: `resident` was tried (out of memory); went on with `tiled`"]
    assert second == ["cogvideox: `tiled` was tried (out of memory); went on with `model offload`"]
    assert list(tried.notes("cogvideox", worse)) == []
    assert len(list(tried.notes("flux", worse))) == 2
    assert list(tried.notes("flux", {"policy": "resident"})) == []
