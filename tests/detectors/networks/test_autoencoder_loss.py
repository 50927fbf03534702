import numpy as np
import pytest

from normocyte.detectors.contract import Training
from normocyte.detectors.networks.autoencoder import forgiving_square


def loss(residual, darker: float = 1.0) -> float:
    """The loss of these residuals, wanted - answered, forgiving beyond 1."""
    wanted = np.array(residual, np.float32)
    return float(forgiving_square(1.0, darker)(wanted, np.zeros_like(wanted)))


def test_near_the_answer_it_is_the_mean_square():
    assert loss([0.5, -0.5, 0.0, 1.0]) == pytest.approx(1.5 / 4)


def test_what_is_far_too_dark_counts_as_a_logarithm():
    assert loss([10.0]) == pytest.approx(1 + 2 * np.log(10))


def test_what_is_too_light_counts_in_full():
    assert loss([-10.0]) == pytest.approx(100)


def test_where_a_smaller_value_is_darker_that_side_is_forgiven():
    assert (loss([-10.0], darker=-1.0), loss([10.0], darker=-1.0)) == pytest.approx((1 + 2 * np.log(10), 100))


def test_it_is_smooth_where_forgiving_begins():
    assert loss([1.001]) - loss([1.0]) == pytest.approx(loss([1.0]) - loss([0.999]), rel=0.01)


def test_a_network_that_forgives_gives_back_less_of_the_dark_spots_of_a_few(network, healthy, held_out):
    spotted = healthy.take(np.arange(len(healthy)))
    spotted.pixels[:3, 3:5, 3:5] += 6
    plain, robust = network(augment=False), network(augment=False, robust_beyond=0.5)
    plain.fit(spotted, held_out, Training(1))
    robust.fit(spotted, held_out, Training(1))
    spot = spotted.take(np.arange(3))
    assert robust.maps(spot)[:, 3:5, 3:5].mean() > plain.maps(spot)[:, 3:5, 3:5].mean()
