"""Boxes of every form are read alike, and each fault is said in one sentence."""

import json

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.types import CellKind
from normocyte.segmentation.boxes.box import Box
from normocyte.segmentation.boxes.boxed import boxed_cells, kind_of, read_boxes, slivers_said

VOC = """<annotation><filename>a.jpg</filename><object><name>RBC</name><bndbox>
<xmin>4</xmin><ymin>6</ymin><xmax>33</xmax><ymax>25</ymax></bndbox></object></annotation>"""
IML = [
    {"image_name": "a.jpg", "objects": [{"type": "RBC", "bbox": {"x": "3", "y": "5", "w": "30", "h": "20"}}]}
]
COCO = {
    "images": [{"id": 7, "file_name": "train/a.jpg", "width": 300, "height": 200}],
    "annotations": [{"id": 1, "image_id": 7, "category_id": 2, "bbox": [3, 5, 30, 20]}],
    "categories": [{"id": 2, "name": "RBC"}],
}
CORNERS = {"minimum": {"r": 5, "c": 3}, "maximum": {"r": 25, "c": 33}}
BBBC041 = [
    {"image": {"pathname": "/images/a.jpg"}, "objects": [{"bounding_box": CORNERS, "category": "RBC"}]}
]
FORMS = {
    "a.csv": "photo,x,y,width,height,kind\nfields/a.jpg,3,5,30,20,RBC\n",
    "german.csv": "sep=;\nImage;x;y;w;h;label\na.jpg;3,0;5;30;20;RBC\n",
    "a.tsv": "file name\tleft\ttop\twidth\theight\ttype\na.jpg\t3\t5\t30\t20\tRBC\n",
    "a.json": json.dumps(IML),
    "coco.json": json.dumps(COCO),
    "bbbc041.json": json.dumps(BBBC041),
    "a.xml": VOC,
}
FAULTS = {
    "no column": ("a.csv", "photo,x,y,width\n", "has no column height, but photo, x, y, width"),
    "an empty table": ("a.csv", "", "has no column photo, x, y, width, height, but none"),
    "no number": ("a.csv", "photo,x,y,width,height\na.jpg,1,2,wide,4\n", "row 2: a side of a box is 'wide'"),
    "a short row": ("a.csv", "photo,x,y,width,height\na.jpg,1,2\n", "it has 3 cells where the"),
    "no photo": ("a.csv", "photo,x,y,width,height\n,1,2,3,4\n", "names no photo"),
    "not finite": ("a.csv", "photo,x,y,width,height\na.jpg,1,2,inf,4\n", "give a number of pixels"),
    "two faults": (
        "a.csv",
        "photo,x,y,width,height\na.jpg,1,,3,4\n,1,2,3,4\n",
        r"has 2 faults to correct:\n  row 2: a side of a box is ''.*\n  row 3: it names no photo",
    ),
    "huge": ("a.json", json.dumps(IML).replace('"3"', "1" + "0" * 400), "a side of a box is '10000"),
    "a truth": ("a.json", json.dumps(IML).replace('"3"', "true"), "a side of a box is 'True'"),
    "a cut bbox": (
        "a.json",
        json.dumps(COCO).replace("[3, 5,", "["),
        r"annotation 1 has the bbox \[30, 20\]",
    ),
    "no such image": (
        "a.json",
        json.dumps(COCO).replace(': 7, "c', ': 8, "c'),
        "the image 8, which is not listed",
    ),
    "no class": ("a.txt", "RBC 0.5 0.5 0.1 0.1\n", "row 1: 'RBC' is no number of a class such as 0"),
    "pixels": ("a.txt", "\n0 320 200 30 20\n", "row 2: '0 320 200 30 20' is not in parts of the picture"),
    "three numbers": ("a.txt", "0 0.5 0.5 0.1\n", "row 1: .* is not a class and four numbers, or corners"),
    "nameless classes": ("a.txt", "0 .5 .5 .1 .1\n1 .5 .5 .1 .1", "the classes 0, 1, but nothing names them"),
    "a workbook": ("a.xlsx", "", "is a workbook of a spreadsheet program"),
    "damaged JSON": ("a.json", '[{"image_name": "a.jpg", ', "is damaged at line 1"),
    "another JSON": ("a.json", '{"images": []}', "has none of the known forms, 'annotations' is missing"),
    "deep JSON": ("a.json", "[" * 200_000, "has none of the known forms|is damaged"),
    "JSON without boxes": (
        "a.json",
        '[{"image_name": "a.jpg", "objects": [{"type": "RBC"}]}]',
        "has none of the known forms",
    ),
    "damaged XML": ("a.xml", VOC[:80], "is damaged"),
    "an entity": (
        "a.xml",
        '<!DOCTYPE a [<!ENTITY b "c">]><annotation>&b;</annotation>',
        "DOCTYPE or an entity",
    ),
    "XML without a photo": ("a.xml", "<annotation></annotation>", "names no photo"),
    "XML without a box": ("a.xml", VOC.replace("bndbox", "box"), "box 'RBC': a side of a box is 'None'"),
    "another ending": ("a.bin", "", "boxes are read from .csv, .tsv"),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_box(tmp_path, name):
    (tmp_path / name).write_text(FORMS[name], encoding="utf-8")
    assert read_boxes(tmp_path / name).of("a.jpg") == [Box(3, 5, 30, 20, "RBC")]


def test_a_folder_of_pascal_voc_gives_the_boxes_of_all_its_photos(tmp_path):
    for letter in "ab":
        (tmp_path / f"{letter}.xml").write_text(VOC.replace("a.jpg", f"{letter}.jpg"), encoding="utf-8")
    boxes = read_boxes(tmp_path)
    assert [len(boxes.of(f"{letter}.jpg")) for letter in "ab"] == [1, 1]


NAMES = {
    "classes.txt": "RBC\nWBC\n",
    "obj.names": "RBC\nWBC\n",
    "data.yaml": "path: .\nnames: ['RBC', \"WBC\"]\nnc: 2\n",
}
YAMLS = [
    "names:\n  - RBC\n  - WBC\nnc: 2\n",
    "nc: 2\nnames:\n  0: RBC\n  1: WBC\n",
    "names: {0: RBC, 1: WBC}\n",
]


@pytest.mark.parametrize(("name", "text"), [*NAMES.items(), *(("data.yaml", text) for text in YAMLS)])
def test_yolo_gives_parts_of_the_picture_and_kinds_by_number(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "a.txt").write_text("0 0.06 0.075 0.1 0.1\n1 0.5 0.5 0.1 0.2 0.93\n", encoding="utf-8")
    one, other = read_boxes(tmp_path).of("photos/a.jpg")
    assert (one.kind, other.kind) == ("RBC", "WBC")
    assert one.in_pixels(300, 200) == Box(*map(pytest.approx, (3, 5, 30, 20)), kind="RBC")


def test_an_outline_of_yolo_gives_the_box_around_it(tmp_path):
    (tmp_path / "a.txt").write_text("0 0.25 0.5 0.75 0.25 0.5 0.125\n", encoding="utf-8")
    (box,) = read_boxes(tmp_path / "a.txt").of("a.png")
    assert box.in_pixels(100, 100) == Box(25, 12.5, 50, 37.5, "0")


def test_a_photo_of_yolo_without_cells_has_no_boxes(tmp_path):
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    assert read_boxes(tmp_path).of("a.png") == []


def test_a_photo_of_coco_without_cells_has_no_boxes(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(COCO | {"annotations": []}), encoding="utf-8")
    assert read_boxes(tmp_path / "a.json").of("a.jpg") == []


def test_a_folder_of_several_forms_is_refused(tmp_path):
    for name in ("a.xml", "b.xml", "a.txt"):
        (tmp_path / name).write_text(VOC, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"holds 2 \.xml and 1 \.txt files; keep those of one ending"):
        read_boxes(tmp_path)


def test_a_photo_without_cells_has_no_boxes(tmp_path):
    (tmp_path / "a.json").write_text('[{"image_name": "a.jpg", "objects": []}]', encoding="utf-8")
    assert read_boxes(tmp_path / "a.json").of("a.jpg") == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(tmp_path, fault):
    name, content, sentence = FAULTS[fault]
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=sentence):
        read_boxes(tmp_path / name)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"photo,x\n\xff\xfe")
    with pytest.raises(DatasetError, match="is not UTF-8 text, at byte 8"):
        read_boxes(tmp_path / "a.csv")


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(DatasetError, match="cannot be read"):
        read_boxes(tmp_path / "a.csv")
    with pytest.raises(DatasetError, match="holds no"):
        read_boxes(tmp_path)


