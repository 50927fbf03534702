"""Work that is stopped at a safe moment."""

import signal
import threading

import pytest

from normocyte.core.cancel import CancelToken, Stopped, current, on_ctrl_c


def press():
    signal.raise_signal(signal.SIGINT)


def stopped(work):
    """What happened in a block in which Ctrl-C was pressed, until it took effect."""
    reached = []
    token = CancelToken()

    def block():
        with on_ctrl_c(token), token.held():
            work(token, reached)

    with pytest.raises(Stopped):
        block()
    return reached


def test_ctrl_c_takes_effect_at_the_next_check():
    def work(token, reached):
        token.check()
        press()
        reached.append("the safe moment")
        token.check()
        reached.append("beyond it")

    assert stopped(work) == ["the safe moment"]


def test_ctrl_c_without_a_check_takes_effect_at_the_end_of_the_block():
    def work(token, reached):
        press()
        reached.append("the end")

    assert stopped(work) == ["the end"]


def test_a_second_ctrl_c_takes_effect_at_once():
    def work(token, reached):
        press()
        reached.append("the first")
        press()
        reached.append("the second")

    assert stopped(work) == ["the first"]


def test_outside_of_a_hold_ctrl_c_takes_effect_at_once():
    token = CancelToken()
    with pytest.raises(Stopped), on_ctrl_c(token):
        press()
    assert token.is_set


def test_afterwards_ctrl_c_is_as_it_was():
    with on_ctrl_c(CancelToken()):
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_fault_in_the_block_comes_through_and_ctrl_c_is_as_it_was():
    token = CancelToken()
    with pytest.raises(ValueError, match="broken"), on_ctrl_c(token), token.held():
        raise ValueError("broken")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_somebody_elses_handler_is_left_alone():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with on_ctrl_c(CancelToken()):
            assert signal.signal(signal.SIGINT, signal.SIG_IGN) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def in_a_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_beside_the_main_thread_ctrl_c_is_left_alone():
    heard = []

    def work():
        with on_ctrl_c(CancelToken()):
            heard.append(signal.getsignal(signal.SIGINT))

    in_a_thread(work)
    assert heard == [signal.default_int_handler]


def test_a_token_is_set_from_any_thread_and_stays():
    token = CancelToken()
    token.check()
    in_a_thread(token.set)
    for _ in range(2):
        with pytest.raises(Stopped):
            token.check()


def test_the_active_token_is_the_current_one_of_its_thread_alone():
    token, others = CancelToken(), []
    with token.active():
        assert current() is token
        in_a_thread(lambda: others.append(current()))
    assert token is not others[0]
    assert current() is not token


def test_what_stops_work_is_no_fault_that_somebody_may_swallow():
    assert not issubclass(Stopped, Exception)
