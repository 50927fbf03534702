"""The commands that make, check and download data."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *words):
        pass


@pytest.fixture
def address(zipped):
    """The address of a server on this machine that has the zipped cells."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(zipped.parent))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{zipped.name}"
        server.shutdown()


def test_made_cells_are_counted(call, tmp_path):
    outcome = call("data", "make", "synthetic", "--cells", 24, "--patients", 6, "--to", tmp_path / "made")
    assert outcome.exit_code == 0
    assert outcome.stdout == f"24 cells of 6 patients in {tmp_path / 'made'}: 12 healthy, 12 infected\n"
    assert len(list((tmp_path / "made").rglob("*.png"))) == 24


def test_making_the_same_cells_again_changes_nothing(call, tmp_path):
    command = ("data", "make", "synthetic", "--cells", 24, "--patients", 6, "--to", tmp_path / "made")
    call(*command)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.png")}
    assert call(*command).exit_code == 0
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.png")} == before


def test_a_sound_set_is_counted_and_ends_with_0(call, cells):
    outcome = call("data", "check", cells)
    assert outcome.exit_code == 0
    told = dict(line.rstrip().rsplit("  ", 1) for line in outcome.stdout.splitlines())
    said = {name.strip(): value.strip() for name, value in told.items()}
    assert said["cells"] == "160"
    assert said["anomalous"] == "80 (50.0% of all)"
    assert said["patients"] == "12"
    assert said["formats"] == "PNG 160"


def test_patients_nobody_knows_are_unknown_rather_than_none(call, cells):
    told = call("data", "check", cells, "--patients", "unknown").stdout
    assert "patients            unknown" in told
    assert "cells of each" not in told


def test_a_set_in_a_zip_is_counted_alike(call, cells, zipped):
    assert call("data", "check", zipped).stdout == call("data", "check", cells).stdout


def test_unreadable_files_are_named_with_their_reason_and_end_with_1(call, own_cells):
    bad = sorted(own_cells.rglob("*.png"))[:12]
    for file in bad:
        file.write_text("no image", encoding="utf-8")
    outcome = call("data", "check", own_cells)
    assert outcome.exit_code == 1
    assert "Unreadable files, the first 10 of 12:" in outcome.stdout
    assert f"{bad[9]}: {bad[9].name} is not an image" in outcome.stdout
    assert f"{bad[10]}: " not in outcome.stdout


def test_equal_files_with_both_labels_are_named(call, own_cells):
    healthy = sorted((own_cells / "cell_images" / "Uninfected").iterdir())[0]
    twin = own_cells / "cell_images" / "Parasitized" / f"{healthy.stem}9.png"
    twin.write_bytes(healthy.read_bytes())
    outcome = call("data", "check", own_cells)
    assert outcome.exit_code == 0
    assert f"BOTH LABELS: {twin} = {healthy}" in outcome.stdout


def test_findings_are_written_as_json_too(call, cells, tmp_path):
    outcome = call("data", "check", cells, "--json", tmp_path / "found.json")
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert (found["cells"], found["patients"], found["unreadable"]) == (160, 12, [])
    assert "patients" in outcome.stdout


def test_findings_that_cannot_be_written_are_shown_all_the_same(call, cells, tmp_path):
    (tmp_path / "file").touch()
    outcome = call("data", "check", cells, "--json", tmp_path / "file" / "found.json")
    assert outcome.exit_code == 2
    assert outcome.stderr.splitlines()[-1].startswith(
        f"Error: Cannot write {tmp_path / 'file' / 'found.json'}"
    )
    assert "patients" in outcome.stdout


def test_a_dash_gives_json_alone_on_the_screen(call, cells):
    assert json.loads(call("data", "check", cells, "--json", "-").stdout)["healthy"] == 80


def test_a_set_is_downloaded_and_can_be_checked_at_once(call, address, tmp_path):
    outcome = call("data", "download", "nih-malaria", "--to", tmp_path, "--url", address)
    path = tmp_path / "cell_images.zip"
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout == f"Downloaded: {path}   (next: normocyte data check {path})\n"
    assert call("data", "check", path).exit_code == 0


def test_a_download_that_is_not_there_fails_with_a_sentence(call, address, tmp_path):
    outcome = call("data", "download", "nih-malaria", "--to", tmp_path, "--url", f"{address}.gone")
    assert outcome.exit_code == 1
    assert outcome.stderr.splitlines()[-1].startswith("Error: ")
    assert not list(tmp_path.glob("*.zip"))
