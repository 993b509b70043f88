"""Prints docs/models.md: what each model takes and gives, from the contracts in studio/models/.
Run by `make docs`; a test checks that the page is up to date."""

from __future__ import annotations

from collections.abc import Iterable

import click

from studio.models.contract import Contract, contracts
from studio.models.described import described

HEAD = ("model", "does", "size", "frames", "prompt", "GB", "licence", "commercial use")


def page() -> str:
    """The whole page as Markdown."""
    parts = [
        "# Models",
        "",
        "What the models that Storyreel knows take and give: their contracts, from the data files",
        "in `studio/models/`. Made by `make docs`. `studio models list` says which of them are on",
        "your machine and fit its card, `studio models pull` gets them.",
        "",
        _row(HEAD),
        _row("---" for _ in HEAD),
        *(_row(_cells(one)) for one in contracts()),
        "",
        "GB are those of all weights, in 16 bit. A gated repository on Hugging Face opens to those",
        "who have agreed to its terms there.",
    ]
    for one in contracts():
        names = ", ".join(f"`{name}`" for name in one.names[1:])
        runs = ", ".join(f"{task} by `{kind}`" for task, kind in one.pipelines.items())
        parts += [
            "",
            f"## {one.name}",
            "",
            f"Repository: {names}. {runs[0].upper()}{runs[1:]}.",
            "",
        ]
        for part, said in described(one).items():
            parts.append(f"- {part}: {said}. *Source: {one.sources[part]}.*")
    return "\n".join(parts) + "\n"


def _cells(one: Contract) -> tuple[str, ...]:
    said = described(one)
    return (
        one.name,
        ", ".join(one.tasks),
        said["sizes"],
        said.get("frames", "a picture"),
        said["prompt"],
        f"{sum(one.weights.values()):.1f}",
        one.licence.name + (", gated" if one.licence.gated else ""),
        one.licence.commercial,
    )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    click.echo(page(), nl=False)
