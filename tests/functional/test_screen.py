"""What stands on the screen: everything fits 80 columns, and a log gets plain lines."""

import io
import re

import pytest
from rich.console import Console

import normocyte
import normocyte.cli.show.bar as bar_module
from normocyte.cli.show.bar import _counted, bar_beside, progress_bar
from normocyte.core.progress import Silent
from normocyte.pipeline.bundle.bundle import load_bundle

CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
TASKS = [("Preparing calibration", 123_456), ("Training", 27_558), ("Downloading cell_images", 353_452_851)]


def drawn(tasks, note="", width=80):
    """The lines that a terminal shows in the end."""
    file = io.StringIO()
    with progress_bar(
        Console(file=file, force_terminal=True, width=width, color_system=None, legacy_windows=False)
    ) as bar:
        for task, total in tasks:
            bar.begin(task, total)
            bar.advance(total, note)
    return CODES.sub("", file.getvalue()).splitlines()[-len(tasks) :]


def logged(task, total, done, note=""):
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=False)) as bar:
        bar.begin(task, total)
        bar.advance(done, note)
    return file.getvalue()


def test_the_version_is_said(call):
    assert call("--version").stdout == f"normocyte {normocyte.__version__}\n"


def test_nothing_of_a_line_is_cut_at_80_columns():
    lines = drawn(TASKS[:2], "epoch 25, loss 0.12345")
    assert [len(line.rstrip()) <= 80 for line in lines] == [True] * 2
    assert [
        text in "".join(lines) for text in ("123456/123456", "27558/27558", "epoch 25, loss 0.12345")
    ] == [True] * 3
    assert "…" not in "".join(lines)


def test_the_bytes_of_a_download_fit_too():
    assert "353.5/353.5 M" in "".join(drawn(TASKS))


def test_a_training_that_stops_early_ends_where_it_stands():
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=True, width=80, color_system=None)) as bar:
        bar.begin("Training", 100)
        bar.advance(40)
        bar.begin("Scoring", 1)
    assert "40/40" in CODES.sub("", file.getvalue()).splitlines()[-2]


def test_a_log_gets_one_plain_line_a_task():
    line = logged("Scoring test", 40, 40)
    assert line.startswith("Scoring test: 40 in ")
    assert line.endswith(" s\n")
    assert line.count("\n") == 1


def test_a_log_keeps_the_last_word():
    assert logged("Training", 9, 9, "epoch 3, loss 0.1").endswith(" s, epoch 3, loss 0.1\n")


def test_a_log_says_how_far_a_failure_came():
    file = io.StringIO()
    bar = progress_bar(Console(file=file, force_terminal=False))
    bar.begin("Scoring", 10)
    bar.advance(4)
    bar.__exit__(OSError, OSError("broken"), None)
    assert file.getvalue().startswith("Scoring: 4/10 in ")


def test_a_finished_task_says_how_long_it_took():
    assert re.search(r" 00:00 *$", drawn(TASKS[:1])[0])


@pytest.mark.parametrize(
    ("done", "total", "said"),
    [(3, 9, "3/9"), (3, 0, "3"), (12_300_000, 0, "12.3 M"), (1, 20_000_000, "0.0/20.0 M")],
)
def test_a_count_is_said_shortly(done, total, said):
    assert _counted(done, total) == said


def test_rows_on_the_screen_are_not_torn_by_a_bar():
    with bar_beside(is_screen_free=False) as bar:
        assert isinstance(bar, Silent)


def test_the_table_of_a_demo_fits_80_columns(demonstrated):
    lines = demonstrated.with_name("screen.txt").read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("95 % intervals"))
    table = lines[first : lines.index("", first)]
    assert len(table) == 10
    assert max(len(line.rstrip()) for line in table) <= 80
    assert "…" not in "".join(table)


def test_what_is_shown_of_a_bundle_is_never_cut(call, bundle):
    shown = "".join(call("info", bundle).stdout.split())
    assert f"fingerprint{load_bundle(bundle).digest}size" in shown
    assert "detectorpca(components=8" in shown


def test_a_log_tells_every_few_seconds_how_far_a_task_is(monkeypatch):
    now = iter([0.0, 4.0, 6.0, 8.0, 12.0, 30.0])
    monkeypatch.setattr(bar_module.time, "monotonic", lambda: next(now))
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=False)) as bar:
        bar.begin("Scoring", 5)
        for _ in range(5):
            bar.advance()
    assert file.getvalue().splitlines() == [
        "Scoring: ",
        "  2/5 in 6 s, about 9 s left",
        "  4/5 in 12 s, about 3 s left",
        "  5 in 30.0 s",
    ]


def test_a_log_says_no_remaining_time_before_anything_is_done(monkeypatch):
    now = iter([0.0, 9.0, 18.0])
    monkeypatch.setattr(bar_module.time, "monotonic", lambda: next(now))
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=False)) as bar:
        bar.begin("Listing", 5)
        bar.advance(0)
    assert "left" not in file.getvalue()


def test_a_sentence_after_a_task_begins_a_line_of_its_own():
    file = io.StringIO()
    with progress_bar(Console(file=file, force_terminal=False)) as bar:
        bar.begin("Looking for copies", 90)
        bar.advance(90)
        file.write("images: 90 healthy\n")
    assert file.getvalue().splitlines()[1:] == ["images: 90 healthy"]


def test_a_sentence_within_a_task_begins_a_line_of_its_own(monkeypatch):
    file = io.StringIO()
    monkeypatch.setattr(bar_module.sys, "stderr", file)
    with progress_bar(Console(file=file, force_terminal=False)) as bar:
        bar.begin("Scoring", 2)
        bar.tell("One image is damaged.")
        bar.advance(2)
    assert file.getvalue().splitlines()[:2] == ["Scoring: ", "One image is damaged."]


def test_starting_tensorflow_is_a_task_of_its_own(call, cells, recipes, tmp_path):
    outcome = call("train", recipes["network"], "--data", cells, "--out", tmp_path / "bundle")
    assert re.search(r"^Starting TensorFlow: 1 in [\d.]+ s$", outcome.stderr, re.MULTILINE)


def test_what_a_bundle_is_fits_80_columns(call):
    lines = call("info", "shipped").stdout.splitlines()
    assert max(map(len, lines)) <= 80
