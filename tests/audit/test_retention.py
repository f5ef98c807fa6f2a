from datetime import UTC, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from audit import guards
from audit.models import Entry
from audit.tasks import forget

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    """Entries by how many days they are past their day; the guard stands."""
    guards.install()
    today = timezone.now().astimezone(UTC).date()
    return {
        past: Entry.objects.create(
            action="crm.contact.added", by="test", kind="write", keep_until=today - timedelta(days=past)
        ).pk
        for past in (400, 1, 0, -1)
    }


def test_task_forgets_what_is_past_its_day(kept):
    forget()

    assert set(Entry.objects.filter(by="test").values_list("pk", flat=True)) == {kept[0], kept[-1]}


def test_forgetting_is_written_down_once(kept):
    forget()
    forget()

    assert list(Entry.objects.exclude(by="test").values_list("action", "by", "details")) == [
        ("audit.entries.forgotten", "worker", {"count": 2})
    ]


def test_command_says_how_many(kept, capsys):
    call_command("audit_forget")

    assert (capsys.readouterr().out, Entry.objects.filter(by="test").count()) == ("Past their day and deleted: 2.\n", 2)


def test_worker_forgets_daily(settings):
    assert settings.CELERY_BEAT_SCHEDULE["forget"] == {"task": "audit.tasks.forget", "schedule": 86400.0}
