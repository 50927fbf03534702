"""A network that was traced before is lent again: as it was when it was new, and to one at a time."""

import numpy as np
import pytest

from normocyte.detectors.contract import Training
from normocyte.detectors.networks import traced


@pytest.fixture(autouse=True)
def _none_is_kept(monkeypatch):
    monkeypatch.setattr(traced, "_FREE", {})


class Optimizer:
    """Has nothing to remember."""

    variables = ()


class Weight:
    """A number that can be set."""

    def __init__(self):
        self.value = 1.0

    def __array__(self, dtype=None, copy=None):
        return np.array(self.value)

    def assign(self, value):
        self.value = float(value)


class Model:
    """Has one weight."""

    def __init__(self):
        self.variables, self.optimizer = [Weight()], Optimizer()


def test_an_equal_network_is_lent_again_with_its_first_weights():
    with traced.lent("a", Model) as first:
        first.variables[0].assign(7)
    with traced.lent("a", Model) as again:
        assert again is first
        assert again.variables[0].value == 1.0


def test_two_at_once_get_a_network_each():
    with traced.lent("a", Model) as first, traced.lent("a", Model) as second:
        assert first is not second


def test_a_network_whose_training_failed_is_not_lent_again():
    with pytest.raises(ValueError, match="lost"), traced.lent("a", Model) as first:
        raise ValueError("lost")
    with traced.lent("a", Model) as second:
        assert second is not first


def test_only_the_last_few_are_kept():
    for key in range(traced.MOST + 3):
        with traced.lent(key, Model):
            pass
    assert list(traced._FREE) == list(range(3, traced.MOST + 3))


def test_a_training_after_another_gives_the_bits_of_the_first_in_a_process(network, healthy, held_out):
    brief = network(epochs=1)
    graphs = []
    for seed in (1, 2, 1):
        brief.fit(healthy, held_out, Training(seed))
        graphs.append(brief.graph_)
    assert len(traced._FREE) == 1
    assert graphs[0] == graphs[2] != graphs[1]
