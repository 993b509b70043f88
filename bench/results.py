"""Runs every benchmark, one after another and each alone, and writes bench/RESULTS.md: the
machine, the date, and every figure with its bar.
"""

from __future__ import annotations

import ast
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from figures import Figure

from studio import __version__, ffmpeg

HERE = Path(__file__).parent
BENCHES = ("film", "overhead", "assembly", "writers", "interpolation", "plan_table", "residency")


def main() -> int:
    """Run all; gives 1 where a bar is missed."""
    found = {name: measured(name) for name in BENCHES}
    parts = [head(), *(section(name, figures) for name, figures in found.items())]
    (HERE / "RESULTS.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    missed = [figure for figures in found.values() for figure in figures if not figure.holds]
    print(f"bench/RESULTS.md: {len(missed)} bars missed")
    return 1 if missed else 0


def measured(name: str) -> list[Figure]:
    """The figures of one benchmark. Raises CalledProcessError where it breaks."""
    print(name, flush=True)
    command = [sys.executable, str(HERE / f"{name}.py"), "--json"]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ran.returncode not in (0, 1) or not ran.stdout:
        raise subprocess.CalledProcessError(ran.returncode, f"bench/{name}.py")
    figures = [Figure(**each) for each in json.loads(ran.stdout)]
    for figure in figures:
        print(f"  {figure}", flush=True)
    return figures


def head() -> str:
    """What was measured, where and when."""
    facts = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "Storyreel": __version__,
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": memory(),
        "pace": f"{pace():.2f} CPU-s for ten million additions in Python",
        "system": platform.system(),
        "Python": platform.python_version(),
        "ffmpeg": ffmpeg.version(),
    }
    rows = "\n".join(f"| {name} | {fact} |" for name, fact in facts.items())
    return (
        "# Benchmarks\n\nWritten by `make bench`. CPU-s are processor seconds of the whole process"
        " tree; memory is\nits proportional set size at the highest. Each script under bench/ says"
        f" how it measures.\n\n| | |\n|---|---|\n{rows}"
    )


def section(name: str, figures: list[Figure]) -> str:
    """One benchmark: its docstring's first paragraph, and its figures as a table."""
    about = ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))) or ""
    rows = [f"| {one.what} | {one.shown} {one.unit} | {bar(one)} | {one.note} |" for one in figures]
    table = "\n".join(["| figure | measured | bar | |", "|---|---:|---:|---|", *rows])
    return f"## {name}\n\n{about.partition(chr(10) * 2)[0]}\n\n{table}"


def bar(figure: Figure) -> str:
    """The bar, and how it was met."""
    if figure.bar is None:
        return ""
    word = "at least" if figure.at_least else "at most"
    return f"{word} {figure.bar:g}: {'met' if figure.holds else '**missed**'}"


def processor() -> str:
    """The processor's name, as the system gives it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def pace() -> float:
    """CPU seconds of a plain loop: on a busy machine all figures grow as this one does."""
    began = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - began


def memory() -> str:
    """The machine's memory in GB."""
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"


if __name__ == "__main__":
    sys.exit(main())
