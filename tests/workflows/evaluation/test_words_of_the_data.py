"""A report speaks of what its data show."""

import re
import shutil

import pytest

import normocyte as nc


@pytest.fixture(scope="module")
def page(drawn_cells, pictures_drawn_once, tmp_path_factory):
    """The report on slices of which every fourth is anomalous by its folder, without pictures and codes."""
    root = tmp_path_factory.mktemp("words")
    for kind, folder in (("Uninfected", "healthy"), ("Parasitized", "tumour")):
        shutil.copytree(drawn_cells / "cell_images" / kind, root / "set" / folder)
    run = nc.train("pca", data=root / "set", out=root / "run", components=8)
    report = nc.evaluate(run.bundle, root / "set").to_html(root / "report").read_text(encoding="utf-8")
    return re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]+>", " ", report, flags=re.DOTALL)


def test_a_page_names_the_anomaly_by_the_folder_that_holds_it(page):
    assert "Tumour images that look most unusual" in page
    assert "healthy and tumour" in page


def test_a_page_on_other_images_says_nothing_of_infected_cells(page):
    assert re.findall(r"\binfected\b|parasit", page) == []
