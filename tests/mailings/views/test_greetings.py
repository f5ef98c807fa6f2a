"""Pages of greetings: the calendar, a card, its paper, and what was handed over."""

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from audit.models import Entry
from crm.actions.stops import add_rule
from crm.models import Export
from mailings.models import Card, Greeting, Handover, Mailing, Occasion
from mailings.states import MailingStatus
from tests.factories.accounts import PASSWORD, make_user, sign_in
from tests.factories.contacts import change, make_contact, make_staff
from tests.factories.greetings import YEAR, fresh, give, greeted, make_card, make_occasion, send_off
from tests.factories.mailings import make_draft, make_reader, person

pytestmark = pytest.mark.django_db

CALENDAR = "/mailings/greetings/"
REASON = {"reason": "Открытки к празднику", "format": "cards_a6", "whom": "everybody", "first": "1"}


def signed_in(role: str, **fields) -> Client:
    client = Client()
    client.force_login(make_staff(role, language="en", **fields))
    return client


def exporter() -> Client:
    """Somebody who has just given the password."""
    client = sign_in(make_user("editor", may_export=True, language="en"))
    client.post("/confirm/", {"password": PASSWORD})
    return client


def card_url(card, name: str = "card-detail", *args) -> str:
    return reverse(f"mailings:{name}", args=[card.mailing_id, *args])


def words_of(card, **changed) -> dict[str, str]:
    """What the form of a card sends unchanged."""
    sent = {"design": card.design, "with_name": "on" if card.with_name else ""}
    for text in card.texts.all():
        sent |= {f"wish_{text.language}": text.wish, f"signature_{text.language}": text.signature}
    return {name: value for name, value in (sent | changed).items() if value != ""}


# The calendar


def test_the_calendar_says_how_many_were_greeted_the_year_before():
    Occasion.objects.all().delete()
    tomorrow = timezone.localdate() + timedelta(days=1)
    occasion = make_occasion("День дерева", month=tomorrow.month, day=tomorrow.day)
    greeted(make_reader(), occasion, tomorrow.year - 1)
    page = signed_in("editor").get(CALENDAR).content.decode()

    assert ("День дерева" in page or "День дерева (en)" in page, "1 person greeted the year before" in page) == (
        True,
        True,
    )


def test_the_calendar_asks_the_database_as_often_for_three_occasions_as_for_one(django_assert_num_queries):
    Occasion.objects.all().delete()
    client = signed_in("editor")
    make_card(make_occasion("Первый"))
    client.get(CALENDAR)
    with django_assert_num_queries(10) as counted:
        client.get(CALENDAR)
    for name in ("Второй", "Третий"):
        make_card(make_occasion(name))
    with django_assert_num_queries(len(counted.captured_queries)):
        client.get(CALENDAR)


def test_one_press_prepares_a_card_of_the_year_that_was_asked_for():
    occasion, year = make_occasion(), timezone.localdate().year + 1
    answer = signed_in("editor").post(f"{CALENDAR}{occasion.pk}/prepare/", {"year": year})
    card = Card.objects.get(occasion=occasion)

    assert (answer.url, card.year, card.mailing.status) == (card_url(card), year, MailingStatus.DRAFT)


@pytest.mark.parametrize("year", ["", "1999", "abc", "9" * 30])
def test_a_year_far_away_is_this_one(year):
    occasion = make_occasion()
    signed_in("editor").post(f"{CALENDAR}{occasion.pk}/prepare/", {"year": year})

    assert Card.objects.get(occasion=occasion).year == timezone.localdate().year


def test_an_occasion_that_is_not_greeted_prepares_nothing():
    occasion = make_occasion(is_active=False)

    assert signed_in("editor").post(f"{CALENDAR}{occasion.pk}/prepare/").status_code == 404
    assert not Card.objects.filter(occasion=occasion).exists()


