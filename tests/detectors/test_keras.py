"""Loading Keras: quietly when it works, with everything it said when it does not."""

import os

import numpy as np
import pytest

from normocyte.detectors.networks.keras_model import _quiet, load_keras, seed_weights


def chatter_and(error: BaseException | None) -> None:
    with _quiet():
        os.write(2, b"chatter of C++\n")
        if error:
            raise error


def test_chatter_is_held_back_while_all_goes_well(capfd):
    chatter_and(None)
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"


@pytest.mark.parametrize("error", [ImportError("no wheel"), KeyboardInterrupt()])
def test_chatter_is_shown_when_loading_fails(capfd, error):
    with pytest.raises(type(error)):
        chatter_and(error)
    assert capfd.readouterr().err == "chatter of C++\n"


def test_keras_stands_on_tensorflow():
    assert load_keras().backend.backend() == "tensorflow"


def test_the_first_weights_depend_on_the_generator_alone(network):
    first, second = (network().build((8, 8, 1)) for _ in range(2))
    for model in (first, second):
        seed_weights(model, np.random.default_rng(5))
    assert [array.tolist() for array in first.get_weights()] == [
        array.tolist() for array in second.get_weights()
    ]
