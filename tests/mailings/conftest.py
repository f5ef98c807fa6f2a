import pytest

from mailings.pipeline.mailbox import returns, takers


@pytest.fixture
def nobody_above(monkeypatch):
    """No room above takes letters, or sends any."""
    monkeypatch.setattr(takers, "_takers", {})
    monkeypatch.setattr(returns, "_finders", {})
