"""The report of a smear: any smear can be told, nothing is lost, and no name from outside does harm."""

import csv
import dataclasses
import io
import json
import math
import re

import numpy as np
import pytest
from PIL import Image

from normocyte.core.errors import OutputError
from normocyte.core.types import CellKind, Estimate, Outcome, SegmentedCell, Verdict
from normocyte.reports import _smear_words as words
from normocyte.reports._paper import HEIGHT, INNER, MARGIN, WIDTH, Ink, wrapped
from normocyte.reports._share_axis import SMALLEST, place
from normocyte.reports._smear import Answer, PhotoFound, Smear, Suspect, Thing
from normocyte.reports._smear_data import COLUMNS, cells_csv, smear_json
from normocyte.reports._smear_figure import draw
from normocyte.reports._smear_page import render
from normocyte.reports._smear_sheet import draw_sheet
from normocyte.reports._style import styled
from normocyte.reports.contents import View
from normocyte.reports.smear import write_smear

NAN = float("nan")
NOTHING = Estimate(NAN, NAN, NAN)
EVIL = '<script>alert("1")</script>&{{ 7 * 7 }} $x$.jpg'
DECISIONS = ("parasites suspected", "no evidence", "not enough cells", "unusable images")
FILES = ["cells.csv", "review.png", "smear.html", "smear.json", "smear.pdf"]


def thing(outcome=Outcome.HEALTHY, kind=CellKind.RED_CELL, score=1.5, reason=""):
    cell = SegmentedCell(10, 20, np.ones((30, 40), np.bool_), kind)
    is_counted = outcome is not Outcome.NOT_ASSESSABLE
    numbers = (score, math.exp(-score)) if is_counted else (NAN, NAN)
    return Thing(cell, Verdict(outcome, *numbers, reason), is_counted)


def photo(name="one.jpg", **change):
    things = (
        *[thing()] * 40,
        thing(Outcome.SUSPICIOUS, score=9.0),
        thing(Outcome.NOT_ASSESSABLE, CellKind.BORDER, reason='cut off, "by" the\nborder'),
        thing(Outcome.NOT_ASSESSABLE, CellKind.LEUCOCYTE, reason="leucocyte"),
    )
    found = PhotoFound(name, "good", (), things, f"photos/{name}", 31.5)
    return dataclasses.replace(found, **change)


def suspect(score=9.0, name="one.jpg", outcome=Outcome.SUSPICIOUS):
    random = np.random.default_rng(round(score))
    image = random.integers(90, 255, (24, 20, 3), np.uint8)
    maps = random.normal(size=(16, 16)).astype(np.float32)
    view = View(image[:16], maps, maps, maps, np.ones((16, 16), np.uint8), np.abs(maps))
    return Suspect(name, 41, image, view, Verdict(outcome, score, math.exp(-score)))


def answer(decision=DECISIONS[0], **change):
    share = Estimate(0.02, 0.00412, 0.047)
    known = Answer(
        decision=decision,
        reason="2 of 82 cells are flagged (p = 0.01), more than in a healthy smear.",
        p_value=0.01,
        limit=0.025,
        cells_needed=700,
        parasitaemia=share,
        rogan_gladen=Estimate(0.022, 0.004, 0.052),
        bayesian=Estimate(0.021, 0.005, 0.05),
        meaning="The estimate is the share of cells flagged beyond the false ones.",
        per_microlitre=Estimate(100_000, 20_600, 235_000),
        red_cells=5e6,
        fewest=1,
        fewest_sentence="At least 1 of 82 cells are anomalous, with 95 % confidence.",
    )
    return dataclasses.replace(known, **change)


def unknown(decision, reason="None of 2 photos is good enough; take new ones."):
    nothing = {
        "parasitaemia": NOTHING,
        "rogan_gladen": NOTHING,
        "bayesian": NOTHING,
        "per_microlitre": NOTHING,
    }
    return answer(decision, reason=reason, p_value=NAN, cells_needed=0, fewest=0, **nothing)


def smear(**change):
    found = Smear(
        name="patient 7",
        photos=(photo(), photo("two.jpg", grade="usable", reasons=("light 0.7 is uneven",))),
        answer=answer(),
        suspects=tuple(suspect(score) for score in (7.0, 9.0, 8.0)),
        bundle="shipped",
        guarantee="At most 1 % of healthy cells are flagged.",
        cut=5.5,
        normocyte="1.2.3",
    )
    return dataclasses.replace(found, **change)


