"""The script doctor: changes a film after a person's wish, with typed tools, in a few rounds.

It takes a film and a function that carries a call out or says why not, and gives the film as it
would be; nothing is written. The model never calls a tool itself: each of its answers lists calls,
as values of a schema, and the next question says what came of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from agents.asking import Answer, Asker, Question, Unanswered
from agents.directing.changes import Draft
from agents.directing.listing import listing
from agents.directing.tools import AnyCall, Call, Name, plain
from agents.pages import filled, quoted
from studio.errors import StudioError

ROLE = "script_doctor"
ROUNDS = 4
"""How often the model may give calls."""
MOST = 40
"""Calls of a round."""
LISTED = 30
"""Calls that are listed as done, the newest."""
SHORT = 200
"""Characters of each."""

Do = Callable[[Draft, Call], Draft]
"""Carries a call out. Raises StudioError that says why it cannot be done."""


class Directions(Answer):
    """One round: a word to the person, and what is to be done."""

    say: Annotated[str, Field(max_length=600), AfterValidator(plain)]
    calls: list[AnyCall] = Field(max_length=MOST)
    done: bool


class Concerned(Answer):
    """The scenes that a wish is about."""

    scenes: list[Name] = Field(min_length=1, max_length=60)


EXAMPLE_SCHEMAS: tuple[type[Answer], ...] = (Directions, Concerned)


@dataclass(frozen=True)
class Directed:
    """The film as it would be, what the model says of it, and what it could not do, each with the
    reason."""

    draft: Draft
    said: str
    not_done: tuple[str, ...]


@dataclass(frozen=True)
class _Refused:
    call: Call
    why: str

    def __str__(self) -> str:
        return f"{self.call}: {self.why}"


async def directed(
    asker: Asker,
    draft: Draft,
    wish: str,
    do: Do,
    *,
    context: int,
    note: Callable[[str], None],
) -> Directed:
    """The film after a person's wish. `context` is the tokens that question and answer share;
    `note` hears what is being done.

    Raises StudioError where the film does not fit into the context, or where no answer is to be
    had; Missing where the model is not there.
    """
    note("asking the language model")
    view = await _view(asker, draft, wish, context)
    if view.brief:
        shown = len(draft.storyboard.scenes) - len(view.brief)
        note(f"the film is long: {shown} of {len(draft.storyboard.scenes)} scenes are shown to it")
    done: list[Call] = []
    refused: list[_Refused] = []
    said: list[str] = []
    ends = unended = f"the model did not come to an end in {ROUNDS} rounds: say it in smaller steps"
    for number in range(ROUNDS):
        if number:
            note(f"asking again: {len(done)} done, {len(refused)} refused")
        before = draft
        try:
            answer = await _answer(asker, _task(view.of(draft), wish, done, refused), context)
        except Unanswered as nothing:
            ends = f"the model gave no answer that can be used: {nothing.reasons[0]}"
            if not done:
                raise StudioError(ends, "say it in other words, or choose another model") from None
            break
        said.append(answer.say)
        again: list[_Refused] = []
        for call in answer.calls:
            if call in done and call.tool.startswith(("add_", "remove_")):
                continue  # a second time it would be another shot, or nothing to remove
            try:
                draft = do(draft, call)
            except StudioError as error:
                again.append(_Refused(call, f"{error.message} ({error.tip})".replace(" ()", "")))
            else:
                done.append(call)
                refused = _without_its_like(refused, call)
        ends = "" if answer.done else unended
        stuck = again == refused and bool(again)
        refused = [*(one for one in refused if one not in again), *again]
        if (answer.done or draft == before) and (stuck or not again):
            ends = ""
            break
    not_done = [*(str(one) for one in refused), ends]
    words = " ".join(filter(None, dict.fromkeys(said)))
    return Directed(draft, words, tuple(why for why in not_done if why))


def _without_its_like(refused: Sequence[_Refused], call: Call) -> list[_Refused]:
    """What stays refused after a call of the same tool could be done: that one stands for the call
    to the same thing, else for the first that wants the same of another thing."""
    same = [one for one in refused if str(one.call) == str(call)]
    alike = [one for one in refused if (one.call.tool, one.call.wants) == (call.tool, call.wants)]
    settled = (same or alike)[:1]
    return [one for one in refused if one not in settled]


# --- asking ----------------------------------------------------------------------------


async def _answer(asker: Asker, task: str, context: int) -> Directions:
    """An answer of the right form. Raises Unanswered."""
    question = Question(ROLE, _system(), task, Directions, _room(context), check=_complete)
    try:
        return await asker.ask(question)
    except Unanswered as nothing:
        if isinstance(nothing.last, Directions):
            return nothing.last
        raise


def _complete(answer: Directions) -> list[str]:
    if not answer.calls and not answer.done:
        return ["there are no calls, and done is false: give calls, or set done to true"]
    if not answer.calls and not answer.say:
        return ["there are no calls: say to the person why nothing is changed"]
    return []


def _system() -> str:
    return filled(ROLE, "system", most=str(MOST))


def _room(context: int) -> int:
    """Tokens of an answer."""
    return min(4096, context // 3)


def _task(storyboard: str, wish: str, done: Sequence[Call], refused: Sequence[_Refused]) -> str:
    def listed(mark: str, heading: str, lines: Sequence[str]) -> str:
        return f"\n{heading}\n{quoted(mark, chr(10).join(lines))}\n" if lines else ""

    calls = [_shortened(call.model_dump_json(exclude_defaults=True)) for call in done[-LISTED:]]
    return filled(
        ROLE,
        "task",
        storyboard=quoted("storyboard", storyboard),
        wish=quoted("wish", wish),
        done=listed("done", "Done already:", calls),
        refused=listed("refused", "Refused, and not done:", [str(one) for one in refused]),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]} …"


# --- what the model sees ---------------------------------------------------------------


@dataclass(frozen=True)
class _View:
    """How much of a film is shown: some scenes in a line each, prompts or only that there are."""

    brief: AbstractSet[str] = frozenset()
    prompts: bool = True

    def of(self, draft: Draft) -> str:
        """The film in words."""
        return listing(draft, brief=self.brief, prompts=self.prompts)


async def _view(asker: Asker, draft: Draft, wish: str, context: int) -> _View:
    """The whole film where it fits; else what the model says the wish is about."""

    def first(views: Sequence[_View]) -> _View | None:
        """The first that fits."""
        tasks = ((view, _task(view.of(draft), wish, (), ())) for view in views)
        return next((view for view, task in tasks if _fits(task, context)), None)

    if whole := first([_View()]):
        return whole
    scenes = frozenset(scene.id for scene in draft.storyboard.scenes)
    outline = quoted("storyboard", _View(scenes).of(draft))
    task = filled(ROLE, "concerned", storyboard=outline, wish=quoted("wish", wish))
    if not _fits(task, context):
        raise _too_long("even a line for every scene does not", context)
    concerned = await _concerned(asker, task, scenes, context)
    brief = scenes - concerned
    if part := first([_View(brief), _View(brief, prompts=False)]):
        return part
    scope = f"{len(concerned)} of {len(scenes)} scenes"
    raise _too_long(f"what the wish is about ({scope}) does not", context)


async def _concerned(
    asker: Asker, task: str, scenes: AbstractSet[str], context: int
) -> AbstractSet[str]:
    """The scenes that a wish is about; all where the model names none that there is."""

    def there(answer: Concerned) -> list[str]:
        return [f"there is no scene {id_!r}" for id_ in answer.scenes if id_ not in scenes]

    question = Question(ROLE, _system(), task, Concerned, _room(context), check=there)
    try:
        named = await asker.ask(question)
    except Unanswered as nothing:
        if not isinstance(nothing.last, Concerned):
            return scenes
        named = nothing.last
    return scenes & frozenset(named.scenes) or scenes


def _fits(task: str, context: int) -> bool:
    """Whether a question leaves room for its answer and for what later rounds add to it; at two
    bytes a token, which is more than a trained tokenizer counts."""
    asked = len((_system() + task).encode()) // 2
    return asked + _room(context) + context // 8 <= context


def _too_long(what: str, context: int) -> StudioError:
    return StudioError(
        f"{what} fit into the {context} tokens that the model reads at once",
        "name a scene in the wish, or give the model more: engines: llm: {context: …}",
    )
