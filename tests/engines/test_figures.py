"""People of the embedded painter: the same in every shot, told apart, posed by words."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
import resvg_py
from PIL import Image

from studio.engines.requests import Figure
from studio.engines.sketch.appearance import appearance_of
from studio.engines.sketch.art import Art, Shade
from studio.engines.sketch.description import named_part
from studio.engines.sketch.figures import draw_figure
from studio.engines.sketch.head import mood_of
from studio.engines.sketch.held import brings
from studio.engines.sketch.paint import Paint, lit
from studio.engines.sketch.parts import parts
from studio.engines.sketch.pose import own_words, pose_of
from studio.engines.sketch.postures import POSES

DAY = Shade("#fff3d6", "#5d7ba6", 0.12, "left", 0.1)
NIGHT = Shade("#b8cdf0", "#1a2442", 0.65, "right", 0.7)
MARA = Figure(
    "mara",
    "Mara",
    "a woman of sixty, grey braid, navy oilskin coat, weathered face",
    facing="right",
)
SIZE = 96


def art(figure: Figure, action: str = "", detail: str = "full", shade: Shade = DAY) -> Art:
    return draw_figure(figure, height=84, action=action, shade=shade, detail=detail)  # type: ignore[arg-type]


def raster(markup: str, width: int = SIZE, height: int = SIZE) -> np.ndarray:
    """The fragment standing at the bottom of a transparent picture, as RGBA."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="{-width / 2} {6 - height} {width} {height}">'
        f"{markup}</svg>"
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


def silhouette(figure: Figure, action: str = "") -> np.ndarray:
    return raster(art(figure, action).svg)[..., 3] > 128


def differing(first: np.ndarray, second: np.ndarray) -> float:
    """How much two silhouettes differ: 0 equal, 1 nothing in common."""
    return float((first ^ second).sum() / (first | second).sum())


