"""What was done to a project, by command: log.jsonl in its folder, one JSON object a line.

A record, not a cache: it stays when .studio/ is deleted. Only what changed something is
noted. A line that does not read is passed over, so that a merge or a crash costs one line.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime

from studio.errors import StudioError
from studio.project import Project

NAME = "log.jsonl"


@dataclass(frozen=True)
class Entry:
    """One command: when it ended (ISO 8601, UTC), what was asked, what it did in words."""

    at: str
    command: str
    did: str


def note(project: Project, command: str, did: str) -> None:
    """Add an entry to the project's log. Raises StudioError where it cannot be written."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"at": at, "command": command, "did": did}, ensure_ascii=False) + "\n"
    try:
        with (project.root / NAME).open("ab") as log:
            log.write(line.encode())
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise StudioError(
            f"{NAME} cannot be written: {error.strerror}",
            "what was done is done; look at the folder's permissions and the space on the disk",
        ) from error


def read(project: Project) -> list[Entry]:
    """All entries, the oldest first."""
    path = project.root / NAME
    if not path.is_file():
        return []
    entries = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            said = json.loads(line)
            entries.append(Entry(str(said["at"]), str(said["command"]), str(said["did"])))
        except (ValueError, KeyError, TypeError):
            continue
    return entries