def test_a_viewer_reads_the_calendar_and_prepares_nothing():
    client, occasion = signed_in("viewer"), make_occasion()

    assert client.get(CALENDAR).status_code == 200
    assert client.post(f"{CALENDAR}{occasion.pk}/prepare/").status_code == 403


def typed(**changed) -> dict[str, str]:
    words = {"name_ru": "День моря", "kind": "official", "day": "29", "month": "9", "design": "page", "is_active": "on"}
    return {name: value for name, value in (words | changed).items() if value != ""}


def test_an_occasion_is_added():
    signed_in("editor").post(f"{CALENDAR}new/", typed())
    made = Occasion.objects.get(name_ru="День моря")

    assert (made.month, made.day, made.is_active) == (9, 29, True)
    assert Entry.objects.filter(action="mailings.occasion.added", subject_id=made.pk).exists()


def test_a_moving_feast_gets_a_day_for_each_year_and_loses_it_again():
    client, year = signed_in("editor"), timezone.localdate().year
    moving = typed(day="", month="", **{f"on_{year}": f"{year}-05-04", f"certain_{year}": "on"})
    client.post(f"{CALENDAR}new/", moving)
    made = Occasion.objects.get(name_ru="День моря")
    first = list(made.dates.values_list("on", "is_certain"))
    client.post(f"{CALENDAR}{made.pk}/edit/", typed(day="", month=""))

    assert (first, list(made.dates.all())) == ([(date(year, 5, 4), True)], [])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": "31", "month": "2"}, "no such day"),
        ({"month": ""}, "or neither"),
        ({"kind": "birthday"}, "own: leave the day"),
        ({"name_ru": ""}, "required"),
    ],
    ids=["31 February", "a day alone", "birthday", "no name"],
)
def test_an_occasion_that_cannot_be_is_refused_and_what_was_typed_stays(changed, words):
    answer = signed_in("editor").post(f"{CALENDAR}new/", typed(wish_ru="Семь футов!", **changed))

    assert (answer.status_code, words in answer.content.decode(), "Семь футов!" in answer.content.decode()) == (
        422,
        True,
        True,
    )
    assert not Occasion.objects.filter(wish_ru="Семь футов!").exists()


def test_a_date_of_another_year_is_refused():
    year = timezone.localdate().year
    answer = signed_in("editor").post(f"{CALENDAR}new/", typed(day="", month="", **{f"on_{year}": f"{year + 1}-05-04"}))

    assert (answer.status_code, f"not in the year {year}" in answer.content.decode()) == (422, True)


# Birthdays


def test_marked_people_get_one_card_for_their_birthdays():
    make_occasion("День рождения", month=None, day=None, kind="birthday")
    day = timezone.localdate() + timedelta(days=2)
    born = {"birth_day": day.day, "birth_month": day.month}
    first, _second = make_contact("Первый", **born), make_contact("Второй", **born)
    signed_in("editor").post(f"{CALENDAR}birthdays/", {"people": [str(first.pk), "999999", "x"]})
    card = Card.objects.get(occasion__kind="birthday")

    assert card.mailing.audience == {"pick": [str(first.pk)]}


def test_nobody_marked_prepares_nothing():
    make_occasion("День рождения", month=None, day=None, kind="birthday")
    answer = signed_in("editor").post(f"{CALENDAR}birthdays/", follow=True)

    assert ("Nobody is marked" in answer.content.decode(), Card.objects.count()) == (True, 0)


# The card


def test_words_and_drawing_of_a_card_are_saved():
    card = make_card()
    signed_in("editor").post(card_url(card), words_of(card, design="spring", wish_tg="Муборак!"))

    assert (fresh(card).design, fresh(card).texts.get(language="tg").wish) == ("spring", "Муборак!")


