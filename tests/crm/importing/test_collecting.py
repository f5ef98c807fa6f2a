import gc

import pytest

from crm.importing.collecting import paused


@paused()
def work(begun):
    begun.append(gc.isenabled())
    raise ValueError


def test_garbage_is_looked_for_again_whatever_happens():
    begun = []

    with pytest.raises(ValueError, match="^$"):
        work(begun)

    assert (begun, gc.isenabled()) == ([False], True)


def test_inner_pause_does_not_end_the_outer_one():
    with paused():
        with paused():
            pass
        is_on_between = gc.isenabled()

    assert (is_on_between, gc.isenabled()) == (False, True)
