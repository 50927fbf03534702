"""The report of a smear: any smear can be told, nothing is lost, and no name from outside does harm."""

import csv
import dataclasses
import io
import itertools
import json
import math
import re
from importlib.resources import files

import numpy as np
import pytest
from markupsafe import escape
from PIL import Image

from normocyte.core.errors import OutputError
from normocyte.core.types import CellKind, Estimate, SegmentedCell
from normocyte.reports.drawing.paper import HEIGHT, INNER, MARGIN, WIDTH, Ink, wrapped
from normocyte.reports.drawing.share_axis import SMALLEST, place
from normocyte.reports.smear import decisions, numbers, words
from normocyte.reports.smear.data import COLUMNS, cells_csv, review_csv, smear_json
from normocyte.reports.smear.facts import facts
from normocyte.reports.smear.page import render
from normocyte.reports.smear.pdf import draw
from normocyte.reports.smear.sheet import draw_sheet
from normocyte.reports.smear.write import write_smear
from normocyte.results.evaluation import View
from normocyte.results.smear import Answer, Aside, Detection, PhotoResult, Smear, Suspect
from normocyte.results.verdict import Cause, CauseCode, Decision, Grade, Outcome, Verdict

NAN = float("nan")
NOTHING = Estimate(NAN, NAN, NAN)
EVIL = '<script>alert("1")</script>&{{ 7 * 7 }} $x$.jpg'
DECISIONS = tuple(Decision)
BOXES = "\N{BALLOT BOX} parasite \N{BALLOT BOX} none"
FILES = ["cells.csv", "review.csv", "review.png", "smear.html", "smear.json", "smear.pdf"]


def worded(text):
    """A cause that is worded so."""
    return Cause(CauseCode.OTHER_KIND, detail=text)


def detection(outcome=Outcome.HEALTHY, kind=CellKind.RED_CELL, score=1.5, cause=None):
    cell = SegmentedCell(10, 20, np.ones((30, 40), np.bool_), kind)
    is_counted = outcome is not Outcome.NOT_ASSESSABLE
    numbers = (score, math.exp(-score)) if is_counted else (NAN, NAN)
    return Detection(cell, Verdict(outcome, *numbers, cause), is_counted)


def photo(name="one.jpg", **change):
    detections = (
        *[detection()] * 40,
        detection(Outcome.SUSPICIOUS, score=9.0),
        detection(Outcome.NOT_ASSESSABLE, CellKind.BORDER, cause=worded('cut off, "by" the\nborder')),
        detection(Outcome.NOT_ASSESSABLE, CellKind.LEUCOCYTE, cause=worded("leucocyte")),
    )
    found = PhotoResult(name, Grade.GOOD, (), detections, f"photos/{name}", 31.5, (640, 480))
    return dataclasses.replace(found, **change)


def suspect(score=9.0, name="one.jpg", outcome=Outcome.SUSPICIOUS):
    random = np.random.default_rng(round(score))
    image = random.integers(90, 255, (24, 20, 3), np.uint8)
    maps = random.normal(size=(16, 16)).astype(np.float32)
    view = View(image[:16], maps, maps, maps, np.ones((16, 16), np.uint8), np.abs(maps))
    return Suspect(name, 41, image, view, Verdict(outcome, score, math.exp(-score)))


def answer(decision=Decision.LOOK_AT_CELLS, **change):
    share = Estimate(0.02, 0.00412, 0.047)
    known = Answer(
        decision=decision,
        reason="2 of 82 red cells are flagged; in a healthy smear of this size about 1 would be.",
        p_value=0.01,
        limit=0.025,
        cells_needed=700,
        parasitaemia=share,
        rogan_gladen=Estimate(0.022, 0.004, 0.052),
        bayesian=Estimate(0.021, 0.005, 0.05),
        meaning="The estimate is the share of cells flagged beyond the false ones.",
        per_microlitre=Estimate(100_000, 20_600, 235_000),
        red_cells=5e6,
        min_anomalous=1,
        min_anomalous_text="At least 1 of 82 cells are anomalous, with 95 % confidence.",
        expected=0.8,
        least_shown=0.023,
    )
    return dataclasses.replace(known, **change)


