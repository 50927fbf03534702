"""Whatever bytes a file of boxes holds, they are boxes or one error."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError, ImageError, NormocyteError
from normocyte.segmentation.boxes.boxed import read_boxes, slivers_said

GOOD = {
    "a.csv": b"photo,x,y,width,height,kind\na.jpg,3,5,30,20,RBC\nb.jpg,1,2,3,4,\n",
    "iml.json": b'[{"image_name": "a.jpg", "objects": [{"type": "RBC", '
    b'"bbox": {"x": 3, "y": 5, "w": 3, "h": 2}}]}]',
    "coco.json": b'{"images": [{"id": 7, "file_name": "a.jpg"}], "categories": [{"id": 2, "name": "RBC"}], '
    b'"annotations": [{"image_id": 7, "category_id": 2, "bbox": [3, 5, 30, 20]}]}',
    "bbbc.json": b'[{"image": {"pathname": "/a.jpg"}, "objects": [{"category": "RBC", '
    b'"bounding_box": {"minimum": {"r": 5, "c": 3}, "maximum": {"r": 25, "c": 33}}}]}]',
    "a.xml": b"<annotation><filename>a.jpg</filename><object><name>RBC</name><bndbox><xmin>4</xmin>"
    b"<ymin>6</ymin><xmax>33</xmax><ymax>25</ymax></bndbox></object></annotation>",
    "a.txt": b"0 0.5 0.5 0.1 0.2\n0 0.1 0.1 0.1 0.1 0.9\n",
    "obj.names": b"RBC\nWBC\n",
    "data.yaml": b"names: [RBC, WBC]\n",
}
changes = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 9), st.binary(max_size=4)), min_size=1, max_size=4
)
keys = ["images", "annotations", "categories", "id", "file_name", "image_id", "category_id", "bbox", "image"]
keys += [
    "pathname",
    "objects",
    "bounding_box",
    "minimum",
    "maximum",
    "r",
    "c",
    "image_name",
    "type",
    "x",
    "name",
]
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(7)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(keys), inner, max_size=5),
    max_leaves=20,
)


def changed(data, places):
    """The bytes with some of them replaced by others, fewer or more."""
    made = bytearray(data)
    for place, length, new in places:
        made[place : place + length] = new
    return bytes(made)


def read(path):
    """Boxes for a photo, or nothing where one of our errors says why not."""
    try:
        boxes = read_boxes(path)
        for photo in ("a.jpg", "b.jpg"):
            slivers_said(boxes.of(photo), 100, 80)
    except NormocyteError as error:
        assert isinstance(error, DatasetError | ImageError)  # noqa: PT017 - both ends are right
        str(error).encode("utf-8")


@pytest.mark.parametrize("name", GOOD)
@given(places=changes)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_changed_file_is_read_or_refused(tmp_path, name, places):
    for file in ("a.txt", name):
        (tmp_path / file).write_bytes(changed(GOOD[file], places if file == name else ()))
    read(tmp_path / name if name.startswith(("a.", "iml", "coco", "bbbc")) else tmp_path / "a.txt")


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.xml", "a.txt"])
@given(data=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    read(tmp_path / name)


@given(tree=trees)
@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_json_is_read_or_refused(tmp_path, tree):
    (tmp_path / "a.json").write_text(json.dumps(tree), encoding="utf-8")
    read(tmp_path / "a.json")


@pytest.mark.parametrize("name", ["iml.json", "coco.json", "bbbc.json", "a.xml", "a.txt", "a.csv"])
def test_the_files_that_are_changed_are_good(tmp_path, name):
    (tmp_path / name).write_bytes(GOOD[name])
    assert read_boxes(tmp_path / name).of("a.jpg")
