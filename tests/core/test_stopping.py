"""Ctrl-C that waits for a safe moment."""

import signal
import threading

import pytest

from normocyte.core.stopping import stopping_safely


def press():
    signal.raise_signal(signal.SIGINT)


def stopped(work):
    """What happened in a block in which Ctrl-C was pressed, until it took effect."""
    reached = []

    def block():
        with stopping_safely() as stop:
            work(stop, reached)

    with pytest.raises(KeyboardInterrupt):
        block()
    return reached


def test_ctrl_c_takes_effect_at_the_next_check():
    def work(stop, reached):
        stop.check()
        press()
        reached.append("the safe moment")
        stop.check()
        reached.append("beyond it")

    assert stopped(work) == ["the safe moment"]


def test_ctrl_c_without_a_check_takes_effect_at_the_end_of_the_block():
    def work(stop, reached):
        press()
        reached.append("the end")

    assert stopped(work) == ["the end"]


def test_a_second_ctrl_c_takes_effect_at_once():
    def work(stop, reached):
        press()
        reached.append("the first")
        press()
        reached.append("the second")

    assert stopped(work) == ["the first"]


def test_afterwards_ctrl_c_is_as_it_was():
    with stopping_safely():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_fault_in_the_block_comes_through_and_ctrl_c_is_as_it_was():
    with pytest.raises(ValueError, match="broken"), stopping_safely():
        raise ValueError("broken")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_somebody_elses_handler_is_left_alone():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopping_safely():
            assert signal.signal(signal.SIGINT, signal.SIG_IGN) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_beside_the_main_thread_it_does_nothing():
    heard = []

    def work():
        with stopping_safely() as stop:
            stop.check()
            heard.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert heard == [signal.default_int_handler]