def test_the_same_figure_is_drawn_byte_equal() -> None:
    first, second = (art(MARA, "Mara waves.", "near", NIGHT) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("facing", ["left", "right", "camera", "away"])
@pytest.mark.parametrize("does", [None, "runs", "sits on a rock", "weeps", "lies asleep"])
def test_every_view_and_pose_is_svg_that_shows_something(facing: str, does: str | None) -> None:
    drawn = art(replace(MARA, facing=facing, does=does))  # type: ignore[arg-type]
    ElementTree.fromstring(f"<svg>{drawn.svg}</svg>")  # noqa: S314 - our own drawing
    assert "⟨" not in drawn.svg
    assert "{" not in drawn.svg
    assert raster(drawn.svg)[..., 3].sum() > 0
    assert len(drawn.svg) < 20_000


def test_a_person_keeps_hair_skin_and_clothes_over_views_and_poses() -> None:
    looks = appearance_of(MARA.id, MARA.name, MARA.looks, MARA.wears)
    seen = [
        {
            role
            for role in ("hair", "skin", "coat", "shoes")
            if _colour_of(looks.roles[role]) in art(replace(MARA, facing=facing, does=does)).svg
        }
        for facing in ("left", "right", "camera", "away")
        for does in (None, "runs", "kneels")
    ]
    assert all(roles == {"hair", "skin", "coat", "shoes"} for roles in seen)


def _colour_of(colour: str) -> str:
    """A daylight colour as the day's light shows it where it falls squarely."""
    return lit(colour, DAY)


def test_words_tell_the_looks() -> None:
    looks = appearance_of(MARA.id, MARA.name, MARA.looks, None)
    assert (looks.sex, looks.age) == ("woman", "old")
    assert (looks.hair, looks.coat) == ("hair-braid", "coat-oilskin")
    assert looks.roles["hair"] == "#8b8e96"
    assert looks.roles["coat"] == "#1f3560"
    assert "mark-wrinkles" in looks.marks

    wilson = appearance_of(
        "w",
        "Jabez Wilson",
        "a stout man of fifty, flaming red hair, moustache, brown waistcoat",
        None,
    )
    assert wilson.stout > 1.2
    assert wilson.roles["hair"] == "#b2521f"
    assert wilson.beards == ("moustache-thick",)
    assert wilson.coat == "coat-braces"

    tom = appearance_of("tom", "Tom", "a boy of nine with freckles, green sweater and a cap", None)
    assert (tom.age, tom.head, tom.hat) == ("child", "head-child", "hat-cap")
    assert tom.roles["coat"] == "#3f7d4c"


def test_chinese_words_tell_the_looks() -> None:
    old = appearance_of("lao", "老人", "一位老人，白胡子，蓝色长袍，戴斗笠", None)
    assert (old.age, old.coat, old.hat) == ("old", "coat-robe", "hat-cone")
    assert old.roles["coat"] == "#2f62a8"
    assert "beard-long" in old.beards
    girl = appearance_of("nv", "小红", "小女孩，穿红色连衣裙，黑色辫子", None)
    assert (girl.sex, girl.age, girl.hair) == ("woman", "child", "hair-braid")
    assert girl.roles["coat"] == "#a92f35"


def test_other_clothes_of_a_shot_change_the_clothes_alone() -> None:
    usual = appearance_of(MARA.id, MARA.name, MARA.looks, None)
    shot = appearance_of(MARA.id, MARA.name, MARA.looks, "a red dress")
    assert (shot.coat, shot.roles["coat"]) == ("coat-dress", "#a92f35")
    assert (shot.hair, shot.roles["skin"]) == (usual.hair, usual.roles["skin"])


def test_a_trade_dresses_whom_the_words_leave_undressed() -> None:
    assert appearance_of("c", "Bell", "a captain of fifty", None).coat == "coat-uniform"
    assert appearance_of("c", "Bell", "a captain in a grey sweater", None).coat == "coat-sweater"
    assert appearance_of("w", "Ada", "a woman in a long coat", None).coat == "coat-long"


def test_people_without_description_differ() -> None:
    people = [appearance_of(name.lower(), name, "", None) for name in ("Kim", "Alex", "Jo", "Sam")]
    for first, second in combinations(people, 2):
        differences = [
            first.hair != second.hair,
            first.coat != second.coat,
            first.hat != second.hat,
            first.roles["coat"] != second.roles["coat"],
            first.roles["hair"] != second.roles["hair"],
        ]
        assert sum(differences) >= 2


def test_speaking_opens_the_mouth() -> None:
    closed = art(replace(MARA, does="sits"), detail="near").svg
    opened = art(replace(MARA, does="sits", speaks=True), detail="near").svg
    assert closed != opened
    assert not np.array_equal(raster(closed), raster(opened))


@pytest.mark.parametrize(
    ("words", "mood"),
    [
        ("She smiles at him", "mood-smiling"),
        ("terrified, he backs away", "mood-afraid"),
        ("他哭了", "mood-weeping"),
        ("stands by the door", "mood-calm"),
    ],
)
def test_words_of_feeling_make_the_face(words: str, mood: str) -> None:
    assert mood_of(words) == mood


@pytest.mark.parametrize(
    ("words", "pose"),
    [
        ("runs along the quay", "run"),
        ("is running away", "run"),
        ("sits on the grass", "sit on the ground"),
        ("sits and reads a letter", "read"),
        ("climbs the ladder", "climb"),
        ("holds up a lantern", "hold up"),
        ("points to the sea", "point"),
        ("carries a crate", "carry"),
        ("她挥手告别", "wave"),
        ("他跪下祈祷", "pray"),
        ("looks up at the tower", "look up"),
        ("waits", "stand"),
        ("a runner-up of brunch", "stand"),
        ("stands before a row of houses with a lamp in her hand", "stand"),
        ("他吃惊地站着", "stand"),
    ],
)
def test_words_of_action_make_the_pose(words: str, pose: str) -> None:
    assert pose_of(words).name == pose


def test_somebody_who_sits_and_reads_still_sits() -> None:
    assert pose_of("sits and reads a letter").seat == "seat"


def test_poses_change_the_silhouette() -> None:
    told = (
        "stands",
        "runs",
        "sits",
        "kneels",
        "points",
        "hands raised",
        "lies",
        "bows",
        "crouches",
    )
    shapes = [silhouette(replace(MARA, does=does)) for does in told]
    for (first, a), (second, b) in combinations(zip(told, shapes, strict=True), 2):
        assert differing(a, b) > 0.12, (first, second)


def test_every_pose_can_be_drawn() -> None:
    words = {"stand": "waits", "sleep in a chair": "sleeps in a chair"}
    for name in POSES:
        drawn = art(replace(MARA, does=words.get(name, name)), detail="far")
        assert drawn.height > 0


def test_a_figure_to_the_left_is_the_mirror_of_one_to_the_right() -> None:
    right = silhouette(replace(MARA, facing="right"))
    left = silhouette(replace(MARA, facing="left"))
    assert differing(left[:, ::-1], right) < 0.06
    assert differing(left, right) > 0.06


def test_heads_are_in_proportion_and_children_are_smaller() -> None:
    tom = Figure("tom", "Tom", "a boy of nine", facing="right")
    grown, child = art(MARA), art(tom)
    assert 0.5 < child.height / grown.height < 0.75
    assert -grown.height < grown.eye[1] < -0.8 * grown.height
    sitting = art(replace(MARA, does="sits on a chair"))
    assert sitting.eye[1] > 0.85 * grown.eye[1]


def test_night_is_darker_than_day() -> None:
    pale = Figure("ada", "Ada", "a woman with fair hair, cream dress", facing="right")
    day, night = (raster(art(pale, shade=shade).svg) for shade in (DAY, NIGHT))
    drawn = day[..., 3] > 200
    assert night[drawn][:, :3].mean() < 0.75 * day[drawn][:, :3].mean()


def test_light_from_the_left_lights_the_left_even_when_mirrored() -> None:
    robed = Figure("kai", "Kai", "a man in a grey robe", does="arms crossed")
    for facing in ("left", "right", "camera"):
        shown = raster(art(replace(robed, facing=facing)).svg)
        body = shown[60:80].astype(float)
        xs = np.nonzero(body[..., 3].min(axis=0) > 200)[0]
        edge = max(2, len(xs) // 4)
        brightness = body[..., :3].mean(axis=(0, 2))
        assert brightness[xs[:edge]].mean() > brightness[xs[-edge:]].mean()


def test_own_words_are_those_of_the_person() -> None:
    action = "Mara points to the sea, and Tom runs to the boat."
    assert pose_of(own_words("Mara", None, action)).name == "point"
    assert pose_of(own_words("Tom", None, action)).name == "run"
    assert pose_of(own_words("Old Ned", None, action)).name == "stand"
    assert pose_of(own_words("Ned", "kneels", action)).name == "kneel"
    assert pose_of(own_words("Mara", None, "She runs.")).name == "run"


def test_things_in_hands_are_drawn_with_the_figure() -> None:
    holding = replace(MARA, does="holds up a lantern")
    assert brings(holding, "") == ("lantern",)
    assert brings(replace(MARA, does="rows"), "") == ("rowing-boat",)
    assert brings(MARA, "Tom lifts the lantern.") == ()
    assert (
        differing(silhouette(holding), silhouette(replace(MARA, does="holds up her hand"))) > 0.02
    )


ANIMALS = sorted(name for name, part in parts("figures").items() if part.kind == "animal")


def test_there_are_animals_enough_for_fables() -> None:
    assert len(ANIMALS) >= 10


@pytest.mark.parametrize("animal", ANIMALS)
def test_an_animal_is_found_by_its_words_and_speaks(animal: str) -> None:
    part = parts("figures")[animal]
    for word in part.words:
        assert appearance_of("x", f"The {word.title()}", f"a clever {word}", None).animal == animal
    quiet = Figure("x", "X", part.words[0], facing="right")
    for facing in ("right", "left", "camera", "away"):
        assert raster(art(replace(quiet, facing=facing)).svg)[..., 3].max() == 255
    assert art(quiet).svg != art(replace(quiet, speaks=True)).svg


def test_animals_are_told_apart() -> None:
    shapes = {
        name: silhouette(Figure("x", "X", parts("figures")[name].words[0], facing="right"))
        for name in ANIMALS
    }
    for first, second in combinations(ANIMALS, 2):
        assert differing(shapes[first], shapes[second]) > 0.1, (first, second)


def test_people_are_no_animals() -> None:
    assert not appearance_of("a", "Rob", "a hunter in a bear-skin cloak, with a dog", None).animal
    assert not appearance_of("a", "Wolf Larsen", "", None).animal
    assert appearance_of("a", "Mr Fox", "", None).animal == "animal-fox"
    assert appearance_of("a", "小狐狸", "", None).animal == "animal-fox"


ROLES = {
    role: "#808080"
    for part in parts("figures").values()
    for piece in part.pieces
    for role in re.findall(r"\{([a-z]+)", "".join(piece.markup.values()))
}


@pytest.mark.parametrize("name", sorted(parts("figures")))
def test_every_template_draws_something_and_is_found_by_its_words(name: str) -> None:
    part = parts("figures")[name]
    paint = Paint(ROLES, DAY, (1, 0), "near", name)
    for piece in part.pieces:
        markup = re.sub(r"⟨slot \d+⟩", "", paint.fill(piece.markup["near"]))
        markup = re.sub(r"\{(gaze|glint)-[xy]\}", "0", markup)
        box = [float(each) for each in part.file.root.attrib["viewBox"].split()]
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{part.file.root.attrib["viewBox"]}">'
            f"{paint.defs()}{markup}</svg>"
        )
        png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=160))
        shown = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))
        assert shown[..., 3].max() > 100, piece.layer
        assert box[2] > 0
    if part.kind not in ("head", "hand", "animal"):
        assert part.words
    for word in part.words if part.kind not in ("head", "mood", "animal", "seat", "mark") else ():
        assert named_part(part.kind, f"with {word}, and so on") == name


def test_no_two_templates_of_a_kind_share_a_word() -> None:
    ordered = sorted(parts("figures").values(), key=lambda part: (part.kind, part.name))
    seen: dict[tuple[str, str], str] = {}
    for part in ordered:
        for word in part.words:
            assert seen.setdefault((part.kind, word), part.name) == part.name, word
    assert all(first.name != second.name for first, second in pairwise(ordered))
