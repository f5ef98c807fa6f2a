import pytest

from mailings.pipeline.mailbox import takers


@pytest.fixture
def nobody_above(monkeypatch):
    """No room above takes letters."""
    monkeypatch.setattr(takers, "_takers", {})
