"""Work done ahead in a thread gives the same as work done when asked for."""

import threading

import pytest

from hipaudit.frames.ahead import ahead


def running():
    return [thread for thread in threading.enumerate() if thread.name == "hipaudit-ahead"]


def test_the_same_items_in_the_same_order():
    assert list(ahead(range(1000))) == list(range(1000))
    assert list(ahead(ahead(str(i) for i in range(50)), room=1)) == [str(i) for i in range(50)]
    assert running() == []


def test_no_more_is_made_than_there_is_room_for():
    made = []
    items = ahead((made.append(i) for i in range(100)), room=3)
    for asked in range(1, 20):
        next(items)
        assert len(made) <= asked + 3 + 1
    items.close()


def test_what_goes_wrong_is_raised_where_it_is_asked_for():
    def items():
        yield 1
        raise ValueError("broken")

    asked = ahead(items())
    assert next(asked) == 1
    with pytest.raises(ValueError, match="broken"):
        next(asked)
    assert running() == []


def test_a_caller_that_stops_early_stops_the_work():
    closed = threading.Event()

    def items():
        try:
            yield from range(10**9)
        finally:
            closed.set()

    asked = ahead(i for i in ahead(items()))
    assert next(asked) == 0
    asked.close()
    assert closed.wait(5)
    assert running() == []
