"""`studio direct`: a wish in words becomes a change of the storyboard."""

from __future__ import annotations

import sys

import click

from studio.commands.options import project_option
from studio.commands.progress import Lines, console
from studio.desk import direct as desk
from studio.errors import NotFresh
from studio.project import Project


@click.command("direct")
@click.argument("words", metavar="WISH", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@click.option(
    "--yes", is_flag=True, help="Write without asking, unless more than half of the shots go."
)
@project_option
def command(words: tuple[str, ...], dry_run: bool, yes: bool, project: Project) -> int:
    """Have a language model change the storyboard after your WISH, or a client's note.

    studio direct "make the storm scene darker and slower, and cut the second dialogue"

    It shows what would change, in words, and asks before it writes. It can change, add, move and
    remove shots and scenes, cast, places and the film's look, and nothing else. Everything that
    it does not change stays in storyboard.yaml as it is, comments too, and takes stay with their
    shots. The model is the film's (engines: llm in film.yaml).

    Exit code 1: part of the wish could not be done; the rest is proposed all the same. 3: nobody
    was there to be asked, and nothing was written.
    """
    wish = " ".join(words)
    proposal = desk.proposed(project, wish, Lines(console(), quiet=False).show)
    return settled(project, proposal, dry_run=dry_run, yes=yes)


def settled(project: Project, proposal: desk.Proposal, *, dry_run: bool, yes: bool) -> int:
    """Show a proposal, and write it where that is wanted; gives the exit code. Raises NotFresh
    where nobody is here to say so."""
    screen = console()
    for line in lines(proposal):
        screen.print(line, markup=False)
    missed = 1 if proposal.not_done else 0
    if not proposal.summary:
        screen.print("nothing would change")
    elif dry_run:
        screen.print(f"would be: {proposal.summary} (nothing was written)", markup=False)
    elif _agreed(proposal, yes):
        desk.agree(project, proposal)
        screen.print(proposal.summary, markup=False)
    else:
        screen.print("nothing was written")
    return missed


def lines(proposal: desk.Proposal) -> list[str]:
    """A proposal as it is read on the screen."""
    found = []
    for heading, said in proposal.sections.items():
        found += [f"{heading}:", *(f"  {line}" for line in said)]
    if proposal.said:
        found.append(f"The model says: {proposal.said}")
    found += [f"not done: {why}" for why in proposal.not_done]
    return found


def _agreed(proposal: desk.Proposal, yes: bool) -> bool:
    """Whether a person wants it. Raises NotFresh where nobody is here to say so."""
    gone = f"{len(proposal.removed)} of {proposal.shots} shots"
    if yes and not proposal.sweeping:
        return True
    if not sys.stdin.isatty():
        if yes:
            raise NotFresh(
                f"{gone} would go, and --yes does not agree to more than half: nothing was written",
                "answer it in a terminal, or take them out with: studio shot remove",
            )
        raise NotFresh(
            "nobody is here to answer, so nothing was written",
            "read what would change, then run it again with --yes: the same answers are used",
        )
    question = f"{gone} would go: change it so?" if proposal.removed else "change it so?"
    return click.confirm(question, err=True)