def unknown(decision, reason="None of 2 photos is good enough; take new ones."):
    nothing = {
        "parasitaemia": NOTHING,
        "rogan_gladen": NOTHING,
        "bayesian": NOTHING,
        "per_microlitre": NOTHING,
    }
    return answer(decision, reason=reason, p_value=NAN, cells_needed=0, min_anomalous=0, **nothing)


def smear(**change):
    found = Smear(
        name="patient 7",
        photos=(photo(), photo("two.jpg", grade=Grade.USABLE, causes=(worded("light 0.7 is uneven"),))),
        answer=answer(),
        suspects=tuple(suspect(score) for score in (7.0, 9.0, 8.0)),
        bundle="shipped",
        guarantee="At most 1 % of healthy cells are flagged.",
        threshold=5.5,
        normocyte="1.2.3",
    )
    return dataclasses.replace(found, **change)


def test_a_photo_whose_name_is_a_formula_is_text_in_the_tables():
    found = smear(photos=(photo("=1+1.jpg"),))
    for table in (cells_csv(found), review_csv(found)):
        assert {row["photo"] for row in csv.DictReader(io.StringIO(table))} == {"'=1+1.jpg"}


UNUSABLE = smear(
    photos=(
        photo("blurred.jpg", grade=Grade.UNUSABLE, causes=(worded("focus 0.01 is low"),), detections=()),
        photo(
            "text.jpg",
            grade=Grade.NOT_READ,
            causes=(worded("text.jpg is no picture."),),
            detections=(),
            outlined="",
        ),
    ),
    answer=unknown(Decision.UNUSABLE_PHOTOS),
    suspects=(),
)
NO_PHOTO = smear(photos=(), answer=unknown(Decision.NOT_ENOUGH_CELLS, "No cell was counted."), suspects=())
LONG = smear(
    name="n" * 900,
    photos=tuple(photo(f"{'long-name-' * 30}{i}.jpg", causes=(worded("reason " * 90),)) for i in range(23)),
    answer=answer(
        Decision.NOT_ENOUGH_CELLS, reason="reason " * 200, meaning="meaning " * 200, cells_needed=99_000
    ),
    suspects=tuple(suspect(9.0 + i, "x" * 300) for i in range(13)),
    bundle="b" * 600,
    guarantee="guarantee " * 100,
    labels=(("Patient", "p" * 300), ("Slide", "17b")),
    passed_over="3 of 26 files were not looked at: 3 .heic.",
)
LONG_REVIEW = smear(review="n" * 250, answer=answer(looked_at=1))
ODD = smear(
    name="caf\udce9 \u7d30\u80de\n\0",
    photos=(photo("\udce9.jpg"),),
    suspects=(suspect(name="\udce9"),),
    review="\udce9\n.csv",
)
ALL = {
    "usual": smear(),
    "unusable": UNUSABLE,
    "no photo": NO_PHOTO,
    "long": LONG,
    "long review": LONG_REVIEW,
    "odd": ODD,
}


@pytest.fixture(scope="module", params=ALL)
def written(request, tmp_path_factory):
    """Each smear with the folder of its report."""
    folder = tmp_path_factory.mktemp("smear")
    write_smear(ALL[request.param], folder)
    return ALL[request.param], folder


def table(folder):
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sign_shapes():
    template = files("normocyte.reports").joinpath("drawing/sign.html.j2").read_text(encoding="utf-8")
    return {*re.findall(r'shape == "(\w+)"', template), "dashes"}


