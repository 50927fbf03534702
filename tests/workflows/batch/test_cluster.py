"""Ray does the same work: with a stand-in that works in this process, and with Ray itself where it is."""

import socket
from types import SimpleNamespace

import pytest

from normocyte.core.errors import ConfigError, DatasetError, NormocyteError
from normocyte.workflows.batch import batch as module
from normocyte.workflows.batch import cluster
from normocyte.workflows.batch.batch import BatchRequest
from normocyte.workflows.batch.cluster import Cluster

from .conftest import Heard, rows_of


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


def test_a_fault_of_a_task_comes_through_as_it_is(stand_in):
    def fails(unit):
        raise DatasetError("The source is gone.")

    with Cluster() as engine, pytest.raises(DatasetError, match=r"^The source is gone\.$"):
        list(engine.as_done(fails, ["unit"]))


def test_a_worker_that_dies_again_and_again_gets_a_sentence(stand_in):
    def dies(unit):
        raise RayError

    with Cluster() as engine, pytest.raises(NormocyteError, match=r"died 4 times at one unit"):
        list(engine.as_done(dies, ["unit"]))


def test_a_cluster_that_does_not_answer_is_told_at_once_with_its_address(folder, stand_in, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(ConfigError, match=rf"No Ray cluster answers at `address='{address}'`: .*refused"):
        on_ray(folder, tmp_path / "out", address=address)


def test_an_unknown_engine_and_an_address_without_ray_are_refused(folder, tmp_path):
    with pytest.raises(ConfigError, match="choose local or ray"):
        module.batch(BatchRequest(str(folder), tmp_path, engine="dask"), Heard())
    with pytest.raises(ConfigError, match="is that of a Ray cluster"):
        module.batch(BatchRequest(str(folder), tmp_path, address="10.0.0.1:6379"), Heard())


@pytest.mark.filterwarnings("ignore")
def test_ray_itself_gives_the_same_rows(folder, score, tmp_path):
    pytest.importorskip("ray")
    score(folder, to="here")
    on_ray(folder, tmp_path / "ray", workers=2)
    assert rows_of(tmp_path / "ray") == rows_of(tmp_path / "here")
