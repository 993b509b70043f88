"""The roles' prompts: `templates/agents/<role>.md`, in parts under `## ` headings.

A part holds names after a dollar sign, `$story`. What is put in for them is data: it is quoted
between marks that it cannot close, so that nothing in a story reads as an instruction of ours.
"""

from __future__ import annotations

import re
from functools import cache
from string import Template

from studio.errors import StudioError
from studio.templates import templates

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def filled(role: str, part: str, **values: str) -> str:
    """A part of a role's page with its names replaced. Raises StudioError where the page has no
    such part, or a name that no value was given for."""
    parts = _parts(role)
    try:
        return Template(parts[part]).substitute(values)
    except KeyError as error:
        raise StudioError(f"templates/agents/{role}.md: {part} has no {error}") from error


def quoted(mark: str, text: str) -> str:
    """Data between `<mark>` and `</mark>`; such marks inside it lose their brackets."""
    inside = re.sub(rf"<(/?\s*{re.escape(mark)}\s*)>", r"(\1)", text, flags=re.IGNORECASE)
    return f"<{mark}>\n{inside}\n</{mark}>"


@cache
def _parts(role: str) -> dict[str, str]:
    page = (templates() / "agents" / f"{role}.md").read_text(encoding="utf-8")
    pieces = _HEADING.split(page)
    return {
        name.strip(): text.strip() for name, text in zip(pieces[1::2], pieces[2::2], strict=True)
    }
