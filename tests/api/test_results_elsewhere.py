"""Copies of results: of what was written, wherever the caller is by then, and never over other files."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import normocyte as nc
from normocyte.api.inputs import title_of
from normocyte.api.support.folders import Folder
from normocyte.core.errors import NormocyteError, OutputError


@pytest.fixture
def page(there):
    """A page that was written into `ev`, in which a file of the user's lay before, with another below."""
    Path("ev").mkdir()
    Path("ev/private.txt").write_text("mine")
    folder = Folder("ev")
    Path("ev/figures").mkdir()
    Path("ev/figures/roc.svg").write_text("<svg/>")
    Path("ev/report.html").write_text("by Normocyte 1")
    return folder.written(folder.path / "report.html")


def test_a_copy_holds_what_was_written_and_nothing_else(page):
    copy = page.copy_to("elsewhere")
    assert copy.read_text() == "by Normocyte 1"
    found = sorted(str(file.relative_to(copy.parent)) for file in copy.parent.rglob("*") if file.is_file())
    assert found == ["figures/roc.svg", "report.html"]


@pytest.mark.parametrize("call", [nc.evaluate, lambda _, data, out: nc.compare(["pca"], data, out=out)])
def test_a_report_does_not_lie_among_the_images_that_are_judged(call, cells):
    with pytest.raises(OutputError, match="the next run would read the results, too"):
        call(nc.load(), cells, out=cells / "report")
    assert not (cells / "report").exists()


def test_a_copy_can_be_made_again(page):
    assert page.copy_to("elsewhere") == page.copy_to("elsewhere")


def test_a_copy_after_a_change_of_folder_is_of_the_same_result(page, there, monkeypatch):
    (there / "other" / "ev").mkdir(parents=True)
    (there / "other" / "ev" / "report.html").write_text("a trap")
    monkeypatch.chdir("other")
    assert page.copy_to("copy").read_text() == "by Normocyte 1"


def test_runs_that_were_there_before_belong_to_a_comparison(there):
    Path("out/runs").mkdir(parents=True)
    Path("out/runs/kept.json").write_text("{}")
    folder = Folder("out")
    Path("out/comparison.html").write_text("Normocyte")
    folder.written(folder.path / "comparison.html", "runs").copy_to("copy")
    assert Path("copy/runs/kept.json").is_file()


def test_the_page_of_another_result_is_replaced_and_said(page):
    Path("older").mkdir()
    Path("older/report.html").write_text("by Normocyte 0")
    with pytest.warns(UserWarning, match=r"older.report.html was that of another result, and is replaced"):
        page.copy_to("older")
    assert Path("older/report.html").read_text() == "by Normocyte 1"


ELSEWHERE = {
    "the same folder": ("ev", "is in .*ev already"),
    "a folder inside": ("ev/copy", "choose a folder elsewhere"),
    "a file": ("file", "is a file; name a folder"),
    "another page": ("theirs", r"theirs.report.html is there and was not written"),
    "nothing": (None, "folder must be a path, as text or pathlib.Path, not None"),
    "an empty path": ("", "folder is an empty path"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_copy_is_refused_where_it_would_do_harm(name, page):
    place, sentence = ELSEWHERE[name]
    Path("file").write_text("mine")
    Path("theirs").mkdir()
    Path("theirs/report.html").write_text("my own")
    with pytest.raises(NormocyteError, match=sentence):
        page.copy_to(place)
    assert Path("theirs/report.html").read_text() == "my own"
    assert Path("file").read_text() == "mine"


SHEETS = {
    "no folder": ("nodir/x.pdf", "There is no folder .*nodir"),
    "a folder": ("ev", "ev is a folder; name a file, such as ev.report.html"),
    "the file itself": ("ev/report.html", "is the file itself"),
    "nothing": (None, "file must be a path"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_file_is_refused_where_it_cannot_be(name, page):
    place, sentence = SHEETS[name]
    with pytest.raises(NormocyteError, match=sentence):
        page.copy_file(page.page, place)


def test_a_result_whose_folder_is_gone_says_so(page):
    shutil.rmtree("ev")
    with pytest.raises(OutputError, match=r"report\.html is no longer there"):
        page.copy_to("copy")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_leaves_the_results_of_its_parent():
    code = """
import os
from normocyte.api.support.folders import Folder
from normocyte.api.inputs import title_of
folder = Folder(None)
child = os.fork()
if not child:
    del folder
    os._exit(0)
os.waitpid(child, 0)
print(folder.path.is_dir(), folder.path)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    still_there, place = told.stdout.split()
    assert still_there == "True"
    assert not Path(place).exists()


def test_a_smear_that_is_refused_leaves_no_folder(bundle, photos, there):
    shutil.copytree(photos, "photos")
    with pytest.raises(OutputError, match="photos/rep is inside photos"):
        bundle.smear("photos", out="photos/rep")
    assert not Path("photos/rep").exists()


class StopsAtOnce:
    """A listener during whose first task somebody presses Ctrl-C."""

    def begin(self, task, total):
        signal.raise_signal(signal.SIGINT)

    def advance(self, steps=1, note=""):
        raise AssertionError("it went on")

    def tell(self, sentence):
        """Nothing to do with it."""


def test_ctrl_c_is_a_keyboard_interrupt(bundle, cells):
    with pytest.raises(KeyboardInterrupt):
        bundle.score(cells, progress=StopsAtOnce())


def test_pages_of_every_kind_say_who_wrote_them(bundle, photos, cells, there):
    for result in (bundle.smear(photos), nc.evaluate(bundle, cells)):
        assert result.to_html("copy") == result.to_html("copy")


def test_a_smear_without_a_folder_is_titled_by_what_it_shows(photos, there):
    files = sorted(photos.glob("*.png"))
    (there / "elsewhere").mkdir()
    other = shutil.copy(files[0], there / "elsewhere")
    assert title_of(files, there) == title_of([photos], there) == photos.name
    assert title_of([files[0], Path(other)], there) == "2 photos"
    assert title_of([there / "photo_000.png"], there) == "1 photo"
