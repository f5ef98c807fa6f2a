import threading

import pytest
from django.db import connection

from audit.models import Entry
from crm.actions.suppression import suppress
from crm.models import Suppression

pytestmark = pytest.mark.django_db
WISHES = ["unsubscribed", "complaint", "manual"]


def entries():
    return list(Suppression.objects.values_list("address", "reason", "evidence"))


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_replaces_a_dead_mailbox(wish):
    suppress("reader@navid.test", "hard_bounce", evidence="550", by="sender")
    before = Suppression.objects.get().at
    suppress("Reader@navid.test", wish, evidence="Анонс", by="recipient")

    assert (entries(), Suppression.objects.get().at > before) == ([("reader@navid.test", wish, "Анонс")], True)


@pytest.mark.parametrize("later", ["hard_bounce", *WISHES])
@pytest.mark.parametrize("wish", WISHES)
def test_nothing_replaces_a_wish(wish, later):
    suppress("reader@navid.test", wish, evidence="Анонс", by="recipient")
    suppress("reader@navid.test", later, evidence="550", by="sender")

    assert entries() == [("reader@navid.test", wish, "Анонс")]


def test_every_change_of_the_reason_is_in_the_audit_log_once():
    for reason in ("hard_bounce", "hard_bounce", "manual", "unsubscribed"):
        suppress("reader@navid.test", reason, by="test")

    assert [entry.details for entry in Entry.objects.order_by("pk")] == [
        {"reason": "hard_bounce"},
        {"reason": "manual"},
    ]


@pytest.mark.django_db(transaction=True)
def test_two_reasons_at_once_leave_one_entry_and_no_error():
    start, failed = threading.Barrier(4), []

    def press(reason):
        try:
            start.wait()
            suppress("reader@navid.test", reason, by="test")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[reason]) for reason in ["hard_bounce", "unsubscribed"] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (failed, entries()) == ([], [("reader@navid.test", "unsubscribed", "")])