def texts(paper):
    return [text for text in paper.texts if text.words]


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
    wanted = [detection for photo in found.photos for detection in photo.detections]
    rows = table(folder)
    assert [row["verdict"] for row in rows] == [str(detection.verdict.outcome) for detection in wanted]
    assert [row["kind"] for row in rows] == [str(detection.cell.kind) for detection in wanted]


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
        3,
        "cells to look at",
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
        name=EVIL, photos=(photo(EVIL, causes=(worded(EVIL),)),), bundle=EVIL, suspects=(suspect(name=EVIL),)
    )
    found = dataclasses.replace(found, labels=(("Patient", EVIL),), passed_over=EVIL)
    page = render(dataclasses.replace(found, answer=answer(reason=EVIL, meaning=EVIL)))
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
    others = [decisions.text_for(smear(answer=answer(other))) for other in DECISIONS if other != decision]
    own = decisions.text_for(smear(answer=answer(decision)))
    assert own.title not in {other.title for other in others}
    assert own.sign not in {other.sign for other in others}
    assert f"{own.sign}" in sign_shapes()


@pytest.mark.parametrize("decision", DECISIONS)
def test_page_and_sheet_of_paper_say_the_decision_and_what_they_are_not_for(decision):
    found = smear(answer=answer(decision))
    page, title = render(found), decisions.text_for(found).title
    told = [text.words for text in texts(draw(found)[0])]
    assert f"<h1>{title}</h1>" in page
    assert title in told
    assert page.count("For research use only: not for clinical use.") == 2
    assert told.count("For research use only: not for clinical use.") == 2


