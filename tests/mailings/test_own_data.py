"""A letter's link may be in other hands: the data go, and are erased, only after the reader's own mailbox said yes."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.models import Lockdown
from audit.models import Entry
from core.signing import make_token
from crm.actions.erasure import erase
from mailings import actions
from mailings.models import OWN_DATA, Delivery, OwnDataRequest
from mailings.pipeline.confirming import send_waiting
from mailings.pipeline.render import UNSUBSCRIBE
from tests.factories.mailings import make_reader, make_started, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return make_reader("reader@navid.test", name="Ҷамшед Холов", city="Хуҷанд")


@pytest.fixture
def delivery(reader):
    return make_started("ru").deliveries.get()


def link(delivery):
    return f"/u/{make_token(UNSUBSCRIBE, delivery.pk)}/"


def ask(delivery, kind="copy", lang=""):
    return Client(enforce_csrf_checks=True).post(f"{link(delivery)}?lang={lang}", {"action": kind})


def asked(delivery, kind="copy", **fields):
    found = OwnDataRequest.objects.create(delivery=delivery, kind=kind, language="ru", status="sent", **fields)
    return found, f"/d/{make_token(OWN_DATA, found.pk)}/"


def text_of(envelope):
    return envelope.message.get_body(("plain",)).get_content()


def test_letters_link_gives_nothing_and_asks_at_the_readers_own_address(delivery, smtp):
    answer = ask(delivery)
    send_waiting()

    assert ("Хуҷанд" in answer.content.decode(), smtp.recipients) == (False, ["reader@navid.test"])


def test_link_in_that_letter_gives_the_file_by_its_button_alone(delivery, smtp):
    ask(delivery)
    send_waiting()
    path = re.search(r"/d/\S+/", text_of(smtp.envelopes[0]))[0]

    opened, given = Client().get(path), Client().post(path)

    assert ("Хуҷанд" in opened.content.decode(), "Хуҷанд" in given.content.decode()) == (False, True)
    assert given.headers["Content-Disposition"].startswith("attachment")


def test_letter_is_marked_as_written_by_a_program_and_names_nobody(delivery, smtp):
    ask(delivery)
    send_waiting()
    message = smtp.envelopes[0].message

    assert (message["Auto-Submitted"], "Холов" in str(message), "Холов" in text_of(smtp.envelopes[0])) == (
        "auto-generated",
        False,
        False,
    )


def test_letter_speaks_the_language_of_the_page(delivery, smtp):
    ask(delivery, lang="en")
    send_waiting()

    assert smtp.envelopes[0].message["Content-Language"] == "en"


def test_hundred_presses_make_one_letter_a_day(delivery, smtp):
    for _press in range(100):
        ask(delivery)
    send_waiting()
    send_waiting()

    assert len(smtp.envelopes) == 1


def test_another_wish_on_the_same_day_makes_no_second_letter(delivery, smtp):
    ask(delivery, "copy")
    ask(delivery, "erasure")
    send_waiting()

    assert len(smtp.envelopes) == 1


def test_day_later_it_can_be_asked_again(delivery):
    asked(delivery, asked_at=timezone.now() - timedelta(hours=25))
    ask(delivery)

    assert OwnDataRequest.objects.count() == 2


def test_answer_is_the_same_whether_or_not_a_letter_leaves(delivery, reader):
    first, second = ask(delivery), ask(delivery)
    Delivery.objects.update(contact=None)
    third = ask(delivery)

    said = [
        re.search(r'<div role="status">.*?</div>\s*</div>', one.content.decode(), re.S)[0]
        for one in (first, second, third)
    ]
    assert (len(set(said)), OwnDataRequest.objects.count()) == (1, 1)


def test_everything_locked_down_sends_none(delivery, smtp):
    ask(delivery)
    Lockdown.objects.create(by=person("head@payom.test"), key_holder=person("head@payom.test"))
    send_waiting()

    assert smtp.envelopes == []


def test_refused_letter_is_not_tried_for_ever(delivery, smtp):
    smtp.refuse["reader@navid.test"] = "550 5.1.1 User unknown"
    ask(delivery)
    send_waiting()
    send_waiting()

    assert (smtp.asked["reader@navid.test"], OwnDataRequest.objects.get().status) == (1, "failed")


@pytest.mark.parametrize(
    "fields",
    [{"sensitivity": "internal"}, {"sensitivity": "sealed"}, {"is_post": True}],
    ids=["internal", "sealed", "post"],
)
def test_whoever_is_kept_more_carefully_is_answered_by_a_person(fields):
    make_reader("canary@navid.test", name="Канарейка", city="Хорог", **fields)
    found, path = asked(Delivery.objects.get(mailing=make_started("ru")))

    answer = Client().post(path)
    found.refresh_from_db()

    assert ([word for word in ("Канарейка", "Хорог", "canary") if word in answer.content.decode()]) == []
    assert (found.confirmed_at is not None, found.settled_at) == (True, None)


def test_mailbox_that_two_share_is_no_proof(delivery):
    make_reader("reader@navid.test", name="Зебо Бодомӣ")
    found, path = asked(delivery)

    answer = Client().post(path)

    assert ("Хуҷанд" in answer.content.decode(), OwnDataRequest.objects.waiting().get()) == (False, found)


def retire(reader):
    reader.emails.update(retired_on=timezone.localdate() - timedelta(days=60))


@pytest.mark.parametrize("leave", [retire, lambda reader: reader.emails.all().delete()], ids=["retired", "changed"])
def test_address_that_is_theirs_no_more_gets_no_letter_and_a_person_answers(delivery, reader, smtp, client_of, leave):
    said = ask(delivery).content
    OwnDataRequest.objects.all().delete()
    leave(reader)
    same = ask(delivery).content == said
    send_waiting()
    waits = client_of(person("head@payom.test")).get("/mailings/own-data/").content.decode()

    assert (same, smtp.envelopes, "Ҷамшед Холов" in waits) == (True, [], True)
    assert [one.is_unproven for one in OwnDataRequest.objects.waiting()] == [True]


def test_link_confirmed_after_the_address_was_retired_gives_no_file(delivery, reader):
    found, path = asked(delivery)
    retire(reader)

    answer = Client().post(path)

    assert ("Хуҷанд" in answer.content.decode(), OwnDataRequest.objects.waiting().get()) == (False, found)


def test_what_we_noted_is_not_in_the_file(delivery, reader):
    reader.note = "Осторожно, нервный"
    reader.save()
    _found, path = asked(delivery)

    assert "нервный" not in Client().post(path).content.decode()


def test_opening_the_link_confirms_nothing(delivery):
    found, path = asked(delivery, "erasure")
    for method in ("get", "head"):
        getattr(Client(), method)(path)
    found.refresh_from_db()

    assert found.confirmed_at is None


def test_link_is_dead_after_three_days(delivery):
    _found, path = asked(delivery, asked_at=timezone.now() - timedelta(days=3, minutes=1))

    assert (Client().get(path).status_code, Client().post(path).status_code) == (404, 404)


def test_erasure_waits_for_a_person_of_ours(delivery, client_of):
    found, path = asked(delivery, "erasure")
    Client().post(path)
    client = client_of(person("head@payom.test"))

    page, today = client.get("/mailings/own-data/").content.decode(), client.get("/").content.decode()

    assert (f"/contacts/{delivery.contact_id}/erase/" in page, "/mailings/own-data/" in today) == (True, True)


def test_what_is_not_confirmed_is_shown_to_nobody(delivery, client_of):
    asked(delivery, "erasure")

    assert "/erase/" not in client_of(person("head@payom.test")).get("/mailings/own-data/").content.decode()


def test_erasing_the_person_takes_the_request_with_it(delivery, reader):
    asked(delivery, "erasure", confirmed_at=timezone.now())
    erase(reader, never_again=True, uploads=False, by=person("head@payom.test"))

    assert OwnDataRequest.objects.count() == 0


def test_settling_is_written_down(delivery, client_of):
    found, _path = asked(delivery, confirmed_at=timezone.now())
    head = person("head@payom.test")
    client_of(head).post(f"/mailings/own-data/{found.pk}/settle/")
    found.refresh_from_db()

    assert (found.settled_by, Entry.objects.filter(action="mailings.own_data.settled").count()) == (head, 1)


def test_only_who_may_erase_settles(delivery):
    found, _path = asked(delivery, confirmed_at=timezone.now())

    with pytest.raises(PermissionDenied):
        actions.settle(found, by=person("author@payom.test"))


def test_journal_says_that_the_file_was_given_and_not_from_where(delivery):
    _found, path = asked(delivery)
    Client(REMOTE_ADDR="203.0.113.77").post(path)

    assert list(Entry.objects.filter(action="mailings.own_data.given").values_list("by", "origin")) == [
        ("recipient", "")
    ]
