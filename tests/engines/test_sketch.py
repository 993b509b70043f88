"""The painter sketch: places, light, framing, and the picture that it writes."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from studio.engines.base import NoSettings
from studio.engines.requests import Figure, PaintRequest, Panel
from studio.engines.sketch import Sketch
from studio.engines.sketch.colour import luminance, rgb
from studio.engines.sketch.compose import compose, scene_light
from studio.engines.sketch.framing import Camera, Stand, block, place_camera
from studio.engines.sketch.grade import grade_of
from studio.engines.sketch.hours import time_of, weather_of
from studio.engines.sketch.library import mention, recolour, scoped, shelf
from studio.engines.sketch.light import Light, light_of
from studio.engines.sketch.place import choose_place, draw_place
from studio.engines.sketch.raster import rasterise
from studio.errors import RenderFailed

SIZE = (320, 180)
MARA = Figure("mara", "Mara", "a woman of sixty, grey braid, navy oilskin coat")
TOMAS = Figure("tomas", "Tomas", "a boy of ten, red cap, yellow jumper")
JON = Figure("jon", "Jon", "a tall man with a black beard, brown coat")
FIELD = Panel("LS", "single", "eye", "EXT. FIELD - DAY", "field", "a field", "day", "", "", "")
PLACES = sorted(shelf("places"))


def pixels(panel: Panel, size: tuple[int, int] = SIZE, seed: int = 1) -> np.ndarray:
    with Image.open(io.BytesIO(rasterise(compose(panel, size, seed)))) as picture:
        return np.asarray(picture.convert("RGB"), dtype=float)


def parsed(panel: Panel) -> ElementTree.Element:
    return ElementTree.fromstring(compose(panel, SIZE, 1))  # noqa: S314 - drawn just now


def blocked(panel: Panel) -> tuple[Camera, tuple[Stand, ...]]:
    camera = place_camera(panel, SIZE, 1, inside=False, landmark=None)
    return camera, block(panel, camera, 120)


def at(panel: Panel, heading: str, place: str) -> str:
    return choose_place(replace(panel, heading=heading, place=place)).name


class TestPlaces:
    def test_there_are_the_places_that_stories_need(self):
        wanted = {
            "sea", "shore", "island", "lighthouse", "forest", "field", "mountain", "desert",
            "river", "street", "village", "city", "room", "corridor", "station", "cellar", "sky",
            "garden", "rooftop", "deck", "snow", "market", "kitchen", "school", "hall", "temple",
        }  # fmt: skip
        assert wanted <= set(PLACES)

    @pytest.mark.parametrize("name", PLACES)
    def test_every_template_says_what_it_must_and_draws(self, name: str):
        place = shelf("places")[name]
        groups = [child.get("id") for child in place.root if child.get("id")]
        assert groups == ["back", "middle", "front"]
        assert place.data["kind"] in ("inside", "outside")
        assert any(word.isascii() for word in place.words)
        assert any(not word.isascii() for word in place.words)
        panel = replace(FIELD, heading=place.words[0], place=place.words[0], place_id=name)
        picture = pixels(replace(panel, figures=(MARA,)))
        assert picture.shape == (180, 320, 3)
        assert picture.std() > 12

    @pytest.mark.parametrize("name", PLACES)
    def test_every_role_of_a_template_is_one_that_the_light_knows(self, name: str):
        light = light_of("night", None, False, "left")
        roles = shelf("places")[name].data.get("roles", "")
        for entry in filter(None, roles.split(",")):
            assert light.role(entry.split()[0]) is not None

    @pytest.mark.parametrize(
        ("heading", "place", "name"),
        [
            ("EXT. GULL ROCK - DUSK", "Gull Rock lighthouse, white tower", "lighthouse"),
            ("INT. BAKER STREET - DAY", "Baker Street: a parlour with a fireplace", "room"),
            ("EXT. BAKER STREET - DAY", "Baker Street", "street"),
            ("INT. BANK VAULT - NIGHT", "The vault: a cellar under the bank", "cellar"),
            ("外景 海边 - 黄昏", "渔村外的海滩", "shore"),
            ("内景 教室 - 白天", "乡村学校", "school"),
            ("外景 寺庙 - 夜", "山中古寺", "temple"),
            ("EXT. CITY - NIGHT", "downtown", "city"),
        ],
    )  # fmt: skip
    def test_words_choose_the_place(self, heading: str, place: str, name: str):
        assert at(FIELD, heading, place) == name

    def test_an_unknown_place_follows_the_heading(self):
        assert at(FIELD, "INT. XYZZY - DAY", "Xyzzy") == "room"
        assert at(FIELD, "EXT. XYZZY - DAY", "Xyzzy") == "field"

    def test_a_heading_rules_out_the_other_kind(self):
        assert shelf("places")[at(FIELD, "INT. FOREST - DAY", "a forest")].data["kind"] == "inside"

    def test_the_same_id_is_the_same_place_and_another_id_is_not(self):
        def drawn(place_id: str) -> str:
            light = light_of("day", None, True, "left")
            flags = light.flags
            return draw_place(shelf("places")["room"], light, flags, "", place_id, None).back

        assert drawn("parlour") == drawn("parlour")
        assert len({drawn(f"room{number}") for number in range(12)}) > 2

    def test_two_shots_of_a_place_differ_in_the_camera_only(self):
        first = compose(FIELD, SIZE, seed=1)
        second = compose(FIELD, SIZE, seed=2)
        assert first != second
        assert abs(pixels(FIELD, seed=1).mean() - pixels(FIELD, seed=2).mean()) < 6


class TestLight:
    @pytest.mark.parametrize(
        ("words", "time"),
        [
            ("dusk", "dusk"), ("EXT. PIER - SUNSET", "dusk"), ("夜", "night"), ("黄昏", "dusk"),
            ("late afternoon", "afternoon"), ("清晨", "dawn"), ("", "day"), ("日落", "dusk"),
        ],
    )  # fmt: skip
    def test_time_of_day(self, words: str, time: str):
        assert time_of(words) == time

    def test_the_field_for_time_comes_before_the_heading(self):
        assert time_of("night", "EXT. PIER - DAY") == "night"
        assert time_of("", "EXT. PIER - DAWN") == "dawn"

    @pytest.mark.parametrize(
        ("words", "weather"),
        [("heavy rain", "rain"), ("clearing after rain", "cloudy"), ("大雪", "snow"), ("", None)],
    )
    def test_weather(self, words: str, weather: str | None):
        assert weather_of(words) == weather

    @pytest.mark.parametrize("name", ["EXT. FIELD", "EXT. SHORE", "EXT. STREET", "INT. PARLOUR"])
    def test_night_is_darker_than_dusk_and_dusk_than_day(self, name: str):
        panel = replace(FIELD, heading=name, place=name[5:])
        day, dusk, night = (
            pixels(replace(panel, time=time)).mean() for time in ("day", "dusk", "night")
        )
        assert night < dusk < day
        assert night < 0.7 * day

    def test_a_storm_is_darker_and_greyer_than_a_clear_day(self):
        clear = pixels(replace(FIELD, weather="clear"))
        storm = pixels(replace(FIELD, weather="storm"))
        assert storm.mean() < clear.mean()
        assert np.ptp(storm, axis=2).mean() < np.ptp(clear, axis=2).mean()

    def test_a_vault_is_lit_by_lamps_by_day(self):
        panel = replace(FIELD, heading="INT. VAULT - DAY", place="vault")
        light = scene_light(panel, choose_place(panel))
        assert light.lamps
        assert light.inside

    @pytest.mark.parametrize("weather", [None, "fog", "storm"])
    def test_far_things_fade_into_the_haze(self, weather: str | None):
        light: Light = light_of("day", weather, False, "left")  # type: ignore[arg-type]

        def off(distance: float) -> float:
            pairs = zip(rgb(light.lit("#203010", distance)), rgb(light.haze), strict=True)
            return sum(abs(a - b) for a, b in pairs)

        assert off(0.9) < off(0.4) < off(0.0)

    def test_looks_shift_the_palette(self):
        assert grade_of("")("#4080c0") == "#4080c0"
        red, green, blue = rgb(grade_of("black and white noir")("#4080c0"))
        assert max(red, green, blue) - min(red, green, blue) < 0.01
        warm, cold = rgb(grade_of("warm")("#808080")), rgb(grade_of("cold")("#808080"))
        assert warm[0] - warm[2] > cold[0] - cold[2]

    def test_a_black_and_white_panel_has_no_colour_at_all(self):
        grey = pixels(replace(FIELD, look="black and white", figures=(MARA,)))
        assert np.ptp(grey, axis=2).max() <= 3


class TestFraming:
    def test_people_grow_from_size_to_size(self):
        sizes = ("ELS", "LS", "MLS", "MS", "MCU", "CU", "ECU")
        tall = [blocked(replace(FIELD, size=size, figures=(MARA,)))[1][0].height for size in sizes]
        assert tall == sorted(tall)
        assert tall[0] < 0.2 * SIZE[1]
        assert 0.55 * SIZE[1] < tall[1] < 0.75 * SIZE[1]
        assert tall[-1] > 5 * SIZE[1]

    def test_the_horizon_follows_the_angle(self):
        order = ("overhead", "high", "eye", "low", "worm's eye")
        found = [blocked(replace(FIELD, angle=angle))[0].horizon for angle in order]
        assert found == sorted(found)
        assert blocked(replace(FIELD, angle="dutch"))[0].roll != 0

    def test_two_people_look_at_each_other(self):
        panel = replace(FIELD, size="MS", framing="two-shot", figures=(MARA, TOMAS))
        left, right = sorted(blocked(panel)[1], key=lambda stand: stand.x)
        assert (left.figure.facing, right.figure.facing) == ("right", "left")
        turned = replace(panel, figures=(TOMAS, MARA))
        assert min(blocked(turned)[1], key=lambda stand: stand.x).figure.id == left.figure.id

    def test_a_single_has_looking_room(self):
        for facing in ("left", "right"):
            figure = replace(MARA, facing=facing)
            stand = blocked(replace(FIELD, size="MS", figures=(figure,)))[1][0]
            assert (stand.x > SIZE[0] / 2) == (facing == "left")

    def test_told_places_are_kept(self):
        figures = (replace(MARA, at="right"), replace(TOMAS, at="left"))
        stands = blocked(replace(FIELD, framing="two-shot", figures=figures))[1]
        assert [stand.figure.id for stand in sorted(stands, key=lambda s: s.x)] == ["tomas", "mara"]

    def test_over_the_shoulder_shows_the_speaker(self):
        figures = (MARA, replace(TOMAS, speaks=True))
        panel = replace(FIELD, size="MCU", framing="over-the-shoulder", figures=figures)
        far, near = blocked(panel)[1]
        assert (far.figure.id, near.figure.id) == ("tomas", "mara")
        assert near.foreground
        assert near.figure.facing == "away"
        assert near.height > far.height
        front = parsed(panel)[3]
        assert [g.get("data-who") for g in front.iter() if g.get("data-who")] == ["mara"]

    def test_a_point_of_view_leaves_the_viewer_out(self):
        panel = replace(FIELD, framing="POV", figures=(MARA, TOMAS))
        assert [stand.figure.id for stand in blocked(panel)[1]] == ["tomas"]

    def test_a_group_stands_at_different_depths_with_feet_on_the_ground(self):
        panel = replace(FIELD, framing="group", figures=(MARA, TOMAS, JON))
        camera, stands = blocked(panel)
        assert len(stands) == 3
        assert len({stand.feet for stand in stands}) > 1
        assert all(camera.horizon < (stand.feet or 0) < SIZE[1] for stand in stands)

    def test_people_do_not_stand_before_the_landmark(self):
        for place_id in ("tower", "rock", "light"):
            panel = replace(
                FIELD, heading="EXT. LIGHTHOUSE - DAY", place="lighthouse", place_id=place_id
            )
            for facing in ("left", "right"):
                figures = (replace(MARA, facing=facing),)
                camera = place_camera(
                    replace(panel, figures=figures), SIZE, 1, inside=False, landmark=-330
                )
                stand = block(replace(panel, figures=figures), camera, 380)[0]
                assert abs(camera.at(-330, 0)[0] - stand.x) > 0.12 * SIZE[0]


class TestPicture:
    @pytest.mark.parametrize("size", ["LS", "CU"])
    def test_groups_stand_in_order_and_people_in_the_middle(self, size: str):
        panel = replace(FIELD, size=size, figures=(MARA,))
        root = parsed(panel)
        assert root.get("viewBox") == "0 0 320 180"
        groups = [child.get("id") for child in root if child.tag.endswith("}g")]
        assert groups == ["back", "middle", "front", "finish"]
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        middle = next(child for child in root if child.get("id") == "middle")
        assert [g.get("data-who") for g in middle.iter() if g.get("data-who")] == ["mara"]

    @pytest.mark.parametrize("size", ["LS", "MS"])
    def test_the_back_fills_more_than_the_frame(self, size: str):
        svg = compose(replace(FIELD, size=size), SIZE, 1)
        for group in ("middle", "front", "finish"):
            svg = svg.replace(f'<g id="{group}">', f'<g id="{group}" display="none">')
        wide = svg.replace('viewBox="0 0 320 180"', 'viewBox="-48 -27 416 234"', 1)
        with Image.open(io.BytesIO(rasterise(wide))) as picture:
            alpha = np.asarray(picture.convert("RGBA"))[:, :, 3]
        across = alpha[: alpha.shape[0] // 3]
        assert across.min() == 255

    def test_rain_moves_in_a_group_of_its_own(self):
        root = parsed(replace(FIELD, weather="rain"))
        assert any(element.get("class") == "rain" for element in root.iter())

    def test_everybody_is_named_in_the_drawing(self):
        panel = replace(FIELD, framing="group", figures=(MARA, TOMAS, JON))
        root = parsed(panel)
        who = {g.get("data-who") for g in root.iter() if g.get("class") == "figure"}
        assert who == {"mara", "tomas", "jon"}

    @pytest.mark.parametrize("size", ["ELS", "CU"])
    def test_equal_requests_give_equal_bytes(self, size: str, tmp_path: Path):
        panel = replace(FIELD, size=size, figures=(MARA, TOMAS), weather="snow")
        request = PaintRequest("sc010_sh010", "", "", SIZE, 7, panel)
        contents = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            heard: list[tuple[int, int]] = []
            rendered = Sketch(NoSettings()).paint(
                request, folder, lambda done, total, heard=heard: heard.append((done, total))
            )
            assert list(rendered.files) == [".png", ".svg"]
            assert heard[-1] == (2, 2)
            with Image.open(rendered.files[".png"]) as picture:
                assert picture.size == SIZE
            contents.append([path.read_bytes() for path in rendered.files.values()])
        assert contents[0] == contents[1]

    @pytest.mark.parametrize("size", [(180, 320), (400, 170), (64, 64)])
    def test_other_frames(self, size: tuple[int, int]):
        picture = pixels(replace(FIELD, figures=(MARA, TOMAS)), size)
        assert picture.shape == (size[1], size[0], 3)

    def test_a_request_without_a_panel_is_refused(self, tmp_path: Path):
        request = PaintRequest("sc010_sh010", "a field", "", SIZE, 7)
        with pytest.raises(RenderFailed, match="sc010_sh010"):
            Sketch(NoSettings()).paint(request, tmp_path, lambda *_: None)

    def test_props_stand_where_they_belong_and_once(self):
        def props(action: str, heading: str, **fields: Any) -> list[str]:
            panel = replace(FIELD, action=action, heading=heading, place=heading, **fields)
            groups = (g for g in parsed(panel).iter() if g.get("class") == "prop")
            return sorted(g.get("data-prop", "") for g in groups)

        assert props("A dog barks at the signpost.", "EXT. FIELD") == ["dog", "signpost"]
        assert props("A ship on the horizon.", "EXT. SEA") == ["ship"]
        assert props("She rows the boat.", "EXT. SEA", figures=(MARA,)) == []
        assert props("The ship's bell rings.", "EXT. DECK") == []
        assert props("A letter.", "INT. ROOM", framing="insert", size="CU") == ["letter"]

    def test_markup_in_words_does_no_harm(self):
        panel = replace(
            FIELD, heading='EXT. <b>&"FIELD', place="<svg>", action="</g>&lt;", figures=(MARA,)
        )
        assert parsed(panel).get("width") == "320"


class TestLibrary:
    def test_mentions_are_whole_words_or_any_chinese(self):
        assert mention(("sea",), "The Seas are high") == 4
        assert mention(("sea",), "a season") is None
        assert mention(("海",), "大海") == 1
        assert mention(("open sea",), "the open-sea") == 4

    def test_recolour_leaves_references_alone(self):
        svg = '<g fill="#abc" mask="url(#abc)"><use href="#abcdef"/></g>'
        assert recolour(svg, lambda _: "#000000") == svg.replace('"#abc"', '"#000000"')

    def test_scoped_ids_keep_their_references(self):
        svg = '<g id="a" fill="url(#a)"><use href="#a"/></g>'
        assert scoped(svg, "p-") == '<g id="p-a" fill="url(#p-a)"><use href="#p-a"/></g>'

    def test_luminance_orders_colours(self):
        assert luminance("#000000") < luminance("#404040") < luminance("#ffffff") <= 1.0
