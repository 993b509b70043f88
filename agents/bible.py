"""What the roles hand to one another: the story's bible, and a plan of each scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from studio.schema.story import Beat
from studio.schema.storyboard import Person, Place, Scene, Shot


@dataclass(frozen=True)
class Bible:
    """Who and where: the same for every scene. `look` is the film's own where film.yaml has one,
    else the screenwriter's proposal."""

    logline: str = ""
    look: str = ""
    cast: Mapping[str, Person] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True)
class ScenePlan:
    """A scene that is to be covered with shots.

    `scene` has id, heading, place, time, weather, synopsis and `told`, and no shots yet. `text` is
    its part of the story, `beats` what happens in it (a screenplay's own, or the screenwriter's
    as actions), `people` the ids of those who are in it, `seconds` how long it is to last: a
    multiple of half a second, but for the film's last scene.
    """

    scene: Scene
    text: str
    beats: tuple[Beat, ...] = ()
    people: tuple[str, ...] = ()
    seconds: Fraction = Fraction(6)


def sheet(bible: Bible) -> str:
    """The bible as the roles read it, in a fixed order: the shared beginning of every question."""
    lines = [f"Logline: {bible.logline}"] if bible.logline else []
    lines += [f"Look: {bible.look}"] if bible.look else []
    lines += ["People:", *(f"- {who}: {p.name}. {p.looks}" for who, p in bible.cast.items())]
    lines += ["Places:", *(f"- {at}: {p.name}. {p.looks}" for at, p in bible.places.items())]
    return "\n".join(lines)


def story_so_far(plans: list[ScenePlan]) -> str:
    """Every scene in a line, in the order of the film: equal for all questions of a stage."""
    return "\n".join(
        f"{plan.scene.id} {plan.scene.heading}: {plan.scene.synopsis}" for plan in plans
    )


@dataclass(frozen=True)
class Untold:
    """A part of the story whose scenes the model did not give: the writer by rules takes it."""

    text: str
    told: str
    seconds: Fraction


@dataclass(frozen=True)
class Framed:
    """A shot as the storyboarder gives it, without prompts yet, and what its `first` and its
    `last` frame show: the keyframe is painted from the first, the motion leads to the last."""

    shot: Shot
    first: str = ""
    last: str = ""