def test_the_page_needs_nothing_but_pictures_beside_it():
    page = render(smear())
    addresses = re.findall(r'(?:src|href)="([^"#][^"]*)"', page)
    assert {address for address in addresses if not address.startswith("data:image/jpeg;base64,")} == {
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
    assert "It is not known: no red cell counts." in page
    assert "nan" not in re.sub(r"<style>.*?</style>|base64,[^\"]*", "", page, flags=re.DOTALL).lower().split()


def test_estimates_that_are_none_are_no_dashes():
    bayes = "By the count alone (Bayes, never none)"
    assert dict(facts(UNUSABLE))[bayes] == "not known"
    assert dict(facts(smear()))[bayes].startswith("2.1\N{NO-BREAK SPACE}%, between")


def test_photos_that_do_not_count_say_why():
    page = render(UNUSABLE)
    assert "focus 0.01 is low" in page
    assert "text.jpg is no picture." in page


def test_more_photos_are_asked_for_where_cells_are_missing():
    few = smear(answer=answer(Decision.NOT_ENOUGH_CELLS))
    assert decisions.more_photos(few) == "about 11\N{NO-BREAK SPACE}more photos"
    assert decisions.next_steps(few)[0] == (
        "Take about 11\N{NO-BREAK SPACE}more photos of other fields of the same film."
    )


@pytest.mark.parametrize("found", [NO_PHOTO, UNUSABLE, smear(photos=(photo(),) * 13)])
def test_no_number_of_photos_is_asked_for_where_it_is_not_known_or_there_are_enough(found):
    assert decisions.more_photos(found) == ""


@pytest.mark.parametrize("name", ALL)
def test_no_text_leaves_the_sheet_of_paper_or_runs_into_another(name):
    for paper in draw(ALL[name]):
        check_sheet([box(text) for text in texts(paper)])


def check_sheet(boxes):
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    assert min(lefts) >= MARGIN - 1
    assert max(rights) <= WIDTH - MARGIN + 3
    assert min(tops) >= MARGIN - 10
    assert max(bottoms) <= HEIGHT - MARGIN + 12
    assert [(one, other) for one, other in itertools.combinations(boxes, 2) if overlap(one, other)] == []


def box(text):
    """Left, top, right and bottom of a text, up to the highest and lowest letters of the font."""
    high, deep = (share * text.ink.size for share in (0.76, 0.24))
    return text.left, text.baseline - high, text.right, text.baseline + deep


def overlap(one, other):
    return all(min(one[i + 2], other[i + 2]) - max(one[i], other[i]) > 2.1 for i in (0, 1))


def test_a_carriage_return_in_a_name_breaks_no_row():
    found = smear(photos=(photo("one\r.jpg"),))
    rows = list(csv.DictReader(io.StringIO(cells_csv(found), newline="")))
    assert {row["photo"] for row in rows} == {"one\\r.jpg"}


def test_a_short_table_says_how_many_photos_it_leaves_out():
    told = [text.words for text in texts(draw(smear(photos=(photo(),) * 23, suspects=()))[0])]
    assert "and 15\N{NO-BREAK SPACE}more photos: see the last page" in told


def test_the_last_sheets_list_every_photo_with_every_cause_in_full():
    causes = tuple(worded(f"Cause {number} is {'very ' * 30}long.") for number in range(4))
    found = smear(photos=tuple(photo(f"photo-{one}.jpg", causes=causes) for one in range(23)))
    told = [text.words for paper in draw(found)[1:] for text in texts(paper)]
    assert [name for name in told if name.startswith("photo-")] == [f"photo-{one}.jpg" for one in range(23)]
    assert " ".join(told).count("very") == 23 * 4 * 30


def test_a_smear_that_fits_on_one_sheet_has_one():
    assert len(draw(smear())) == 1


def test_every_flagged_cell_stands_on_a_sheet_with_boxes_to_tick():
    found = smear(suspects=tuple(suspect(9.0 + one) for one in range(60)))
    told = [text.words for paper in draw(found) for text in texts(paper)]
    assert [text for text in told if BOXES in text] == [f"{one}  {BOXES}" for one in range(1, 61)]


def test_photos_left_out_are_told_when_they_were_not_used():
    found = (photo(), photo(grade=Grade.UNUSABLE), photo(grade=Grade.NOT_READ))
    assert words.more_in_table(found).startswith("and 3\N{NO-BREAK SPACE}more photos, 2 of them not used")


@pytest.mark.parametrize(("count", "rows"), [(5, 2), (101, 25)])
def test_the_review_sheet_shows_at_most_100_cells(count, rows):
    one = Image.open(io.BytesIO(draw_sheet(smear(suspects=(suspect(),))))).height
    empty = Image.open(io.BytesIO(draw_sheet(smear(suspects=())))).height
    some = Image.open(io.BytesIO(draw_sheet(smear(suspects=(suspect(),) * count)))).height
    assert some - empty == rows * (one - empty)


def test_an_empty_review_sheet_says_so():
    said, silent = (
        np.asarray(Image.open(io.BytesIO(draw_sheet(smear(suspects=(), answer=answer(one))))))
        for one in DECISIONS[2:4]
    )
    lines = slice(50, 72)
    assert np.array_equal(said[lines], silent[lines])
    assert (said[lines] < 255).any()
    assert words.NO_SUSPECTS in render(smear(suspects=()))


def test_a_suspect_without_pixels_or_score_can_be_shown():
    empty = dataclasses.replace(suspect(), image=np.empty((0, 0, 3), np.uint8))
    unscored = dataclasses.replace(
        suspect(), verdict=Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, worded("why"))
    )
    found = smear(suspects=(unscored, empty))
    assert words.suspects(found) == [empty, unscored]
    assert draw_sheet(found)


@pytest.mark.parametrize("share", [0.0, SMALLEST / 2, SMALLEST, 0.02, 0.5, 1.0])
def test_a_larger_share_stands_further_right(share):
    assert 0 <= place(share) < place(share * 1.1 + 1e-6) or place(share) == 1
    assert place(0.0) == 0


@pytest.mark.parametrize(
    ("low", "said"),
    [(0.0, "between none and 4.7 %"), (0.0041, "between 0.41 % and 4.7 %"), (NAN, "not known")],
)
def test_an_interval_in_words(low, said):
    assert numbers.between(Estimate(0.02, low, 0.047)).replace("\N{NO-BREAK SPACE}", " ") == said


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
    said = ("It is dark.", "It is blurred.", "It is red.", "It is odd.", "More.")
    assert (
        words.reasons(photo(causes=tuple(map(worded, said))))
        == "It is dark. It is blurred. It is red. 2 more in smear.json."
    )


