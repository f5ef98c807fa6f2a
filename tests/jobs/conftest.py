import pytest

from jobs import running
from tests.factories.jobs import forget_counting, register_counting


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(running, "BREATH", 0)


@pytest.fixture
def ended():
    """The states in which jobs ended; what they do stands in tests/factories/jobs.py."""
    yield register_counting()
    forget_counting()


@pytest.fixture
def between():
    """`between(function)` calls it within each chunk, after the chunk has written."""
    yield register_counting
    forget_counting()
