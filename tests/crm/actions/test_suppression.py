import threading

import pytest
from django.db import connection

from audit.models import Entry
from crm.actions.suppression import lift, suppress
from crm.models import Suppression

pytestmark = pytest.mark.django_db
SAID = ["unsubscribed", "complaint"]
WISHES = [*SAID, "manual"]


def entries():
    return list(Suppression.objects.values_list("address", "reason", "evidence"))


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_replaces_a_dead_mailbox(wish):
    suppress("reader@navid.test", "hard_bounce", evidence="550", by="sender")
    before = Suppression.objects.get().at
    suppress("Reader@navid.test", wish, evidence="Анонс", by="recipient")

    assert (entries(), Suppression.objects.get().at > before) == ([("reader@navid.test", wish, "Анонс")], True)


@pytest.mark.parametrize("later", ["hard_bounce", *WISHES])
@pytest.mark.parametrize("wish", SAID)
def test_nothing_replaces_what_the_person_said(wish, later):
    suppress("reader@navid.test", wish, evidence="Анонс", by="recipient")
    suppress("reader@navid.test", later, evidence="550", by="sender")

    assert entries() == [("reader@navid.test", wish, "Анонс")]


@pytest.mark.parametrize("later", ["hard_bounce", "manual"])
def test_no_server_replaces_what_staff_wrote_down(later):
    suppress("reader@navid.test", "manual", evidence="По телефону", by="staff")
    suppress("reader@navid.test", later, evidence="550", by="sender")

    assert entries() == [("reader@navid.test", "manual", "По телефону")]


@pytest.mark.parametrize("said", SAID)
def test_what_the_person_says_outweighs_what_staff_wrote_down_and_keeps_its_words(said):
    suppress("reader@navid.test", "manual", evidence="По телефону", by="staff")
    suppress("reader@navid.test", said, evidence="Анонс", by="recipient")

    assert entries() == [("reader@navid.test", said, "По телефону\nАнонс")]
    assert not Suppression.objects.get().is_liftable


def test_what_staff_wrote_down_stands_again_once_the_person_takes_theirs_back():
    suppress("reader@navid.test", "manual", evidence="По телефону", by="staff")
    suppress("reader@navid.test", "unsubscribed", evidence="Анонс", by="recipient")

    assert (lift("reader@navid.test", "unsubscribed", by="recipient"), entries()) == (
        True,
        [("reader@navid.test", "manual", "По телефону\nАнонс")],
    )
    assert Entry.objects.first().changes == {"reason": ["unsubscribed", "manual"]}


def test_dead_mailbox_of_whom_the_person_takes_their_word_back_is_tried_again():
    suppress("reader@navid.test", "hard_bounce", evidence="550", by="sender")
    suppress("reader@navid.test", "unsubscribed", evidence="Анонс", by="recipient")

    assert (lift("reader@navid.test", "unsubscribed", by="recipient"), entries()) == (True, [])


def test_every_change_of_the_reason_is_in_the_audit_log_once():
    for reason in ("hard_bounce", "hard_bounce", "manual", "unsubscribed"):
        suppress("reader@navid.test", reason, by="test")

    assert [entry.details for entry in Entry.objects.order_by("pk")] == [
        {"reason": "hard_bounce"},
        {"reason": "manual"},
        {"reason": "unsubscribed"},
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
