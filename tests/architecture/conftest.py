import pytest

from . import addresses


@pytest.fixture
def objects(smtp):
    """One object of each kind, with the addresses it is opened by."""
    return addresses.make_everything(smtp)


@pytest.fixture
def real(objects):
    """`real(path)` is the address of an object that is there."""
    return lambda path: addresses.real(path, objects)