def test_no_anomalous_cell_beyond_doubt_is_not_said():
    found = smear(answer=answer(min_anomalous=0, min_anomalous_text="At least 0 of 82 cells are anomalous."))
    assert "At least 0" not in render(found)


def test_the_screen_guarantees_nothing_where_nothing_was_counted():
    assert smear().guarantee in words.screen(smear())
    assert UNUSABLE.guarantee not in words.screen(UNUSABLE)
    assert UNUSABLE.guarantee not in render(UNUSABLE)


def steps_of(decision):
    return decisions.next_steps(smear(answer=answer(decision)))


@pytest.mark.parametrize("decision", DECISIONS)
def test_page_and_sheet_say_what_to_do_next_in_three_steps(decision):
    found = smear(answer=answer(decision))
    assert len(set(steps_of(decision))) == 3
    page = render(found)
    assert [f"<li>{step}</li>" in page for step in steps_of(decision)] == [True] * 3
    told = " ".join(text.words for text in texts(draw(found)[0]))
    assert [" ".join(step.split()) in told for step in steps_of(decision)] == [True] * 3


def test_flagged_cells_are_to_be_looked_at_and_the_title_counts_those_that_are_left():
    assert decisions.text_for(smear()).title == "2\N{NO-BREAK SPACE}cells to look at"
    partly = smear(answer=answer(looked_at=1))
    assert decisions.text_for(partly).title == "1\N{NO-BREAK SPACE}cell to look at"
    assert decisions.text_for(partly).meaning.startswith(
        "According to review.csv a person has looked at 1 of 2\N{NO-BREAK SPACE}flagged cells and saw no "
    )


def test_what_was_seen_is_said_with_its_share_and_the_cells_that_are_left():
    seen = smear(answer=answer(Decision.PARASITES_SEEN, looked_at=1, confirmed=1))
    assert decisions.text_for(seen).title == "Parasites seen in 1\N{NO-BREAK SPACE}cell"
    assert "has looked at 1 of 2\N{NO-BREAK SPACE}flagged cells." in decisions.text_for(seen).meaning
    assert "Look at 1\N{NO-BREAK SPACE}flagged cell that no one" in decisions.next_steps(seen)[0]
    assert words.stated(seen.answer) == "2\N{NO-BREAK SPACE}% seen"
    assert (decisions.by_count(seen), decisions.counting(seen)) == ("", "")


@pytest.mark.parametrize("decision", [Decision.NONE_SEEN, Decision.NOTHING_SUSPICIOUS])
def test_where_nothing_was_found_the_bound_stands_in_place_of_a_share(decision):
    bound = "With 95 % confidence fewer than 0.1 % of red cells are infected, if every one is flagged."
    found = smear(answer=answer(decision, parasitaemia=NOTHING, bound=0.001, bound_sentence=bound))
    page = render(found)
    assert decisions.text_for(found).meaning.endswith(bound)
    assert decisions.no_share(found) == bound
    assert 'class="interval"' not in page
    assert "infected red cells per microlitre of blood" not in page


def test_an_interval_from_none_is_no_share_and_has_no_count_in_a_microlitre():
    found = smear(answer=answer(parasitaemia=Estimate(0.008, 0.0, 0.014)), photos=(photo(),) * 13)
    page = render(found)
    assert "No share is stated yet" in page
    assert "per microlitre of blood" not in page
    assert 'class="interval"' not in page


def test_too_few_cells_have_no_share_and_the_page_says_how_few():
    few = smear(answer=answer(parasitaemia=NOTHING))
    assert decisions.no_share(few) == (
        "No share is stated: 82\N{NO-BREAK SPACE}red cells counted, and fewer than 500 are too few."
    )


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (0, "Counting cannot show 2.5 %"),
        (700, "from about 700 red cells on"),
        (50, "So many red cells show 2.5 %"),
    ],
)
def test_the_page_says_what_the_count_alone_can_show(needed, said):
    found = smear(answer=answer(cells_needed=needed))
    told = decisions.counting(found).replace("\N{NO-BREAK SPACE}", " ")
    assert said in told
    assert "The least that it shows is 2.3 %, some 120,000 infected red cells per microlitre" in told
    assert decisions.counting(found) in render(found)


