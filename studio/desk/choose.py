"""Choosing takes: circling one, and declaring stale ones good."""

from __future__ import annotations

from typing import Any

from studio.errors import StudioError
from studio.project import Project
from studio.schema.storyboard import TakeKind
from studio.stages.production import written_production
from studio.stages.takes import require


def circle(project: Project, shot: str, kind: TakeKind, number: int | None) -> None:
    """Circle a take in storyboard.yaml, or none. Raises StudioError where it is not there."""
    production = written_production(project)
    require(production, [shot])
    good = [take.number for take in production.takes.of(shot, kind) if take.status == "good"]
    if number is not None and number not in good:
        known = ", ".join(str(one) for one in good) or "none"
        raise StudioError(f"{shot} has no good {kind} take {number}", f"takes there: {known}")

    def change(document: Any) -> None:
        fields = next(
            each for scene in document["scenes"] for each in scene["shots"] if each["id"] == shot
        )
        if number is not None:
            if not isinstance(fields.get("takes"), dict):
                fields["takes"] = {}
            fields["takes"][kind] = number
        elif kind in (fields.get("takes") or {}):
            del fields["takes"][kind]
            if not fields["takes"]:
                del fields["takes"]

    project.change_storyboard(change)
