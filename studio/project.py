"""The project folder: where its files are, and reading and writing them without loss.

Intent (film.yaml, the story, storyboard.yaml, boards/) is written by people; this
module writes it only where the caller was asked to. Every write goes to a temporary
name and is renamed into place.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from studio.documents import (
    parse_document,
    problem_at,
    read_document,
    read_text,
)
from studio.errors import DocumentError, ProjectBusy, StudioError
from studio.readings import read_kept
from studio.schema.check import problems
from studio.schema.film import Film
from studio.schema.story import Story
from studio.schema.storyboard import Storyboard
from studio.screenplay import SCREENPLAYS, read_screenplay

EDIT_SECONDS = 20
"""How long an edit of the storyboard waits for another one."""

STORY_NAMES = ("story.md", "story.txt", "story.fountain", "story.fdx")
FILM_MODELINE = "# yaml-language-server: $schema=.studio/film.schema.json"
STORYBOARD_MODELINE = "# yaml-language-server: $schema=.studio/storyboard.schema.json"


class Project:
    """A folder that holds film.yaml."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    @classmethod
    def find(cls, start: Path, *, upward: bool = True) -> Project:
        """The project at `start`, or in the nearest folder above it. Raises StudioError."""
        folder = start.resolve()
        for candidate in (folder, *(folder.parents if upward else ())):
            if (candidate / "film.yaml").is_file():
                return cls(candidate)
        raise StudioError(
            f"there is no film.yaml in {start}" + (" or above it" if upward else ""),
            "start one with: studio new DIR, or name one with: -p DIR",
        )

    # --- places ------------------------------------------------------------------------

    @property
    def film_file(self) -> Path:
        """What film, how."""
        return self.root / "film.yaml"

    @property
    def storyboard_file(self) -> Path:
        """Cast, places, scenes, shots; there once it is written."""
        return self.root / "storyboard.yaml"

    @property
    def takes_folder(self) -> Path:
        """A folder a shot, with its numbered takes."""
        return self.root / "takes"

    @property
    def boards_folder(self) -> Path:
        """A person's own drawings: sc010_sh020.png, its further panels sc010_sh020_b.png …"""
        return self.root / "boards"

    @property
    def versions_folder(self) -> Path:
        """A folder for each version that was kept by name."""
        return self.root / "versions"

    @property
    def drafts_folder(self) -> Path:
        """Storyboards as the writer wrote them."""
        return self.root / "drafts"

    @property
    def studio_folder(self) -> Path:
        """Lock, logs, caches, segments: may be deleted at any time."""
        return self.root / ".studio"

    def inside(self, relative: str) -> Path:
        """A file of the project by its relative path. Raises StudioError where a link
        leads out of the project's folder."""
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root):
            raise StudioError(
                f"{relative} leads out of the project", "copy the file into the project's folder"
            )
        return path

    # --- intent ------------------------------------------------------------------------

    def read_film(self) -> Film:
        """film.yaml. Raises DocumentError with the line."""
        return read_document(self.film_file, Film)

    def read_storyboard(self, film: Film) -> Storyboard | None:
        """storyboard.yaml, checked against the film; None where none is written yet."""
        if not self.storyboard_file.is_file():
            return None
        storyboard = self.read_content(self.storyboard_file)
        for problem in problems(film, storyboard):
            raise problem_at(self.storyboard_file, problem.loc, problem.text, problem.tip)
        if not any(True for _ in storyboard.shots()):
            raise DocumentError(
                "storyboard.yaml: holds no shot",
                "add one under a scene, or remove the file and run: studio write",
            )
        return storyboard

    def read_content(self, path: Path) -> Storyboard:
        """A storyboard of the project, or a draft of it, whether or not it holds together. Raises
        DocumentError with the line."""
        return read_kept(path, Storyboard, self.studio_folder / "cache")

    def story_file(self) -> Path:
        """The story. Raises StudioError where there is none, or where there are several."""
        found = [name for name in STORY_NAMES if (self.root / name).is_file()]
        if not found:
            raise StudioError(
                f"there is no story in {self.root.name}",
                "write it as plain text into story.md, or put a screenplay there as story.fountain"
                " or story.fdx",
            )
        if len(found) > 1:
            raise StudioError(
                f"{self.root.name} holds {' and '.join(found)}, and a film tells one story",
                "keep one of them, and give the others another name",
            )
        return self.inside(found[0])

    def read_story(self) -> Story:
        """The story, a screenplay with its scenes. Raises DocumentError where it does not read."""
        return read_story(self.story_file())

    # --- writing -----------------------------------------------------------------------

    @contextlib.contextmanager
    def locked(self, what: str) -> Iterator[None]:
        """Hold the project for writing. Raises ProjectBusy that says who holds it."""
        from filelock import FileLock, Timeout  # reading needs no lock, and is to begin at once

        self.studio_folder.mkdir(parents=True, exist_ok=True)
        holder = self.studio_folder / "holder.json"
        lock = FileLock(self.studio_folder / "lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise ProjectBusy(
                f"{self.root.name} is in use{_who_holds(holder)}",
                "wait until it is done, or stop it with Ctrl-C where it runs",
            ) from None
        try:
            write_atomic(
                holder,
                json.dumps(
                    {
                        "command": what,
                        "process": os.getpid(),
                        "machine": socket.gethostname(),
                        "since": datetime.now(UTC).isoformat(timespec="seconds"),
                    }
                ),
            )
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def rewrite_storyboard(self, rewrite: Callable[[str], str]) -> None:
        """Alter the text of storyboard.yaml, one editor at a time; a run that renders meanwhile
        goes on with what it read.

        What comes of it is checked before anything is written. Raises StudioError where it does
        not hold, and ProjectBusy where another editor does not let go of the file.
        """
        from filelock import FileLock, Timeout

        path = self.storyboard_file
        if not path.is_file():
            raise StudioError("there is no storyboard yet", "write one with: studio make")
        self.studio_folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.studio_folder / "edit.lock")
        try:
            lock.acquire(timeout=EDIT_SECONDS)
        except Timeout:
            raise ProjectBusy(
                "storyboard.yaml is being changed by another command", "try again in a moment"
            ) from None
        try:
            before = read_text(path)
            text = rewrite(before)
            storyboard = parse_document(text, path, Storyboard)
            for problem in problems(self.read_film(), storyboard):
                raise StudioError(problem.text, problem.tip)
            if text != before:
                mark = "\ufeff" if path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
                write_atomic(path, mark + text)
        finally:
            lock.release()


