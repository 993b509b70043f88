"""`direct` in a project: what is shown, what is asked, what is written, and that nothing else
changes by a byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from agents.scripted import ScriptedChat
from studio import history
from studio.commands import direct as command
from studio.desk.direct import Opening, Proposal, agree, proposed
from studio.engines.base import Talk
from studio.errors import Missing, NotFresh, StudioError
from studio.project import Project
from studio.schema.storyboard import Shot, Storyboard
from tests.conftest import Gen, Studio

ONE, TWO, THREE = "sc010_sh010", "sc010_sh020", "sc020_sh010"
TREATMENT = Path(__file__).parents[1] / "days" / "treatment.md"
BOARD = """\
# My storyboard.
schema: storyboard/1
cast:
  mara: {name: Mara, looks: "a woman of sixty, grey braid"}   # as in the photo
  tom:
    name: Tom
    looks: 'a boy of ten, red cap'
places:
  tower: {name: the lighthouse, looks: white stone}
  shore: {name: the shore, looks: black basalt}

scenes:
- id: sc010
  heading: EXT. LIGHTHOUSE - DUSK
  place: tower
  time: dusk          # never earlier
  shots:

  # the client loves this one
  - id: sc010_sh010
    size: ELS
    duration: 2s      # not shorter
    cast: [mara]
    action: Mara stands at the rail.
    narration: >
      On the ninth day
      she stopped looking.

  - id: sc010_sh020
    duration: 2s
    movement: dolly in
    cast: [mara, {who: tom, at: left}]
    action: Tom calls to her.
    dialogue:
    - {who: tom, line: A boat!}
    - who: mara
      line: No.
    keyframe: "{tom} calls to {mara}. {place}. {look}."
    motion: "{tom} waves. {movement}."

- id: sc020
  heading: EXT. SHORE - NIGHT
  place: shore
  shots:
  - {id: sc020_sh010, size: LS, duration: 2.5s, cast: [tom], action: Tom runs down to the boat.}
