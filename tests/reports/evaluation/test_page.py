import dataclasses
import html
import re
from html.parser import HTMLParser

import pytest

from normocyte.reports.evaluation.figures import PLATES, Shown
from normocyte.reports.evaluation.page import render
from normocyte.reports.evaluation.write import write_report
from normocyte.results import evaluation as shown
from normocyte.wording.glossary import terms

VOID = {"meta", "img", "br"}


class Outline(HTMLParser):
    """Every tag of a page with its attributes, and the tags that were left open."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open += [] if tag in VOID else [tag]

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def values(self, name):
        return [attributes[name] for _, attributes in self.tags if name in attributes]


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def outline(page):
    return Outline(page)


def test_every_tag_is_closed(outline):
    assert outline.open == []


def test_the_page_needs_no_other_file_and_no_script(page, outline):
    addresses = outline.values("src") + outline.values("href") + outline.values("xlink:href")
    assert [address for address in addresses if not address.startswith(("data:image/png;base64,", "#"))] == []
    assert not {"script", "link", "iframe"} & {tag for tag, _ in outline.tags}
    assert "@import" not in page


def test_no_name_inside_the_page_stands_twice(outline):
    names = outline.values("id")
    assert len(names) == len(set(names)) > 0


def test_every_reference_inside_a_figure_leads_somewhere(page, outline):
    wanted = set(re.findall(r'(?:href="|url\()#([^")]+)', page))
    assert wanted
    assert wanted <= set(outline.values("id"))


def test_figures_take_their_colours_from_the_page(page):
    figures = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
    assert "var(--healthy)" in figures
    assert "var(--ink)" in figures
    assert "#0072b2" not in figures


def test_the_page_knows_phones_dark_rooms_and_paper(page):
    assert 'name="viewport" content="width=device-width' in page
    assert "@media (prefers-color-scheme: dark)" in page
    assert "@media print" in page


def test_every_picture_and_figure_has_words_for_those_who_cannot_see_it(outline):
    pictures = [attributes for tag, attributes in outline.tags if tag == "img"]
    figures = [attributes for tag, attributes in outline.tags if tag == "svg"]
    assert (len(pictures), len(figures)) == (80, 6)
    assert all(attributes.get("alt") for attributes in pictures)
    assert all(attributes.get("aria-label") for attributes in figures)


def test_every_detector_stands_in_the_metric_table_twice(page):
    assert page.count('<th scope="col">stain_rule</th>') == 2
    assert page.count('<th scope="row">Sensitivity at 99\N{NO-BREAK SPACE}% specificity</th>') == 1


def test_names_from_outside_cannot_write_html(contents, tmp_path):
    evil = '<script>alert("x")</script> & $x_1$'
    cells = dataclasses.replace(contents.cells, names=contents.cells.names.astype("U40"))
    picture = dataclasses.replace(contents.gallery[0].pictures[0], name=evil, patient=evil)
    row = dataclasses.replace(contents.thresholds[0], rule=evil)
    groups = (shown.PictureGroup(evil, (picture,)),)
    rates = dataclasses.replace(contents.patients, patients=contents.patients.patients.astype("U40"))
    rates.patients[0] = evil
    changed = dataclasses.replace(
        contents,
        title=evil,
        facts=((evil, evil),),
        gallery=groups,
        thresholds=(row,),
        cells=cells,
        patients=rates,
    )
    page = write_report(changed, tmp_path).read_text(encoding="utf-8")
    assert "<script" not in page
    assert Outline(page).open == []


@pytest.mark.parametrize(
    ("has_expected", "heading"),
    [(True, "What it saw, and what it expected"), (False, "What it saw, and where it is unusual")],
)
def test_the_heading_above_the_pictures_fits_what_they_show(contents, has_expected, heading):
    pictures = [
        dataclasses.replace(
            picture, view=dataclasses.replace(picture.view, has_expected=has_expected, is_healthy=True)
        )
        for picture in contents.gallery[0].pictures
    ]
    changed = dataclasses.replace(contents, gallery=(shown.PictureGroup("Some", tuple(pictures)),))
    assert f"<h2>{heading}</h2>" in render(changed, {plate.name: Shown("", "") for plate in PLATES})


def test_a_table_that_goes_on_at_the_side_has_a_shade_there(contents):
    page = render(contents, {plate.name: Shown("", "") for plate in PLATES})
    assert "var(--shade)" in page.partition(".scroll {")[2].partition("}")[0]


def test_every_colour_of_the_page_is_declared(contents):
    page = render(contents, {plate.name: Shown("", "") for plate in PLATES})
    assert set(re.findall(r"var\((--\w+)\)", page)) <= set(re.findall(r"(--\w+):", page))


def test_a_table_without_doubtful_labels_has_one_half_only(contents):
    rows = tuple(dataclasses.replace(row, undoubted=()) for row in contents.metrics)
    page = render(
        dataclasses.replace(contents, metrics=rows), {plate.name: Shown("", "") for plate in PLATES}
    )
    assert "without doubtful labels" not in page
    assert page.count('<th scope="col">stain_rule</th>') == 1


def test_the_terms_are_explained_as_in_the_glossary(page):
    names = ["anomaly score", "threshold", "calibration", "AUROC", "average precision"]
    explained = [html.escape(term.meaning) for term in terms(names)]
    assert [meaning for meaning in explained if meaning not in page] == []
