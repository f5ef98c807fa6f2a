"""What a list asks for is done when somebody agrees, and asked once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from audit.models import Entry
from crm.actions.import_undo import undo
from crm.actions.imports import commit, decide, receive
from crm.actions.stops import add_rule, lift_rule
from crm.actions.suppression import suppress
from crm.models import Contact, EmailAddress, ImportAnswer, ImportBatch, Position, StopRule
from tests.factories.contacts import make_contact

pytestmark = pytest.mark.django_db

HEADER = "ФИО;СМИ;e-mail;Примечание\n"


@pytest.fixture
def bring(author):
    def received(text: str) -> ImportBatch:
        file = SimpleUploadedFile("l.csv", (HEADER + text).encode())
        return receive(file, by=author, kind="journalist", basis="unknown")

    return received


@pytest.fixture
def agree(author):
    """Answer everything the list asks for, and write it."""

    def answered(batch: ImportBatch, take: bool = True) -> ImportBatch:
        decide(batch, by=author, proposals={one["key"]: take for one in asked(batch)})
        commit(batch, by=author)
        return batch

    return answered


def asked(batch: ImportBatch) -> list[dict]:
    return [one for row in batch.rows.filter(is_written=False) for one in row.proposals]


def row(note: str, address: str = "umar@navid.test", place: str = "Навид") -> str:
    return f"Каримов Умар;{place};{address};{note}\n"


def remarks(batch: ImportBatch) -> list[str]:
    return [code for one in batch.rows.all() for code, _value in one.remarks]


# What agreeing does


def test_an_address_that_letters_came_back_from_is_not_used_any_more(bring, agree):
    batch = bring(row("письма возвращаются"))
    wishes = [(one["kind"], one["value"], one["take"]) for one in asked(batch)]
    agree(batch)

    assert wishes == [("returned", "umar@navid.test", False)]
    assert EmailAddress.objects.get().retired_on == timezone.localdate()


def test_of_several_addresses_a_person_says_which_one_letters_came_back_from(bring, author):
    batch = bring(row("почта не работает", "umar@navid.test, u@box.test"))
    first, second = asked(batch)
    decide(batch, by=author, proposals={first["key"]: False, second["key"]: True})
    commit(batch, by=author)

    used = EmailAddress.objects.filter(retired_on=None)
    assert list(used.values_list("address", flat=True)) == [first["value"]]


def test_letters_that_came_back_to_nobody_s_address_ask_for_nothing(bring):
    assert asked(bring(row("письма возвращаются", ""))) == []


def test_a_spelling_that_was_meant_is_written_in_place_of_the_one_typed(bring, agree):
    batch = bring(row("", "umar@gmial.com"))
    wishes = [(one["kind"], one["quote"], one["value"], one["take"]) for one in asked(batch)]
    agree(batch)

    assert wishes == [("spelling", "umar@gmial.com", "umar@gmail.com", False)]
    assert [*EmailAddress.objects.values_list("address", flat=True)] == ["umar@gmail.com"]


def test_a_spelling_nobody_agreed_to_stays_as_typed(bring, agree):
    agree(bring(row("", "umar@gmial.com")), take=False)

    assert [*EmailAddress.objects.values_list("address", flat=True)] == ["umar@gmial.com"]


def test_a_wrong_spelling_on_the_card_is_not_used_any_more(bring, agree):
    make_contact("Каримов Умар", organisation="Навид", emails=["umar@gmial.com"])
    agree(bring(row("", "umar@gmial.com")))

    ways = EmailAddress.objects.values_list("address", "retired_on")
    assert sorted(ways) == [("umar@gmail.com", None), ("umar@gmial.com", timezone.localdate())]


def test_a_spelling_that_leads_to_a_sealed_contact_changes_nothing_and_is_in_the_journal(bring, author):
    make_contact("Марзия", emails=["umar@gmail.com"], sensitivity="sealed")
    batch = bring(row("", "umar@gmial.com"))
    decide(batch, by=author, proposals={one["key"]: True for one in asked(batch)})

    assert (remarks(batch), [one.outcome for one in batch.rows.all()]) == (["sealed"], ["unchanged"])
    looks = Entry.objects.filter(action="crm.import.received").order_by("pk")
    assert [entry.details.get("sealed", 0) for entry in looks] == [0, 1]


def test_work_ends_at_the_place_of_the_row_that_says_so(bring, agree):
    agree(bring(row("") + row("уволился", place="Озод")))

    ended = Position.objects.exclude(ended_on="").values_list("organisation__name", flat=True)
    assert (list(ended), Position.objects.count()) == (["Озод"], 2)


@pytest.mark.parametrize(("places", "ended"), [(["Навид"], 1), (["Навид", "Озод"], 0)])
def test_where_the_row_names_no_place_the_only_work_ends(bring, agree, places, ended):
    make_contact("Каримов Умар", organisation=places[0], emails=["umar@navid.test"])
    if places[1:]:
        agree(bring(row("", place=places[1])))
    agree(bring(row("уволился", place="")))

    assert Position.objects.exclude(ended_on="").count() == ended


# The remark that asks to decide


@pytest.mark.parametrize(("note", "waits"), [("не писать", False), ("письма возвращаются", True)])
def test_a_row_asks_to_decide_only_while_nothing_is_agreed(bring, note, waits):
    assert ("do-not-write" in remarks(bring(row(note)))) == waits


@pytest.mark.parametrize("take", [True, False])
def test_a_row_that_was_answered_asks_no_more(bring, author, take):
    batch = bring(row("письма возвращаются"))
    decide(batch, by=author, proposals={one["key"]: take for one in asked(batch)})

    assert "do-not-write" not in remarks(batch)


# Once


NOTES = [
    "не писать",
    "не слать поздравления",
    "уволился",
    "осторожно, в эмиграции",
    "письма возвращаются",
    "не писать до 2099",
    "в декрете до 2019",
]


@pytest.mark.parametrize("take", [True, False], ids=["done", "refused"])
@pytest.mark.parametrize("number", range(len(NOTES)))
def test_the_same_list_asks_for_nothing_a_second_time(bring, agree, number, take):
    text = row(NOTES[number])
    agree(bring(text), take=take)
    again = bring(text)

    assert (asked(again), again.found["to_write"], "do-not-write" in remarks(again)) == ([], 0, False)


def test_a_spelling_that_was_refused_is_not_offered_again(bring, agree):
    agree(bring(row("", "umar@gmial.com")), take=False)

    assert asked(bring(row("", "umar@gmial.com"))) == []


def test_what_nobody_was_shown_is_asked_again(bring, author):
    commit(bring(row("письма возвращаются")), by=author)

    assert [one["kind"] for one in asked(bring(row("письма возвращаются")))] == ["returned"]


def test_other_words_ask_anew(bring, agree):
    agree(bring(row("не писать")), take=False)

    assert [one["quote"] for one in asked(bring(row("умер в 2025")))] == ["умер в 2025"]


def test_a_refusal_for_one_contact_is_none_for_another(bring, agree):
    agree(bring(row("не писать")), take=False)

    assert len(asked(bring("Саидова Лола;Чашма;lola@chashma.test;не писать\n"))) == 1


def test_a_rule_that_was_agreed_to_and_lifted_since_is_not_proposed_again(bring, agree, head):
    agree(bring(row("не писать")))
    lift_rule(StopRule.objects.get(), by=head)

    assert asked(bring(row("не писать"))) == []


@pytest.mark.parametrize(
    ("note", "held", "proposed"),
    [
        ("не писать", None, False),
        ("не писать до 2098", None, False),
        ("не писать до 2098", "2098-12-31", False),
        ("не писать до 2098", "2097-01-01", True),
        ("не писать", "2098-12-31", True),
    ],
)
def test_a_rule_that_lasts_as_long_asks_for_nothing_more(bring, author, note, held, proposed):
    contact = make_contact("Каримов Умар", organisation="Навид", emails=["umar@navid.test"])
    add_rule(contact, scope="everything", until_on=held, by=author)

    assert bool(asked(bring(row(note)))) == proposed


def test_an_address_on_the_stop_list_is_not_asked_about(bring):
    make_contact("Каримов Умар", organisation="Навид", emails=["umar@navid.test"])
    suppress("umar@navid.test", "hard_bounce", by="test")

    assert asked(bring(row("письма возвращаются"))) == []


def test_an_import_that_is_taken_back_is_asked_about_again(bring, agree, head):
    batch = agree(bring(row("не писать")))
    kept = ImportAnswer.objects.count()
    undo(batch, by=head)

    assert (kept, ImportAnswer.objects.count(), len(asked(bring(row("не писать"))))) == (1, 0, 1)


def test_an_answer_is_readable_to_nobody_and_the_batch_keeps_none(bring, agree):
    batch = agree(bring(row("", "umar@gmial.com")))
    batch.refresh_from_db()

    assert (batch.decisions, ImportAnswer.objects.get().key.isalnum()) == ({}, True)


def test_an_answer_goes_with_its_contact(bring, agree):
    agree(bring(row("не писать")), take=False)
    Contact.objects.get().delete()

    assert ImportAnswer.objects.count() == 0
