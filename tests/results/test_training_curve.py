"""When a training was too short, or came to little."""

import pytest

from normocyte.results.training import TrainingCurve

NAN = float("nan")
FALLING = tuple(1 / epoch for epoch in range(1, 13))
SETTLED = (*FALLING[:8], 0.124, 0.123, 0.1225, 0.122)


def curve(held_out: tuple[float, ...], best: int = 0, explained: float = NAN) -> TrainingCurve:
    return TrainingCurve(held_out, held_out, best or len(held_out), explained)


@pytest.mark.parametrize("losses", [FALLING, FALLING[:2], FALLING[:1]])
def test_a_training_whose_last_epoch_is_its_best_and_still_gained_is_under_trained(losses):
    assert curve(losses).is_under_trained


def test_a_training_that_ends_at_its_best_but_gained_little_late_is_not():
    settled = curve(SETTLED)
    assert settled.ends_at_its_best
    assert settled.late_gain == pytest.approx(1 - 0.122 / 0.124)
    assert not settled.is_under_trained


@pytest.mark.parametrize(("explained", "is_under_trained"), [(0.8, True), (0.98, False)])
def test_where_the_variance_is_known_the_late_gain_is_a_share_of_it(explained, is_under_trained):
    """The loss fell by a quarter: a third of what is left now, which is much or next to nothing."""
    found = curve(FALLING, explained=explained)
    assert found.late_gain == pytest.approx((1 - explained) / 3)
    assert found.is_under_trained == is_under_trained


def test_a_training_that_stopped_some_epochs_after_its_best_is_not():
    assert not curve((*FALLING, 0.1, 0.1), best=12, explained=0.9).is_under_trained


@pytest.mark.parametrize(("explained", "is_little"), [(0.55, True), (0.6, False), (NAN, False)])
def test_it_is_under_trained_where_little_is_explained(explained, is_little):
    assert curve((*SETTLED, 0.2), best=12, explained=explained).is_under_trained == is_little


def test_a_network_that_only_takes_something_off_is_never_called_under_trained():
    found = TrainingCurve(FALLING, FALLING, len(FALLING), draws_anew=False)
    assert found.is_still_falling
    assert not found.is_under_trained


@pytest.mark.parametrize("losses", [(), (-1.0, -2.0, -3.0, -4.0), (1.0, 0.0)])
def test_without_losses_above_0_no_late_gain_is_claimed(losses):
    assert not curve(losses).is_under_trained