# the end
"""
FILM_TEXT = """\
schema: film/1
title: Small
frame: 192x108   # small on purpose
rate: 12
look: pencil     # Anna's idea
cards: false
engines: {painter: "null", animator: "null"}
"""


@pytest.fixture
def project(gen: Gen) -> Project:
    return gen(files={"storyboard.yaml": BOARD, "film.yaml": FILM_TEXT})


def edit(shot: str, **changes: Any) -> dict[str, Any]:
    listed = [{"field": field, "to": to} for field, to in changes.items()]
    return {"tool": "edit_shot", "shot": shot, "changes": listed}


def says(*calls: dict[str, Any], say: str = "", done: bool = True) -> dict[str, Any]:
    return {"say": say or "So be it.", "calls": list(calls), "done": done}


def talk(*rounds: Any) -> Opening:
    """A model that answers so, round by round, and then that it is done."""
    waiting = list(rounds)

    def reply(schema: str, messages: list[BaseMessage]) -> Any:
        said = waiting.pop(0) if waiting else says(say="That is all.")
        if isinstance(said, Exception):
            raise said
        return said

    @contextmanager
    def opened() -> Iterator[Talk]:
        yield Talk(ScriptedChat(reply=reply), context=16384, at_once=4)

    def opening() -> AbstractContextManager[Talk]:
        return opened()

    return opening


def wished(project: Project, *rounds: Any) -> Proposal:
    return proposed(project, "a wish", lambda _: None, talk(*rounds))


def text(project: Project) -> str:
    return project.storyboard_file.read_text(encoding="utf-8")


def board_of(project: Project) -> Storyboard:
    storyboard = project.read_storyboard(project.read_film())
    assert storyboard
    return storyboard


def shots(project: Project) -> dict[str, Shot]:
    return {shot.id: shot for _, shot in board_of(project).shots()}


def told(proposal: Proposal) -> str:
    return "\n".join(command.lines(proposal))


# --- what is proposed and written --------------------------------------------------------


def test_only_what_was_wished_for_changes(project: Project) -> None:
    proposal = wished(
        project,
        says(
            edit(ONE, duration="3s", narration="On the ninth day."),
            edit(TWO, dialogue=[{"who": "tom", "line": "A boat!"}], movement="static"),
            {"tool": "set_look", "look": "pencil, deep shadows"},
            say="Slower, darker, without her answer.",
        ),
    )
    assert text(project) == BOARD
    assert proposal.summary == (
        "1 shot retimed, 1 changed, 2 lines changed, settings of the film changed"
    )
    assert command.lines(proposal) == [
        "The film:",
        "  length 6.5s → 7.5s",
        "  look: “pencil” → “pencil, deep shadows”",
        "Shots:",
        "  sc010_sh010: 2s → 3s",
        "  sc010_sh020: camera dolly in → static",
        "Lines:",
        "  sc010_sh010, narration: “On the ninth day she stopped looking.” → “On the ninth day.”",
        "  sc010_sh020, Mara, gone: “No.”",
        "The model says: Slower, darker, without her answer.",
    ]
    agree(project, proposal)
    wanted = BOARD.replace("duration: 2s      # not", "duration: 3s      # not")
    wanted = wanted.replace(
        "narration: >\n      On the ninth day\n      she stopped looking.\n",
        "narration: On the ninth day.\n",
    )
    wanted = wanted.replace("    movement: dolly in\n", "")
    wanted = wanted.replace("    - who: mara\n      line: No.\n", "")
    wanted = wanted.replace(
        "    - {who: tom, line: A boat!}\n", "    - who: tom\n      line: A boat!\n"
    )
    assert text(project) == wanted
    assert project.film_file.read_text(encoding="utf-8") == FILM_TEXT.replace(
        "look: pencil     #", "look: pencil, deep shadows     #"
    )
    [entry] = history.read(project)
    assert (entry.command, entry.did) == ('direct "a wish"', proposal.summary)


def test_added_and_removed_shots_keep_to_the_rules_of_ids(project: Project) -> None:
    (project.takes_folder / "sc010_sh015").mkdir(parents=True)
    add = {
        "tool": "add_shot",
        "where": "after",
        "beside": ONE,
        "size": "CU",
        "duration": "1.5s",
        "action": "A gull.",
    }
    once = wished(project, says(add, {"tool": "remove_shot", "shot": TWO}))
    assert "sc010_sh014: added after sc010_sh010, 1.5s: “A gull.”" in told(once)
    agree(project, once)
    assert list(shots(project)) == [ONE, "sc010_sh014", THREE]
    assert "# the client loves this one\n  - id: sc010_sh010" in text(project)
    assert "removed sc010_sh020" in history.read(project)[-1].did
    again = wished(project, says(add | {"beside": "sc010_sh014"}))
    agree(project, again)
    assert TWO not in shots(project)  # it belongs to the shot that was removed


def test_what_the_film_cannot_lay_out_is_mended_in_the_next_round(project: Project) -> None:
    proposal = wished(
        project,
        says(edit(TWO, transition="dissolve 5s"), edit(ONE, size="LS")),
        says(edit(TWO, transition="dissolve 1s")),
    )
    assert proposal.not_done == ()
    agree(project, proposal)
    assert str(shots(project)[TWO].transition) == "dissolve 1s"


def test_what_could_not_be_done_is_said(project: Project) -> None:
    wrong = edit(TWO, transition="dissolve 5s")
    said = told(wished(project, says(wrong, edit(ONE, size="LS")), says(wrong)))
    assert "not done: edit_shot sc010_sh020: sc010_sh020: transition: dissolve 5s does not" in said
    nothing = wished(project, says(edit("sc070_sh010", size="LS")))
    assert (nothing.summary, nothing.sections) == ("", {})


def test_prompts_are_shown_whole(project: Project) -> None:
    said = told(wished(project, says(edit(TWO, motion="{tom} turns. {movement}.", keyframe=""))))
    assert (
        f"  {TWO}, picture prompt: “{{tom}} calls to {{mara}}. {{place}}. {{look}}.” is gone"
        in said
    )
    assert f"  {TWO}, movement prompt: “{{tom}} waves. {{movement}}.” → “{{tom}} turns." in said


def test_prompts_whose_fields_change_are_named(studio: Studio, tmp_path: Path) -> None:
    root = tmp_path / "ferry"
    assert studio("new", root, "--story", TREATMENT).code == 0
    assert studio("write", "-p", root).code == 0
    project = Project(root)
    first, second, *_ = shots(project)
    agree(project, wished(project, says(edit(first, keyframe="Rain on {place}. {look}."))))
    closer = [edit(shot, size="CU", angle="low") for shot in (first, second)]
    said = told(wished(project, says(*closer)))
    assert f"  {second}, picture prompt: composed from the fields, as these change" in said
    assert f"  {first}, picture prompt: yours, and used as it stands, although its fields" in said
    said = told(wished(project, says(edit(second, size="CU", keyframe="{place}, close. {look}."))))
    assert "composed" not in said


def test_a_wish_for_every_shot_is_one_round(project: Project) -> None:
    proposal = wished(project, says(*(edit(s, movement="handheld") for s in (ONE, TWO, THREE))))
    assert "sc010_sh010, sc020_sh010: camera static → handheld" in told(proposal)


def test_what_it_makes_stale_is_counted(done: Project) -> None:
    said = told(wished(done, says(edit(ONE, action="Mara waves."), edit(TWO, duration="1.9s"))))
    assert "Rendered anew by the next studio make:\n  1 keyframe and 1 clip" in said


def test_a_look_is_added_where_film_yaml_has_none(gen: Gen) -> None:
    film = "# mine\r\nschema: film/1\r\ntitle: Small\r\nseed: 7 # lucky\r\n"
    project = gen(files={"film.yaml": b"\xef\xbb\xbf" + film.encode()})
    proposal = wished(project, says({"tool": "set_look", "look": "noir: black"}))
    agree(project, proposal)
    assert (
        project.film_file.read_bytes()
        == b"\xef\xbb\xbf" + film.replace("Small\r\n", "Small\r\nlook: 'noir: black'\r\n").encode()
    )


def test_a_clients_notes_on_a_written_storyboard(studio: Studio, tmp_path: Path) -> None:
    root = tmp_path / "ferry"
    assert studio("new", root, "--story", TREATMENT).code == 0
    assert studio("write", "-p", root).code == 0
    project = Project(root)
    before, board = text(project), shots(project)
    scenes = [scene.id for scene in board_of(project).scenes]
    first, *_, last = board
    looks = "a woman of seventy, white hair pinned up, long red coat"
    proposal = wished(
        project,
        says(
            edit(first, size="CU", duration="6s"),
            {"tool": "remove_shot", "shot": last},
            {"tool": "set_cast", "who": "ada", "name": "Ada", "looks": looks},
            {"tool": "move_scene", "scene": scenes[1], "where": "after", "beside": scenes[2]},
        ),
        says(say="Closer and slower at first, Ada in red, two and three swapped."),
    )
    assert proposal.not_done == ()
    agree(project, proposal)
    after = board_of(project)
    assert [scene.id for scene in after.scenes] == [*scenes[:1], scenes[2], scenes[1], *scenes[3:]]
    assert next(iter(shots(project))) == first
    assert last not in shots(project)
    assert after.cast["ada"].looks == looks
    stayed = [shot for shot in board if shot not in (first, last)]
    assert all(shots(project)[shot] == board[shot] for shot in stayed)
    assert len(set(before.splitlines()) - set(text(project).splitlines())) < 15
    assert studio("plan", "-p", root).code == 0


# --- what is refused ---------------------------------------------------------------------


def test_a_storyboard_that_was_changed_meanwhile_is_left_alone(project: Project) -> None:
    proposal = wished(project, says(edit(ONE, size="CU")))
    mine = BOARD.replace("# the end", "# my own words")
    project.storyboard_file.write_text(mine, encoding="utf-8")
    with pytest.raises(StudioError, match="changed meanwhile, so nothing was written"):
        agree(project, proposal)
    assert text(project) == mine
    assert not history.read(project)


def test_a_film_that_was_changed_meanwhile_is_left_alone(project: Project) -> None:
    proposal = wished(project, says({"tool": "set_look", "look": "noir"}, edit(ONE, size="CU")))
    mine = FILM_TEXT.replace("Small", "Smaller")
    project.film_file.write_text(mine, encoding="utf-8")
    with pytest.raises(StudioError, match="changed meanwhile"):
        agree(project, proposal)
    assert (text(project), project.film_file.read_text(encoding="utf-8")) == (BOARD, mine)


def test_a_server_that_is_gone_changes_nothing(project: Project) -> None:
    with pytest.raises(Missing):
        wished(project, says(edit(ONE, size="CU"), done=False), Missing("gone", "start it"))
    assert text(project) == BOARD


def test_without_langchain_it_says_what_to_install(project: Project) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "sys.modules['langchain_core'] = None\n"
        "from studio.desk.direct import proposed; from studio.project import Project\n"
        "from studio.errors import Missing\n"
        "try:\n    proposed(Project(Path(sys.argv[1])), 'a wish', print)\n"
        "except Missing as error:\n    print(error.exit_code, error.tip)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, project.root], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "4 python -m pip install 'storyreel[llm]'\n"


def test_there_has_to_be_a_storyboard_and_a_wish(gen: Gen) -> None:
    with pytest.raises(StudioError, match="no storyboard yet"):
        wished(gen(storyboard=None))
    with pytest.raises(StudioError, match="the wish is empty"):
        proposed(gen(name="other"), " ", lambda _: None, talk())


# --- the command -------------------------------------------------------------------------


CLOSER = says(edit(ONE, size="CU"))


def direct(project: Project, *rounds: Any, dry_run: bool = False, yes: bool = False) -> int:
    """What the command does after the model has answered so."""
    return command.settled(project, wished(project, *rounds), dry_run=dry_run, yes=yes)


def test_yes_writes_and_dry_run_does_not(project: Project, capfd: Any) -> None:
    assert direct(project, CLOSER, dry_run=True) == 0
    assert "would be: 1 shot changed (nothing was written)" in capfd.readouterr().err
    assert text(project) == BOARD
    assert direct(project, CLOSER, yes=True) == 0
    assert text(project) == BOARD.replace("size: ELS", "size: CU")


def test_without_anybody_to_ask_it_shows_and_does_not_write(project: Project, capfd: Any) -> None:
    with pytest.raises(NotFresh, match="nothing was written") as caught:
        direct(project, CLOSER)
    assert caught.value.exit_code == 3
    assert "size extreme long shot → close-up" in capfd.readouterr().err
    assert text(project) == BOARD


def test_what_is_left_undone_is_exit_code_1(project: Project) -> None:
    part = says(edit(ONE, size="CU"), {"tool": "remove_shot", "shot": "sc010_sh099"})
    assert direct(project, part, yes=True) == 1
    assert shots(project)[ONE].size == "CU"


def test_yes_does_not_agree_to_most_shots_going(project: Project) -> None:
    planted = says(*({"tool": "remove_shot", "shot": shot} for shot in (ONE, TWO)))
    with pytest.raises(NotFresh, match="2 of 3 shots would go"):
        direct(project, planted, yes=True)
    assert text(project) == BOARD
