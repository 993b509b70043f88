"""What this machine's own takes say about how long a model takes here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from studio.residency.expectation import Measured, Work
from studio.residency.policy import Booster, Policy
from studio.schema.take import Take


def experience(takes: Iterable[Take]) -> tuple[Measured, ...]:
    """The takes that say what they were made with and how long it took. Those of engines without a
    model do not, nor do failed ones, nor those that ran out of memory on the way."""
    return tuple(measured for take in takes if (measured := _measured(take)) is not None)


def _measured(take: Take) -> Measured | None:
    said = take.recorded
    asked = take.request.get("request")
    size = asked.get("size") if isinstance(asked, dict) else None
    boosters = said.get("boosters", [])
    if (
        take.status == "failed"
        or "tried" in said
        or said.get("policy") not in get_args(Policy)
        or not isinstance(boosters, list)
        or not set(boosters) <= set(get_args(Booster))
        or not isinstance(said.get("model"), str)
        or not isinstance(said.get("steps"), int)
        or not isinstance(said.get("seconds"), (int, float))
        or said["seconds"] <= 0
        or not (isinstance(size, list) and len(size) == 2)
    ):
        return None
    work = Work(said["policy"], tuple(boosters), said["steps"], take.frames, (size[0], size[1]))
    return Measured(said["model"], said.get("card") or "", work, float(said["seconds"]))
