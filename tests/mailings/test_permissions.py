import pytest

from mailings.permissions import Approver, approver

AUTHOR, HEAD, OTHER_HEAD = 1, 2, 3


@pytest.mark.parametrize(
    ("user", "hands", "holders", "expected"),
    [
        (HEAD, {AUTHOR}, {HEAD}, Approver.SECOND),
        (AUTHOR, {AUTHOR}, {HEAD}, Approver.NONE),
        (HEAD, {HEAD}, {HEAD, OTHER_HEAD}, Approver.NONE),
        (HEAD, {AUTHOR, HEAD}, {HEAD, OTHER_HEAD}, Approver.NONE),
        (HEAD, {HEAD}, {HEAD}, Approver.ALONE),
        (HEAD, {HEAD, OTHER_HEAD}, {HEAD, OTHER_HEAD}, Approver.ALONE),
        (AUTHOR, {HEAD}, {HEAD}, Approver.NONE),
    ],
)
def test_nobody_approves_their_own_text_while_somebody_else_could(user, hands, holders, expected):
    assert approver(user, hands=hands, holders=holders) == expected