def test_a_picture_of_ones_own_is_taken_and_what_lies_about_being_one_is_not():
    card, client, file = make_card(), signed_in("editor"), io.BytesIO()
    Image.new("RGB", (900, 500), "#555").save(file, "PNG")
    picture = io.BytesIO(file.getvalue())
    picture.name = "navruz.png"
    client.post(card_url(card), words_of(card) | {"upload": picture})
    svg = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    svg.name = "navruz.png"
    answer = client.post(card_url(card), words_of(card, wish_ru="Моё слово") | {"upload": svg})

    assert fresh(card).read_upload()[:3] == b"\xff\xd8\xff"
    assert (answer.status_code, "Моё слово" in answer.content.decode()) == (422, True)
    assert fresh(card).texts.get(language="ru").wish != "Моё слово"


def test_the_picture_speaks_to_the_person_who_is_chosen():
    card, client = make_card(), signed_in("editor")
    reader = make_reader(name="Зарина Холова", given_name="Зарина")
    url = card_url(card, "card-picture", "ru")
    neutral, own = client.get(url), client.get(url, {"contact": reader.pk})

    assert (own["Content-Type"], own.content == neutral.content) == ("image/png", False)


def test_the_picture_of_somebody_one_may_not_know_of_is_not_there():
    card, secret = make_card(), make_contact("Скрытая", sensitivity="internal")

    assert signed_in("viewer").get(card_url(card, "card-picture", "ru"), {"contact": secret.pk}).status_code == 404


@pytest.mark.parametrize("path", ["card/de/picture/", "card/xx/picture/"])
def test_there_are_pictures_in_our_languages_only(path):
    assert signed_in("editor").get(f"/mailings/{make_card().mailing_id}/{path}").status_code == 404


def test_a_mailing_that_is_no_card_has_no_page_of_one():
    assert signed_in("editor").get(f"/mailings/{make_draft().pk}/card/").status_code == 404


def test_marked_people_of_last_year_are_added_with_one_press_and_nobody_else():
    occasion = make_occasion()
    kept, lost, stranger = (make_reader(f"{name}@navid.test", name=name) for name in ("kept", "lost", "stranger"))
    for reader in (kept, lost):
        greeted(reader, occasion, YEAR - 1)
    card = make_card(occasion, YEAR, pick=[str(kept.pk)])
    people = [str(lost.pk), str(stranger.pk), "x"]
    signed_in("editor").post(card_url(card, "card-add"), {"people": people})

    assert Mailing.objects.get(pk=card.mailing_id).audience == {"pick": sorted([str(kept.pk), str(lost.pk)])}


def test_after_it_has_left_nobody_is_added():
    make_reader()
    card = make_card()
    send_off(card)
    answer = signed_in("editor").post(card_url(card, "card-add"), {"people": ["1"]}, follow=True)

    assert "left already" in answer.content.decode()


# Paper


def test_cards_are_printed_for_those_with_an_address_and_those_without():
    card, client = make_card(), exporter()
    make_reader("a@navid.test", name="С адресом")
    make_reader("", name="Без адреса")
    answer = client.post(card_url(card, "card-print"), REASON)
    export = Export.objects.get()

    assert (answer["Content-Type"], answer.content[:5], export.rows) == ("application/pdf", b"%PDF-", 2)
    assert (export.format, export.reason) == ("cards_a6", "Открытки к празднику")
    assert Entry.objects.filter(action="crm.contacts.printed").exists()


def test_only_those_whom_no_letter_reaches_are_printed_where_that_is_asked_for():
    card, client = make_card(), exporter()
    make_reader("a@navid.test")
    make_reader("", name="Без адреса")
    client.post(card_url(card, "card-print"), REASON | {"whom": "paper"})

    assert Export.objects.get().rows == 1


def test_labels_of_the_same_people_are_those_of_the_contact_list():
    card, client = make_card(), exporter()
    make_reader("a@navid.test", name="Зарина Холова", postal_address="ул. Садовая, 5")
    page = client.post(card_url(card, "card-print"), REASON | {"format": "labels24"}).content.decode()

    assert ("ул. Садовая, 5" in page, "labels--labels24" in page) == (True, True)


