"""The slate of a prompt: the shot that it is written for, and what it may not be at odds with.

It knows the scene, the shot, the cast sheet and the model's budget; it neither asks nor judges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from studio.models import Budget
from studio.prompts import Prompter
from studio.schema.check import BRACES
from studio.schema.storyboard import Person, Scene, Shot

Which = Literal["keyframe", "motion"]

Kind = Literal[
    "empty",
    "form",
    "repeats",
    "language",
    "unknown name",
    "missing person",
    "absent person",
    "missing place",
    "missing look",
    "cast sheet",
    "time of day",
    "camera",
    "cut",
    "phrase",
    "too long",
    "late name",
]
_ALSO_WORDS = frozenset(
    """Amber April Ash Autumn Black Blue Brook Brown Chase Clay Cliff Coral Crystal Daisy Dawn Faith
    Field Fields Forest Fox Frank Frost Ginger Grace Gray Green Grey Grove Hall Hazel Heath Heather
    Hill Hills Holly Honey Hope Hunter Iris Ivy Jade Jasmine Jet Jewel Joy June Lake Lane Lily March
    Marsh May Melody Misty Moon Moss Olive Opal Park Pearl Penny Poppy Rain Ray Red Reed River
    Rivers Robin Rock Rocky Rose Rosemary Rowan Ruby Rusty Sandy Scarlet Silver Sky Snow Star Stone
    Storm Summer Summers Sunny Violet Water Waters West White Wild Will Willow Winter Winters Wolf
    Wood Woods Young""".split()  # noqa: SIM905 - a list of a hundred names is no better to read
)
"""Names that are words as well: first in a sentence, they are somebody's where somebody acts."""
_ACTS = (
    r"(?:['’]s|(?: \w+ly)? (?:stands|sits|waves|smiles|looks|watches|waits|nods|kneels|speaks|"
    r"stares|whispers|shouts|laughs|reaches|glances|frowns|grins|blinks|leans)\b)"
)
_OWNS = (
    r"['’]s (?!(?:[\w-]+ )?(?:hands?|arms?|face|eyes?|head|fingers?|body|back|hair|legs?|feet)\b)"
)
_TITLES = "mr mrs miss ms dr sir lady lord captain the a an of old young little great aunt uncle"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a prompt: `words` say it to the model, `said` are the prompt's own words
    that are at fault, empty where something is missing. `advice` alone is no reason to refuse."""

    kind: Kind
    words: str
    said: str = ""
    advice: bool = False


@dataclass(frozen=True)
class Slate:
    """`which` prompt of a shot, as it is filled in by `prompter`; `told` is everything that the
    storyboarder says of the shot: a prompt that repeats its words contradicts nothing."""

    scene: Scene
    shot: Shot
    prompter: Prompter
    which: Which
    budget: Budget
    told: str = ""
    _called: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def cast(self) -> dict[str, Person]:
        """The film's whole cast, by id."""
        return self.prompter.storyboard.cast

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The ids of those who are in the shot, each once."""
        return tuple(dict.fromkeys(who.who for who in self.shot.cast))

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """The ids of those who are not."""
        return tuple(who for who in self.cast if who not in self.people)

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand in braces here."""
        words = ("place", "look", "time", "weather", "cast")
        return (*self.people, *words, *(("movement",) if self.which == "motion" else ()))

    def filled(self, text: str) -> str:
        """The prompt as its model reads it."""
        return self.prompter.filled(text, self.scene, self.shot)

    def looks(self, who: str) -> str:
        """Everything that cast sheet and shot say of somebody's looks."""
        worn = [one.wears for one in self.shot.cast if one.who == who and one.wears]
        return ", ".join([self.cast[who].looks, *worn])

    def called(self, who: str) -> tuple[str, ...]:
        """What somebody is called in plain words, the whole name first: Sherlock Holmes, Holmes.
        A part that somebody else has too is nobody's."""
        if who not in self._called:
            self._called[who] = self._called_by(who)
        return self._called[who]

    def _called_by(self, who: str) -> tuple[str, ...]:
        name = self.cast[who].name
        shared = {
            word
            for other in self.cast
            if other != who
            for word in re.findall(r"\w+", self.cast[other].name)
        }
        parts = [
            word
            for word in re.findall(r"\w[\w'’-]+", name)
            if word[0].isupper() and word.casefold() not in _TITLES.split() and word not in shared
        ]
        return tuple(dict.fromkeys([name, *reversed(parts)]))

    def mention(self, who: str, text: str) -> re.Match[str] | None:
        """Where somebody is first named in plain words, outside braces, and not only as the owner
        of a thing."""
        hidden = BRACES.sub(lambda match: "\x00" * len(match[0]), text)
        for name in self.called(who):
            kind = name.split()[-1]
            if name[0].islower() and any(kind in self.looks(one) for one in self.people):
                continue  # `the boy` may be any boy who is there
            case = re.IGNORECASE if name[0].islower() else 0
            said = rf"(?<!\w){re.escape(name)}(?!\w)(?!{_OWNS})"
            if name in _ALSO_WORDS:
                said = rf"{said}(?:(?<!^{name})(?<![.!?:] {name})|(?={_ACTS}))"
            if found := re.search(said, hidden, case):
                return found
        return None


def unbraced(text: str) -> str:
    """A prompt's own words: without its names in braces."""
    return BRACES.sub(" ", text)
