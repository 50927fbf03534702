import http.server
import io
import threading
import zipfile

import pytest

from normocyte.core.errors import DownloadError
from normocyte.core.inputs import zips
from normocyte.core.progress import Silent
from normocyte.datasets.support.download import Patience
from normocyte.workflows.data import make
from normocyte.workflows.data.make import NIH_EXPECTED, NIH_URL, download_nih

HASTE = Patience(attempts=2, first_wait_s=0, timeout_s=5)


def packed(*names):
    """A zip with these empty members, as bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return stream.getvalue()


@pytest.fixture
def serve(monkeypatch):
    """Serves some bytes at any path on this machine and gives the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        content = b""

        def log_message(self, *words):
            pass

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.content)))
            self.end_headers()
            self.wfile.write(self.content)

    def start(content):
        Handler.content = content
        return f"http://127.0.0.1:{server.server_port}/mirror/cells"

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield start
        server.shutdown()
        thread.join()
    zips.close_all()


def test_a_mirror_gives_the_set_as_a_zip(serve, tmp_path):
    url = serve(packed("cell_images/Parasitized/C1.png", "cell_images/Uninfected/C1.png"))
    path = download_nih(tmp_path / "data", url, Silent(), HASTE)
    assert path == tmp_path / "data" / "cell_images.zip"


@pytest.mark.parametrize("content", [b"<html>Please log in</html>", packed("cats/C1.png")])
def test_what_is_not_the_set_is_moved_out_of_the_way(serve, tmp_path, content):
    with pytest.raises(DownloadError, match=r"is not the NIH malaria set; it was moved to .*\.zip\.wrong"):
        download_nih(tmp_path, serve(content), Silent(), HASTE)
    assert [path.name for path in tmp_path.iterdir()] == ["cell_images.zip.wrong"]


def test_the_official_address_is_compared_by_size_and_hash(serve, tmp_path, monkeypatch):
    url = serve(packed("Parasitized/C1.png", "Uninfected/C1.png"))
    monkeypatch.setattr(make, "NIH_URL", url)
    with pytest.raises(DownloadError, match="not 353,452,851 as expected"):
        download_nih(tmp_path, url, Silent(), HASTE)


def test_the_official_address_is_https_and_its_hash_is_known():
    assert NIH_URL.startswith("https://")
    assert (NIH_EXPECTED.size, len(NIH_EXPECTED.sha256)) == (353_452_851, 64)