UNUSABLE = smear(
    photos=(
        photo("blurred.jpg", grade="unusable", reasons=("focus 0.01 is low",), things=()),
        photo("text.jpg", grade="not read", reasons=("text.jpg is no picture.",), things=(), outlined=""),
    ),
    answer=unknown("unusable images"),
    suspects=(),
)
NO_PHOTO = smear(photos=(), answer=unknown("not enough cells", "No cell was counted."), suspects=())
LONG = smear(
    name="n" * 900,
    photos=tuple(photo(f"{'long-name-' * 30}{i}.jpg", reasons=("reason " * 90,)) for i in range(23)),
    answer=answer("not enough cells", reason="reason " * 200, meaning="meaning " * 200, cells_needed=99_000),
    suspects=tuple(suspect(9.0 + i, "x" * 300) for i in range(13)),
    bundle="b" * 600,
    guarantee="guarantee " * 100,
)
ODD = smear(
    name="caf\udce9 \u7d30\u80de\n\0", photos=(photo("\udce9.jpg"),), suspects=(suspect(name="\udce9"),)
)
ALL = {"usual": smear(), "unusable": UNUSABLE, "no photo": NO_PHOTO, "long": LONG, "odd": ODD}


@pytest.fixture(scope="module", params=ALL)
def written(request, tmp_path_factory):
    """Each smear with the folder of its report."""
    folder = tmp_path_factory.mktemp("smear")
    write_smear(ALL[request.param], folder)
    return ALL[request.param], folder


def table(folder):
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(paper):
    return [text for text in paper.axes.texts if text.get_text()]


def test_every_file_is_there_and_no_other(written):
    assert sorted(path.name for path in written[1].iterdir()) == FILES


def test_the_page_is_given(tmp_path):
    assert write_smear(smear(), tmp_path) == tmp_path / "smear.html"


def test_the_same_smear_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_smear(smear(), tmp_path / name)
    assert [(tmp_path / "a" / name).read_bytes() for name in FILES] == [
        (tmp_path / "b" / name).read_bytes() for name in FILES
    ]


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="Choose another place"):
        write_smear(smear(), tmp_path / "file")


def test_the_table_has_one_row_a_thing_in_order(written):
    found, folder = written
    wanted = [thing for photo in found.photos for thing in photo.things]
    rows = table(folder)
    assert [row["verdict"] for row in rows] == [str(thing.verdict.outcome) for thing in wanted]
    assert [row["kind"] for row in rows] == [str(thing.cell.kind) for thing in wanted]


