"""Prompts: the same words for the same name everywhere, and whole sentences where a field
is empty."""

from __future__ import annotations

from typing import Any

import pytest

from studio.prompts import Prompter
from studio.schema.film import Film
from studio.schema.storyboard import Scene, Shot, Storyboard
from tests.conftest import FILM, STORYBOARD


@pytest.fixture
def prompter() -> Prompter:
    return Prompter(Film.model_validate(FILM).look, Storyboard.model_validate(STORYBOARD))


def shot_of(prompter: Prompter, **changes: Any) -> tuple[Scene, Shot]:
    scene = prompter.storyboard.scenes[0]
    return scene, scene.shots[1].model_copy(update=changes)


def test_names_in_braces_are_filled_in(prompter: Prompter) -> None:
    assert prompter.keyframe(*shot_of(prompter)) == (
        "Tom, a boy of ten, red cap calls to Mara, a woman of sixty, grey braid. "
        "the lighthouse, white stone. pencil."
    )
    assert prompter.motion(*shot_of(prompter)) == (
        "Tom, a boy of ten, red cap waves. The camera moves slowly closer."
    )


def test_a_prompt_left_null_is_composed(prompter: Prompter) -> None:
    text = prompter.keyframe(*shot_of(prompter, keyframe=None))
    assert text == (
        "Medium shot, at eye level: Mara, a woman of sixty, grey braid; Tom, a boy of ten, red "
        "cap. Tom calls to her. the lighthouse, white stone, dusk. pencil."
    )


def test_what_somebody_wears_in_a_shot_is_said(prompter: Prompter) -> None:
    scene, shot = shot_of(prompter)
    people = [shot.cast[0].model_copy(update={"wears": "a red shawl"}), shot.cast[1]]
    text = prompter.keyframe(scene, shot.model_copy(update={"cast": people}))
    assert "Mara, a woman of sixty, grey braid, wearing a red shawl" in text


def test_an_action_may_name_people_in_braces(prompter: Prompter) -> None:
    text = prompter.motion(*shot_of(prompter, motion=None, action="{tom} waves!"))
    assert "Tom, a boy of ten, red cap waves! The camera" in text
