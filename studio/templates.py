"""Where the templates are: beside this package when it was installed from a wheel, at the
top of the checkout otherwise."""

from __future__ import annotations

from pathlib import Path

from studio.errors import StudioError


def templates() -> Path:
    """The folder of templates. Raises StudioError where the installation has none."""
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise StudioError(
        f"this installation has no templates beside {package}",
        "install storyreel again from its wheel or its checkout",
    )
