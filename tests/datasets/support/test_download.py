import hashlib
import http.server
import json
import threading
from pathlib import Path

import pytest

from normocyte.core.cancel import Stopped
from normocyte.core.errors import DownloadError, Interrupted
from normocyte.core.progress import Silent
from normocyte.datasets.support.download import Expected, Patience, fetch

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KNOWN = Expected(len(CONTENT), SHA256)
UNKNOWN = Expected()
HASTE = Patience(attempts=3, first_wait_s=0, timeout_s=5)


class Server(http.server.ThreadingHTTPServer):
    """Serves one file on this machine, as badly as a test wishes."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.tag = '"one"'
        self.statuses = []
        self.cut_after = []
        self.knows_ranges = True
        self.lies_about_ranges = False
        self.tells_length = True
        self.ranges = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/cell_images.zip"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_GET(self):
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status != 200:
            self.send_error(status)
            return
        self._send(self._start(asked))

    def _start(self, asked):
        is_same = self.headers.get("If-Range", self.server.tag) == self.server.tag
        return int(asked[6:-1]) if asked and is_same and self.server.knows_ranges else 0

    def _send(self, start):
        content = self.server.content
        if start > len(content) - 1:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            said = start + 1 if self.server.lies_about_ranges else start
            self.send_header("Content-Range", f"bytes {said}-{len(content) - 1}/{len(content)}")
        if self.server.tells_length:
            self.send_header("Content-Length", str(len(content) - start))
        if self.server.tag:
            self.send_header("ETag", self.server.tag)
        self.end_headers()
        end = self.server.cut_after.pop(0) if self.server.cut_after else len(content)
        self.wfile.write(content[start:][:end])


class Listener:
    """Remembers how often a bar began, and where it stands."""

    def __init__(self, stop_after=None):
        self.totals = []
        self.done = 0
        self.stop_after = stop_after

    def begin(self, _task, total):
        self.totals.append(total)
        self.done = 0

    def advance(self, steps=1, _note=""):
        self.done += steps
        if self.stop_after is not None and self.done > self.stop_after:
            raise Stopped


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "new" / "cell_images.zip"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_whole_and_leaves_nothing_beside_it(server, target):
    assert fetch(server.url, target, KNOWN, Silent(), HASTE) == target
    assert target.read_bytes() == CONTENT
    assert names(target.parent) == ["cell_images.zip"]


def test_the_listener_hears_every_byte(server, target):
    listener = Listener()
    fetch(server.url, target, UNKNOWN, listener, HASTE)
    assert (listener.totals, listener.done) == ([len(CONTENT)], len(CONTENT))


def test_a_cut_download_goes_on_where_it_stopped(server, target):
    server.cut_after = [100_000, 50_000]
    fetch(server.url, target, UNKNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT
    assert server.ranges == [None, "bytes=100000-", "bytes=150000-"]


def test_one_bar_lasts_through_all_cuts(server, target):
    listener = Listener()
    server.cut_after = [100_000, 50_000]
    fetch(server.url, target, UNKNOWN, listener, HASTE)
    assert (listener.totals, listener.done) == ([len(CONTENT)], len(CONTENT))


def test_a_line_that_brings_some_bytes_each_time_is_never_given_up(server, target):
    server.cut_after = [20_000] * 25
    fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert len(server.ranges) == 26


def test_a_server_without_ranges_sends_everything_again(server, target):
    server.knows_ranges = False
    server.cut_after = [100_000]
    fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT


def test_a_server_without_ranges_that_always_cuts_at_one_place_is_given_up(server, target):
    server.knows_ranges = False
    server.cut_after = [100_000] * 9
    with pytest.raises(DownloadError, match="cannot be fetched"):
        fetch(server.url, target, KNOWN, Silent(), HASTE)


def test_a_wrong_range_is_not_glued_on(server, target):
    server.lies_about_ranges = True
    server.cut_after = [100_000]
    fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT


def test_another_version_of_the_file_is_not_glued_on(server, target):
    server.cut_after = [100_000, 0, 0, 0]
    with pytest.raises(DownloadError):
        fetch(server.url, target, UNKNOWN, Silent(), HASTE)
    server.content, server.tag = CONTENT[::-1], '"two"'
    fetch(server.url, target, UNKNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("tag", ["", 'W/"weak"'])
def test_without_a_mark_of_the_version_or_a_hash_it_begins_anew(server, target, tag):
    server.tag = tag
    server.cut_after = [100_000]
    fetch(server.url, target, UNKNOWN, Silent(), HASTE)
    assert server.ranges == [None, None]


def test_a_hash_is_enough_to_go_on(server, target):
    server.tag = ""
    server.cut_after = [100_000]
    fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert server.ranges == [None, "bytes=100000-"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_passing_failure_is_tried_again(server, target, status):
    server.statuses = [status, status]
    fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT


def test_a_lasting_failure_is_given_up_after_some_attempts(server, target):
    server.statuses = [500] * 9
    with pytest.raises(DownloadError, match=r"answers 500 .* Try again later"):
        fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert len(server.ranges) == 3


@pytest.mark.parametrize("status", [403, 404])
def test_a_wrong_address_is_not_tried_again(server, target, status):
    server.statuses = [status]
    with pytest.raises(DownloadError, match=rf"cell_images\.zip answers {status} .* Check the address"):
        fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert len(server.ranges) == 1


def test_a_machine_that_does_not_answer_is_named(target, server):
    server.shutdown()
    server.server_close()
    with pytest.raises(DownloadError, match=r"127\.0\.0\.1:\d+/cell_images\.zip cannot be fetched: "):
        fetch(server.url, target, KNOWN, Silent(), HASTE)


def test_waits_double(server, target, monkeypatch):
    waits = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    server.statuses = [500] * 4
    fetch(server.url, target, KNOWN, Silent(), Patience(attempts=5, first_wait_s=1, longest_wait_s=3))
    assert waits == [1, 2, 3, 3]


def test_a_wrong_hash_removes_what_came(server, target):
    with pytest.raises(DownloadError, match=rf"has SHA-256 {SHA256} instead of 0000.* it was removed"):
        fetch(server.url, target, Expected(-1, "0" * 64), Silent(), HASTE)
    assert names(target.parent) == []


def test_another_size_is_noticed_before_the_bytes_come(server, target):
    listener = Listener()
    with pytest.raises(DownloadError, match=r"has 512,000 bytes, not 7 as expected.*Check the address"):
        fetch(server.url, target, Expected(7), listener, HASTE)
    assert listener.done == 0


def test_a_server_that_does_not_tell_the_length_is_believed(server, target):
    server.tells_length = False
    fetch(server.url, target, UNKNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT


def test_a_cut_is_noticed_by_size_when_the_server_does_not_tell_the_length(server, target):
    server.tells_length = False
    server.cut_after = [100_000]
    fetch(server.url, target, Expected(len(CONTENT)), Silent(), HASTE)
    assert target.read_bytes() == CONTENT


def test_a_stop_keeps_what_came_and_the_next_call_goes_on(server, target):
    with pytest.raises(
        Interrupted, match=r"Stopped; [\d,]+ bytes are kept in .*\.part\. Run the same command"
    ):
        fetch(server.url, target, UNKNOWN, Listener(stop_after=200_000), HASTE)
    kept = target.with_name("cell_images.zip.part").stat().st_size
    fetch(server.url, target, UNKNOWN, Silent(), HASTE)
    assert kept >= 200_000
    assert server.ranges == [None, f"bytes={kept}-"]
    assert target.read_bytes() == CONTENT


def test_a_part_that_is_whole_already_is_only_renamed(server, target):
    target.parent.mkdir()
    target.with_name("cell_images.zip.part").write_bytes(CONTENT)
    fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert server.ranges == [f"bytes={len(CONTENT)}-"]
    assert target.read_bytes() == CONTENT


def test_a_part_that_is_too_long_is_forgotten(server, target):
    target.parent.mkdir()
    target.with_name("cell_images.zip.part").write_bytes(CONTENT + b"more")
    fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("note", ["{", "[]", json.dumps({"url": "http://other/", "validator": '"one"'})])
def test_a_part_of_unknown_origin_is_not_continued(server, target, note):
    target.parent.mkdir()
    target.with_name("cell_images.zip.part").write_bytes(b"something else")
    target.with_name("cell_images.zip.part.json").write_text(note)
    fetch(server.url, target, UNKNOWN, Silent(), HASTE)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("expected", [KNOWN, UNKNOWN])
def test_a_file_that_is_there_already_is_not_fetched_again(server, target, expected):
    target.parent.mkdir()
    target.write_bytes(CONTENT)
    fetch(server.url, target, expected, Silent(), HASTE)
    assert server.ranges == []


def test_a_wrong_file_in_its_place_is_not_overwritten(server, target):
    target.parent.mkdir()
    target.write_bytes(b"thesis")
    with pytest.raises(
        DownloadError, match=r"is there already but has 6 bytes instead of 512,000\. Remove it"
    ):
        fetch(server.url, target, KNOWN, Silent(), HASTE)
    assert target.read_bytes() == b"thesis"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_says_so(server, target):
    target.parent.mkdir()
    target.with_name("cell_images.zip.part").symlink_to("/dev/full")
    with pytest.raises(
        DownloadError, match=r"Cannot write .*\.part: No space left on device\. Free some space"
    ):
        fetch(server.url, target, KNOWN, Silent(), HASTE)


@pytest.mark.parametrize(
    "url",
    ["cell_images.zip", "ftp://example.org/a.zip", "http://", "https://example.org:port/", "file:///a.zip"],
)
def test_what_is_no_address_is_refused(target, url):
    with pytest.raises(DownloadError, match=r"is not an address.* Give one that begins with https://"):
        fetch(url, target, KNOWN, Silent(), HASTE)
