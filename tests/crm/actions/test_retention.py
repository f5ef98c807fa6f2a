"""What taking a change back needs is kept for as long as it can be taken back, and no longer."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from audit.models import Entry
from crm.actions.bulk import change_together
from crm.actions.organisations import rename
from crm.actions.retention import forget
from crm.actions.segments import add_member, delete_segment, restore_segment
from crm.actions.steps import CannotTakeBack, take_back
from crm.models import BulkChange, Contact, Segment, Step
from crm.states import BulkAction
from crm.tasks import forget_changes
from tests.factories.contacts import make_contact
from tests.factories.mailings import person
from tests.factories.organisations import HEAD, make_organisation
from tests.factories.segments import make_list

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=30, seconds=1)


def renamed(days_ago=timedelta()):
    step = rename(make_organisation("Вестник"), "Ситора", until="", by=person(HEAD))
    Step.objects.filter(pk=step.pk).update(at=timezone.now() - days_ago)
    return step


def test_a_step_of_long_ago_keeps_no_rows_and_stays():
    old = renamed(LONG_AGO)

    forget_changes()

    old.refresh_from_db()
    assert (old.record, old.action) == ({}, "crm.organisation.renamed")


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_a_step_of_long_ago_is_not_taken_back(is_forgotten):
    old = renamed(LONG_AGO)
    if is_forgotten:
        forget()

    with pytest.raises(CannotTakeBack):
        take_back(old, by=person(HEAD))


def test_values_before_a_change_to_many_go_with_time():
    make_contact("Анвар", region="sughd")
    change = change_together(Contact.objects.all(), BulkAction.REGION, "khatlon", by=person(HEAD)).change
    BulkChange.objects.update(at=timezone.now() - LONG_AGO)

    forget()

    change.refresh_from_db()
    assert (change.what, change.before, change.count) == ({}, {}, 1)


def test_what_can_be_taken_back_still_is_kept():
    segment = make_list("Гости")
    add_member(segment, make_contact("Анвар"), by=person(HEAD))
    step, deleted = renamed(), delete_segment(segment, by=person(HEAD))

    assert forget() == 0

    take_back(step, by=person(HEAD))
    restore_segment(BulkChange.objects.get(pk=deleted.pk), by=person(HEAD))
    assert list(Segment.objects.values_list("name", "members__name")) == [("Гости", "Анвар")]


def test_forgetting_is_in_the_journal_once_with_the_number():
    renamed(LONG_AGO)

    assert (forget(), forget()) == (1, 0)

    assert [entry.details for entry in Entry.objects.filter(action="crm.undo.forgotten")] == [{"count": 1}]


def test_forgetting_runs_by_itself_every_night():
    assert settings.CELERY_BEAT_SCHEDULE["changes"] == {"task": "crm.tasks.forget_changes", "schedule": 86400.0}
