import ctypes
import os
import signal
import threading

import pytest

from qa.models.engine import Engine
from qa.models.signals import interrupts_wait


def press_ctrl_c(*_):
    os.kill(os.getpid(), signal.SIGINT)


CALLBACK = ctypes.CFUNCTYPE(None)


def pressed(error=None):
    """A block in which Ctrl-C is pressed in a callback."""
    with interrupts_wait():
        CALLBACK(press_ctrl_c)()
        AFTER.append("the block went on")
        if error:
            raise error
    AFTER.append("never here")


AFTER: list[str] = []


@pytest.mark.skipif(os.name == "nt", reason="a process cannot press Ctrl-C for itself there")
@pytest.mark.parametrize("error", [None, ValueError()])
def test_ctrl_c_in_a_callback_is_raised_at_the_end_of_the_block_before_any_error_of_it(capfd, error):
    AFTER.clear()
    with pytest.raises(KeyboardInterrupt):
        pressed(error)
    assert AFTER == ["the block went on"]
    assert capfd.readouterr().err == ""
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_it_nothing_changes_and_other_threads_change_nothing():
    before = signal.getsignal(signal.SIGINT)
    found = []

    def elsewhere():
        with interrupts_wait():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [before]
    with interrupts_wait():
        pass
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a process cannot press Ctrl-C for itself there")
def test_ctrl_c_while_a_model_loads_frees_it(gguf, monkeypatch):
    closed = []
    context, close = Engine._open_context, Engine.close
    monkeypatch.setattr(Engine, "_open_context", lambda self, threads: (press_ctrl_c(), context(self, threads)))
    monkeypatch.setattr(Engine, "close", lambda self: (closed.append(self._model), close(self)))
    with pytest.raises(KeyboardInterrupt):
        Engine(gguf, context=256, threads=1)
    assert len(closed) == 1
    assert closed[0] is not None
