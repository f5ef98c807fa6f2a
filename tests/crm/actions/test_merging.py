"""Two cards become one, and two again; whatever is on them, nothing is lost and no rule becomes weaker."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import Entry
from core.sealing import add_key, drop_old_keys, seal
from crm.actions.merging import Refused, call_different, forget, forget_difference, merge, unmerge
from crm.matching import record
from crm.models import (
    Contact,
    Distinct,
    EmailAddress,
    Merge,
    Organisation,
    Phone,
    Position,
    StopRule,
    Suppression,
    Touch,
)
from mailings.models import Delivery
from tests.factories.accounts import make_user
from tests.factories.cards import KINDS, LEVELS, make_card, put_on, rows
from tests.factories.contacts import change, make_contact

pytestmark = pytest.mark.django_db

PLANS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2)), max_size=14)
CARDS = st.fixed_dictionaries(
    {
        "level": st.sampled_from(LEVELS),
        "rows": PLANS.map(sorted),
        "note": st.sampled_from(["", "тайна", "другая"]),
        "city": st.sampled_from(["", "Хорог"]),
        "basis": st.sampled_from(["unknown", "consent", "personal"]),
        "basis_proof": st.sampled_from(["", "письмо"]),
        "gender": st.sampled_from(["", "f", "m"]),
    }
)
CHOICES = st.dictionaries(
    st.sampled_from(["name", "note", "city", "gender", "name-ru", "position-1"]), st.sampled_from(["keep", "drop"])
)


def pair(**fields) -> tuple[Contact, Contact]:
    return make_card("Джамшед Каримов", **fields), make_card("Jamshed Karimov", **fields)


def stop_rules() -> list[tuple]:
    return sorted(StopRule.objects.values_list("pk", "scope", "until_on", "lifted_at"), key=str)


def suppressed() -> set[tuple]:
    return set(Suppression.objects.values_list("key", "reason"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=CARDS, second=CARDS, choices=CHOICES)
def test_merging_and_undoing_leaves_every_row_as_it_was(head, first, second, choices):
    with transaction.atomic():
        keep, drop = make_card("Первая", **first), make_card("Вторая", **second)
        before = rows()

        unmerge(merge(keep, drop, choices, by=head), by=head)

        after = rows()
        transaction.set_rollback(True)
    assert after == before


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=CARDS, second=CARDS)
def test_merging_leaves_nothing_of_the_dropped_card_and_weakens_nothing(head, first, second):
    with transaction.atomic():
        keep, drop = make_card("Первая", **first), make_card("Вторая", **second)
        rules, stops, keys = stop_rules(), suppressed(), {*ways(keep), *ways(drop)}

        merge(keep, drop, by=head)

        kept = Contact.objects.get() if False else Contact.objects.get(pk=keep.pk)
        left = [
            (model._meta.label, column)
            for model, columns in record.references().items()
            for column in columns
            if model._base_manager.filter(**{column: drop.pk}).exists()
        ]
        outcome = (left, stop_rules(), suppressed(), ways(kept))
        level = max(LEVELS.index(first["level"]), LEVELS.index(second["level"]))
        transaction.set_rollback(True)
    assert (outcome, kept.sensitivity) == (([], rules, stops, keys), LEVELS[level])


def ways(contact) -> set[str]:
    return {way.key for model in (EmailAddress, Phone) for way in model.objects.filter(contact=contact)}


def test_every_table_that_can_stand_in_the_way_is_recorded_with_what_hangs_on_it():
    """Rows of other tables that hang on one that goes are followed to its twin; here they are known."""
    hanging = {
        (model._meta.label, dependant._meta.label)
        for model in record.references()
        if record.uniques(model)
        for dependant in record.references(model)
    }

    assert hanging == {("crm.Position", "crm.EmailAddress"), ("crm.Position", "crm.Phone")}