def test_p_values_stand_in_the_details_alone():
    page = render(smear())
    before, details = page.split("<h2>What the answer is based on</h2>")
    assert "p\N{NO-BREAK SPACE}=" not in before
    assert "p\N{NO-BREAK SPACE}= 0.01: how often a healthy smear" in details.replace(
        "=\N{NO-BREAK SPACE}", "= "
    )


@pytest.mark.parametrize("decision", DECISIONS)
def test_no_page_speaks_of_evidence_or_of_what_is_sure(decision):
    page = render(smear(answer=answer(decision))).lower()
    assert "no evidence" not in page
    assert "for sure" not in page


def test_labels_and_files_not_looked_at_stand_on_the_page_the_sheet_and_in_the_numbers():
    told = "2 of 4 files were not looked at: 2 .heic."
    found = smear(labels=(("Patient", "A. Mensah"), ("Slide", "17b")), passed_over=told)
    page, numbers_of = render(found), smear_json(found)
    sheet = [text.words for text in texts(draw(found)[0])]
    assert "<dt>Patient</dt><dd>A. Mensah</dd>" in page
    assert told in page
    assert [line in sheet for line in ("Patient: A. Mensah \N{MIDDLE DOT} Slide: 17b", told)] == [True, True]
    assert numbers_of["labels"] == {"Patient": "A. Mensah", "Slide": "17b"}
    assert numbers_of["passed_over"] == told


def test_one_line_says_why_cells_were_not_counted():
    refused = Cause(CauseCode.UNLIKE_HEALTHY, "detail", 0.01, (1, math.inf), detail="too blurred")
    others = [detection(Outcome.NOT_ASSESSABLE, cause=refused)] * 3
    border = detection(Outcome.NOT_ASSESSABLE, CellKind.BORDER, cause=worded("border"))
    found = smear(photos=(photo(detections=(detection(), *others, border)),))
    assert words.uncounted(found) == (
        "4\N{NO-BREAK SPACE}red cells were not counted: 3 too blurred, 1 cut by the border of the photo."
    )
    assert words.uncounted(found) in render(found)
    assert words.uncounted(smear(photos=(photo(detections=(detection(),)),))) == ""


def test_what_was_set_aside_is_shown_with_how_sure_that_is():
    cell = SegmentedCell(1, 2, np.ones((9, 9), np.bool_), CellKind.LEUCOCYTE, certainty=0.61)
    page = render(smear(aside=(Aside("one.jpg", 43, np.zeros((9, 9, 3), np.uint8), cell),)))
    assert "white cell, certainty 0.61<br>" in page
    assert '<a href="#photo-1-cell-43">cell 43 of one.jpg</a>' in page
    assert '<a class="mark" id="photo-1-cell-43" href="#aside-1"' in page


CELLS_OF_THE_REPORT = "The number in bold is the column cell of"


@pytest.mark.parametrize("review", ["mine.csv", EVIL, "old-cells.csv", "n" * 250])
@pytest.mark.parametrize("decision", DECISIONS)
def test_the_table_that_a_person_fills_in_is_called_by_its_name(decision, review):
    aside = Aside("one.jpg", 43, np.zeros((9, 9, 3), np.uint8), detection(kind=CellKind.PLATELET).cell)
    told = answer(decision, looked_at=1, confirmed=int(decision is Decision.PARASITES_SEEN))
    found = smear(answer=told, aside=(aside,), review=review)
    page = render(found)
    assert f"into {escape(review)} and write" in page
    rest = page.replace(f'{CELLS_OF_THE_REPORT} <a href="review.csv">review.csv</a>', "")
    paper = " ".join(text.words for sheet in draw(found) for text in sheet.texts)
    terminal = " ".join(words.screen(found))
    assert "review.csv" not in rest + paper + terminal


