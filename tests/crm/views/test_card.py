"""The page of a contact: what is on it, what one writes there, and what stays hidden."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from crm.actions.organisations import restrict
from crm.actions.suppression import suppress
from crm.models import Contact, FollowUp, PersonName, Segment, Touch, Unread
from tests.factories.contacts import HEAD, make_contact, make_staff
from tests.factories.mailings import make_started, person
from tests.factories.touches import make_phone, make_reminder, make_stop, make_touch

pytestmark = pytest.mark.django_db

ADDRESS, SECRET = "subhi@chashma.test", "встретимся у фонтана"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def contact():
    return make_contact("Ғайрат Субҳӣ", emails=[ADDRESS], given_name="Ғайрат")


@pytest.fixture
def sealed():
    contact = make_contact("Марзия", sensitivity="sealed", emails=["marzia@tanho.test"], note="после семи")
    make_touch(contact, SECRET)
    make_reminder(contact, assignee=person(HEAD), text=SECRET)
    return contact


@pytest.fixture
def editor():
    return make_staff("editor")


@pytest.fixture
def client(client_of, editor):
    return client_of(editor)


def card(contact, rest=""):
    return f"/contacts/{contact.pk}/{rest}"


def looks():
    return Entry.objects.filter(action="crm.contact.revealed").count()


# The head


def test_write_leads_to_the_first_address_in_use(client, contact):
    contact.emails.update(retired_on=date(2024, 3, 1))
    contact.emails.create(address="second@chashma.test", rank=1)
    contact.emails.create(address="third@chashma.test", rank=2)
    suppress("second@chashma.test", "manual", by="test")

    assert client.get(card(contact)).context["ways"].mailto == "third@chashma.test"


@pytest.mark.parametrize("rule", [{"scope": "everything"}, {"scope": "channel", "channel": "email"}])
def test_nobody_is_written_to_who_does_not_want_it(client, contact, rule):
    make_stop(contact, **rule)
    page = client.get(card(contact))

    assert (page.context["ways"].mailto, "mailto:" in page.content.decode()) == ("", False)


def test_rule_that_is_over_closes_nothing(client, contact):
    make_stop(contact, until_on=timezone.localdate() - timedelta(days=1))

    assert client.get(card(contact)).context["ways"].mailto == ADDRESS


def test_retired_way_is_struck_and_leads_nowhere(client, contact):
    make_phone(contact, retired_on=date(2024, 3, 1))
    page = client.get(card(contact)).content.decode()

    assert ("1 марта 2024" in page, "tel:" in page, f"{card(contact)}message/" in page) == (True, False, False)


def test_first_number_with_the_preferred_messenger_is_marked(client, contact):
    Contact.objects.filter(pk=contact.pk).update(preferred_way="viber")
    make_phone(contact, "telegram", "+992930001111")
    make_phone(contact, "telegram viber", "+992930002222")
    lines = client.get(card(contact)).context["ways"].lines

    assert [(line.number, line.is_best) for line in lines] == [("+992930001111", False), ("+992930002222", True)]


def test_what_cannot_be_read_stands_as_it_was_typed(client, contact):
    Unread.of(contact, "phone", "93 00О 1").save()

    assert "93 00О 1" in client.get(card(contact)).content.decode()


def test_card_takes_the_same_queries_whatever_is_on_it(client, contact):
    counts = []
    for number in range(3):
        make_phone(contact, "telegram", f"+99293000110{number}")
        make_touch(contact)
        make_reminder(contact, assignee=person(HEAD))
        make_stop(contact, "greetings")
        with CaptureQueriesContext(connection) as asked:
            client.get(card(contact), {"from": ""})
        counts.append(len(asked))

    assert counts[1:] == counts[:1] * 2


# The list it was opened from


@pytest.fixture
def three():
    return [
        make_contact(name, city=city) for name, city in (("Қодир", "Хуҷанд"), ("Анвар", "Хуҷанд"), ("Зебо", "Хорог"))
    ]


def test_neighbours_are_those_of_the_list_in_the_order_of_the_alphabet(client, three):
    qodir, anvar, zebo = three
    found = client.get(card(zebo), {"from": ""}).context["neighbours"]

    assert (found.number, found.total, found.before, found.after) == (2, 3, anvar.pk, qodir.pk)


def test_neighbours_are_of_the_same_filter(client, three):
    qodir, anvar, _zebo = three
    found = client.get(card(qodir), {"from": "city=Хуҷанд&sort=-name"}).context["neighbours"]

    assert (found.number, found.total, found.before, found.after) == (2, 2, anvar.pk, None)


def test_people_of_one_name_stand_beside_each_other(client):
    first, second = make_contact("Умар"), make_contact("Умар")
    found = client.get(card(second), {"from": ""}).context["neighbours"]

    assert (found.number, found.before, found.after) == (2, first.pk, None)


@pytest.mark.parametrize("query", [None, "city=Хорог", "kind=nobody"])
def test_card_that_is_not_in_the_list_has_no_neighbours(client, three, query):
    page = client.get(card(three[0]), {} if query is None else {"from": query})

    assert (page.status_code, page.context["neighbours"]) == (200, None)


def test_hidden_people_are_no_neighbours(client_of, three):
    make_contact("Бобо", sensitivity="internal")
    found = client_of(make_staff("viewer")).get(card(three[1]), {"from": ""}).context["neighbours"]

    assert (found.total, found.after) == (3, three[2].pk)


def test_list_leads_to_its_cards_with_its_filter(client, three):
    page = client.get("/contacts/", {"city": "Хорог", "q": "зебо"}).content.decode()

    assert f"{card(three[2])}?from=city%3D%25D0%25A5" in page


def test_segment_of_the_list_is_named_on_the_way_to_the_card(client, three, editor):
    segment = Segment.objects.create(name="Активные за год", made_by=editor)
    page = client.get(card(three[0]), {"from": f"segment={segment.pk}"})

    assert page.context["neighbours"].segment == "Активные за год"


# Tabs and the story


def test_tab_shows_a_panel_of_another_room_with_its_count(client, contact):
    make_started()
    page = client.get(card(contact), {"tab": "mailings:contact-panel"})
    counts = {panel.url_name: count for panel, count in page.context["panels"]}

    assert (page.context["story"], counts) == (
        None,
        {"mailings:contact-panel": 1, "crm:contact-segments": None, "crm:contact-history": None},
    )
    assert f"/mailings/of-contact/{contact.pk}/" in page.content.decode()


def test_tab_that_does_not_open_for_somebody_shows_the_story(client_of, contact):
    page = client_of(make_staff("viewer")).get(card(contact), {"tab": "crm:contact-history"})

    assert (page.context["tab"], page.context["story"] is not None) == (None, True)


def test_older_items_come_alone_with_htmx(client, contact):
    for number in range(25):
        make_touch(contact, f"дело номер {number}", kind="note", days_ago=number)
    older = client.get(card(contact)).context["story"].older
    part = client.get(card(contact), {"before": older}, headers=HTMX).content.decode()
    whole = client.get(card(contact), {"before": older}).content.decode()

    assert ("<html" in part, "дело номер 24" in part, "дело номер 3<" in part) == (False, True, False)
    assert ("<html" in whole, "дело номер 24" in whole) == (True, True)


# The note box


def test_note_is_written_down_now_and_can_be_taken_back(client, contact):
    page = client.post(card(contact, "touches/"), {"text": "Готов к эфиру", "kind": "call", "at": ""}, follow=True)
    touch = Touch.objects.get()
    undo = [message.extra_tags for message in page.context["messages"]]
    client.post(undo[0])

    assert (touch.text, touch.kind, timezone.now() - touch.at < timedelta(minutes=1)) == ("Готов к эфиру", "call", True)
    assert Touch.objects.count() == 0


def test_call_of_yesterday_has_its_moment(client, contact):
    client.post(card(contact, "touches/"), {"text": "Звонок", "kind": "call", "at": "2026-01-05T09:14"})

    assert timezone.localtime(Touch.objects.get().at).isoformat() == "2026-01-05T09:14:00+05:00"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "", "kind": "call"}, "text"),
        ({"text": "x", "kind": "merge"}, "kind"),
        ({"text": "x", "kind": "call", "at": "вчера"}, "at"),
        ({"text": "x", "kind": "call", "at": "2999-01-01T00:00"}, "at"),
    ],
)
def test_what_cannot_be_written_down_comes_back_as_it_was_typed(client, contact, typed, field):
    page = client.post(card(contact, "touches/"), typed)

    assert (page.status_code, list(page.context["note_form"].errors), Touch.objects.count()) == (422, [field], 0)
    assert page.context["note_form"]["text"].value() == typed["text"]


def test_markup_in_a_note_is_text(client, contact):
    make_touch(contact, "<script>alert(1)</script>")

    assert "<script>alert" not in client.get(card(contact)).content.decode()


def test_author_corrects_a_note(client, contact, editor):
    touch = make_touch(contact, "как было", by=editor, days_ago=3)
    form = client.get(card(contact, f"touches/{touch.pk}/")).context["form"]
    client.post(card(contact, f"touches/{touch.pk}/"), {"text": "вернее", "kind": "meeting", "at": ""})
    saved = Touch.objects.get()

    assert (form["text"].value(), saved.text, saved.kind, saved.at) == ("как было", "вернее", "meeting", touch.at)


def test_note_of_somebody_else_stays_as_it_is(client, contact):
    touch = make_touch(contact, "чужое")
    answers = [
        client.get(card(contact, f"touches/{touch.pk}/")),
        client.post(card(contact, f"touches/{touch.pk}/"), {"text": "моё", "kind": "note"}),
        client.post(card(contact, f"touches/{touch.pk}/remove/")),
    ]

    assert ({answer.url for answer in answers}, Touch.objects.get().text) == ({card(contact)}, "чужое")


def test_head_takes_off_what_somebody_else_wrote_and_cannot_change_it(client_of, contact, editor):
    touch = make_touch(contact, "лишнее", by=editor)
    client = client_of(person(HEAD))
    page = client.get(card(contact, f"touches/{touch.pk}/"))
    client.post(card(contact, f"touches/{touch.pk}/"), {"text": "моё", "kind": "note"})
    kept = Touch.objects.get().text
    client.post(card(contact, f"touches/{touch.pk}/remove/"))

    assert ("лишнее" in page.content.decode(), kept, Touch.objects.count()) == (True, "лишнее", 0)


def test_note_is_found_on_its_own_contact_alone(client, contact, editor):
    touch = make_touch(make_contact("Другой"), by=editor)

    assert client.get(card(contact, f"touches/{touch.pk}/")).status_code == 404


# Reminders


def test_reminder_is_set_for_somebody(client, contact, editor):
    day = timezone.localdate() + timedelta(days=3)
    client.post(card(contact, "reminders/new/"), {"text": "Позвонить", "due_on": day, "assignee": editor.pk})
    page = client.get(card(contact))

    assert [(row.due_on, row.assignee, text) for row, text in page.context["reminders"]] == [(day, editor, "Позвонить")]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": " "}, "text"),
        ({"due_on": "завтра"}, "due_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"assignee": "0"}, "assignee"),
    ],
)
def test_reminder_that_cannot_be_set_comes_back_as_it_was_typed(client, contact, editor, changed, field):
    typed = {"text": "Позвонить", "due_on": timezone.localdate().isoformat(), "assignee": editor.pk} | changed
    page = client.post(card(contact, "reminders/new/"), typed)

    assert (page.status_code, list(page.context["form"].errors), FollowUp.objects.count()) == (422, [field], 0)
    assert page.context["form"]["due_on"].value() == typed["due_on"]


def test_nobody_is_reminded_of_whom_they_may_not_know(client_of, editor):
    banned = make_contact("Скрытая", organisation="Запрещённая")
    restrict("Запрещённая", on=date(2026, 1, 15), note="", by=person(HEAD))
    typed = {"text": "Позвонить", "due_on": timezone.localdate(), "assignee": editor.pk}
    page = client_of(person(HEAD)).post(card(banned, "reminders/new/"), typed)

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["assignee"])


def test_reminder_that_is_late_keeps_its_day_when_its_words_change(client, contact, editor):
    reminder = make_reminder(contact, assignee=editor, in_days=-2)
    typed = {"text": "Написать", "due_on": reminder.due_on, "assignee": editor.pk}
    client.post(card(contact, f"reminders/{reminder.pk}/"), typed)

    assert (FollowUp.objects.get().text, FollowUp.objects.get().due_on) == ("Написать", reminder.due_on)


def test_reminder_is_done_and_not_done_after_all(client, contact, editor):
    reminder = make_reminder(contact, assignee=editor)
    page = client.post(card(contact, f"reminders/{reminder.pk}/done/"), follow=True)
    left = page.context["reminders"]
    client.post([message.extra_tags for message in page.context["messages"]][0])

    assert (left, FollowUp.objects.open().count()) == ([], 1)


@pytest.mark.parametrize(
    ("asked", "leads"), [("/", "/"), ("//evil.example/", None), ("https://evil.example/", None), ("", None)]
)
def test_done_leads_back_to_where_it_was_pressed_on_this_site(client, contact, editor, asked, leads):
    reminder = make_reminder(contact, assignee=editor)
    answer = client.post(card(contact, f"reminders/{reminder.pk}/done/"), {"next": asked})

    assert answer.url == (leads or card(contact))


# Messengers


@pytest.fixture
def phone(contact):
    return make_phone(contact, "telegram whatsapp imo")


def test_message_is_prepared_in_the_language_of_the_person(client, contact, phone):
    Contact.objects.filter(pk=contact.pk).update(languages="en ru")
    PersonName.objects.create(contact=contact, language="en", given_name="Ghayrat")
    page = client.get(card(contact, f"message/{phone.pk}/telegram/"))

    assert page.context["form"]["text"].value() == "Hello, Ghayrat!"
    assert 'href="tg://resolve?phone=992930001122&amp;text=Hello%2C%20Ghayrat%21"' in page.content.decode()


def test_message_that_was_written_is_in_the_story(client, contact, phone, editor):
    client.post(card(contact, f"message/{phone.pk}/whatsapp/"), {"text": "Салом!"})

    assert list(Touch.objects.values_list("kind", "messenger", "text", "by")) == [
        ("messenger", "whatsapp", "Салом!", editor.pk)
    ]


def test_empty_message_is_not_written_down(client, contact, phone):
    answer = client.post(card(contact, f"message/{phone.pk}/whatsapp/"), {"text": "  "})

    assert (answer.status_code, Touch.objects.count()) == (422, 0)


def test_messenger_without_a_link_gives_the_number_to_copy(client, contact, phone):
    page = client.get(card(contact, f"message/{phone.pk}/imo/")).content.decode()

    assert ('data-message-copy="+992930001122"' in page, "data-message-open" in page) == (True, False)


@pytest.mark.parametrize("rest", ["viber/", "signal/"])
def test_messenger_that_does_not_answer_there_has_no_page(client, contact, phone, rest):
    assert client.get(card(contact, f"message/{phone.pk}/{rest}")).status_code == 404


def test_retired_number_has_no_page(client, contact):
    phone = make_phone(contact, retired_on=date(2024, 3, 1))

    assert client.get(card(contact, f"message/{phone.pk}/telegram/")).status_code == 404


@pytest.mark.parametrize("rule", [{"scope": "everything"}, {"scope": "channel", "channel": "telegram"}])
def test_closed_messenger_is_not_offered_and_not_opened(client, contact, phone, rule):
    make_stop(contact, **rule)
    page = client.get(card(contact)).content.decode()
    address = card(contact, f"message/{phone.pk}/telegram/")
    answers = [client.get(address), client.post(address, {"text": "Салом!"})]

    assert (address in page, [answer.url for answer in answers], Touch.objects.count()) == (
        False,
        [card(contact)] * 2,
        0,
    )


def test_other_messengers_stay_open(client, contact, phone):
    make_stop(contact, "channel", channel="telegram")

    assert card(contact, f"message/{phone.pk}/whatsapp/") in client.get(card(contact)).content.decode()


# Who may what


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
