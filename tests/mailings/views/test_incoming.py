"""The pages of what came in: who sees what, and a letter shown as nothing but text."""

import pytest
from django.utils.translation import gettext

from audit.models import Entry
from crm import timeline
from crm.actions.suppression import suppress
from crm.models import Contact, Suppression
from mailings import actions
from mailings.actions.incoming import take_in
from mailings.models import Delivery, Incoming, Mailing
from mailings.pipeline.send import send_due
from tests.factories.contacts import make_staff
from tests.factories.incoming import READER, make_sent, report, written
from tests.factories.mailings import make_reader, make_started

pytestmark = pytest.mark.django_db

LIST = "/mailings/incoming/"


@pytest.fixture
def editor(client_of):
    return client_of(make_staff("editor"))


@pytest.fixture
def head(client_of):
    return client_of(make_staff("head"))


def page(client, address=LIST):
    return client.get(address).content.decode()


def shown(client, query=""):
    return [letter.subject for letter in client.get(LIST + query).context["object_list"]]


def test_empty_list_says_where_letters_come_from(editor):
    assert "MAILBOX_HOST" in page(editor)


def test_tabs_part_letters_by_kind(smtp, editor, nobody_above):
    delivery = make_sent(smtp)
    take_in(report(delivery))
    take_in(written(subject="Ответ", answers=delivery))
    take_in(written(subject="Чужое", sender="x@other.test", number="2"))

    assert shown(editor, "?show=failed") == ["Undelivered Mail Returned to Sender"]
    assert shown(editor, "?show=answers") == ["Чужое", "Ответ"]
    assert shown(editor, "?show=waiting") == ["Чужое"]
    assert shown(editor, f"?mailing={delivery.mailing_id}") == ["Ответ", "Undelivered Mail Returned to Sender"]


def test_search_finds_by_sender_subject_and_contact(smtp, editor):
    take_in(written(subject="Вопрос", answers=make_sent(smtp)))
    take_in(written(subject="Другое", sender="x@other.test", number="2"))

    assert [shown(editor, f"?q={word}") for word in ("other.test", "вопрос", "Холов")] == [
        ["Другое"],
        ["Вопрос"],
        ["Вопрос"],
    ]


def test_list_costs_the_same_for_one_letter_and_for_many(smtp, editor, django_assert_max_num_queries):
    delivery = make_sent(smtp)
    take_in(written(answers=delivery))
    with django_assert_max_num_queries(60) as one:
        page(editor)
    for number in range(5):
        take_in(written(answers=delivery, number=f"more-{number}"))

    with django_assert_max_num_queries(len(one)):
        page(editor)


def test_letter_is_shown_as_text_and_none_of_it_runs(editor):
    html = "<html><body><p>Вот <script>alert(1)</script><b onclick='x()'>текст</b></p><img src='https://a.test/p'></body></html>"
    raw = written(sender="x@other.test", subject="<script>alert(2)</script>").replace(b"text/plain", b"text/html")
    letter = take_in(raw.partition(b"\n\n")[0] + b"\n\n" + html.encode()).incoming

    said = page(editor, f"{LIST}{letter.pk}/")

    assert "Вот текст" in said
    assert ("alert(1)" in said, "<script>alert(2)" in said, "a.test" in said, "onclick" in said) == (False,) * 4


@pytest.mark.parametrize(("sender", "done"), [(READER, True), ("private@home.test", False)])
def test_page_of_an_unsubscribing_says_whether_it_was_followed(smtp, editor, sender, done):
    letter = take_in(written("", sender=sender, subject="Отписаться", answers=make_sent(smtp))).incoming
    said = page(editor, f"{LIST}{letter.pk}/")

    followed = gettext("Whoever got the letter wants no more of them: we write to this address no more.")
    assert (followed in said) == done


