"""Drawn fields: a thin smear with a box for everything that lies in it."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.progress import Silent
from normocyte.core.seeds import generator
from normocyte.datasets.drawing.field import draw_field
from normocyte.datasets.drawing.field_plan import LEUCOCYTE, PLATELET, Body, WantedFields, plan_fields
from normocyte.datasets.drawing.folders.smears import Picturing, write_smear
from normocyte.datasets.drawing.look import STAGES, patient_look

SMALL = WantedFields(parasitaemia=0.1, fields=2, width=640, height=480, seed=4)
LOOK = patient_look(generator(4, "patient"))


def drawn(*bodies: Body) -> tuple[np.ndarray, list]:
    """A field with these bodies alone."""
    return draw_field(generator(4, "field"), LOOK, SMALL, list(bodies))


def darkness(picture: np.ndarray, x: int, y: int) -> float:
    """How much less green light comes through around a place than through empty glass beside it."""
    green = picture[..., 1].astype(float)
    return float(np.median(green[10:60, 10:60]) - green[y - 3 : y + 4, x - 3 : x + 4].mean())


@settings(max_examples=6, deadline=None)
@given(share=st.floats(0, 1), seed=st.integers(0, 2**32 - 1))
def test_the_asked_share_of_red_cells_is_infected(share, seed):
    bodies = [body for field in plan_fields(replace(SMALL, parasitaemia=share, seed=seed)) for body in field]
    red = [body for body in bodies if body.is_red_cell]
    assert sum(body.kind in STAGES for body in red) == round(share * len(red))


def test_parasites_lie_where_they_show():
    infected = [body for field in plan_fields(SMALL) for body in field if body.kind in STAGES]
    radius = SMALL.radius_px
    assert infected
    assert all(radius < body.x < 640 - radius and radius < body.y < 480 - radius for body in infected)


def test_more_crowding_gives_more_cells():
    thin, thick = (sum(map(len, plan_fields(replace(SMALL, crowding=share)))) for share in (0.15, 0.5))
    assert thick > 2 * thin


def test_a_large_smear_has_overlapping_cells_leucocytes_and_platelets():
    fields = plan_fields(replace(SMALL, fields=10))
    kinds = {body.kind for field in fields for body in field}
    near = [
        np.hypot(one.x - other.x, one.y - other.y) < 1.9 * SMALL.radius_px
        for field in fields
        for number, one in enumerate(field)
        for other in field[:number]
        if one.is_red_cell and other.is_red_cell
    ]
    assert {LEUCOCYTE, PLATELET} <= kinds
    assert sum(near) > 5


@pytest.mark.parametrize("kind", ["healthy", "ring", LEUCOCYTE])
def test_a_box_holds_its_body_and_little_else(kind):
    picture, (box,) = drawn(Body(kind, 320.0, 240.0))
    middle = cv2.GaussianBlur(picture[190:290, 270:370, 1], (0, 0), 2)
    is_dark = middle < np.median(middle[:6]) - 8
    rows, columns = np.flatnonzero(is_dark.any(axis=1)), np.flatnonzero(is_dark.any(axis=0))
    found = np.array([columns[0] + 270, rows[0] + 190, columns[-1] + 271, rows[-1] + 191])
    np.testing.assert_allclose([box.x, box.y, box.x + box.width, box.y + box.height], found, atol=5)


def test_where_two_cells_lie_on_each_other_both_absorb():
    alone, _ = drawn(Body("healthy", 300.0, 240.0))
    both, _ = drawn(Body("healthy", 300.0, 240.0), Body("healthy", 324.0, 240.0))
    assert darkness(both, 312, 240) > 1.4 * darkness(alone, 312, 240)


def test_a_leucocyte_is_darker_than_a_red_cell():
    white, _ = drawn(Body(LEUCOCYTE, 320.0, 240.0))
    red, _ = drawn(Body("healthy", 320.0, 240.0))
    assert white[220:260, 300:340, 1].min() < red[220:260, 300:340, 1].min() - 20


def test_the_corners_are_darker_than_the_middle():
    picture, _ = drawn()
    assert picture[:20, :20, 1].mean() < picture[230:250, 310:330, 1].mean() - 2


def test_a_body_at_the_edge_has_a_box_inside_the_field():
    _, (box,) = drawn(Body("healthy", 0.0, 479.0))
    assert (box.x, box.y + box.height) == (0, 480)
    assert box.width < 1.3 * SMALL.radius_px


def test_a_body_beyond_the_edge_has_no_box():
    assert drawn(Body("healthy", -17.4, 240.0))[1] == []


@pytest.mark.parametrize("picturing", Picturing)
def test_a_smear_is_pictures_and_the_truth(tmp_path, picturing):
    done = write_smear(SMALL, tmp_path, Silent(), picturing, has_scale_bar=True)
    truth = json.loads((tmp_path / "annotations.json").read_text(encoding="utf-8"))
    names = sorted(path.name for path in tmp_path.glob("field_*"))
    assert [field["image_name"] for field in truth] == names
    assert cv2.imread(str(tmp_path / names[0])).shape == (480, 640, 3)
    assert truth[0]["objects"][-1]["type"] == "scale bar"
    kinds = [one["type"] for field in truth for one in field["objects"]]
    assert sum(kind in STAGES for kind in kinds) == done.infected > 0


def test_the_same_seed_draws_the_same_smear_again(tmp_path):
    for name in ("one", "other"):
        write_smear(replace(SMALL, fields=1), tmp_path / name, Silent(), Picturing.PNG)
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "other")
    )
    assert one == other


def test_fields_of_an_earlier_smear_are_replaced(tmp_path):
    write_smear(SMALL, tmp_path, Silent(), Picturing.PNG)
    write_smear(replace(SMALL, fields=1), tmp_path, Silent(), Picturing.JPEG)
    assert [path.name for path in tmp_path.glob("field_*")] == ["field_001.jpg"]


def test_a_folder_with_anything_else_is_refused(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(
        DatasetError, match=r"holds 1 item\(s\) that are not part of a synthetic smear, such as holiday"
    ):
        write_smear(SMALL, tmp_path, Silent(), Picturing.PNG)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DatasetError, match="is a file; choose a folder for the synthetic smear"):
        write_smear(SMALL, tmp_path / "file", Silent(), Picturing.PNG)


def test_every_fault_of_an_impossible_smear_is_told_at_once():
    names = ("parasitaemia", "fields", "width", "crowding")
    with pytest.raises(ConfigError, match=" ".join(rf"{name} must be .*, not .*\." for name in names)):
        WantedFields(parasitaemia=1.5, fields=0, width=10, crowding=0)