def test_a_photo_that_the_file_does_not_name_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text(FORMS["a.csv"], encoding="utf-8")
    with pytest.raises(ImageError, match=r"has no boxes for 'b.jpg', but for fields/a.jpg"):
        read_boxes(tmp_path / "a.csv").of("b.jpg")


SAME = "photo,x,y,width,height\nann/a.jpg,1,2,30,40\nbob/a.jpg,5,6,70,80\n"


@pytest.mark.parametrize(("photo", "x"), [("ann/a.jpg", 1), ("/ward/bob/a.jpg", 5)])
def test_photos_of_one_file_name_are_told_apart_by_their_folders(tmp_path, photo, x):
    (tmp_path / "a.csv").write_text(SAME, encoding="utf-8")
    (box,) = read_boxes(tmp_path / "a.csv").of(photo)
    assert box.x == x


def test_a_photo_that_may_be_either_of_two_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text(SAME, encoding="utf-8")
    with pytest.raises(ImageError, match=r"which of them is 'eve/a.jpg' is not known"):
        read_boxes(tmp_path / "a.csv").of("eve/a.jpg")


def test_a_folder_in_a_json_is_no_part_of_the_file_name(tmp_path):
    named = json.dumps([{**IML[0], "image_name": "fields\\a.jpg"}])
    (tmp_path / "a.json").write_text(named, encoding="utf-8")
    assert read_boxes(tmp_path / "a.json").of("a.jpg") == [Box(3, 5, 30, 20, "RBC")]


