"""One tenant holds the GPU at a time."""

from __future__ import annotations

import pytest

from studio.errors import StudioError
from studio.residency import Freed, Residency


class Model:
    """A tenant that counts how often it let go; `held` while it cannot."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.gone = 0
        self.held = False

    def give_back(self) -> Freed:
        if self.held:
            raise StudioError(f"{self.name} does not let go")
        self.gone += 1
        return Freed("asleep", 2**30)


def test_whoever_takes_the_card_has_the_holder_give_it_back_first() -> None:
    gpu, writer, painter = Residency(), Model("writer"), Model("painter")
    assert gpu.take(writer) is None
    assert gpu.take(painter) == Freed("asleep", 2**30)
    assert (writer.gone, painter.gone, gpu.holder) == (1, 0, painter)


def test_the_holder_may_take_it_again_and_keeps_it() -> None:
    gpu, writer = Residency(), Model("writer")
    gpu.take(writer)
    assert gpu.take(writer) is None
    assert (writer.gone, gpu.holder) == (0, writer)


def test_a_cleared_card_is_nobodys() -> None:
    gpu, writer = Residency(), Model("writer")
    assert gpu.clear() is None
    gpu.take(writer)
    assert gpu.clear() == Freed("asleep", 2**30)
    assert gpu.clear() is None
    assert (writer.gone, gpu.holder) == (1, None)


def test_who_does_not_let_go_keeps_it_and_nobody_else_gets_it() -> None:
    gpu, writer, painter = Residency(), Model("writer"), Model("painter")
    gpu.take(writer)
    writer.held = True
    with pytest.raises(StudioError, match="does not let go"):
        gpu.take(painter)
    assert gpu.holder is writer
