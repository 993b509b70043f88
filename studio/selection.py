"""`--select`: which shots a command is about.

A term is a shot's id with wildcards (`sc010_*`), a scene's id, `state:stale` or
`cast:NAME`. `a,b` means both, several --select any of them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import get_args

from studio.errors import SelectionError
from studio.stages.clips import Clips
from studio.stages.inbetweens import Inbetweens
from studio.stages.keyframes import Keyframes
from studio.stages.production import Production
from studio.takes import State

METHODS = ("state", "cast")


def select(
    production: Production, expressions: Sequence[str], states: Callable[[str], set[State]]
) -> list[str]:
    """Ids of the shots that are meant, in the order of the film; all without expressions.

    `states` gives the states of a shot's takes. Raises SelectionError where an
    expression is malformed or nothing matches.
    """
    shots = list(production.shots)
    if not expressions:
        return shots
    chosen: set[str] = set()
    for expression in expressions:
        terms = [term.strip() for term in expression.split(",")]
        if not all(terms):
            raise SelectionError(
                f"--select {expression!r}: a term is empty", "write it as: sc010_*,state:stale"
            )
        matches = [set(_matching(production, term, shots, states)) for term in terms]
        chosen |= set.intersection(*matches)
    if not chosen:
        raise SelectionError(
            f"--select {' '.join(expressions)}: no shot matches",
            f"there are {len(shots)} shots, {shots[0]} to {shots[-1]}; see: studio status",
        )
    return [shot for shot in shots if shot in chosen]


def selected(production: Production, expressions: Sequence[str]) -> list[str]:
    """The shots that --select means, as they stand now. Raises SelectionError."""
    stages = Keyframes(production), Clips(production), Inbetweens(production)
    return select(
        production, expressions, lambda shot: {stage.standing(shot).state for stage in stages}
    )


def _matching(
    production: Production, term: str, shots: Iterable[str], states: Callable[[str], set[State]]
) -> Iterable[str]:
    method, colon, value = term.partition(":")
    if not colon:
        return (
            shot
            for shot in shots
            if fnmatchcase(shot, term) or production.shots[shot][0].id == term
        )
    if method == "state":
        known = get_args(State)
        if value not in known:
            raise SelectionError(
                f"--select {term}: there is no state {value!r}", f"states: {', '.join(known)}"
            )
        return (shot for shot in shots if value in states(shot))
    if method == "cast":
        cast = production.storyboard.cast
        if value not in cast:
            close = difflib.get_close_matches(value, cast, 1, 0.5)
            raise SelectionError(
                f"--select {term}: there is nobody {value!r} in the cast",
                f"did you mean {close[0]}?" if close else f"cast: {', '.join(cast) or 'nobody'}",
            )
        return (
            shot for shot in shots if value in {who.who for who in production.shots[shot][1].cast}
        )
    raise SelectionError(
        f"--select {term}: there is no method {method!r}",
        f"write an id with wildcards, or one of {', '.join(f'{name}:' for name in METHODS)}",
    )