def test_a_table_of_another_name_is_given_again():
    steps = decisions.next_steps(smear(review="mine.csv"))
    assert ["mine.csv" in step for step in steps] == [False, True, False]
    assert "photos, folder and this table as before" in steps[2]
    assert "this table" not in " ".join(decisions.next_steps(smear()))


def test_the_table_of_the_report_itself_is_led_to():
    aside = Aside("one.jpg", 43, np.zeros((9, 9, 3), np.uint8), detection(kind=CellKind.PLATELET).cell)
    page = render(smear(aside=(aside,)))
    assert 'into <a href="review.csv">review.csv</a> and write parasite' in page


def test_a_cell_leads_to_its_place_in_its_photo_and_back():
    page = render(smear(suspects=(suspect(),)))
    (target,) = re.findall(r'<a href="#([^"]+)">cell 41 of one.jpg</a>', page)
    mark = re.search(rf'<a class="mark" id="{target}" href="#card-1"[^>]* style="([^"]*)"', page)
    assert mark[1] == "left: 1.562%; top: 4.167%; width: 6.250%; height: 6.250%"
    assert 'id="card-1"' in page


@pytest.mark.parametrize("change", [{"outlined": ""}, {"size_px": (0, 0)}, {"name": "other.jpg"}])
def test_a_cell_whose_photo_cannot_be_shown_leads_nowhere(change):
    page = render(smear(photos=(photo(**change),), suspects=(suspect(),)))
    assert 'class="mark"' not in page
    assert "cell 41 of one.jpg" in page


def test_where_nothing_is_flagged_the_cells_are_the_nearest_to_suspicious():
    calm = smear(photos=(photo(detections=(detection(),)),), suspects=(suspect(outcome=Outcome.HEALTHY),))
    assert "<h2>The cells nearest to suspicious</h2>" in render(calm)
    assert "<h2>The flagged cells</h2>" in render(smear())


def test_flagged_cells_that_are_not_shown_are_told():
    found = smear(suspects=(suspect(),))
    assert "1\N{NO-BREAK SPACE}more flagged cell is not shown here" in render(found)
    assert words.not_shown(smear(), 48) == ""


@pytest.mark.parametrize(
    ("seen", "look", "said"),
    [
        ("", "flagged", "flagged"),
        ("parasite", "parasite", "parasite seen"),
        ("no parasite", "free", "no parasite seen"),
    ],
)
def test_what_was_seen_in_a_cell_is_told_by_words_and_by_its_frame(seen, look, said):
    page = render(smear(suspects=(dataclasses.replace(suspect(), seen=seen),)))
    assert f'<li id="card-1" class="{look}">' in page
    assert f"<b>1</b> {said}<br>" in page


def test_numbers_for_programs_state_no_share_that_the_page_does_not():
    found = smear(
        answer=answer(parasitaemia=Estimate(0.008, 0.0, 0.014), by_count=Estimate(0.008, 0.0, 0.014))
    )
    told = smear_json(found)
    assert (told["parasitaemia"]["value"], told["per_microlitre"]["value"]) == (None, None)
    assert told["by_count_alone"]["high"] == 0.014


def test_the_screen_says_what_to_do_next():
    steps = [f"{number}. {step}" for number, step in enumerate(steps_of(smear().answer.decision), start=1)]
    assert [step in words.screen(smear()) for step in steps] == [True] * 3


def test_the_table_to_fill_in_holds_the_flagged_cells_in_the_order_of_the_page():
    detections = (*(detection(Outcome.SUSPICIOUS, score=score) for score in (7.0, 9.0)), detection())
    found = smear(
        photos=(photo(detections=detections), photo("two.jpg", detections=detections[:1])), suspects=()
    )
    rows = list(csv.DictReader(io.StringIO(review_csv(found), newline="")))
    assert [(row["cell"], row["photo"], row["number"]) for row in rows] == [
        ("1", "one.jpg", "2"),
        ("2", "one.jpg", "1"),
        ("3", "two.jpg", "1"),
    ]
    assert {row["seen"] for row in rows} == {""}
