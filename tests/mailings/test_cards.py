"""Cards: prepared for an occasion, approved as they look, and never two for a person."""

import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from PIL import Image

from audit.models import Entry
from crm.actions.merging import merge
from crm.actions.segments import uses_of
from crm.actions.stops import add_rule
from crm.models import Contact, EmailAddress, StopRule, Topic
from mailings import actions, artwork
from mailings.actions.cards import add_forgotten, prepare, save_card, save_occasion
from mailings.actions.handovers import hand_over
from mailings.models import Delivery, Greeting, Handover, Mailing, Occasion
from mailings.pipeline.freeze import audience_of
from mailings.pipeline.greetings import birthdays, forgotten
from mailings.states import DeliveryStatus, MailingStatus, Reason, WrongState
from tests.factories.contacts import make_contact, make_staff
from tests.factories.greetings import YEAR, approve, fresh, greeted, make_card, make_occasion, send_off
from tests.factories.mailings import make_reader, person
from tests.factories.organisations import hold, make_post_at
from tests.factories.segments import make_list

pytestmark = pytest.mark.django_db

WORDS = {"design": "lights", "with_name": True, "texts": {}}


def reasons(card) -> list[str]:
    return [person.reason for person in audience_of(Mailing.objects.get(pk=card.mailing_id)).left_out]


def names(card) -> list[str]:
    return [one.name for one in audience_of(Mailing.objects.get(pk=card.mailing_id)).recipients]


# The calendar


def test_the_next_day_of_an_occasion_comes_first_and_the_new_year_after_the_old_one():
    Occasion.objects.all().delete()
    make_occasion("Январь", month=1, day=1)
    make_occasion("Декабрь", month=12, day=10)
    coming = Occasion.objects.coming(date(2026, 11, 26))

    assert [(one.occasion.name_ru, one.on) for one in coming] == [
        ("Декабрь", date(2026, 12, 10)),
        ("Январь", date(2027, 1, 1)),
    ]


def test_a_moving_feast_is_where_its_dates_say_and_nowhere_else():
    Occasion.objects.all().delete()
    moving = make_occasion("Иди", month=None, day=None)
    save_occasion(moving, dates={2027: (date(2027, 3, 10), False)}, by=person("author@payom.test"))

    assert [(one.on, one.is_certain) for one in Occasion.objects.coming(date(2026, 11, 26))] == [
        (date(2027, 3, 10), False)
    ]
    assert moving.day_in(2030) is None


def test_the_last_day_of_february_is_there_every_year():
    assert make_occasion(month=2, day=29).day_in(2027) == date(2027, 2, 28)


def test_occasions_that_are_not_greeted_do_not_come():
    Occasion.objects.all().delete()
    make_occasion(is_active=False)

    assert Occasion.objects.coming(date(2026, 11, 26)) == []


# Preparing


def test_a_new_card_is_a_draft_with_words_in_three_languages():
    card = make_card(make_occasion("День дерева", design="spring"))
    mailing = card.mailing

    assert (mailing.kind, mailing.status, card.design) == ("greeting", "draft", "spring")
    assert mailing.ready_languages == ["ru", "tg", "en"]
    assert card.texts.get(language="ru").wish == "С праздником: День дерева!"


def test_a_new_card_goes_to_the_segment_of_its_occasion():
    chosen, other = make_reader("a@navid.test", name="Свой"), make_reader("b@navid.test", name="Другой")
    card = make_card(make_occasion(segment=make_list("Кого поздравляем", chosen)))

    assert (names(card), other.name in names(card)) == (["Свой"], False)


def test_a_segment_that_is_greeted_is_not_deleted_while_its_occasion_is_in_force():
    segment = make_list("Кого поздравляем", make_reader())
    occasion = make_occasion("День дерева", segment=segment)
    held = [(use.title, use.holds) for use in uses_of([segment.pk])[segment.pk]]
    Occasion.objects.filter(pk=occasion.pk).update(is_active=False)

    assert held == [("День дерева", True)]
    assert [use.holds for use in uses_of([segment.pk])[segment.pk]] == [False]


