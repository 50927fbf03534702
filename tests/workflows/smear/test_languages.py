"""Page, PDF, picture and terminal of a smear say nothing that is not in the catalogue."""

import re
from dataclasses import replace
from gettext import NullTranslations
from html import unescape

import numpy as np
import pytest

from normocyte.core.messages import deferred, fill, ndeferred, placeholders
from normocyte.core.types import CellKind, SegmentedCell
from normocyte.parasitaemia.support.cut import Cut
from normocyte.parasitaemia.support.patients import Tally
from normocyte.parasitaemia.support.plan import Plan
from normocyte.reports.smear import words
from normocyte.reports.smear.data import cells_csv, review_csv, smear_json
from normocyte.reports.smear.page import render
from normocyte.reports.smear.pdf import draw
from normocyte.reports.smear.write import write_smear
from normocyte.results.evaluation import View
from normocyte.results.smear import Aside, Detection, PhotoResult, Smear, Suspect
from normocyte.results.verdict import Cause, CauseCode, Decision, Grade, Outcome, Verdict
from normocyte.wording.language import Language, speaking
from normocyte.workflows.smear.answer import answer
from normocyte.workflows.smear.request import Labels

NAN = float("nan")
PLAN = Plan(Cut(Tally(np.full(30, 400), np.resize([1, 2, 3, 6], 30))))
OUTSIDE = Cause(
    CauseCode.OUTSIDE_USABLE, "sharpness", 0.01, (0.065, 0.35), detail="it is blurred; focus again"
)
REFUSED = Cause(CauseCode.UNLIKE_HEALTHY, "detail", 0.01, (1, np.inf), detail="too blurred")
CAUSES = (
    Cause(CauseCode.NO_THIN_FILM, value=4, of=20),
    OUTSIDE,
    replace(OUTSIDE, code=CauseCode.OUTSIDE_GOOD, limits=(0.0, 0.35)),
    Cause(CauseCode.FEW_JUDGED, value=3, of=40, inner=REFUSED),
    Cause(CauseCode.PARTS_UNUSABLE, value=2, of=9, inner=OUTSIDE),
    Cause(CauseCode.CELLS_SEEN_BEFORE, value=7, detail="1.jpg"),
)
DATA = re.compile(r"normocyte 1\.2\.3|shipped|\d+\.jpg|review\.csv|17b|\bp\b|\bx\b")
"""What may stand on a page in any language: names of files and of the program, values, signs."""


class _NoWords(NullTranslations):
    """A language that drops all words of a sentence and keeps its values."""

    def gettext(self, message):
        return f"⟦{''.join(sorted(f'{{{name}}}' for name in placeholders(message)))}⟧"

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid2)

    def pgettext(self, context, message):
        return self.gettext(message)


NO_WORDS = Language("xx", _NoWords())


def cell(kind=CellKind.RED_CELL, certainty=NAN):
    return SegmentedCell(10, 20, np.ones((9, 9), np.bool_), kind, certainty=certainty)


def judged(outcome, score, seen=""):
    return Detection(cell(), Verdict(outcome, score, 1 / (1 + score)), is_counted=True, seen=seen)


def not_counted(kind, cause):
    return Detection(cell(kind), Verdict(Outcome.NOT_ASSESSABLE, NAN, NAN, cause), is_counted=False)


def photo(name, healthy, flagged=(), **change):
    detections = (
        *[judged(Outcome.HEALTHY, 1.0)] * healthy,
        *[judged(Outcome.SUSPICIOUS, 9.0, seen) for seen in flagged],
        not_counted(CellKind.BORDER, Cause(CauseCode.OTHER_KIND, detail="border")),
        not_counted(CellKind.RED_CELL, REFUSED),
        not_counted(CellKind.RED_CELL, Cause(CauseCode.UNDER_BLOT)),
        not_counted(CellKind.LEUCOCYTE, Cause(CauseCode.OTHER_KIND, detail="leucocyte")),
    )
    return replace(PhotoResult(name, Grade.GOOD, (), detections, f"photos/{name}", 9.0, (64, 48)), **change)


def unusable(name, grade=Grade.UNUSABLE):
    return PhotoResult(name, grade, CAUSES, (), "", 9.0, (64, 48))


