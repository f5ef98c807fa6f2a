import pytest

from crm.actions.suppression import suppress
from crm.models import EmailAddress
from mailings.pipeline.audience import resolve
from mailings.states import Reason
from tests.factories.mailings import make_reader

pytestmark = pytest.mark.django_db


def reasons(audience):
    return [(person.name, person.reason) for person in audience.left_out]


def test_everyone_with_an_address_is_a_recipient():
    make_reader("one@navid.test")
    make_reader("two@navid.test")

    assert [recipient.address for recipient in resolve({}, ["ru"]).recipients] == ["one@navid.test", "two@navid.test"]


def test_recipients_and_left_out_add_up_to_the_chosen():
    make_reader("one@navid.test")
    make_reader("", name="Без адреса")

    assert resolve({}, ["ru"]).chosen == 2


def test_each_person_gets_the_first_of_their_languages_that_has_a_text():
    make_reader("one@navid.test", languages="tg ru")
    make_reader("two@navid.test", languages="en tg")

    audience = resolve({}, ["ru", "en"])

    assert [recipient.language for recipient in audience.recipients] == ["ru", "en"]


def test_person_who_reads_none_of_the_languages_is_left_out():
    make_reader("one@navid.test", name="Only English", languages="en")

    assert reasons(resolve({}, ["ru", "tg"])) == [("Only English", Reason.NO_VERSION)]


def test_person_without_address_is_left_out():
    make_reader("", name="Без адреса")

    assert reasons(resolve({}, ["ru"])) == [("Без адреса", Reason.NO_ADDRESS)]


@pytest.mark.parametrize("reason", ["unsubscribed", "complaint", "manual"])
def test_person_who_wants_no_letters_is_not_written_to_at_another_address(reason):
    reader = make_reader("one@navid.test", name="Отписался")
    EmailAddress.objects.create(contact=reader, address="second@navid.test", rank=1)
    suppress("one@navid.test", reason, by="test")

    assert reasons(resolve({}, ["ru"])) == [("Отписался", Reason(reason))]


def test_dead_mailbox_moves_the_letter_to_the_next_address():
    reader = make_reader("gone@navid.test")
    EmailAddress.objects.create(contact=reader, address="second@navid.test", rank=1)
    suppress("gone@navid.test", "hard_bounce", by="test")

    assert [recipient.address for recipient in resolve({}, ["ru"]).recipients] == ["second@navid.test"]


def test_person_with_only_dead_mailboxes_is_left_out():
    make_reader("gone@navid.test", name="Ящика нет")
    suppress("GONE@navid.test", "hard_bounce", by="test")

    assert reasons(resolve({}, ["ru"])) == [("Ящика нет", Reason.HARD_BOUNCE)]


def test_shared_mailbox_gets_one_letter():
    make_reader("info@navid.test", name="Первый")
    make_reader("Info@navid.test", name="Второй")

    audience = resolve({}, ["ru"])

    assert ([recipient.name for recipient in audience.recipients], reasons(audience)) == (
        ["Первый"],
        [("Второй", Reason.SAME_ADDRESS)],
    )


def test_rule_narrows_by_kind_language_and_city():
    make_reader("yes@navid.test", kind="partner", languages="en", city="Хорог")
    make_reader("kind@navid.test", kind="journalist", languages="en", city="Хорог")
    make_reader("language@navid.test", kind="partner", languages="ru", city="Хорог")
    make_reader("city@navid.test", kind="partner", languages="en", city="Душанбе")

    audience = resolve({"kind": ["partner"], "language": ["en"], "city": ["Хорог"]}, ["ru", "en"])

    assert [recipient.address for recipient in audience.recipients] == ["yes@navid.test"]


@pytest.mark.parametrize("people", [1, 3])
def test_resolving_takes_seven_queries_whatever_the_size(people, django_assert_num_queries):
    for number in range(people):
        make_reader(f"reader{number}@navid.test")

    with django_assert_num_queries(7):
        resolve({}, ["ru"])