def test_the_table_gives_every_value_back():
    rows = list(csv.DictReader(io.StringIO(cells_csv(smear()), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [rows[40][name] for name in ("photo", "x", "y", "width", "height")] == [
        "one.jpg",
        "10",
        "20",
        "40",
        "30",
    ]
    assert (float(rows[40]["score"]), float(rows[40]["p_value"])) == (9.0, math.exp(-9))
    assert (rows[41]["score"], rows[41]["p_value"]) == ("", "")
    assert rows[41]["reason"] == 'cut off, "by" the\nborder'


def test_the_numbers_are_all_there():
    content = smear_json(smear())
    assert (content["schema"], content["decision"], content["cells"], content["flagged"]) == (
        1,
        DECISIONS[0],
        82,
        2,
    )
    assert content["parasitaemia"] == {"value": 0.02, "low": 0.00412, "high": 0.047}
    assert content["kinds"] == {"border": 2, "leucocyte": 2, "red_cell": 82}
    assert content["photos"][1]["reasons"] == ["light 0.7 is uneven"]
    assert [one["score"] for one in content["suspects"]] == [9.0, 8.0, 7.0]


def test_what_cannot_be_said_is_null():
    content = json.loads(json.dumps(smear_json(UNUSABLE), allow_nan=False))
    assert content["parasitaemia"] == {"value": None, "low": None, "high": None}
    assert content["p_value"] is None


def test_a_name_from_outside_cannot_write_html():
    found = smear(
        name=EVIL, photos=(photo(EVIL, reasons=(EVIL,)),), bundle=EVIL, suspects=(suspect(name=EVIL),)
    )
    page = render(dataclasses.replace(found, answer=answer(EVIL, reason=EVIL, meaning=EVIL)))
    assert "<script" not in page.lower()
    assert "49 $x$" not in page


@pytest.mark.parametrize(
    "outlined", ["//elsewhere.org/a.jpg", "javascript:alert(1)", 'a" onload="alert(1).jpg']
)
def test_a_picture_can_only_lie_below_the_page(outlined):
    page = render(smear(photos=(photo(outlined=outlined),)))
    links = re.findall(r'<a href="([^"]*)"><img src="([^"]*)"', page)
    assert [address.startswith("./") and ":" not in address for pair in links for address in pair] == [
        True,
        True,
    ]
    assert "onload=" not in page


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_has_a_title_and_a_sign_of_its_own(decision):
    others = [words.said(answer(other)) for other in DECISIONS if other != decision]
    own = words.said(answer(decision))
    assert decision.lower() in own.title.lower()
    assert own.sign not in {other.sign for other in others}


@pytest.mark.parametrize("decision", DECISIONS)
def test_page_and_sheet_of_paper_say_the_decision_and_what_they_are_not_for(decision):
    found = smear(answer=answer(decision))
    page, title = render(found), words.said(found.answer).title
    with styled():
        told = [text.get_text() for text in texts(draw(found))]
    assert f"<h1>{title}</h1>" in page
    assert title in told
    assert page.count("For research use only: not for clinical use.") == 2
    assert told.count("For research use only: not for clinical use.") == 2


def test_the_page_needs_nothing_but_pictures_beside_it():
    page = render(smear())
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert {address for address in addresses if not address.startswith("data:image/png;base64,")} == {
        "./photos/one.jpg",
        "./photos/two.jpg",
        *FILES,
    } - {"smear.html"}


def test_the_page_says_what_a_reader_asks_for():
    page = render(smear())
    assert "82\N{NO-BREAK SPACE}red cells counted in 2 of 2\N{NO-BREAK SPACE}photos" in page
    assert "between 0.41\N{NO-BREAK SPACE}% and 4.7\N{NO-BREAK SPACE}%" in page
    assert "About 100,000 infected red cells per microlitre" in page
    assert "assuming 5,000,000 red cells per microlitre" in page
    assert "light 0.7 is uneven" in page
    assert "At least 1 of 82 cells are anomalous" in page


def test_without_an_estimate_there_is_no_bar_and_a_sentence():
    page = render(UNUSABLE)
    assert 'class="interval"' not in page
    assert words.NO_ESTIMATE in page
    assert "nan" not in re.sub(r"<style>.*?</style>|base64,[^\"]*", "", page, flags=re.DOTALL).lower().split()


def test_estimates_that_are_none_are_no_dashes():
    told = dict(words.facts(UNUSABLE))
    assert told["Third estimate (Bayes)"] == "cannot be said"
    assert dict(words.facts(smear()))["Third estimate (Bayes)"].startswith("2.1\N{NO-BREAK SPACE}%, between")


def test_photos_that_do_not_count_say_why():
    page = render(UNUSABLE)
    assert "focus 0.01 is low" in page
    assert "text.jpg is no picture." in page


def test_more_photos_are_asked_for_where_cells_are_missing():
    few = smear(answer=answer("not enough cells", cells_needed=410))
    assert words.more_photos(few) == (
        "About 330 more red cells are needed: some 8\N{NO-BREAK SPACE}more photos like those that count."
    )


@pytest.mark.parametrize(
    "found", [smear(), NO_PHOTO, UNUSABLE, smear(answer=answer(DECISIONS[2], cells_needed=0))]
)
def test_no_more_photos_are_asked_for_where_they_would_not_help(found):
    assert words.more_photos(found) == ""


@pytest.mark.parametrize("name", ALL)
def test_no_text_leaves_the_sheet_of_paper_or_runs_into_another(name):
    with styled():
        paper = draw(ALL[name])
        boxes = [text.get_window_extent() for text in texts(paper)]
    scale = paper.figure.dpi / 72
    assert min(box.x0 for box in boxes) >= (MARGIN - 1) * scale
    assert max(box.x1 for box in boxes) <= (WIDTH - MARGIN + 3) * scale
    assert min(box.y0 for box in boxes) >= (MARGIN - 10) * scale
    assert max(box.y1 for box in boxes) <= (HEIGHT - MARGIN + 12) * scale
    apart = [one.padded(-1.5) for one in boxes]
    assert [(i, j) for i, one in enumerate(apart) for j in range(i) if one.overlaps(apart[j])] == []


def test_a_carriage_return_in_a_name_breaks_no_row():
    found = smear(photos=(photo("one\r.jpg"),))
    rows = list(csv.DictReader(io.StringIO(cells_csv(found), newline="")))
    assert {row["photo"] for row in rows} == {"one\\r.jpg"}


def test_a_short_table_says_how_many_photos_it_leaves_out():
    with styled():
        told = [text.get_text() for text in texts(draw(smear(photos=(photo(),) * 23, suspects=())))]
    assert "and 15\N{NO-BREAK SPACE}more photos" in told


def test_photos_left_out_are_told_when_they_were_not_used():
    found = (photo(), photo(grade="unusable"), photo(grade="not read"))
    assert words.more_in_table(found) == "and 3\N{NO-BREAK SPACE}more photos, 2 of them not used"


@pytest.mark.parametrize(("count", "rows"), [(5, 2), (49, 12)])
def test_the_review_sheet_shows_at_most_48_cells(count, rows):
    one = Image.open(io.BytesIO(draw_sheet(smear(suspects=(suspect(),))))).height
    empty = Image.open(io.BytesIO(draw_sheet(smear(suspects=())))).height
    some = Image.open(io.BytesIO(draw_sheet(smear(suspects=(suspect(),) * count)))).height
    assert some - empty == rows * (one - empty)


def test_an_empty_review_sheet_says_so():
    said, silent = (
        np.asarray(Image.open(io.BytesIO(draw_sheet(smear(suspects=(), answer=answer(one))))))
        for one in DECISIONS[:2]
    )
    lines = slice(50, 72)
    assert np.array_equal(said[lines], silent[lines])
    assert (said[lines] < 255).any()
    assert words.NO_SUSPECTS in render(smear(suspects=()))


def test_a_suspect_without_pixels_or_score_can_be_shown():
    empty = dataclasses.replace(suspect(), image=np.empty((0, 0, 3), np.uint8))
    unscored = dataclasses.replace(suspect(), verdict=Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, "why"))
    found = smear(suspects=(unscored, empty))
    assert words.suspects(found) == [empty, unscored]
    assert draw_sheet(found)


@pytest.mark.parametrize("share", [0.0, SMALLEST / 2, SMALLEST, 0.02, 0.5, 1.0])
def test_a_larger_share_stands_further_right(share):
    assert 0 <= place(share) < place(share * 1.1 + 1e-6) or place(share) == 1
    assert place(0.0) == 0


@pytest.mark.parametrize(
    ("low", "said"),
    [(0.0, "between none and 4.7 %"), (0.0041, "between 0.41 % and 4.7 %"), (NAN, "cannot be said")],
)
def test_an_interval_in_words(low, said):
    assert words.between(Estimate(0.02, low, 0.047)).replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize("text", ["", "word", "w" * 5000, "many short words " * 50, "\0\n \u7d30"])
def test_a_paragraph_has_no_more_lines_than_it_may_and_none_too_wide(text):
    ink = Ink(8)
    lines = wrapped(text, INNER, ink, 3)
    assert 1 <= len(lines) <= 3
    assert all(wrapped(line, INNER, ink, 1) == [line] for line in lines)


def test_a_paragraph_that_fits_loses_no_word():
    text = "many short words " * 20
    assert " ".join(wrapped(text, INNER, Ink(8), 9)).split() == text.split()


def test_the_first_three_reasons_of_a_photo_are_sentences_and_the_rest_is_counted():
    reasons = ("It is dark.", "It is blurred.", "It is red.", "It is odd.", "More.")
    told = words.reasons(photo(reasons=reasons))
    assert told == "It is dark. It is blurred. It is red. 2 more in smear.json."


def test_no_cell_beyond_doubt_is_said_without_a_zero():
    found = smear(answer=answer(fewest=0, fewest_sentence="At least 0 of 82 cells are anomalous."))
    assert words.fewest(found) == "Of the 82\N{NO-BREAK SPACE}red cells none is anomalous beyond doubt."
    assert "At least 0" not in render(found)


def test_the_screen_guarantees_nothing_where_nothing_was_counted():
    assert smear().guarantee in words.screen(smear())
    assert UNUSABLE.guarantee not in words.screen(UNUSABLE)