def test_viewer_sees_no_letter_of_nobody_knows_whom_and_decides_nothing(smtp, client_of):
    viewer = client_of(make_staff("viewer"))
    take_in(written(subject="Ответ", answers=make_sent(smtp)))
    stranger = take_in(written(subject="Чужое", sender="x@other.test", number="2")).incoming

    assert (shown(viewer), viewer.get(f"{LIST}{stranger.pk}/").status_code) == (["Ответ"], 404)
    assert viewer.post(f"{LIST}{Incoming.objects.first().pk}/decide/").status_code == 403


def test_letter_of_an_internal_contact_is_not_there_for_a_viewer(smtp, client_of):
    letter = take_in(written(answers=make_sent(smtp, sensitivity="internal"))).incoming

    assert client_of(make_staff("viewer")).get(f"{LIST}{letter.pk}/").status_code == 404


def test_sealed_letter_opens_for_who_may_see_it_and_the_look_is_written_down(smtp, editor, head):
    letter = take_in(written("Не называйте меня.", answers=make_sent(smtp, sensitivity="sealed"))).incoming
    before = [page(client, f"{LIST}{letter.pk}/") for client in (editor, head)]

    refused = editor.post(f"{LIST}{letter.pk}/open/")
    opened = head.post(f"{LIST}{letter.pk}/open/").content.decode()

    assert ["Не называйте" in text or READER in text for text in before] == [False, False]
    assert (refused.status_code, "Не называйте меня." in opened) == (403, True)
    assert list(Entry.objects.filter(action="mailings.incoming.revealed").values_list("kind", flat=True)) == ["view"]


def test_letter_that_was_looked_at_waits_no_more_until_it_is_let_wait_again(editor, nobody_above):
    letter = take_in(written(sender="x@other.test")).incoming
    waits = []
    for decision in ("seen", "again"):
        editor.post(f"{LIST}{letter.pk}/decide/", {"decision": decision})
        waits.append(Incoming.objects.unrecognised().count())

    assert waits == [0, 1]


def test_report_tells_who_answered(smtp, editor):
    delivery = make_sent(smtp)
    take_in(written("Пришлите фото.", answers=delivery))

    said = page(editor, f"/mailings/{delivery.mailing_id}/incoming/")

    assert ("Пришлите фото." in said, "Ҷамшед Холов" in said) == (True, True)


def test_answer_stands_in_the_contact_s_story(smtp):
    delivery = make_sent(smtp)
    letter = take_in(written("Пришлите фото.", answers=delivery)).incoming
    items = timeline.page(Contact.objects.get(), make_staff("editor"), kind="answer").items

    assert [(item.text, item.url, item.is_quote) for item in items] == [("Пришлите фото.", f"{LIST}{letter.pk}/", True)]


def test_sealed_answer_is_in_the_story_without_its_words(smtp):
    take_in(written("Не называйте меня.", answers=make_sent(smtp, sensitivity="sealed")))
    items = timeline.page(Contact.objects.get(), make_staff("editor"), kind="answer").items

    assert [(item.text, item.is_hidden) for item in items] == [("", True)]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (READER, "we write to this address no more"),
        ("Another@navid.test", "The address stays in use, unless letters keep coming back."),
    ],
)
def test_page_of_a_dead_mailbox_says_whether_its_reader_is_stopped(smtp, boss, named, words):
    take_in(report(make_sent(smtp), address=named))

    assert words in page(boss, f"{LIST}{Incoming.objects.get().pk}/")


def test_today_says_how_many_letters_nobody_recognised(editor, nobody_above):
    take_in(written(sender="x@other.test"))

    assert f"{LIST}?show=waiting" in page(editor, "/")


# Incidents


@pytest.fixture
def incident(smtp):
    """Three readers of one service, refused together, and one of another."""
    for number in range(3):
        make_reader(f"reader{number}@navid.test")
    make_reader("other@mail.test")
    mailing = make_started()
    send_due()
    for row in Delivery.objects.all():
        take_in(report(row, address=row.address, number=str(row.pk)))
    return Mailing.objects.get(pk=mailing.pk)


