"""Prints docs/commands.md: the help page of every command. Run by `make docs`; a test
checks that the page is up to date."""

from __future__ import annotations

import click

from studio.cli import COMMANDS, studio

WIDTH = 92


def page() -> str:
    """The whole page as Markdown."""
    parts = [
        "# Commands",
        "",
        "What `studio --help` and `studio COMMAND --help` print. Made by `make docs`.",
        "",
        *_section("studio", studio, None),
    ]
    context = click.Context(studio, info_name="studio")
    for name in COMMANDS:
        command = studio.get_command(context, name)
        assert command is not None
        parts += _section(f"studio {name}", command, context)
    return "\n".join(parts)


def _section(title: str, command: click.Command, parent: click.Context | None) -> list[str]:
    context = click.Context(
        command,
        info_name=title.split()[-1],
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )
    return [f"## {title}", "", "```", command.get_help(context), "```", ""]


if __name__ == "__main__":
    click.echo(page(), nl=False)