def story_name(path: Path) -> str:
    """What a story file is called in a project."""
    ending = path.suffix.lower()
    return f"story{ending}" if ending in SCREENPLAYS else "story.md"


def read_story(path: Path) -> Story:
    """What a story file tells: a screenplay by its ending, anything else as prose.

    Of prose the HTML comments are left out, and a `# ` heading that it begins with is its title.
    Raises DocumentError where the file is empty, binary, not UTF-8, or a broken screenplay.
    """
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    if path.suffix.lower() in SCREENPLAYS and text.strip():
        return read_screenplay(text, path.name)
    commented = text.rfind("-->") + 3 if "-->" in text else 0  # what stays open is no comment
    text = re.sub(r"<!--.*?-->", "", text[:commented], flags=re.DOTALL) + text[commented:]
    text = text.strip()
    if not text:
        raise DocumentError(
            f"{path.name} is empty", "write the story into it: one sentence is enough"
        )
    first, _, rest = text.partition("\n")
    if first.startswith("# ") and rest.strip():
        return Story(text=rest.strip(), title=first.removeprefix("# ").strip())
    return Story(text=text)


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write a whole file or nothing: to a temporary name, synced, renamed into place."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise StudioError(
            f"{path.name} cannot be written: {error.strerror}",
            "look at the folder's permissions and the space on the disk",
        ) from error


def _who_holds(holder: Path) -> str:
    try:
        who = json.loads(holder.read_text(encoding="utf-8"))
        return (
            f": `{who['command']}` (process {who['process']} on {who['machine']},"
            f" since {who['since']})"
        )
    except (OSError, ValueError, KeyError):
        return " by another run"


def command_line() -> str:
    """The command as typed, for the lock's holder."""
    return " ".join(["studio", *sys.argv[1:]])