def test_sealed_people_never_leave_on_paper():
    card = make_card()
    make_contact("Тайная", sensitivity="sealed", emails=["t@navid.test"])
    answer = exporter().post(card_url(card, "card-print"), REASON)

    assert (answer.status_code, Export.objects.count()) == (422, 0)


def test_who_asked_for_no_greetings_gets_none_on_paper():
    card = make_card()
    reader = make_reader("", name="Не хочу")
    add_rule(reader, scope="greetings", by=person("author@payom.test"))
    answer = exporter().post(card_url(card, "card-print"), REASON)

    assert (answer.status_code, Export.objects.count()) == (422, 0)


def test_without_the_right_to_take_contacts_out_nothing_is_printed():
    card = make_card()

    assert signed_in("editor").post(card_url(card, "card-print"), REASON).status_code == 403


# Handed over


def handed(**changed) -> dict[str, str]:
    day = timezone.localdate().isoformat()
    words = {"thing": "calendar", "count": "2", "year": "2027", "on": day, "by": str(person("editor@hands.test").pk)}
    return {name: str(value) for name, value in (words | changed).items() if value != ""}


def test_what_was_handed_over_stands_on_the_persons_page_and_in_the_list():
    reader, client = make_reader(name="Зарина"), signed_in("editor")
    client.post(f"{CALENDAR}handovers/new/{reader.pk}/", handed(note="Через секретаря"))
    page, listed = client.get(f"/contacts/{reader.pk}/"), client.get(f"{CALENDAR}handovers/")

    assert "Через секретаря" in page.content.decode()
    assert ("Зарина" in listed.content.decode(), "Через секретаря" in listed.content.decode()) == (True, False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"count": "0"}, "from 1 to 500"),
        ({"count": "501"}, "from 1 to 500"),
        ({"on": "2999-01-01"}, "not come yet"),
        ({"thing": "card"}, "which occasion"),
        ({"year": "27"}, "four figures"),
        ({"by": "0"}, "choice"),
    ],
)
def test_what_cannot_have_been_is_refused_and_what_was_typed_stays(changed, words):
    reader = make_reader()
    url = f"{CALENDAR}handovers/new/{reader.pk}/"
    answer = signed_in("editor").post(url, handed(note="моя заметка", **changed))
    page = answer.content.decode()

    assert (answer.status_code, words in page, "моя заметка" in page, Handover.objects.count()) == (422, True, True, 0)


def test_the_note_on_a_sealed_contact_is_sealed_and_stays_when_the_field_is_empty():
    contact, client = make_contact("Тайная", sensitivity="sealed"), signed_in("head")
    row = give(contact, note="по секрету")
    url = f"{CALENDAR}handovers/{row.pk}/edit/"
    page = client.get(url).content.decode()
    client.post(url, handed(by=row.by_id))
    kept = Handover.objects.get(pk=row.pk)

    assert (kept.text, "по секрету" in page, kept.reveal(), kept.count) == ("", False, "по секрету", 2)


def test_sealing_a_contact_seals_the_notes_on_what_it_was_given():
    contact = make_contact("Станет тайной", emails=["s@navid.test"])
    row = give(contact, note="по секрету")
    change(contact, sensitivity="sealed")

    kept = Handover.objects.get(pk=row.pk)
    assert (kept.text, kept.reveal()) == ("", "по секрету")


def test_an_editor_does_not_write_on_a_sealed_contact():
    contact = make_contact("Тайная", sensitivity="sealed")

    assert signed_in("editor").post(f"{CALENDAR}handovers/new/{contact.pk}/", handed()).status_code == 403
    assert Handover.objects.count() == 0


