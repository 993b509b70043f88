"""The cache of answers: whole answers only, whoever writes, whatever stands in a file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration

from studio.engines.vllm.cache import AnswerCache, Kept
from studio.errors import StudioError


def generation(text: str) -> ChatGeneration:
    return ChatGeneration(
        message=AIMessage(
            text,
            response_metadata={"finish_reason": "length"},
            additional_kwargs={"refusal": "no"},
            usage_metadata={"input_tokens": 3, "output_tokens": 4, "total_tokens": 7},
        )
    )


def texts(cache: AnswerCache, prompt: str = "p", llm: str = "m") -> str | None:
    found = cache.lookup(prompt, llm)
    return found[0].text if found else None


def test_an_answer_is_kept_with_its_end_its_refusal_and_its_tokens(tmp_path: Path) -> None:
    AnswerCache(tmp_path / "answers").update("p", "m", [generation("gull \N{BIRD} ")])
    (found,) = AnswerCache(tmp_path / "answers").lookup("p", "m") or []
    assert isinstance(found, ChatGeneration)
    assert isinstance(found.message, AIMessage)
    assert found.message == generation("gull \N{BIRD} ").message


def test_prompt_and_model_both_count(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.update("a", "bc", [generation("one")])
    cache.update("ab", "c", [generation("two")])
    assert texts(cache, "a", "bc") == "one"
    assert texts(cache, "ab", "c") == "two"
    assert texts(cache, "a", "c") is None


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[]", b'{"content": 3}', b"null"])
def test_a_damaged_file_is_not_there_and_is_mended(damage: bytes, tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.update("p", "m", [generation("one")])
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert cache.lookup("p", "m") is None
    cache.update("p", "m", [generation("two")])
    assert texts(cache) == "two"


def test_several_write_at_once_and_each_reads_a_whole_answer(tmp_path: Path) -> None:
    long = {letter * 100_000 for letter in "abcd"}
    read: set[str | None] = set()

    def write(text: str) -> None:
        for _ in range(20):
            cache = AnswerCache(tmp_path)
            cache.update("p", "m", [generation(text)])
            read.add(texts(cache))

    threads = [threading.Thread(target=write, args=[text]) for text in long]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read <= long
    assert read
    assert len(list(tmp_path.iterdir())) == 1, "nothing half-written is left"


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file", encoding="utf-8")
    with pytest.raises(StudioError, match=r"cannot be kept in .*answers: "):
        AnswerCache(tmp_path / "answers").update("p", "m", [generation("one")])


def test_clearing_forgets_answers_only(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.update("p", "m", [generation("one")])
    (tmp_path / "server.log").write_text("", encoding="utf-8")
    cache.clear()
    assert cache.lookup("p", "m") is None
    assert [file.name for file in tmp_path.iterdir()] == ["server.log"]


def test_a_message_without_tokens_is_kept_too() -> None:
    assert Kept.of(AIMessage("gull")).message().text == "gull"