def test_the_next_year_begins_with_the_words_the_picture_and_the_people_of_the_last():
    occasion, by = make_occasion(), person("author@payom.test")
    first = make_card(occasion, 2026, city=["Душанбе"])
    texts = {"ru": {"wish": "Своё", "signature": "Мы"}}
    save_card(first, design="winter", with_name=False, texts=texts, by=by)
    actions.save_version(
        first.mailing, "ru", words={"subject": "Тема", "preheader": "", "body": "<p>Свой текст</p>"}, revision=1, by=by
    )
    second = prepare(occasion, 2027, by=by)

    text, version = second.texts.get(language="ru"), second.mailing.versions.get(language="ru")
    assert (second.design, second.with_name, text.wish, text.signature) == ("winter", False, "Своё", "Мы")
    assert (version.subject, version.body, second.mailing.audience) == (
        "Тема",
        "<p>Свой текст</p>",
        {"city": ["Душанбе"]},
    )


def test_cards_are_a_topic_of_their_own_that_somebody_may_want_nothing_about():
    reader = make_reader()
    card = make_card()
    add_rule(reader, scope="topic", topic=Topic.objects.get(name="Поздравления"), by=person("author@payom.test"))

    assert reasons(card) == [Reason.NO_TOPIC]


@pytest.mark.parametrize(("until_on", "expected"), [(date(2999, 1, 12), [Reason.NO_GREETINGS]), (date(2020, 1, 1), [])])
def test_who_is_in_mourning_gets_no_card_until_the_day(until_on, expected):
    reader = make_reader()
    StopRule.objects.create(contact=reader, scope="greetings", until_on=until_on)

    assert reasons(make_card()) == expected


# What an approval stands for