def smear(*photos, red_cells=5e6):
    image, map_ = np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.float32)
    view = View(image, map_, map_, map_, np.ones((9, 9), np.uint8), map_)
    suspects = [
        Suspect(one.name, number, image, view, detection.verdict, detection.seen)
        for one in photos
        for number, detection in enumerate(one.detections, start=1)
        if detection.is_flagged or (detection.is_counted and number < 3)
    ]
    return Smear(
        name="17b",
        photos=photos,
        answer=answer(photos, PLAN, 0.02, red_cells),
        suspects=tuple(suspects),
        bundle="shipped",
        guarantee=deferred("{rule} states no error rate.", rule=""),
        threshold=5.5,
        normocyte="1.2.3",
        labels=Labels("17b", "17b", "17b", "17b").pairs,
        passed_over=ndeferred("{part} file", "{part} files", 2, part=2),
        aside=(Aside("1.jpg", 43, image, cell(CellKind.PLATELET, 0.6)),),
        compared=deferred("Each cell was compared with healthy ones and with its neighbours in the photo."),
    )


SMEARS = {
    Decision.PARASITES_SEEN: smear(photo("1.jpg", 700, ["parasite", "no parasite", ""])),
    Decision.LOOK_AT_CELLS: smear(photo("1.jpg", 700, [""] * 90), unusable("2.jpg")),
    Decision.UNUSABLE_PHOTOS: smear(unusable("1.jpg"), unusable("2.jpg", Grade.COUNTED_BEFORE)),
    Decision.NOT_ENOUGH_CELLS: smear(photo("1.jpg", 40), *(photo(f"{at}.jpg", 1) for at in range(2, 13))),
    Decision.NONE_SEEN: smear(photo("1.jpg", 9000, ["no parasite"] * 2, grade=Grade.USABLE, causes=CAUSES)),
    Decision.NOTHING_SUSPICIOUS: smear(photo("1.jpg", 600)),
}


def words_left(text):
    """The words of a text that are no data."""
    return re.findall(r"[^\W\d_]+", DATA.sub("", text))


def shown(page):
    """All that a reader sees or hears of a page."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    hidden = re.findall(r'(?:alt|title|aria-label|data-name)="([^"]*)"', body)
    return unescape(" ".join([re.sub(r"<[^>]*>", " ", body), *hidden]))


@pytest.mark.parametrize("decision", Decision)
def test_page_pdf_and_terminal_of_a_smear_have_no_words_outside_the_catalogue(decision):
    found = SMEARS[decision]
    assert found.answer.decision is decision
    with speaking(NO_WORDS):
        page = shown(render(found))
        pdf = " ".join(text.words for paper in draw(found) for text in paper.texts)
        terminal = " ".join(words.screen(found))
    assert [words_left(text) for text in (page, pdf, terminal)] == [[], [], []]


def test_a_sentence_outside_the_catalogue_is_found():
    found = replace(SMEARS[Decision.LOOK_AT_CELLS], compared="")
    with speaking(NO_WORDS):
        page = render(found).replace("</h1>", " to look at</h1>")
    assert words_left(shown(page)) == ["to", "look", "at"]


def test_files_for_programs_are_the_same_in_every_language(tmp_path):
    found = SMEARS[Decision.NONE_SEEN]
    for language in ("en", "fr"):
        write_smear(found, tmp_path / language, language)
    for name in ("cells.csv", "review.csv", "smear.json"):
        assert (tmp_path / "en" / name).read_bytes() == (tmp_path / "fr" / name).read_bytes()
    assert (cells_csv(found), review_csv(found)) == tuple(
        (tmp_path / "fr" / name).read_bytes().decode() for name in ("cells.csv", "review.csv")
    )
    assert smear_json(found)["decision"] == "none seen"


def test_a_french_page_says_so_and_writes_numbers_as_french_does():
    with speaking("fr"):
        page = render(SMEARS[Decision.NONE_SEEN])
    assert '<html lang="fr">' in page
    assert "9\N{NARROW NO-BREAK SPACE}002\N{NO-BREAK SPACE}hématies comptées" in page
    assert "<h1>Aucun parasite vu dans 2\N{NO-BREAK SPACE}cellules signalées</h1>" in page


def test_a_number_keeps_its_noun_in_its_line():
    assert fill("{n} cells", {"n": "3"}) == "3\N{NO-BREAK SPACE}cells"
