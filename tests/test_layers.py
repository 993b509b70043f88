"""The rooms of docs/architecture.md: whom each may import, and whose vendors they are."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLE = re.compile(r"^\| `([\w.]+)` \|[^|]*\|([^|]*)\|([^|]*)\|$", re.MULTILINE)
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    room: (
        {word.strip() for word in imports.split(",") if word.strip()},
        {word.strip() for word in vendors.split(",") if word.strip()},
    )
    for room, imports, vendors in TABLE.findall(
        (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    )
}
HEAVY = (
    "torch diffusers transformers langchain langchain_core moviepy ray pydantic numpy PIL cv2 rich"
)
VENDORS = {
    "numpy",
    "cv2",
    "resvg_py",
    "moviepy",
    "PIL",
    "psutil",
    "httpx",
    "langchain_core",
    "openai",
    "torch",
    "torchao",
    "diffusers",
    "transformers",
    "safetensors",
    "huggingface_hub",
}
MODULES = sorted(
    path.relative_to(ROOT)
    for package in ("studio", "agents")
    for path in ROOT.glob(f"{package}/**/*.py")
)


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str | None:
    """The most specific room that a module belongs to."""
    rooms = [room for room in ROOMS if module == room or module.startswith(f"{room}.")]
    return max(rooms, key=len, default=None)


def imported(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it, except for types alone."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            found |= {base} if base != "studio" else {f"studio.{each.name}" for each in node.names}
    return found


def test_the_table_is_read() -> None:
    assert len(ROOMS) > 20
    assert ROOMS["studio.cli"] == ({"errors"}, {"click"})


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_keep_to_the_rooms(path: Path) -> None:
    module = module_name(path)
    if module == "studio":
        assert imported(path) <= {"__future__"}
        return
    room = room_of(module)
    assert room is not None, f"{module} stands in no room of docs/architecture.md"
    imports, vendors = ROOMS[room]
    allowed = {name if name.startswith("agents") else f"studio.{name}" for name in imports} | {room}
    for name in imported(path):
        top = name.split(".")[0]
        if top in ("studio", "agents"):
            target = room_of(name)
            assert target in allowed or name == "studio.__version__", f"{module} imports {name}"
        elif top not in sys.stdlib_module_names:
            assert top in vendors, f"{module} imports the vendor {top}"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, runpy\n"
        f"sys.argv = ['studio', *{arguments!r}]\n"
        "try:\n    runpy.run_module('studio', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        f"print('LOADED', *sorted(set({HEAVY!r}.split()) & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize(
    "module",
    [
        "studio.engines.sketch",
        "studio.engines.board",
        "studio.engines.pan",
        "studio.engines.null",
        "studio.engines.breakdown",
        "studio.engines.vllm",
        "studio.engines.texts",
        "studio.engines.flux",
        "studio.engines.cogvideox",
        "studio.engines.hold",
        "studio.engines.blend",
        "studio.engines.flow",
        "studio.engines.minterpolate",
        "studio.engines.rife",
        "agents.room",
    ],
)
def test_engine_modules_load_their_vendors_late(module: str) -> None:
    code = f"import sys, {module}\nprint(*sorted({VENDORS} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
