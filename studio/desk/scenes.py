"""Scenes added, moved, renamed and removed: as in `shots`, the storyboard's text is changed,
checked and laid out before it is written, and the project's log says what was done.

Every function raises StudioError where it cannot be done; nothing is changed then.
"""

from __future__ import annotations

from studio.desk.shots import Done, kept, noted, rewrite, used_ids
from studio.project import Project
from studio.revise.text import scenes as revise
from studio.revise.text.shots import Spot


def add(project: Project, spot: Spot, heading: str, place: str | None = None) -> Done:
    """A new scene without shots; its place is the one that the heading names, which is added
    where there is none of that name, unless `place` is the id of another."""
    read = revise.read_heading(heading)
    used, new, at = used_ids(project), "", ""

    def change(text: str) -> str:
        nonlocal new, at
        text, new, at = revise.add(text, spot, read, place, used)
        return text

    rewrite(project, change)
    return noted(project, "scene add", f"added {new} {spot}, at the place {at}", new)


def move(project: Project, scene: str, spot: Spot) -> Done:
    """A scene with its shots at another place; all ids stay."""
    if not rewrite(project, lambda text: revise.move(text, scene, spot)):
        return Done(f"{scene} stands {spot} already")
    return noted(project, "scene move", f"moved {scene} {spot}")


def rename(project: Project, scene: str, new: str) -> Done:
    """A scene under another id; its shots keep theirs, and with them their takes."""
    used = used_ids(project)
    rewrite(project, lambda text: revise.rename(text, scene, new, used))
    return noted(project, "scene rename", f"renamed {scene} to {new}; its shots keep their ids")


def remove(project: Project, scene: str) -> Done:
    """A scene and its shots taken out of the storyboard; their takes stay in takes/."""
    shots: list[str] = []

    def change(text: str) -> str:
        shots.extend(revise.shots_of(text, scene))
        return revise.remove(text, scene)

    rewrite(project, change)
    many = f" with {len(shots)} shot{'s' if len(shots) > 1 else ''}" if shots else ""
    return noted(project, "scene remove", f"removed {scene}{many}{kept(project, shots)}")
