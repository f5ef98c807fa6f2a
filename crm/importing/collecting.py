"""Let Python look for no garbage for a while: a long list has none, and looking takes a third of the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """For work that ends in seconds and leaves no cycles. Nested, and in several threads, the first one ends it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
