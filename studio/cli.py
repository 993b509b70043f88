"""The command line: `studio COMMAND`. It knows the commands by name and one line of help;
a command's module is loaded when it is used, so that `studio --help` loads nothing else.

Errors are shown here, once: what happened, and what to do next, on stderr.
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from typing import Any

import click

from studio.errors import StudioError

COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("studio.commands.new", "Start a project folder from a template or a story."),
    "write": ("studio.commands.write", "Write the storyboard, or merge what changed into it."),
    "direct": ("studio.commands.direct", "Change the storyboard by a wish in your own words."),
    "plan": ("studio.commands.plan", "Show every step that would run, and why."),
    "make": ("studio.commands.make", "Render what is missing or stale, up to the film."),
    "status": ("studio.commands.status", "Show where every shot stands."),
    "takes": ("studio.commands.takes", "List the takes of one shot."),
    "retake": ("studio.commands.retake", "Render further takes of selected shots."),
    "circle": ("studio.commands.circle", "Choose the take of a shot that the film uses."),
    "approve": (
        "studio.commands.approve",
        "Let clips be rendered from keyframes you looked at.",
    ),
    "accept": ("studio.commands.accept", "Declare stale takes good as they are."),
    "shot": ("studio.commands.shot", "Add, split, move, rename or remove shots."),
    "scene": ("studio.commands.scene", "Add, move, rename or remove scenes."),
    "version": ("studio.commands.version", "Keep what is shown to somebody, by name."),
    "diff": ("studio.commands.diff", "Say in words what changed between two versions."),
    "export": (
        "studio.commands.export",
        "Write a storyboard PDF, a contact sheet or a shot list.",
    ),
    "log": ("studio.commands.log", "List what was done to the project, by command."),
    "clean": ("studio.commands.clean", "Remove takes of removed shots, and old segments."),
    "film": ("studio.commands.film", "Turn a story file into an mp4 in one go."),
    "models": (
        "studio.commands.models",
        "List the models, and get and check their weights.",
    ),
    "llm": ("studio.commands.llm", "Keep the language model running between commands."),
    "doctor": ("studio.commands.doctor", "Check this machine and the project."),
    "schema": ("studio.commands.schema", "Print the JSON schema of film.yaml or storyboard.yaml."),
}


class Commands(click.Group):
    """A group that lists commands from the table and loads them when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a film is made."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command's own module, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; a name that is nearly one is said."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = difflib.get_close_matches(args[0], COMMANDS, 1, 0.6)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]}?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="A command reads the project in -p DIR, or in the nearest folder upward that holds "
    "film.yaml. Messages go to stderr, --json to stdout.",
)
@click.version_option(package_name="storyreel", prog_name="studio")
def studio() -> None:
    """Turn a story into a film: storyboard, keyframes, clips, cut."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and exit with the code of DESIGN's table: 0, 1, 2, 3, 4, 130."""
    try:
        code = studio.main(arguments, prog_name="studio", standalone_mode=False)
    except StudioError as error:
        _say("error", error.message)
        if error.tip:
            _say("tip", error.tip)
        code = error.exit_code
    except click.exceptions.Abort:
        _say("stopped", "nothing was lost; go on with the same command")
        code = 130
    except click.ClickException as error:
        error.show()
        code = 2
    except BrokenPipeError:
        # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        # a folder that is read-only, a disk that is full, a file where a folder belongs
        _say("error", f"{error.filename or 'the output'}: {error.strerror or error}")
        _say("tip", "look at its permissions and the space on its disk; what is finished is kept")
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _say(label: str, text: str) -> None:
    colours = {"error": "red", "tip": "cyan", "stopped": "yellow"}
    colour = False if os.environ.get("NO_COLOR") else None  # None: only on a terminal
    click.echo(
        click.style(f"{label}: ", fg=colours[label], bold=True) + text, err=True, color=colour
    )
