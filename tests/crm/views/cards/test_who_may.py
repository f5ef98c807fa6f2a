"""What stays hidden on the page of a contact."""

import pytest
from django.utils import timezone

from crm.models import FollowUp, Touch
from tests.crm.views.cards.pages import HTMX, SECRET, card, looks
from tests.factories.contacts import HEAD, make_contact, make_staff
from tests.factories.mailings import person
from tests.factories.touches import make_phone, make_reminder, make_touch

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_who_does_not_edit_has_no_box_no_reminder_and_no_messenger(client_of, role):
    contact = make_contact("Ғайрат", organisation="Навид")
    phone = make_phone(contact)
    page = client_of(make_staff(role)).get(card(contact)).content.decode()

    assert [rest for rest in ("touches/", "reminders/", f"message/{phone.pk}/") if card(contact, rest) in page] == []


def test_member_reads_neither_notes_nor_reminders(client_of, editor):
    contact = make_contact("Ғайрат", organisation="Навид")
    make_touch(contact, SECRET)
    make_reminder(contact, assignee=editor, text=SECRET)

    assert SECRET not in client_of(make_staff("member")).get(card(contact)).content.decode()


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_words_about_a_sealed_contact_are_never_on_its_page(client_of, sealed, role):
    client = client_of(make_staff(role))
    if role == "viewer":
        assert client.get(card(sealed)).status_code == 404
        return
    page = client.get(card(sealed))

    assert (page.status_code, SECRET in page.content.decode(), looks()) == (200, False, 0)


def test_editor_writes_nothing_on_a_sealed_card(client, sealed):
    touch, reminder = Touch.objects.get(), FollowUp.objects.get()
    phone = make_phone(sealed)
    before = list(Touch.objects.values()), list(FollowUp.objects.values())
    day = timezone.localdate()
    answers = [
        client.post(card(sealed, "touches/"), {"text": "x", "kind": "note"}),
        client.post(card(sealed, "reminders/new/"), {"text": "x", "due_on": day, "assignee": reminder.assignee_id}),
        client.post(card(sealed, f"reminders/{reminder.pk}/"), {"open": "1"}),
        client.post(card(sealed, f"reminders/{reminder.pk}/done/")),
        client.post(card(sealed, f"message/{phone.pk}/telegram/"), {"open": "1"}),
    ]
    refused = client.post(card(sealed, f"touches/{touch.pk}/"), {"open": "1"})

    assert ([answer.status_code for answer in answers], refused.status_code) == ([403] * 5, 302)
    assert (list(Touch.objects.values()), list(FollowUp.objects.values())) == before
    assert ([SECRET in answer.content.decode() for answer in answers], looks()) == ([False] * 5, 0)


def test_a_look_shows_the_words_once(client_of, sealed):
    client = client_of(person(HEAD))
    before, shown, after = client.get(card(sealed)), client.post(card(sealed, "reveal/")), client.get(card(sealed))

    assert [page.content.decode().count(SECRET) for page in (before, shown, after)] == [0, 2, 0]
    assert looks() == 1


def test_a_look_with_htmx_brings_the_words_to_their_places(client_of, sealed):
    part = client_of(person(HEAD)).post(card(sealed, "reveal/"), headers=HTMX).content.decode()

    assert (part.count(SECRET), part.count('hx-swap-oob="true"'), "<html" in part) == (2, 2, False)


def test_older_words_of_a_sealed_contact_are_another_look(client_of, sealed):
    for number in range(25):
        make_touch(sealed, f"тайна номер {number}", kind="note", days_ago=number + 1)
    client = client_of(person(HEAD))
    older = client.post(card(sealed, "reveal/")).context["story"].older
    hidden = client.get(card(sealed), {"before": older}, headers=HTMX).content.decode()
    part = client.post(card(sealed, f"reveal/?before={older}"), headers=HTMX).content.decode()

    assert ("тайна номер 24" in hidden, "тайна номер 24" in part, "<section" in part) == (False, True, False)
    assert looks() == 2


@pytest.mark.parametrize("what", ["touches", "reminders"])
def test_form_with_sealed_words_opens_by_a_look(client_of, sealed, what):
    key = (Touch if what == "touches" else FollowUp).objects.get().pk
    client = client_of(person(HEAD))
    closed, opened = (
        client.get(card(sealed, f"{what}/{key}/")),
        client.post(card(sealed, f"{what}/{key}/"), {"open": "1"}),
    )

    assert [SECRET in page.content.decode() for page in (closed, opened)] == [False, True]
    assert looks() == 1


def test_message_to_a_sealed_contact_opens_by_a_look_and_is_kept_sealed(client_of, sealed):
    phone, client = make_phone(sealed), client_of(person(HEAD))
    address = card(sealed, f"message/{phone.pk}/telegram/")
    closed, opened = client.get(address), client.post(address, {"open": "1"})
    client.post(address, {"text": SECRET})
    touch = Touch.objects.get(kind="messenger")

    assert ["992930001122" in page.content.decode() for page in (closed, opened)] == [False, True]
    assert (looks(), touch.text, touch.reveal()) == (1, "", SECRET)


def test_pages_of_a_hidden_contact_are_not_there(client_of):
    hidden = make_contact("Скрытый", sensitivity="internal")
    client = client_of(make_staff("viewer"))

    assert client.get(card(hidden)).status_code == 404
    assert client.post(card(hidden, "touches/"), {"text": "x", "kind": "note"}).status_code == 403
