"""The writers' room on a real vLLM server on this CPU, with a tiny random checkpoint: what asking
all of a stage's questions together is worth, what a second run asks, and how much of the
questions' text the server reads only once.

The questions are the storyboarder's for the scenes of a story that the writer by rules found. They
are asked one after another, then all together, with the same seeds and without answers kept, after
the server's prefix cache was emptied each time: the ratio is of the two times by the clock, in one
run. Random weights fill every field to its bound, so answers are as long as they may be: the scenes
are short, of one shot each.

It needs the environment of `make vllm-env`.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import httpx
from figures import Figure, tell
from langchain_core.language_models import BaseChatModel

from agents.asking import Asker
from agents.bible import Bible, ScenePlan
from agents.storyboarder import boarded
from studio.engines.base import NoSettings
from studio.engines.breakdown import Breakdown
from studio.engines.requests import Brief
from studio.engines.vllm.chat import chat_model
from studio.engines.vllm.settings import VllmSettings
from studio.engines.vllm.standby import Standby
from studio.project import read_story

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-vllm" / "bin" / "python"
STORY = ROOT / "tests" / "data" / "stories" / "the-red-headed-league.md"
BRIEF = Brief(seconds=Fraction(150), seed=7)
CONTEXT = 8192
SCENES = 8


@dataclass
class Server:
    """A server that runs, where it is, and how many questions it was sent."""

    settings: VllmSettings
    standby: Standby
    root: str
    requests: int = 0

    def chat(self, answers: Path) -> BaseChatModel:
        """A chat model that keeps its answers in a folder."""
        there = self.standby.address, self.standby.why_gone
        return chat_model(self.settings, *there, answers, self.count)

    def count(self) -> None:
        """One more question was sent."""
        self.requests += 1

    def counters(self) -> tuple[float, float]:
        """Tokens of questions so far, and those of them that the prefix cache held."""
        text = httpx.get(f"{self.root}/metrics").text
        asked, hit = (
            sum(
                float(n)
                for n in re.findall(rf"^vllm:prefix_cache_{what}_total\S* (\S+)$", text, re.M)
            )
            for what in ("queries", "hits")
        )
        return asked, hit


def main() -> int:
    """Measure and tell."""
    if not PYTHON.is_file():
        print(f"{PYTHON} is missing: make vllm-env", file=sys.stderr)
        return 2
    bible, plans = scenes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / "tiny"
        checkpoint = [PYTHON, ROOT / "tests" / "checkpoints.py", "vlm", model]
        subprocess.run(checkpoint, check=True, capture_output=True)
        settings = VllmSettings(
            model=str(model),
            python=str(PYTHON),
            device="cpu",
            kv_cache=1,
            context=CONTEXT,
            temperature=1.0,
        )
        standby = Standby(settings, folder / "server", lambda _: None)
        try:
            server = Server(settings, standby, standby.address().url.removesuffix("/v1"))

            def seconds(answers: str, at_once: int) -> float:
                asker = Asker(server.chat(folder / answers), at_once=at_once, seed=BRIEF.seed)
                began = time.monotonic()
                asyncio.run(boarded(asker, bible, BRIEF, plans, context=CONTEXT))
                return time.monotonic() - began

            one_by_one = seconds("one", 1)
            forget(server)
            before = server.counters()
            together = seconds("all", len(plans))
            asked, hit = (now - then for now, then in zip(server.counters(), before, strict=True))
            sent = server.requests
            seconds("all", len(plans))
            again = server.requests - sent
        finally:
            standby.close()
    return tell(
        [
            Figure("scenes asked about", len(plans), "scenes"),
            Figure("text of questions that the server knew", 100 * hit / asked, "%"),
            Figure("second run", again, "requests", bar=0),
            Figure(
                "one after another by all together",
                one_by_one / together,
                "times",
                bar=2.5,
                at_least=True,
                note=f"{one_by_one:.1f} s against {together:.1f} s",
            ),
        ]
    )


def forget(server: Server) -> None:
    """Empty the server's prefix cache."""
    httpx.post(f"{server.root}/reset_prefix_cache").raise_for_status()


def scenes() -> tuple[Bible, list[ScenePlan]]:
    """The scenes of a story as the writer by rules finds them."""
    board = Breakdown(NoSettings()).write(read_story(STORY), BRIEF)
    plans = [
        ScenePlan(
            scene.model_copy(update={"shots": []}),
            " ".join(shot.action for shot in scene.shots),
            people=tuple(dict.fromkeys(who.who for shot in scene.shots for who in shot.cast)),
            seconds=Fraction(2),
        )
        for scene in board.scenes
    ]
    return Bible(cast=board.cast, places=board.places), plans[:SCENES]


if __name__ == "__main__":
    sys.exit(main())
