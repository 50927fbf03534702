"""Ray does the same work: with a stand-in that works in this process, and a cluster of this machine."""

import os
import random
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from normocyte.core.errors import ConfigError, DatasetError, NormocyteError
from normocyte.records.manifest import contents_of
from normocyte.workflows.batch import batch as module
from normocyte.workflows.batch import cluster
from normocyte.workflows.batch.batch import BatchRequest
from normocyte.workflows.batch.cluster import Cluster
from normocyte.workflows.batch.stores import LocalStore
from studies.scale import ray_kills
from studies.scale.killing import hold, let_go
from studies.scale.ray_kills import Trial, most_read

from .conftest import Heard, rows_of

SMALL, AT_MOST = 2, 8
"""Images of a unit where something is killed, and how many a run reads before it waits; it takes 30."""


class RayError(Exception):
    """A worker died."""


class RayTaskError(RayError):
    """A task raised something."""

    def __init__(self, cause):
        super().__init__("a long trace")
        self.cause = cause


class Reference:
    """A task that waits."""

    def __init__(self, task, given):
        self.task, self.given = task, given


class StandIn:
    """Works when it is asked for the result, the newest task first."""

    exceptions = SimpleNamespace(RayError=RayError, RayTaskError=RayTaskError)

    def init(self, address, **_):
        self.address = address

    def shutdown(self):
        self.address = None

    def put(self, value):
        return value

    def cluster_resources(self):
        return {"CPU": 2.0}

    def remote(self, **_):
        return lambda task: SimpleNamespace(remote=lambda *given: Reference(task, given))

    def wait(self, references, timeout):
        return references[-1:], references[:-1]

    def get(self, reference):
        try:
            return reference.task(*reference.given)
        except NormocyteError as error:
            raise RayTaskError(error) from error


@pytest.fixture
def stand_in(monkeypatch):
    ray = StandIn()
    monkeypatch.setattr(cluster, "needs", lambda *_: ray)
    return ray


def on_ray(source, to, **options):
    return module.batch(BatchRequest(str(source), to, engine="ray", **options), Heard())


def test_rows_are_those_of_the_local_engine(folder, score, stand_in, tmp_path):
    score(folder, to="here")
    assert on_ray(folder, tmp_path / "ray").decoded == 30
    assert rows_of(tmp_path / "ray") == rows_of(tmp_path / "here")
    assert stand_in.address is None


class Raises:
    """A task that only raises."""

    def __init__(self, error, source="."):
        self.error, self.store = error, LocalStore(source)

    def __call__(self, unit):
        raise self.error


def test_a_fault_of_a_task_comes_through_as_it_is(stand_in):
    task = Raises(DatasetError("The source is gone."))
    with Cluster() as engine, pytest.raises(DatasetError, match=r"^The source is gone\.$"):
        list(engine.as_done(task, ["unit"]))


def test_a_worker_that_dies_again_and_again_gets_a_sentence(stand_in):
    with Cluster() as engine, pytest.raises(NormocyteError, match=r"died 4 times at one unit"):
        list(engine.as_done(Raises(RayError()), ["unit"]))


def test_a_source_that_a_node_does_not_see_is_told_with_the_node(stand_in):
    task = Raises(AssertionError(), "nowhere/cells")
    said = rf"nowhere/cells is not there on the Ray node {socket.gethostname()}\. Give an address"
    with Cluster() as engine, pytest.raises(DatasetError, match=said):
        list(engine.as_done(task, ["unit"]))


def test_paths_mean_in_a_worker_what_they_mean_here(folder, stand_in, tmp_path, monkeypatch):
    class Elsewhere(StandIn):
        def get(self, reference):
            os.chdir("/")
            return super().get(reference)

    monkeypatch.setattr(cluster, "needs", lambda *_: Elsewhere())
    monkeypatch.chdir(tmp_path)
    counts = on_ray("cells", Path("ray")).counts
    assert (counts.scored, counts.failed) == (30, 0)


def test_a_cluster_that_does_not_answer_is_told_at_once_with_its_address(folder, stand_in, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(ConfigError, match=rf"No Ray cluster answers at `address='{address}'`: .*refused"):
        on_ray(folder, tmp_path / "out", address=address)


class Quiet(BaseHTTPRequestHandler):
    """Answers as a server of pages does, without a log."""

    def log_message(self, *_):
        pass


def test_an_address_where_something_else_listens_is_told_at_once(folder, stand_in, tmp_path):
    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as other:
        address = f"127.0.0.1:{other.server_port}"
        answering = threading.Thread(target=other.handle_request)
        answering.start()
        with pytest.raises(ConfigError, match=rf"at `address='{address}'`: what listens there is no head"):
            on_ray(folder, tmp_path / "out", address=address)
        answering.join()


def test_a_ray_that_cannot_begin_here_says_why(stand_in, monkeypatch):
    def fails(*_, **__):
        raise OSError("AF_UNIX path length cannot exceed 107 bytes")

    monkeypatch.setattr(stand_in, "init", fails)
    with pytest.raises(ConfigError, match=r"Ray cannot begin on this machine: AF_UNIX path"), Cluster():
        pass


def test_an_unknown_engine_and_an_address_without_ray_are_refused(folder, tmp_path):
    with pytest.raises(ConfigError, match="choose local or ray"):
        module.batch(BatchRequest(str(folder), tmp_path, engine="dask"), Heard())
    with pytest.raises(ConfigError, match="is that of a Ray cluster"):
        module.batch(BatchRequest(str(folder), tmp_path, address="10.0.0.1:6379"), Heard())


def test_sigterm_is_heard_as_before(stand_in, monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(stand_in, "init", lambda *_, **__: signal.signal(signal.SIGTERM, signal.SIG_IGN))
    with Cluster():
        assert signal.getsignal(signal.SIGTERM) is before


def kill_one_worker(nodes):
    """The run waits at an image, so that sooner or later a worker is at a task."""
    ends = time.monotonic() + 30
    while not ray_kills.kill_one_worker(nodes):
        assert time.monotonic() < ends


def remove_one_node(nodes):
    nodes.remove_node(*nodes.worker_nodes, allow_graceful=False)


def ends_well(trial, rng, disturb):
    """A run that waits at an image is disturbed, and only then goes on."""

    def disturbed():
        try:
            disturb()
        finally:
            let_go(trial.log)

    hold(trial.log, AT_MOST)
    return trial.disturbed(rng, disturbed)


@pytest.mark.skipif(sys.platform != "linux", reason="a cluster of one machine is for Linux")
def test_whatever_is_killed_on_ray_the_files_are_those_of_the_local_engine(folder, score, tmp_path):
    pytest.importorskip("ray")
    rng, log = random.Random(26), tmp_path / "log"
    score(folder, to="here", unit=SMALL)
    with ray_kills.cluster(nodes=2) as nodes:
        killed, lost = (Trial(nodes.address, folder, tmp_path / to, log, SMALL) for to in ("killed", "lost"))
        hold(log, AT_MOST)
        assert killed.killed(rng)
        assert 0 < len(rows_of(killed.to)) < 30
        assert ends_well(killed, rng, lambda: kill_one_worker(nodes))
        assert killed.read() <= most_read(30, 1, SMALL) + SMALL
        assert ends_well(lost, rng, lambda: remove_one_node(nodes))
    here = [part.read_bytes() for part in contents_of(tmp_path / "here").parts]
    assert killed.files() == lost.files() == here