def test_a_viewer_sees_no_row_of_an_internal_contact():
    give(make_contact("Внутренняя", sensitivity="internal"))
    give(make_contact("Открытая"))
    page = signed_in("viewer").get(f"{CALENDAR}handovers/").content.decode()

    assert ("Открытая" in page, "Внутренняя" in page) == (True, False)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("?thing=book", ["Книга"]), ("?year=2025", ["Давно"]), ("?q=книга", ["Книга"]), ("?thing=book&year=2025", [])],
)
def test_the_list_is_filtered(asked, expected):
    give(make_contact("Книга"), "book")
    give(make_contact("Давно"), year=2025)
    found = signed_in("editor").get(f"{CALENDAR}handovers/{asked}").context["object_list"]

    assert [row.contact.name for row in found] == expected


def test_the_list_asks_the_database_as_often_for_three_rows_as_for_one(django_assert_num_queries):
    client = signed_in("editor")
    give(make_contact("Первый", organisation="Навид"))
    client.get(f"{CALENDAR}handovers/")
    with django_assert_num_queries(8) as counted:
        client.get(f"{CALENDAR}handovers/")
    give(make_contact("Второй", organisation="Навид"))
    give(make_contact("Третий", organisation="Чашма"))
    with django_assert_num_queries(len(counted.captured_queries)):
        client.get(f"{CALENDAR}handovers/")


def test_an_entry_is_taken_off_and_the_card_can_be_given_again():
    reader, occasion = make_reader(), make_occasion()
    row = give(reader, "card", occasion=occasion)
    signed_in("editor").post(f"{CALENDAR}handovers/{row.pk}/remove/")

    assert (Handover.objects.count(), Greeting.objects.count()) == (0, 0)
    assert Entry.objects.filter(action="mailings.handover.removed").exists()


def test_printed_cards_given_to_many_are_written_down_once():
    card, client = make_card(), signed_in("editor")
    people = [make_reader(f"{name}@navid.test", name=name) for name in ("one", "two")]
    day = timezone.localdate().isoformat()
    sent = {"people": [str(one.pk) for one in people], "on": day, "giver": str(person("editor@hands.test").pk)}
    for _twice in range(2):
        client.post(card_url(card, "card-hand-over"), sent)

    assert (Handover.objects.count(), Greeting.objects.count()) == (2, 2)


def test_the_file_has_the_filtered_rows_and_no_notes():
    give(make_contact("Книга"), "book", note="секрет")
    give(make_contact("Календарь"))
    give(make_contact("Тайная", sensitivity="sealed"), "book")
    sent = {"query": "thing=book", "reason": "Отчёт для донора"}
    file = exporter().post(f"{CALENDAR}handovers/export/", sent).content.decode("utf-8-sig")

    assert ("Книга" in file, "Календарь" in file, "Тайная" in file, "секрет" in file) == (True, False, False, False)
    assert (Export.objects.get().mark in file, Export.objects.get().rows) == (True, 1)


def test_a_formula_in_a_name_is_no_formula_in_the_file():
    give(make_contact("=HYPERLINK(1)"))
    sent = {"query": "", "reason": "Отчёт для донора"}
    file = exporter().post(f"{CALENDAR}handovers/export/", sent).content.decode("utf-8-sig")

    assert ";=HYPERLINK" not in file


def test_without_the_right_the_list_does_not_leave():
    sent = {"query": "", "reason": "Отчёт для донора"}

    assert signed_in("editor").post(f"{CALENDAR}handovers/export/", sent).status_code == 403


# Today


def test_today_offers_to_prepare_the_next_occasion_and_then_opens_it():
    Occasion.objects.all().delete()
    day = timezone.localdate() + timedelta(days=3)
    occasion = make_occasion("День моря", month=day.month, day=day.day)
    client = signed_in("editor")
    before = client.get("/").content.decode()
    client.post(f"{CALENDAR}{occasion.pk}/prepare/", {"year": day.year})
    after = client.get("/").content.decode()

    assert ("in 3 days" in before, f"{CALENDAR}{occasion.pk}/prepare/" in before) == (True, True)
    assert f"{CALENDAR}{occasion.pk}/prepare/" not in after