sides = st.floats(1, 2000)
places = st.floats(-1500, 1500)


across = st.builds(Box, st.floats(-900, 100), st.floats(-900, 70), st.floats(920, 2000), st.floats(920, 2000))
outside = st.builds(Box, st.floats(120, 900), places, sides, sides)
PICTURE = np.full((90, 120, 3), 200, np.uint8)


@given(boxes=st.lists(across, max_size=3, unique_by=lambda box: (box.x, box.y, box.width, box.height)))
@settings(max_examples=30)
def test_a_box_that_reaches_beyond_the_picture_is_clipped(boxes):
    cells = boxed_cells(PICTURE, boxes)
    assert len(cells) == len(boxes)
    assert all(c.x >= 0 and c.y >= 0 and c.x + c.width <= 120 and c.y + c.height <= 90 for c in cells)
    assert all(c.mask.any() for c in cells)


@given(box=outside)
def test_boxes_that_all_lie_beside_the_picture_are_refused(box):
    with pytest.raises(ImageError, match="Give boxes of this picture"):
        boxed_cells(PICTURE, [box])


SLIVERS = [Box(500, 5, 9, 9), Box(5, 5, 2, 30), Box(5, 5, 0, 9), Box(5, 5, -4, 9), Box(118, 5, 30, 30)]


@given(box=across, slivers=st.permutations(SLIVERS))
def test_a_sliver_drops_itself_and_is_told(box, slivers):
    boxes = [*slivers[:2], box, *slivers[2:]]
    assert len(boxed_cells(PICTURE, boxes)) == 1
    assert "5 of 6 boxes have fewer than 3 x 3 pixels in the picture of 120 x 90" in slivers_said(
        boxes, 120, 90
    )


def test_whole_boxes_are_no_slivers():
    assert not slivers_said([Box(0, 0, 3, 3)], 120, 90)


KINDS = {
    "WBC": "leucocyte",
    "white blood cell": "leucocyte",
    "Leukocyte": "leucocyte",
    "Platelets": "platelet",
}
KINDS |= {"ring": "red_cell", "red blood cell": "red_cell", "": "red_cell", "Debris": "debris"}


@pytest.mark.parametrize("name", KINDS)
def test_kinds_are_known_by_their_usual_names(name):
    assert kind_of(name) == KINDS[name]


def test_a_boxed_cell_gets_the_mask_of_what_is_stained(field):
    pixels, centres = field
    x, y = centres[23]
    (cell,) = boxed_cells(pixels, [Box(x - 35, y - 35, 70, 70, "ring")])
    assert cell.kind is CellKind.RED_CELL
    assert cell.area_px == pytest.approx(np.pi * 30**2, rel=0.08)


def barred(pixels, colour):
    """The field with a bar drawn over the fourth row of cells."""
    marked = pixels.copy()
    cv2.rectangle(marked, (300, 355), (560, 367), colour, cv2.FILLED)
    return marked


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 0, 0)])
def test_a_boxed_cell_under_a_burned_in_bar_cannot_be_assessed(field, colour):
    pixels, centres = field
    boxes = [Box(x - 35, y - 35, 70, 70) for x, y in centres]
    cells = boxed_cells(barred(pixels, colour), boxes)
    under = [centre for centre, cell in zip(centres, cells, strict=True) if cell.is_covered]
    assert under == [(x, 360) for x in range(290, 570, 80)]
    assert {cell.is_covered for cell in cells} == {False, True}


def test_a_bar_over_a_boxed_cell_is_no_part_of_its_outline(field):
    pixels, centres = field
    x, y = centres[33]
    (cell,) = boxed_cells(barred(pixels, (0, 0, 0)), [Box(x - 35, y - 35, 70, 70)])
    assert cell.area_px == pytest.approx(np.pi * 30**2, rel=0.1)


def test_a_boxed_annotation_is_no_cell_under_one(field):
    (bar,) = boxed_cells(barred(field[0], (0, 0, 0)), [Box(298, 353, 264, 16, "annotation")])
    assert bar.kind is CellKind.ANNOTATION
    assert not bar.is_covered


def test_a_box_on_empty_glass_gets_its_ellipse(field):
    pixels, _ = field
    (cell,) = boxed_cells(pixels, [Box(85, 95, 10, 30, "platelet")])
    assert cell.kind is CellKind.PLATELET
    assert cell.area_px == pytest.approx(np.pi / 4 * 10 * 30, rel=0.1)


@given(rows=st.lists(st.tuples(places, places, sides, sides), min_size=1, max_size=5))
@settings(max_examples=30)
def test_what_is_written_as_csv_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("boxes") / "a.csv"
    lines = ["photo,x,y,width,height", *(",".join(["a.jpg", *map(repr, row)]) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_boxes(path).of("a.jpg") == [Box(*row) for row in rows]


def test_a_box_that_stands_twice_is_one():
    box, other = Box(5, 5, 20, 20), Box(40, 5, 20, 20)
    assert len(boxed_cells(PICTURE, [box, other, box])) == 2
