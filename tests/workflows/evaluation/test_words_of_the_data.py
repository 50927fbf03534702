"""A report speaks of what its data show."""

import re
import shutil

import pytest

import normocyte as nc


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The report on slices of which every fourth is anomalous by its folder, without pictures and codes."""
    from normocyte.core.progress import Silent
    from normocyte.datasets.synthetic import Synthetic, write_synthetic

    root = tmp_path_factory.mktemp("words")
    write_synthetic(Synthetic(folder=str(root / "drawn"), cells=160, patients=12, seed=0), Silent())
    for kind, folder in (("Uninfected", "healthy"), ("Parasitized", "tumour")):
        shutil.copytree(root / "drawn" / "cell_images" / kind, root / "set" / folder)
    run = nc.train("pca", data=root / "set", out=root / "run", components=8)
    report = nc.evaluate(run.bundle, root / "set").to_html(root / "report").read_text(encoding="utf-8")
    return re.sub(r"<svg.*?</svg>|<style.*?</style>|<[^>]+>", " ", report, flags=re.DOTALL)


def test_a_page_names_the_anomaly_by_the_folder_that_holds_it(page):
    assert "Tumour images that look most unusual" in page
    assert "healthy and tumour" in page


def test_a_page_on_other_images_says_nothing_of_infected_cells(page):
    assert re.findall(r"\binfected\b|parasit", page) == []
