"""Holding a project for work that renders, moves or removes takes: its lock, what a crash
left tidied up, the run's log, and an executor. Reads and edits of intent need none of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from studio.events import Listener
from studio.executors import Executor
from studio.executors.local import LocalExecutor
from studio.project import Project
from studio.runlog import logged
from studio.scaffold import write_schemas
from studio.takes import Takes


@contextmanager
def held(project: Project, what: str, on_event: Listener) -> Iterator[tuple[Executor, Listener]]:
    """The project, locked and tidied for `studio <what>`: its executor, and a listener that
    logs. Raises ProjectBusy where another run holds it."""
    with project.locked(f"studio {what}"):
        scratch = project.studio_folder / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        Takes(project).recover()
        write_schemas(project)
        with logged(project.studio_folder, on_event) as listen:
            executor = LocalExecutor(scratch)
            try:
                yield executor, listen
            finally:
                executor.close(listen)
