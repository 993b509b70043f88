"""The estimate of tokens, against what the published vocabularies count."""

from __future__ import annotations

import pytest

from studio.models.estimate import clip_tokens, qwen3_tokens, t5_tokens

# tokens counted with the published T5 v1.1 and CLIP vocabularies, marks included
ENGLISH = {
    "A woman of sixty, grey braid, navy oilskin coat, stands at the rail of a white stone tower "
    "with red bands.": (28, 28),
    "Close shot, low angle: Jabez Wilson, a stout, florid-faced, elderly man, fiery red hair, "
    "holds the Encyclopaedia.": (42, 34),
    "The camera moves slowly closer. Gulls drift behind her; the lamp's beam sweeps over the black "
    "basalt.": (27, 24),
    "A cream-coloured 1960s micro-van rattles past the patisserie's half-shuttered windows.": (
        27,
        28,
    ),
    "“Have you the chisel and the bags? Great Scott! Jump, Archie, jump!”": (26, 24),
    "35mm film, 1890s London, 16:9, f/2.8, no. 221B.": (25, 32),
    "Sleet. Heron. Quay. Skiff. Tarn. Scree. Gorse. Kelp. Shale. Peat. Larch. Sedge.": (42, 32),
    "INT. LIGHTHOUSE - NIGHT": (12, 7),
    "Machu Picchu, zoom in.": (9, 10),
}
UNUSUAL = {
    "Björk and Zoë share a café crème beneath the façade.": (17, 20),
    "灯台在海边，女人看着海。": (5, 30),
    "🙂🎬👩\u200d🚀 …!?—": (10, 10),
    "Pneumonoultramicroscopicsilicovolcanoconiosis": (19, 16),
    "q" * 60: (62, 33),
    "a": (3, 3),
    "": (1, 2),
    " \n\t ": (1, 2),
}


# tokens counted with Qwen3's published vocabulary, the marks of its chat not among them
QWEN3 = [27, 32, 23, 27, 19, 33, 36, 6, 8, 17, 9, 9, 17, 30, 1, 0, 2]


@pytest.mark.parametrize("text", [*ENGLISH, *UNUSUAL])
def test_never_fewer_than_the_vocabularies_count(text: str) -> None:
    t5, clip = (ENGLISH | UNUSUAL)[text]
    assert t5_tokens(text) >= t5
    assert clip_tokens(text) >= clip


def test_qwen3_never_counts_fewer_either() -> None:
    counts = dict(zip([*ENGLISH, *UNUSUAL], QWEN3, strict=True))
    assert [text for text, count in counts.items() if qwen3_tokens(text) < 12 + count] == []


def test_not_absurdly_more() -> None:
    t5, clip = (sum(counts) for counts in zip(*ENGLISH.values(), strict=True))
    assert sum(map(t5_tokens, ENGLISH)) <= 1.5 * t5
    assert sum(map(clip_tokens, ENGLISH)) <= 1.4 * clip


def test_a_broken_character_is_counted() -> None:
    assert t5_tokens("a sea \ud83d") > t5_tokens("a sea")
    assert clip_tokens("a sea \ud83d") > clip_tokens("a sea")
