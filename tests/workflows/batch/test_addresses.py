"""Sources behind addresses: the rows are those of the same files on this machine."""

import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from normocyte.core.errors import DatasetError, MissingExtraError
from normocyte.workflows.batch import stores

from .conftest import put_in_parquet, put_in_tar, put_in_zip
from .test_batch import without_places

fsspec = pytest.importorskip("fsspec")


class Ranged(SimpleHTTPRequestHandler):
    """Serves files, and ranges of them, silently."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        asked = self.headers.get("Range")
        if not asked:
            super().do_GET()
            return
        with open(self.translate_path(self.path), "rb") as file:  # noqa: PTH123
            data = file.read()
        first, last = asked.removeprefix("bytes=").split("-")
        part = data[int(first) : int(last or len(data)) + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)


@pytest.fixture
def shards(drawn, tmp_path):
    """A folder with a zip, a tar, a Parquet file and a loose image."""
    folder = tmp_path / "shards"
    folder.mkdir()
    put_in_zip(folder / "a.zip", drawn[:10])
    put_in_tar(folder / "b.tar", drawn[10:20])
    put_in_parquet(folder / "c.parquet", drawn[20:29])
    (folder / drawn[29][0]).write_bytes(drawn[29][1])
    return folder


@pytest.fixture
def server(shards):
    """The folder on a server of this machine; gives its address."""
    pytest.importorskip("aiohttp")

    def handler(*arguments):
        return Ranged(*arguments, directory=str(shards))

    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture
def in_memory(shards):
    """The folder in fsspec's memory."""
    system = fsspec.filesystem("memory")
    system.put(str(shards), "/shards", recursive=True)
    yield "memory://shards"
    system.rm("/shards", recursive=True)


@pytest.fixture
def in_bucket(shards, monkeypatch):
    """The folder in a bucket of an S3 server of this machine."""
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    known = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    host, port = server.get_host_and_port()
    for name, value in (known | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}).items():
        monkeypatch.setenv(name, value)
    system = fsspec.filesystem("s3")
    system.mkdir("cells")
    system.put(str(shards), "cells/shards", recursive=True)
    yield "s3://cells/shards"
    system.clear_instance_cache()
    server.stop()


@pytest.fixture
def address(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def as_file(shards):
    return f"file://{shards}"


@pytest.mark.parametrize("address", ["as_file", "in_memory", "server", "in_bucket"], indirect=True)
def test_the_rows_are_those_of_the_same_files_here(address, shards, score, rows):
    score(shards, to="here")
    assert score(address, to="there").counts.images == 30
    order = {row["content_hash"]: row for row in without_places(rows("here"))}
    assert {row["content_hash"]: row for row in without_places(rows("there"))} == order
    assert all(row["path"].startswith(address.partition("://")[0]) for row in rows("there"))
    assert score(address, to="there").decoded == 0


def test_a_server_that_does_not_answer_is_told_with_its_address(score):
    pytest.importorskip("aiohttp")
    with pytest.raises(
        DatasetError, match=r"http://127\.0\.0\.1:9/cells\.tar cannot be read: .*Check the address"
    ):
        score("http://127.0.0.1:9/cells.tar")


def test_an_address_at_which_nothing_is_says_so(in_memory, score):
    with pytest.raises(
        DatasetError, match=r"memory://shards/none cannot be read: there is no such file or f"
    ):
        score("memory://shards/none")


def test_an_unknown_protocol_is_told_with_its_address(score):
    with pytest.raises(DatasetError, match=r"nowhere://cells cannot be read: Protocol not known"):
        score("nowhere://cells")


def test_without_fsspec_the_install_line_is_named(score, monkeypatch):
    def missing(package, extra):
        raise MissingExtraError(package, extra)

    monkeypatch.setattr(stores, "needs", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'normocyte\[batch\]'"):
        score("memory://cells")
