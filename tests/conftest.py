"""What holds for every test: no network, the same examples in every run, one thread for each library."""

import gc
import ipaddress
import os
import signal
import socket
from hashlib import sha256
from weakref import WeakKeyDictionary

import pytest
from hypothesis import settings

from normocyte.core.registry import forget_own_modules, own_parts, remove_own_parts

settings.register_profile("normocyte", deadline=None, derandomize=True, database=None)
settings.load_profile("normocyte")

# Before NumPy is imported: two workers of pytest, each with a thread for each processor, wait for each other.
# Threads of OpenCV that wait keep a processor busy.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM", "TF_NUM_INTRAOP_THREADS")
os.environ.update(dict.fromkeys(THREADS, "1"))
OBJECTS = 50_000
"""So many new objects before Python looks for unused ones; every 700 is its default."""


def pytest_configure():
    """Speak English, and hear Ctrl-C where a shell that put the tests aside ignores it.

    Programs that a test starts would inherit that, and could not be stopped as from a terminal.
    """
    os.environ.update(LC_ALL="C.UTF-8")  # messages are English whatever the language of the machine
    gc.set_threshold(OBJECTS)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    """Never look for unused objects among the modules and tests, which stay to the end."""
    gc.freeze()


def _is_here(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket of the file system
    host = str(address[0])
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if not _is_here(address):
            raise AssertionError(f"A test may not use the network, but one asked for {address}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def drawn_cells(tmp_path_factory):
    """160 drawn cells of 12 patients in the NIH layout, for the tests of all folders. Nobody changes them."""
    from normocyte.core.progress import Silent
    from normocyte.datasets.synthetic import Synthetic, write_synthetic

    folder = tmp_path_factory.mktemp("drawn") / "cells"
    write_synthetic(Synthetic(folder=str(folder), cells=160, patients=12, seed=0), Silent())
    return folder


_PICTURES: dict[bytes, bytes] = {}


@pytest.fixture(scope="module")
def pictures_drawn_once():
    """Of figures whose SVG is the same to the last byte, one PNG is drawn for all.

    For tests of whole commands, which draw the same again and again. Tests of figures are without it.
    """
    from normocyte.reports.drawing import theme

    svg_of, png_of, drawn = theme.svg_of, theme.png_of, WeakKeyDictionary()

    def svg(figure):
        drawn[figure] = svg_of(figure)
        return drawn[figure]

    def png(figure):
        if figure not in drawn:
            return png_of(figure)
        key = sha256(drawn[figure]).digest()
        if key not in _PICTURES:
            _PICTURES[key] = png_of(figure)
        return _PICTURES[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theme, "svg_of", svg)
        patch.setattr(theme, "png_of", png)
        yield


@pytest.fixture
def own_parts_forgotten():
    """After the test no own part is known, and Python looks for parts in the package alone."""
    yield
    remove_own_parts(own_parts())
    forget_own_modules()
