import pytest

from core.phones import mask


@pytest.mark.parametrize("number", ["+992930000047", "93 000 00 47", "93-000-00-4 7"])
def test_mask_leaves_the_last_two_digits(number):
    assert mask(number) == "•••47"
