"""What `doctor` looks at: the machine, the installation, and a project."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import agents
from studio import __version__
from studio.edit.fonts import face_for
from studio.engines.base import ENGINES, EngineSpec, Llm, known_engines
from studio.errors import StudioError
from studio.project import Project
from studio.stages.production import open_production
from studio.stages.writing import llm_of

SAMPLES = {"Latin": "Ab", "Chinese": "电影", "Arabic": "فيلم", "Cyrillic": "Фильм"}
DISK_NEEDED = 2 * 10**9  # bytes; a minute of film takes about 0.2 GB


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    ok: bool
    says: str
    tip: str = ""


def machine() -> list[Finding]:
    """The installation and what it needs."""
    return [
        Finding(
            "storyreel",
            True,
            f"{__version__}, Python {platform.python_version()}, "
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        ),
        _ffmpeg(),
        *_fonts(),
        *_engines(),
        *_foreign_agents(),
    ]


def project(of: Project) -> list[Finding]:
    """A project: its files, its takes, and the room on its disk."""
    findings = []
    try:
        production = open_production(of)
        of.read_story()
    except StudioError as error:
        return [Finding("project", False, error.message, error.tip)]
    if production is None:
        findings.append(Finding("project", True, f"{of.root.name}: no storyboard yet"))
    else:
        findings.append(Finding("project", True, f"{of.root.name}: {len(production.shots)} shots"))
        findings += [Finding("project", True, note) for note in production.notes]
    findings += _language_model(of)
    free = shutil.disk_usage(of.root).free
    findings.append(
        Finding(
            "disk",
            free > DISK_NEEDED,
            f"{free / 10**9:.1f} GB free",
            "" if free > DISK_NEEDED else "make room before a long film",
        )
    )
    writable = os.access(of.root, os.W_OK)
    if not writable:
        findings.append(
            Finding(
                "project", False, f"{of.root} cannot be written", "look at the folder's permissions"
            )
        )
    return findings


def _language_model(of: Project) -> list[Finding]:
    """The film's language model, where something of it asks one."""
    film = of.read_film()
    if film.engines.writer.engine == "breakdown" and film.engines.llm is None:
        return []
    try:
        llm: Llm = llm_of(film).open()
    except StudioError as error:
        return [Finding("llm", False, error.message, error.tip)]
    return [Finding("llm", ok, says, tip) for ok, says, tip in llm.looked(of.studio_folder)]


def _ffmpeg() -> Finding:
    import imageio_ffmpeg

    try:
        version = imageio_ffmpeg.get_ffmpeg_version()
    except (RuntimeError, OSError) as error:
        return Finding("ffmpeg", False, str(error), "reinstall imageio-ffmpeg, which brings it")
    return Finding("ffmpeg", True, f"{version}, from imageio-ffmpeg")


def _fonts() -> list[Finding]:
    findings = []
    for script, sample in SAMPLES.items():
        missing = face_for(sample).missing
        findings.append(
            Finding(
                "font",
                True,
                f"{script}: {'no font here has it; such text is left out' if missing else 'ok'}",
                "install one, such as Noto Sans CJK" if missing else "",
            )
        )
    return findings


def _engines() -> list[Finding]:
    findings = []
    for kind in ENGINES:
        for name, target in known_engines(kind).items():
            try:
                engine = EngineSpec(kind, name, target).engine_class()
            except StudioError as error:
                findings.append(Finding("engine", False, error.message, error.tip))
            else:
                findings.append(Finding("engine", True, f"{kind} {name}: {engine.about}"))
    return findings


def _foreign_agents() -> list[Finding]:
    """Another distribution that installs a package called `agents` shadows ours."""
    owners = importlib.metadata.packages_distributions().get("agents", [])
    foreign = [name for name in owners if name.lower() != "storyreel"]
    ours = Path(agents.__file__ or "").parent
    expected = Path(__file__).parents[1] / "agents"
    if foreign or ours != expected:
        who = ", ".join(foreign) or str(ours)
        return [
            Finding(
                "agents",
                False,
                f"the package `agents` comes from {who}, not from storyreel",
                f"uninstall it (openai-agents brings one) or give storyreel an environment of "
                f"its own: {sys.executable} -m pip uninstall {foreign[0] if foreign else 'agents'}",
            )
        ]
    return [Finding("agents", True, "storyreel's own")]
