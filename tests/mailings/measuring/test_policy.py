"""Of whom what is measured."""

import pytest

from mailings.measuring.policy import SMALLEST_GROUP, Measured, measured, without_small_groups


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("press_service", Measured.PERSON),
        ("partner", Measured.TOTALS),
        ("journalist", Measured.TOTALS),
        ("other", Measured.TOTALS),
        ("", Measured.NOT),
    ],
)
def test_offices_are_measured_by_name_the_others_only_counted(kind, expected):
    assert measured(kind, "open", is_restricted=False) is expected


@pytest.mark.parametrize("sensitivity", ["internal", "sealed"])
@pytest.mark.parametrize("kind", ["press_service", "partner", "journalist", "other"])
def test_nothing_is_measured_of_who_is_kept_carefully(kind, sensitivity):
    assert measured(kind, sensitivity, is_restricted=False) is Measured.NOT


def test_nothing_is_measured_of_people_of_banned_organisations():
    assert measured("press_service", "open", is_restricted=True) is Measured.NOT


def test_group_that_would_tell_who_it_is_is_not_measured():
    few = [("partner", "en", Measured.TOTALS)] * (SMALLEST_GROUP - 1)
    many = [("partner", "ru", Measured.TOTALS)] * SMALLEST_GROUP
    named = [("press_service", "en", Measured.PERSON)]

    assert without_small_groups([*few, *many, *named]) == [
        *[Measured.NOT] * (SMALLEST_GROUP - 1),
        *[Measured.TOTALS] * SMALLEST_GROUP,
        Measured.PERSON,
    ]