def release(client, mailing, letters="3"):
    asked = {"domain": "navid.test", "bounce": "hard", "letters": letters}
    return client.post(f"/mailings/{mailing.pk}/release/", asked)


def test_many_letters_refused_alike_are_an_incident_and_one_is_none(incident, head):
    found = head.get(f"{LIST}incidents/").context["incidents"]

    assert [(one.domain, one.bounce_class, one.letters) for one in found] == [("navid.test", "hard", 3)]


def test_who_is_it_shows_the_letters_of_that_service_alone(incident, head):
    incident.deliveries.filter(pk=incident.deliveries.last().pk).update(domain="other.test")
    rows = head.get(f"/mailings/{incident.pk}/deliveries/?domain=other.test").context["object_list"]

    assert [row.domain for row in rows] == ["other.test"]


def test_report_prints_the_servers_words_without_an_address(incident, head):
    incident.deliveries.filter(status="failed").update(reply="5.2.2 the mailbox of reader@navid.test is full")
    page = head.get(f"/mailings/{incident.pk}/report/").content.decode()

    assert ("the mailbox of ••• is full" in page, "reader@navid.test" in page) == (True, False)


def test_incident_is_released_and_its_letters_sent_again(incident, head, smtp):
    smtp.envelopes.clear()
    release(head, incident)
    send_due()

    assert list(Suppression.objects.values_list("address", flat=True)) == ["other@mail.test"]
    assert sorted(letter.recipients[0] for letter in smtp.envelopes) == [
        f"reader{number}@navid.test" for number in range(3)
    ]
    assert Mailing.objects.get().status == "finished"


def test_released_letter_of_who_was_sealed_since_is_not_measured(incident, head):
    counted = incident.deliveries.filter(address="reader0@navid.test")
    counted.update(measured_as="totals", address="", domain="", sealed="sealed")
    head.post(f"/mailings/{incident.pk}/release/", {"domain": "", "bounce": "hard", "letters": "1"})

    assert list(incident.deliveries.filter(status="queued").values_list("measured_as", flat=True)) == [""]


def test_release_leaves_what_people_asked_for(incident, head, smtp):
    suppress("reader0@navid.test", "unsubscribed", by="recipient")
    smtp.envelopes.clear()
    release(head, incident)
    send_due()

    assert len(smtp.envelopes) == 2


def test_release_of_another_number_than_was_seen_does_nothing(incident, head):
    release(head, incident, letters="2")

    assert Suppression.objects.count() == 4


def test_withdrawn_letters_are_no_incident_and_are_not_released(incident, head):
    actions.withdraw(incident, by=incident.author)
    found = head.get(f"{LIST}incidents/").context["incidents"]
    release(head, incident)

    assert (found, Mailing.objects.get(pk=incident.pk).status, Suppression.objects.count()) == ([], "finished", 4)


def test_released_letters_are_marked_as_carrying_the_text_that_stands_now(incident, head):
    Mailing.objects.update(edition=2)
    release(head, incident)

    queued = Delivery.objects.filter(status="queued")
    assert list(queued.values_list("edition", flat=True)) == [2, 2, 2]


@pytest.mark.parametrize("strange", [{"letters": "9" * 5000}, {"letters": "³"}, {"domain": "\x00"}, {"bounce": "\x00"}])
def test_what_no_page_sends_releases_nothing(incident, head, strange):
    asked = {"domain": "navid.test", "bounce": "hard", "letters": "3"} | strange
    answer = head.post(f"/mailings/{incident.pk}/release/", asked)

    assert (answer.status_code, Delivery.objects.filter(status="failed").count()) == (302, 4)


def test_editor_who_may_not_lift_releases_nothing(incident, editor):
    release(editor, incident)

    assert (Suppression.objects.count(), Mailing.objects.get().status) == (4, "finished")
