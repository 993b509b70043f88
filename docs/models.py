"""Prints docs/models.md: what each model takes and gives, from the contracts in studio/models/.
Run by `make docs`; a test checks that the page is up to date."""

from __future__ import annotations

from collections.abc import Iterable

import click

from studio.models.contract import Contract, contracts

HEAD = (
    "model",
    "does",
    "size",
    "frames",
    "prompt, in tokens",
    "defaults",
    "licence",
    "commercial use",
)


def page() -> str:
    """The whole page as Markdown."""
    parts = [
        "# Models",
        "",
        "What the models that Storyreel knows take and give: their contracts, from the data files",
        "in `studio/models/`. Made by `make docs`.",
        "",
        _row(HEAD),
        _row("---" for _ in HEAD),
        *(_row(_cells(one)) for one in contracts()),
        "",
        "A gated repository on Hugging Face opens to those who have agreed to its terms there.",
    ]
    for one in contracts():
        names = ", ".join(f"`{name}`" for name in one.names[1:])
        parts += [
            "",
            f"## {one.name}",
            "",
            f"Repository: {names}. Where the figures come from:",
            "",
        ]
        parts += [f"- {part}: {source}" for part, source in one.sources.items()]
    return "\n".join(parts) + "\n"


def _cells(one: Contract) -> tuple[str, ...]:
    frames, prompt = one.frames, one.prompt
    reads = f"{prompt.tokens} ({prompt.encoder.upper()}, {' '.join(prompt.languages)})"
    if prompt.leading:
        reads += f"; the first {prompt.leading.tokens} ({prompt.leading.encoder.upper()}) lead"
    return (
        one.name,
        ", ".join(one.tasks),
        f"{one.sizes.default}; {one.sizes}" if one.sizes.step else str(one.sizes),
        f"{frames.default} at {frames.rate} a second; {frames}" if frames else "a picture",
        reads,
        f"{one.defaults.steps} steps, guidance {one.defaults.guidance:g}",
        one.licence.name + (", gated" if one.licence.gated else ""),
        one.licence.commercial,
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    click.echo(page(), nl=False)