@pytest.mark.parametrize(
    "change",
    [
        {"design": "winter"},
        {"with_name": False},
        {"texts": {"ru": {"wish": "Другое", "signature": ""}}},
        {"picture": b"\xff\xd8 clean already"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_the_picture_takes_the_approval_back(change):
    make_reader()
    card = make_card()
    before = approve(card.mailing).fingerprint()
    save_card(fresh(card), **WORDS | change, by=card.mailing.author)

    mailing = Mailing.objects.get(pk=card.mailing_id)
    assert (mailing.status, mailing.fingerprint() == before) == (MailingStatus.DRAFT, False)


def test_a_card_that_has_left_is_not_changed():
    make_reader()
    card = make_card()
    send_off(card)

    with pytest.raises(WrongState):
        save_card(fresh(card), **WORDS, by=card.mailing.author)


def test_the_journal_keeps_no_word_of_a_card():
    card = make_card()
    texts = {"ru": {"wish": "Тайное желание", "signature": "Подпись"}}
    save_card(card, design="page", with_name=True, texts=texts, by=card.mailing.author)

    entry = Entry.objects.filter(action="mailings.card.changed").latest("pk")
    assert "Тайное" not in str(entry.changes)
    assert entry.changes["ru_wish"][1] == {"characters": 14}


def test_an_uploaded_picture_is_kept_clean_and_the_old_file_goes(django_capture_on_commit_callbacks):
    card = make_card()
    file = io.BytesIO()
    Image.new("RGB", (1300, 700), "#a33").save(file, "PNG")
    clean = artwork.clean_picture(io.BytesIO(file.getvalue()))
    save_card(card, **WORDS, picture=clean, by=card.mailing.author)
    storage, name = card.upload.storage, card.upload.name
    with django_capture_on_commit_callbacks(execute=True):
        save_card(fresh(card), **WORDS, picture=b"", by=card.mailing.author)

    assert (storage.exists(name), fresh(card).upload.name) == (False, "")


# Never twice


def test_whoever_got_the_card_of_this_year_gets_no_second_one():
    occasion, reader = make_occasion(), make_reader(name="Зарина")
    greeted(reader, occasion, YEAR)

    assert reasons(make_card(occasion, YEAR)) == [Reason.GREETED]


def test_last_years_card_and_another_occasion_stand_in_nobodys_way():
    occasion, reader = make_occasion(), make_reader(name="Зарина")
    greeted(reader, occasion, YEAR - 1)
    greeted(reader, make_occasion("Другой повод"), YEAR)

    assert names(make_card(occasion, YEAR)) == ["Зарина"]


def test_the_database_refuses_a_second_card_of_a_year():
    occasion, reader = make_occasion(), make_reader()
    first = greeted(reader, occasion, YEAR)

    with pytest.raises(IntegrityError), transaction.atomic():
        Greeting.objects.create(contact=reader, occasion=occasion, year=YEAR, delivery=first.delivery)


def test_two_mailings_at_once_cannot_greet_one_person_twice():
    """Both were approved before either left: the second finds the person greeted and leaves them out."""
    occasion = make_occasion()
    make_reader(name="Зарина")
    first, second = make_card(occasion), make_card(occasion)
    approve(first.mailing)
    approve(second.mailing)
    actions.start(Mailing.objects.get(pk=first.mailing_id), by=first.mailing.author)

    with translation.override("en"), pytest.raises(WrongState, match="Nobody"):
        actions.start(Mailing.objects.get(pk=second.mailing_id), by=second.mailing.author)
    assert Greeting.objects.count() == 1


@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.CANCELLED, DeliveryStatus.SUPPRESSED])
def test_a_card_that_did_not_leave_makes_room_for_another(status):
    occasion, reader = make_occasion(), make_reader(name="Зарина")
    row = greeted(reader, occasion, YEAR)
    Delivery.objects.filter(pk=row.delivery_id).update(status=status)
    again = make_card(occasion, YEAR)
    send_off(again)

    assert [one.delivery.mailing_id for one in Greeting.objects.filter(contact=reader)] == [again.mailing_id]


def test_a_card_whose_fate_is_not_known_counts_as_one():
    occasion, reader = make_occasion(), make_reader(name="Зарина")
    row = greeted(reader, occasion, YEAR)
    Delivery.objects.filter(pk=row.delivery_id).update(status=DeliveryStatus.UNKNOWN, sent_at=None)

    assert reasons(make_card(occasion, YEAR)) == [Reason.GREETED]


def test_a_card_from_hand_to_hand_is_the_card_of_its_year():
    occasion, reader, by = make_occasion(), make_reader(name="Зарина"), person("author@payom.test")
    card = Handover(contact=reader, thing="card", occasion=occasion, year=YEAR, on=date(2026, 11, 20), by=by)
    hand_over(card, note="", by=by)

    assert reasons(make_card(occasion, YEAR)) == [Reason.GREETED]


def test_a_calendar_is_no_card():
    occasion, reader, by = make_occasion(), make_reader(name="Зарина"), person("author@payom.test")
    gift = Handover(contact=reader, thing="calendar", occasion=occasion, year=YEAR, on=date(2026, 11, 20), by=by)
    hand_over(gift, note="", by=by)

    assert names(make_card(occasion, YEAR)) == ["Зарина"]


def test_a_card_to_a_post_is_one_to_its_holder():
    holder = make_reader("z@home.test", name="Зарина Холова")
    post = make_post_at("Министерство", "Пресс-секретарь")
    hold(post, holder)
    EmailAddress.of(post, "press@ministry.test").save()
    card = make_card()

    assert (names(card), reasons(card)) == ([post.name], [Reason.GREETED])


def test_a_statement_is_not_kept_from_those_who_got_a_card():
    occasion, reader = make_occasion(), make_reader(name="Зарина")
    greeted(reader, occasion, YEAR)
    card = make_card(occasion, YEAR)
    actions.describe(card.mailing, title="Заявление", kind="statement", topics=[], by=card.mailing.author)

    assert names(card) == ["Зарина"]


def test_two_merged_cards_of_one_person_have_one_greeting():
    occasion = make_occasion()
    first, second = make_reader("a@navid.test", name="Зарина Холова"), make_reader("b@navid.test", name="Зарина Холова")
    greeted(first, occasion, YEAR)
    greeted(second, occasion, YEAR)
    merge(first, second, by=person("head@payom.test"))

    assert [one.contact_id for one in Greeting.objects.all()] == [first.pk]


# Nobody forgotten


def missing(card, user=None) -> dict[str, str]:
    mailing = Mailing.objects.get(pk=card.mailing_id)
    with translation.override("en"):
        found, _hidden = forgotten(fresh(card), audience_of(mailing), user or person("head@payom.test"))
        return {one.contact.name: str(one.reason) for one in found}


def test_who_got_it_last_year_and_is_not_chosen_now_is_named_and_can_be_added():
    occasion = make_occasion()
    kept, lost = make_reader("a@navid.test", name="Остался"), make_reader("b@navid.test", name="Забытый")
    for reader in (kept, lost):
        greeted(reader, occasion, YEAR - 1)
    card = make_card(occasion, YEAR, pick=[str(kept.pk)])
    before = missing(card)
    add_forgotten(card, [lost], by=card.mailing.author)

    assert (before, missing(card), sorted(names(card))) == ({"Забытый": ""}, {}, ["Забытый", "Остался"])


def test_each_who_is_left_out_has_the_reason():
    occasion = make_occasion()
    people = {
        name: make_reader(f"r{number}@navid.test", name=name)
        for number, name in enumerate(["Ушла", "Траур", "Просил", "Без почты", "Сменил"])
    }
    for reader in people.values():
        greeted(reader, occasion, YEAR - 1)
    Contact.objects.filter(name="Ушла").update(archived_at="2026-05-01T00:00:00Z")
    StopRule.objects.create(contact=people["Траур"], scope="greetings", until_on=date(2999, 1, 12))
    StopRule.objects.create(contact=people["Просил"], scope="greetings")
    people["Без почты"].emails.all().delete()
    hold(make_post_at("Навид", "Редактор"), people["Сменил"])
    people["Сменил"].positions.update(ended_on="2026-03-01")
    some = make_reader("some@navid.test", name="Кто-то")
    card = make_card(occasion, YEAR, pick=[str(some.pk), str(people["Без почты"].pk)])

    assert missing(card) == {
        "Без почты": "no e-mail address",
        "Просил": "asked for no greetings",
        "Сменил": "left the post: пресс-секретарь, Навид",
        "Траур": "no greetings until 12 January 2999",
        "Ушла": "put away",
    }


def test_who_got_this_years_card_otherwise_is_not_forgotten():
    occasion, reader = make_occasion(), make_reader(name="Зарина")
    some = make_reader("some@navid.test", name="Кто-то")
    greeted(reader, occasion, YEAR - 1)
    greeted(reader, occasion, YEAR)

    assert missing(make_card(occasion, YEAR, pick=[str(some.pk)])) == {}


def test_people_one_may_not_know_of_are_only_counted():
    occasion = make_occasion()
    secret = make_contact("Скрытая", sensitivity="internal", emails=["s@navid.test"])
    some = make_reader("some@navid.test", name="Кто-то")
    greeted(secret, occasion, YEAR - 1)
    card = make_card(occasion, YEAR, pick=[str(some.pk)])
    found = forgotten(card, audience_of(card.mailing), make_staff("viewer"))

    assert found == ([], 1)


# Birthdays


def test_birthdays_of_the_next_month_are_there_in_their_order():
    for name, day, month in (("Второй", 3, 1), ("Первый", 28, 12), ("Поздно", 28, 2), ("Неизвестно", None, None)):
        make_contact(name, birth_day=day, birth_month=month)
    found = birthdays(make_staff("head"), date(2026, 12, 10))

    assert [(day, one.name) for day, one in found] == [(date(2026, 12, 28), "Первый"), (date(2027, 1, 3), "Второй")]


@pytest.mark.parametrize(("year", "day"), [(2027, date(2027, 2, 28)), (2028, date(2028, 2, 29))])
def test_who_is_born_on_29_february_is_not_forgotten(year, day):
    make_contact("Високосная", birth_day=29, birth_month=2)

    assert [found for found, _one in birthdays(make_staff("head"), date(year, 2, 10))] == [day]
